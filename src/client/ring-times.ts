/** What the times of the kept records say: how late they came, how far back they reach. Worked out when a link was lost. */
import { HighWater, microsOf, STEP_US } from "./high-water.ts";
import { WORD } from "../dbn/occurrence-table.ts";
import type { RecordRing } from "./record-ring.ts";

/** A record later than this behind the market is damaged rather than late. */
const LATE_US_MAX = 3_600e6;

/** Largest time in microseconds that one of the newest `count` records came behind the newest before it; 0 without any. */
export function latenessOf(ring: RecordRing, count: number): number {
  const water = new HighWater();
  let latest = 0;
  ring.scan((words, length, stride) => {
    for (let at = 0; at < length; at += stride) {
      water.take(microsOf(words[at + WORD.recvHi]!, words[at + WORD.recvLo]!), STEP_US); // whole records
      const late = water.us - microsOf(words[at + WORD.eventHi]!, words[at + WORD.eventLo]!);
      if (late > latest && late < LATE_US_MAX) latest = late;
    }
  }, count);
  return latest;
}

/** Oldest ts_event among the newest `count` records, microseconds; Infinity when there are none. */
export function oldestOf(ring: RecordRing, count: number): number {
  let oldest = Number.POSITIVE_INFINITY;
  ring.scan((words, length, stride) => {
    for (let at = 0; at < length; at += stride) {
      oldest = Math.min(oldest, microsOf(words[at + WORD.eventHi]!, words[at + WORD.eventLo]!)); // whole records
    }
  }, count);
  return oldest;
}
