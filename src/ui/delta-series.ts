/** The cumulative delta as it was at earlier times, counted back from what it is now. */
import type { Bar } from "../studies/index.ts";

/** Cumulative delta at the ends of equal spans, oldest first; the last one is now. */
export interface DeltaSeries {
  /** Seconds of one column. */
  readonly stepSec: number;
  readonly values: readonly number[];
}

/**
 * At most `count` columns since `fromSec` (unix seconds). `bars` may leave out intervals without a trade; `now` is the
 * cumulative delta at the end of the last one.
 */
export function deltaSeries(bars: readonly Bar[], barSec: number, fromSec: number, now: number, count: number): DeltaSeries | null {
  const last = bars.at(-1);
  if (last === undefined || count < 2 || last.sec < fromSec) return null;
  const intervals = Math.floor((last.sec - fromSec) / barSec) + 1;
  const perColumn = Math.ceil(intervals / count);
  const stepSec = perColumn * barSec;
  const columns = Math.ceil(intervals / perColumn);
  const values: number[] = [];
  let delta = now;
  let at = bars.length - 1;
  for (let column = columns - 1; column >= 0; column--) {
    values.push(delta);
    const startSec = fromSec + column * stepSec;
    for (; at >= 0 && (bars[at]?.sec ?? 0) >= startSec; at--) delta -= (bars[at]?.buyVolume ?? 0) - (bars[at]?.sellVolume ?? 0);
  }
  return { stepSec, values: values.toReversed() };
}
