/** SIGKILL in the middle of recording: the next start goes on behind the last whole record, and nothing acknowledged is gone. */
import { expect, test } from "vitest";
import { killCycles } from "./kill-cycles.ts";

test("25 kills at random moments, one recording", async () => {
  const result = await killCycles(25, 1);
  expect(result).toMatchObject({ cycles: 25, lost: 0, wrong: 0 });
  expect(result.records).toBeGreaterThan(1000);
}, 120_000);
