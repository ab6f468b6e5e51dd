/** Trades that are not counted make no line and do not count towards the limit. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { recordingBytes, tradeAtEastern } from "../helpers/dbn-bytes.ts";
import { runProgram } from "../helpers/run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "odd.dbn");
const NO_PRICE = 0x7fff_ffff_ffff_ffffn;
writeFileSync(path, recordingBytes([
  tradeAtEastern("2025-06-13T09:30:00", { sequence: 1 }),
  tradeAtEastern("2025-06-13T09:30:01", { sequence: 2, price: NO_PRICE }),
  tradeAtEastern("2025-06-13T09:30:02", { sequence: 3, price: 21_700_000_000_001n }),
  tradeAtEastern("2025-06-13T09:30:03", { sequence: 4, size: 0 }),
  tradeAtEastern("2025-06-13T09:30:04", { sequence: 5, size: 2 }),
  tradeAtEastern("2025-06-13T09:30:05", { sequence: 6, size: 4 }),
]));

async function volumes(...more: string[]): Promise<readonly [string, number][]> {
  const end = await runProgram(["replay", path, "--speed", "max", "--json", ...more]);
  expect(end).toMatchObject({ code: 0, stderr: "" });
  return end.stdout.trimEnd().split("\n").map((line) => {
    const { ts, volume } = JSON.parse(line) as { ts: string; volume: number };
    return [ts.slice(11, 19), volume];
  });
}

test("one line for each second in which a trade was counted", async () => {
  expect(await volumes()).toEqual([["13:30:00", 1], ["13:30:04", 3], ["13:30:05", 7]]);
});

test("the limit is one of counted trades", async () => {
  expect(await volumes("--limit", "1")).toEqual([["13:30:00", 1]]);
  expect(await volumes("--limit", "2")).toEqual([["13:30:00", 1], ["13:30:04", 3]]);
});
