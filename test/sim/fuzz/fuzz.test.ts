/** A little of the fuzzing that `npm run prove` does at length. */
import { expect, it } from "vitest";
import { fuzz, inputsPerSeed, TARGETS } from "./targets.ts";

const INPUTS = 20_000;

it.each(Object.keys(TARGETS))(`${INPUTS} damaged inputs to %s give what they should`, (name) => {
  const { inputs, outcomes } = fuzz(name, 1, INPUTS / inputsPerSeed(name));
  expect(inputs).toBe(INPUTS);
  // Damage of many kinds came through: not one outcome only.
  if (name !== "sanitise") expect(outcomes.size).toBeGreaterThan(1);
});
