/** One writer at a time, on systems with sockets that have no file and on others. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { withLogLock } from "../../src/commands/log-lock.ts";
import { lockFolder, type LockOptions } from "../../src/recording/lock.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

const running = new Set([1_000_001, 1_000_002]);
const on = (platform: string, pid = 1_000_001): LockOptions => ({ platform, pid, isRunning: (other) => running.has(other) });

describe.each([process.platform, "darwin"])("a lock on %s", (platform) => {
  test("of a folder keeps a second writer out until it is released", async () => {
    const place = join(folder, platform);
    const lock = await lockFolder(place, on(platform));
    await expect(lockFolder(place, on(platform, 1_000_002))).rejects.toMatchObject({ code: "RECORD_LOCKED" });
    await lock.release();
    await (await lockFolder(place, on(platform, 1_000_002))).release();
    expect(readdirSync(place)).toEqual([]);
  });

  test("of a log too, whichever way its folder is named, and nothing is made beside the log", async () => {
    const log = (name: string, pid: number, run: () => Promise<string>): Promise<string> =>
      withLogLock({ process: { ...on(platform, pid), nodeVersion: "" } }, join(folder, name), run);
    const done = (): Promise<string> => Promise.resolve("done");
    const both = log(`${platform}-nq.csv`, 1_000_001, async () => {
      await expect(log(`./${platform}-nq-%d.csv`, 1_000_002, done)).rejects.toMatchObject({ code: "FILE_LOCKED" });
      return log(`${platform}-other.csv`, 1_000_002, done);
    });
    expect(await both).toBe("done");
    expect(await log(`${platform}-nq.csv`, 1_000_002, done)).toBe("done");
    expect(readdirSync(folder).filter((name) => name.includes(".csv"))).toEqual([]);
  });
});

describe("a lock that is a file", () => {
  const path = join(folder, ".lock");

  test.each([["999"], [""], ["-1"]])("left behind with '%s' in it by a program that is gone is taken over", async (left) => {
    writeFileSync(path, left);
    await (await lockFolder(folder, on("darwin"))).release();
  });

  test("never stands there without its owner, so of many that begin at once one gets it", async () => {
    const tries = await Promise.allSettled(Array.from({ length: 40 }, (_, at) => lockFolder(folder, on("darwin", 1_000_001 + (at % 2)))));
    const got = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(got).toHaveLength(1);
    await got[0]?.release();
    expect(readdirSync(folder).filter((name) => name.startsWith(".lock"))).toEqual([]);
  });
});
