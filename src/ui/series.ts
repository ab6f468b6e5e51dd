/** Closes on an even grid of time, from bars that leave out intervals without a trade. */
import type { Bar } from "../studies/index.ts";

/** The last `count` intervals of `stepSec` seconds; `closes` are ticks, oldest first. */
export interface Series {
  readonly stepSec: number;
  /** Start of the last interval, unix seconds. */
  readonly endSec: number;
  readonly closes: readonly number[];
}

/** Index of the last bar that starts before `sec`, or -1. */
function lastBefore(bars: readonly Bar[], sec: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle]?.sec ?? 0) < sec) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The series that ends with the last bar; an interval without a trade keeps the close before it. */
export function closesOf(bars: readonly Bar[], stepSec: number, count: number): Series | null {
  const last = bars.at(-1);
  if (last === undefined || count < 1) return null;
  const endSec = Math.floor(last.sec / stepSec) * stepSec;
  const closes: number[] = [];
  let at = bars.length - 1;
  for (let column = 0; column < count; column++) {
    const untilSec = endSec + stepSec - column * stepSec;
    while (at >= 0 && (bars[at]?.sec ?? 0) >= untilSec) {
      // Long gaps are jumped over, so the work stays near `count` however many bars there are.
      at = column === 0 ? at - 1 : lastBefore(bars, untilSec);
    }
    const bar = bars[at];
    if (bar === undefined) break;
    closes.push(bar.close);
  }
  return { stepSec, endSec, closes: closes.toReversed() };
}
