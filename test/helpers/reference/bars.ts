/** Bars straight from their definition: trades grouped by interval. */
import type { Bar } from "../../../src/studies/index.ts";
import { contracts, type DayTrade } from "../random-day.ts";

export function naiveBars(trades: readonly DayTrade[], intervalSec: number): readonly Bar[] {
  const groups = Map.groupBy(trades, ({ sec }) => Math.floor(sec / intervalSec) * intervalSec);
  return [...groups].map(([sec, group]) => {
    const prices = group.map(({ ticks }) => ticks);
    return {
      sec,
      open: prices[0] ?? 0,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1) ?? 0,
      volume: contracts(group),
      buyVolume: contracts(group, 1),
      sellVolume: contracts(group, -1),
    };
  });
}
