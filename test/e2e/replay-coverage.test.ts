/** What a replay of several files says it knows: of each day what its file holds, not what the first file began with. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordingBytes, tradeAtEastern } from "../helpers/dbn-bytes.ts";
import { startProgram } from "../helpers/run-program.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-replay-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file of regular hours alone: a trade every half hour from 09:30 to 15:30, and one just before 16:00. */
function regularHours(date: string): string {
  const path = join(folder, `${date}.dbn`);
  const times = Array.from({ length: 13 }, (_, at) => `${String(9 + Math.floor((at + 1) / 2)).padStart(2, "0")}:${at % 2 === 0 ? "30" : "00"}:00`);
  writeFileSync(path, recordingBytes([...times, "15:59:59"].map((time) => tradeAtEastern(`${date}T${time}`))));
  return path;
}

interface Line {
  readonly trade_date: string;
  readonly coverage: string;
}

test("the second of two days of regular hours is not complete since 18:00", async () => {
  const files = ["2025-06-12", "2025-06-13"].map(regularHours);
  const { code, stdout } = await startProgram(["replay", ...files, "--speed", "max", "--json"]).finished;
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Line);
  expect(lines).toHaveLength(28);
  const said = (date: string): string[] => [...new Set(lines.filter((line) => line.trade_date === date).map(({ coverage }) => coverage))];
  // After the last trade of the first file the rest of its session is missing.
  expect(said("2025-06-12")).toEqual(["partial: from 09:30", "partial: from 09:30, gap 15:59:59 to the close not filled"]);
  expect(said("2025-06-13")).toEqual(["partial: from 09:30"]);
});

test("a hole between two files of one day is a gap from when it was reached", async () => {
  const [first, second] = [["10:00:00", "10:05:00"], ["11:00:00", "11:05:00"]].map((times, at) => {
    const path = join(folder, `part-${at}.dbn`);
    writeFileSync(path, recordingBytes(times.map((time) => tradeAtEastern(`2025-06-13T${time}`))));
    return path;
  });
  const { stdout } = await startProgram(["replay", first ?? "", second ?? "", "--speed", "max", "--json"]).finished;
  const said = stdout.trimEnd().split("\n").map((line) => (JSON.parse(line) as Line).coverage);
  expect(said[0]).toBe("partial: from 10:00");
  expect(said.at(-1)).toBe("partial: from 10:00, gap 10:05:00–11:00:00 not filled");
});

test("where nothing trades the contract is named, not its number", async () => {
  const { code, stderr } = await startProgram(["replay", regularHours("2025-06-11"), "--symbol", "NQZ5", "--json"]).finished;
  expect(code).not.toBe(0);
  expect(stderr).toContain("NQZ5");
  expect(stderr).not.toMatch(/42005|\b4200\d\b/);
});
