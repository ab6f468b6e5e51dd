/** Runs of the proof add up, each task once, and the table says what was run at which commit. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Results } from "./results.ts";
import { proofTable } from "./table.ts";
import { nothingDone, type Task } from "./tasks.ts";

const early: Task = { group: "seeds", from: 1, to: 101 };
const later: Task = { group: "seeds", from: 101, to: 201 };
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-results-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function run(file: string, commit: string, tasks: readonly Task[], failures: readonly string[] = []): Results {
  const results = new Results(file);
  for (const task of tasks) {
    if (results.isDone(task)) continue;
    results.add({ task, done: { ...nothingDone(), count: 100, failures: [...failures] }, commit, at: 0, seconds: 36, mega: 12 });
  }
  return results;
}

it("counts a task once, and says at which commit it was done", () => {
  const file = join(folder, "results.jsonl");
  run(file, "1111111111", [early]);
  const table = proofTable(run(file, "2222222222", [early, later]).all);
  expect(table).toMatch(/seeds between 1 and 200.*\| 200 \| 0 \| a 100, b 100 \|/);
  expect(table).toContain("these commits: a 1111111111, b 2222222222; 0.0 hours");
});

it("does a task again that failed, or whose line was cut off", () => {
  const file = join(folder, "results.jsonl");
  const failed = run(file, "1111111111", [early], ["seed 7: lost"]);
  expect(proofTable(failed.all)).toMatch(/\| 100 \| 1 \|/);
  appendFileSync(file, JSON.stringify({ task: later }).slice(0, -5));
  expect(new Results(file).isDone(early)).toBe(false);
  expect(new Results(file).isDone(later)).toBe(false);
  run(file, "2222222222", [early]);
  expect(proofTable(new Results(file).all)).toMatch(/\| 100 \| 0 \|$/m);
});
