/** Our gateway as a process of its own, serving a file made for the measurement. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { header } from "./generate.ts";

const BIN = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));

export interface GatewayProcess {
  readonly port: number;
  close(): void;
}

export function binPath(): string {
  return BIN;
}

/** Writes the records to a file and serves it; resolves when the port is known. */
export async function serveRecords(records: Uint8Array | readonly Uint8Array[], args: readonly string[]): Promise<GatewayProcess> {
  const folder = mkdtempSync(join(tmpdir(), "nq-tui-bench-"));
  const file = join(folder, "trades.dbn");
  writeFileSync(file, header());
  for (const part of records instanceof Uint8Array ? [records] : records) writeFileSync(file, part, { flag: "a" });
  const child: ChildProcess = spawn(process.execPath, [BIN, "gateway", "--port", "0", "--source", file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const close = (): void => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", close);
  const port = await new Promise<number>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      const found = /^tcp \S+:(\d+)$/m.exec(text)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}`)));
  });
  return { port, close };
}
