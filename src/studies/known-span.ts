/** Of which market time every trade is known: since when, and what was lost in between. */
import type { UnixTime } from "../lib/time.ts";

/** A span of which trades were or may have been lost; `to` null: it is still going on. */
export interface Hole {
  readonly from: UnixTime;
  readonly to: UnixTime | null;
}

export interface KnownSpan {
  readonly from: UnixTime;
  readonly holes: readonly Hole[];
}

/** Whether every trade from `fromSec` to before `toSec` (unix seconds) is known. */
export function isKnown(known: KnownSpan, fromSec: number, toSec: number): boolean {
  const { from, holes } = known;
  if (from.sec > fromSec || (from.sec === fromSec && from.nanos > 0)) return false;
  return holes.every((hole) => hole.from.sec >= toSec || (hole.to !== null && hole.to.sec < fromSec));
}
