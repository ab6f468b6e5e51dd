/** What a fuzz target is, and how it says that something did not hold. */
import { NqError } from "../../../src/lib/errors.ts";
import type { Prng } from "../../../src/lib/prng.ts";
import { CANARY } from "./corpus.ts";

/** An input for which something did not hold. */
export class FuzzFailure extends Error {
  override readonly name = "FuzzFailure";
}

/** Feeds one input; returns what came out, for counting: an error's code, or `ok`. Throws when something does not hold. */
export type FuzzRun = (input: Uint8Array, random: Prng) => string;

export interface FuzzTarget {
  readonly corpus: () => readonly Uint8Array[];
  /** Made anew for each seed. */
  readonly open: (random: Prng) => FuzzRun;
  /** Inputs for one seed, one after the other into what was opened; where opening is dear. Default 1. */
  readonly inputsPerSeed?: number;
}

/** A target that begins from nothing with each input. */
export function target(corpus: () => readonly Uint8Array[], run: FuzzRun): FuzzTarget {
  return { corpus, open: () => run };
}

export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new FuzzFailure(what);
}

/** Runs; the code of an NqError, `ok` if nothing was thrown. Any other exception is a failure. */
export function outcomeOf(run: () => void): string {
  try {
    run();
    return "ok";
  } catch (error) {
    if (error instanceof FuzzFailure) throw error;
    if (!(error instanceof NqError)) throw new FuzzFailure(`expected an NqError, found ${String(error)}`, { cause: error });
    expect(error.message.length < 1_000, "an error's message is longer than 1,000 characters");
    expect(!leaks(`${error.message} ${error.advice}`), `the key is in the message of ${error.code}`);
    return error.code;
  }
}

/** Whether the key, or its secret middle alone, is in the text. */
export function leaks(text: string): boolean {
  return text.includes(CANARY.slice(3, -5));
}
