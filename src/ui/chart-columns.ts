/** The columns of a chart: bars put together on an even grid of time. */
import type { Bar } from "../studies/index.ts";

/** Prices in ticks, volume and delta in contracts. An interval without a trade keeps the close before it. */
export type Column = Pick<Bar, "open" | "high" | "low" | "close" | "volume"> & { readonly delta: number };

/** Oldest first. */
export interface ChartColumns {
  readonly stepSec: number;
  /** Start of the last column, unix seconds. */
  readonly endSec: number;
  readonly columns: readonly Column[];
}

/** The last `count` columns of `stepSec` seconds up to the last bar; null without one. */
export function columnsOf(bars: readonly Bar[], stepSec: number, count: number): ChartColumns | null {
  const last = bars.at(-1);
  if (last === undefined || count < 1) return null;
  const endSec = Math.floor(last.sec / stepSec) * stepSec;
  const columns: Column[] = [];
  let at = bars.length - 1;
  for (let back = 0; back < count && at >= 0; back++) {
    const fromSec = endSec - back * stepSec;
    const newest = at;
    while (at >= 0 && (bars[at]?.sec ?? 0) >= fromSec) at -= 1;
    columns.push(newest === at ? flat(bars[at]?.close ?? 0) : put(bars, at + 1, newest));
  }
  return { stepSec, endSec, columns: columns.toReversed() };
}

function flat(close: number): Column {
  return { open: close, high: close, low: close, close, volume: 0, delta: 0 };
}

/** The bars `from` to `to`, both included, as one. */
function put(bars: readonly Bar[], from: number, to: number): Column {
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let volume = 0;
  let delta = 0;
  for (let at = from; at <= to; at++) {
    const bar = bars[at];
    if (bar === undefined) continue;
    high = Math.max(high, bar.high);
    low = Math.min(low, bar.low);
    volume += bar.volume;
    delta += bar.buyVolume - bar.sellVolume;
  }
  return { open: bars[from]?.open ?? 0, high, low, close: bars[to]?.close ?? 0, volume, delta };
}

/** Cumulative delta at the end of each column, counted back from what it is `now`. */
export function deltasOf(columns: readonly Column[], now: number): readonly number[] {
  let delta = now;
  const values = columns.toReversed().map((column) => {
    const end = delta;
    delta -= column.delta;
    return end;
  });
  return values.toReversed();
}
