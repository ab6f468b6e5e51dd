/** A little of the fuzzing that `npm run prove` does at length, each target in a process of its own with little memory. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, vi } from "vitest";
import type { ChildReport } from "./child.ts";
import { BOMBS } from "./bombs.ts";
import { inputsPerSeed, TARGETS } from "./targets.ts";

vi.setConfig({ testTimeout: 180_000 });

const INPUTS = 20_000;
/** Settings are read by a library that takes a millisecond for a file. */
const FEWER: Readonly<Record<string, number>> = { config: 4_000 };
/** More than any input may make the program hold. */
const GROWN_MB_MAX = 64;
const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

/** What each bomb comes to. */
const BOMBS_END: Readonly<Record<string, string>> = {
  "1 GiB in 32 KiB": "ZSTD_BOMB", "a window of 2 GiB": "ZSTD_WINDOW", "a single segment of 4 GiB": "ZSTD_WINDOW",
  "a skippable frame of 4 GiB": "FILE_TRUNCATED", "4 GiB of metadata": "DBN_METADATA", "counts of 4 billion in metadata": "DBN_METADATA ok",
  "a greeting without end": "LSG_BAD_GREETING", "an authentication without end": "ok", "a subscription without end": "ok",
  "settings of aliases of aliases": "bad", "settings nested 50,000 deep": "bad",
};

async function inChild(...args: readonly string[]): Promise<ChildReport> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--max-semi-space-size=2", "--max-old-space-size=96", CHILD, ...args], { timeout: 170_000 });
  return JSON.parse(stdout) as ChildReport;
}

it.each(Object.keys(TARGETS))(`thousands of damaged inputs to %s give what they should, and hold less than ${GROWN_MB_MAX} MB`, async (name) => {
  const wanted = FEWER[name] ?? INPUTS;
  const { inputs, outcomes, grownMb } = await inChild(name, String(wanted / inputsPerSeed(name)));
  expect(inputs).toBe(wanted);
  // Damage of many kinds came through: not one outcome only.
  if (name !== "sanitise") expect(Object.keys(outcomes).length).toBeGreaterThan(1);
  expect(grownMb).toBeLessThan(GROWN_MB_MAX);
});

it.each(Object.keys(BOMBS))(`%s is refused, with less than ${GROWN_MB_MAX} MB`, async (name) => {
  const { outcomes, grownMb, controlMb } = await inChild("bomb", name);
  expect(Object.keys(outcomes)).toEqual([BOMBS_END[name]]);
  expect(grownMb).toBeLessThan(GROWN_MB_MAX);
  expect(controlMb).toBeGreaterThan(90);
});
