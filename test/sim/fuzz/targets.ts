/** Everything that is fuzzed, by name. */
import { Prng } from "../../../src/lib/prng.ts";
import { mutate } from "./mutate.ts";
import { storeTarget } from "./store-target.ts";
import { framer, metadata, zstdWalker } from "./stream-targets.ts";
import { FuzzFailure, type FuzzTarget } from "./target.ts";
import { clientLines, config, sanitise, serverLines } from "./text-targets.ts";

export const TARGETS: Readonly<Record<string, FuzzTarget>> = {
  "framer": framer,
  "metadata": metadata,
  "zstd-walker": zstdWalker,
  "client-lines": clientLines,
  "server-lines": serverLines,
  "config": config,
  "store": storeTarget,
  "sanitise": sanitise,
};

export interface FuzzCount {
  inputs: number;
  /** How often each outcome was. */
  readonly outcomes: Map<string, number>;
}

/** A seed stands by itself, so that a failing one can be run alone. */
function runSeed(name: string, target: FuzzTarget, corpus: readonly Uint8Array[], seed: number, count: FuzzCount): void {
  const random = new Prng(seed, 77);
  const run = target.open(random);
  for (let n = 0; n < (target.inputsPerSeed ?? 1); n += 1) {
    const input = mutate(corpus, random);
    try {
      const outcome = run(input, random);
      count.inputs += 1;
      count.outcomes.set(outcome, (count.outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      const command = `npm run sim -- --fuzz ${name} --seed ${seed}`;
      throw new FuzzFailure(`${name}, seed ${seed}: ${what}\nreplay: ${command}\ninput: ${Buffer.from(input).toString("hex")}`, { cause: error });
    }
  }
}

/** Inputs that one seed of the target has. */
export function inputsPerSeed(name: string): number {
  return TARGETS[name]?.inputsPerSeed ?? 1;
}

/** Runs `seeds` seeds of the target from `from` on. Throws FuzzFailure at the first input that fails. */
export function fuzz(name: string, from: number, seeds: number, count: FuzzCount = { inputs: 0, outcomes: new Map() }): FuzzCount {
  const target = TARGETS[name];
  if (target === undefined) throw new RangeError(`expected one of ${Object.keys(TARGETS).join(", ")}, found ${name}`);
  const corpus = target.corpus();
  for (let seed = from; seed < from + seeds; seed += 1) runSeed(name, target, corpus, seed, count);
  return count;
}
