/** Random trades of one or two trading days, for comparing studies with their naive references. */
import fc from "fast-check";
import type { Aggressor, Trade } from "../../src/market/trade.ts";
import { tradingDayOf, type TradingDay } from "../../src/market/trading-day.ts";

/** A trade with the trading day it belongs to. */
export interface DayTrade extends Trade {
  readonly day: TradingDay;
}

/** 2025-06-12 18:00 Eastern and some borders of that day and the next, unix seconds. */
const OPEN = Date.parse("2025-06-11T18:00:00-04:00") / 1000;
const STARTS = [0, 3599, 7 * 3600, 15.5 * 3600 - 2, 16 * 3600 - 1, 22 * 3600 - 1, 22.9 * 3600, 24 * 3600 - 3, 39.5 * 3600 - 1];

const step = fc.record({
  // Mostly the same instant or a moment later (sweeps), at times over the border of a second, a minute, an hour.
  gapNanos: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 900_000_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(1_000_000_000, 59_000_000_000, 61_000_000_000, 1_800_000_000_000) },
  ),
  move: fc.integer({ min: -3, max: 3 }),
  size: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 40 })),
  aggressor: fc.constantFrom<Aggressor>(1, 1, -1, -1, 0),
});

/** In order of time; days are one object each, as the store hands them out. */
export const randomDay: fc.Arbitrary<readonly DayTrade[]> = fc
  .record({ start: fc.constantFrom(...STARTS), steps: fc.array(step, { minLength: 1, maxLength: 160 }) })
  .map(({ start, steps }) => {
    let sec = OPEN + start;
    let nanos = 0;
    let ticks = 86_970;
    let day = tradingDayOf(sec);
    return steps.map(({ gapNanos, move, size, aggressor }, sequence) => {
      nanos += gapNanos % 1_000_000_000;
      sec += Math.floor(gapNanos / 1_000_000_000) + Math.floor(nanos / 1_000_000_000);
      nanos %= 1_000_000_000;
      ticks += move;
      if (sec >= day.endSec) day = tradingDayOf(sec);
      return { sec, nanos, ticks, size, aggressor, sequence, day };
    });
  });

/** The trades of the newest day. */
export function newestDay(trades: readonly DayTrade[]): readonly DayTrade[] {
  const day = trades.at(-1)?.day;
  return trades.filter((trade) => trade.day === day);
}

/** Contracts, all or of one side. */
export function contracts(trades: readonly Trade[], aggressor?: Aggressor): number {
  return trades
    .filter((trade) => aggressor === undefined || trade.aggressor === aggressor)
    .reduce((sum, trade) => sum + trade.size, 0);
}
