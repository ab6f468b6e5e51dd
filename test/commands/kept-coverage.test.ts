/** The note of what was recorded: whatever the reason for a gap is, the next run can read it, and nothing in it can steer a terminal. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readKeptCoverage, writeKeptCoverage } from "../../src/commands/kept-coverage.ts";
import type { LinkGap } from "../../src/lsg/link-state.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { scratchFolder } from "../helpers/scratch.ts";

const { folder } = scratchFolder();
const path = join(folder, "GLBX.MDP3.2025-06-13.coverage");
const at = (sec: number): { sec: number; nanos: number } => ({ sec: 1_749_821_400 + sec, nanos: 123_456_789 });

test("gaps come back as they were noted, to the nanosecond", async () => {
  const gaps: LinkGap[] = [{ from: at(5), to: at(9), state: "filled", how: "1,204 records were replayed" }, { from: at(20), to: null, state: "open", how: "" }];
  await writeKeptCoverage(realDisk, path, { contract: "NQM5", from: at(0), gaps });
  expect(await readKeptCoverage(realDisk, path)).toEqual({ contract: "NQM5", from: at(0), gaps });
});

test("a gateway that says much about every gap does not make the note unreadable", async () => {
  const gaps = Array.from({ length: 100 }, (_, n): LinkGap => ({ from: at(n), to: at(n + 1), state: "not filled", how: "€".repeat(900) }));
  await writeKeptCoverage(realDisk, path, { contract: "NQM5", from: at(0), gaps });
  const found = await readKeptCoverage(realDisk, path);
  expect(found?.gaps).toHaveLength(100);
  expect(found?.gaps[0]?.how).toBe(`${"€".repeat(399)}…`);
});

test("what another hand wrote into it is made safe to show", async () => {
  writeFileSync(path, JSON.stringify({ contract: "NQ\u001B[2JM5", from: null, gaps: [{ from: "1", to: "2", state: "filled", how: "a\u001B]0;b\u0007c" }] }));
  expect(await readKeptCoverage(realDisk, path)).toMatchObject({ contract: "NQM5", gaps: [{ how: "ac" }] });
});

test("no note, or half of one, is nothing known", async () => {
  expect(await readKeptCoverage(realDisk, join(folder, "absent.coverage"))).toBeNull();
  writeFileSync(path, '{"contract":"NQM5","from":"17');
  expect(await readKeptCoverage(realDisk, path)).toBeNull();
});
