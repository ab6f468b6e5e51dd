/** The high and the low of some trades, and when each was first traded. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";

/** Seconds are counted from the session's open. Nothing is meant by the rest while `isEmpty`. */
export interface Extremes {
  isEmpty: boolean;
  high: number;
  highSec: number;
  highNanos: number;
  low: number;
  lowSec: number;
  lowNanos: number;
}

export function noExtremes(): Extremes {
  return { isEmpty: true, high: 0, highSec: 0, highNanos: 0, low: 0, lowSec: 0, lowNanos: 0 };
}

/** Nanoseconds of the earliest of these trades at a price; they share a second, but need not come in order of time. */
function earliestNanos(batch: TradeBatch, from: number, to: number, ticks: number): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; at += 1) if (batch.ticks[at] === ticks) earliest = Math.min(earliest, batch.nanos[at]!);
  return earliest;
}

/** A price traded at a time is the high from now on: it is higher, or as high and earlier. */
function raise(of: Extremes, high: number, sec: number, nanos: number): void {
  const isEarlier = sec < of.highSec || (sec === of.highSec && nanos < of.highNanos);
  if (!of.isEmpty && (high < of.high || (high === of.high && !isEarlier))) return;
  of.high = high;
  of.highSec = sec;
  of.highNanos = nanos;
}

function lower(of: Extremes, low: number, sec: number, nanos: number): void {
  const isEarlier = sec < of.lowSec || (sec === of.lowSec && nanos < of.lowNanos);
  if (!of.isEmpty && (low > of.low || (low === of.low && !isEarlier))) return;
  of.low = low;
  of.lowSec = sec;
  of.lowNanos = nanos;
}

/** Takes in a run of a second; true if that may have changed something. Its trades are looked at only then. */
export function noteRun(of: Extremes, batch: TradeBatch, runs: SecondRuns, run: number): boolean {
  const sec = runs.sec[run]!; // run < runs.length
  const high = runs.high[run]!;
  const low = runs.low[run]!;
  const rises = of.isEmpty || high > of.high || (high === of.high && sec <= of.highSec);
  const falls = of.isEmpty || low < of.low || (low === of.low && sec <= of.lowSec);
  if (!rises && !falls) return false;
  const from = runs.from[run]!;
  const to = runs.from[run + 1]!;
  if (rises) raise(of, high, sec, earliestNanos(batch, from, to, high));
  if (falls) lower(of, low, sec, earliestNanos(batch, from, to, low));
  of.isEmpty = false;
  return true;
}

/** The extremes of all of them together. */
export function mergeExtremes(parts: readonly Extremes[]): Extremes {
  const all = noExtremes();
  for (const part of parts) {
    if (part.isEmpty) continue;
    raise(all, part.high, part.highSec, part.highNanos);
    lower(all, part.low, part.lowSec, part.lowNanos);
    all.isEmpty = false;
  }
  return all;
}
