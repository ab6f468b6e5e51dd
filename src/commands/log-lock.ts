/** One logger for a log's files; nothing is made beside them. */
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { NqError } from "../lib/errors.ts";
import { lockName } from "../recording/lock.ts";
import { isRegular } from "./row-file.ts";
import { logFileName } from "./row-sink.ts";
import type { System } from "./system.ts";

/**
 * Runs with the files of `--out` kept from other loggers; standard output and devices are nobody's.
 * @throws NqError FILE_LOCKED while another program writes to them
 */
export async function withLogLock<T>(system: Pick<System, "process">, out: string | null, run: () => Promise<T>): Promise<T> {
  if (out === null || !isRegular(out)) return run();
  const files = logFileName(out, "%d");
  const whole = resolve(files);
  // The same folder by another way; one that is yet to be made has one way only.
  const folder = await realpath(dirname(whole)).catch(() => dirname(whole));
  const name = join(folder, basename(whole));
  const file = join(tmpdir(), `nq-tui-${createHash("sha256").update(name).digest("hex").slice(0, 32)}.lock`);
  const refusal = (): NqError => new NqError("FILE_LOCKED", `expected to be the only one that writes to ${files}, found another program doing so`);
  const lock = await lockName(name, file, refusal, system.process);
  try {
    return await run();
  } finally {
    await lock.release();
  }
}
