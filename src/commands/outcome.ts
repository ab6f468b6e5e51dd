/** How a command ends: exit status and the sentences for the person who started it. */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { System } from "./system.ts";

const SENTENCE_MAX = 400;

/** Given the run of the command that the arguments name. */
export type Finish = (status: Promise<number>) => void;

/** Writes an error as sentence and advice to stderr and gives the exit status; unknown errors are thrown on as bugs. */
export function reportError(system: System, error: unknown): number {
  if (!(error instanceof NqError)) throw error;
  for (const sentence of error.sentences) system.stderr.write(`nq-tui: ${sanitiseText(sentence, SENTENCE_MAX)}\n`);
  if (error.advice !== "") system.stderr.write(`        ${error.advice}\n`);
  return error.exit;
}

/** Runs `run` until it ends or a stop signal comes; a stop is a good end. Returns the exit status. */
export async function untilStopped(system: System, run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const forget = system.onStop(() => stop.abort());
  try {
    return await run(stop.signal);
  } catch (error) {
    if (stop.signal.aborted && error instanceof NqError) return 0;
    return reportError(system, error);
  } finally {
    forget();
  }
}
