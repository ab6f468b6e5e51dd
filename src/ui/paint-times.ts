/** How long frames took: the latest 600 of them, and their 99th percentile. */
import type { Clock } from "../lib/clock.ts";

const KEPT = 600;

/** See the head of this file; all in milliseconds. */
export interface PaintTimes {
  begin(): void;
  end(): void;
  /** Of the newest frame. */
  latest(): number;
  p99(): number;
}

/** Makes an empty list of times. */
export function createPaintTimes(clock: Clock): PaintTimes {
  const times = new Float64Array(KEPT);
  let count = 0;
  let startMs = 0;
  return {
    begin: () => {
      startMs = clock.monotonicMs();
    },
    end: () => {
      times[count % KEPT] = clock.monotonicMs() - startMs;
      count += 1;
    },
    latest: () => (count === 0 ? 0 : (times[(count - 1) % KEPT] ?? 0)),
    p99: () => {
      const sorted = times.slice(0, Math.min(count, KEPT)).toSorted();
      return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
    },
  };
}
