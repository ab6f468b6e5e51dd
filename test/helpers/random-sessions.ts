/** Random trades of sessions of every kind: regular, early close, holiday; with late trades, gaps and damaged prices. */
import fc from "fast-check";
import type { Aggressor } from "../../src/market/trade.ts";
import { tradingDayOf, type TradingDay } from "../../src/market/trading-day.ts";
import type { DayTrade } from "./random-day.ts";

const HOUR = 3600;
/** Eastern noons of sessions to begin in: regular, before a weekend, before and on a holiday, early closes, other London hours. */
const NOONS = [
  "2025-06-12T12:00:00-04:00", "2025-06-13T12:00:00-04:00", "2025-05-23T12:00:00-04:00", "2025-05-26T12:00:00-04:00",
  "2025-07-03T12:00:00-04:00", "2026-04-03T09:00:00-04:00", "2025-03-12T12:00:00-04:00", "2025-12-24T12:00:00-05:00",
].map((text) => Date.parse(text) / 1000);
/** Hours after the open near which something begins or ends. */
const BORDERS = [0, 9, 10, 15.5, 15.5 + 5 / 60, 15.75, 16, 16.5, 18, 19, 20, 22, 22.99];

const step = fc.record({
  gapNanos: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 900_000_000 }) },
    { weight: 2, arbitrary: fc.constantFrom(1_000_000_000, 4_999_000_000, 59_000_000_000, 61_000_000_000) },
    { weight: 1, arbitrary: fc.constantFrom(300_000_000_000, 1_800_000_000_000, 7_200_000_000_000) },
  ),
  /** Seconds by which the trade comes late. */
  lateSec: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 8 }) }),
  move: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 1, arbitrary: fc.integer({ min: -40, max: 40 }) }),
  size: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 40 })),
  aggressor: fc.constantFrom<Aggressor>(1, 1, -1, -1, 0),
});

const market = fc.record({
  noon: fc.constantFrom(...NOONS),
  border: fc.constantFrom(...BORDERS),
  before: fc.integer({ min: 0, max: 3 }),
  ticks: fc.constantFrom(86_970, 3, -2),
  /** One-price days come by moves of nothing. */
  isFlat: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  steps: fc.array(step, { minLength: 1, maxLength: 160, size: "max" }),
});

/** In order of arrival, nearly in order of time; sessions are one object each, and no trade is before its session's open. */
export const randomSessions: fc.Arbitrary<readonly DayTrade[]> = market.map(({ noon, border, before, ticks: start, isFlat, steps }) => {
  let day: TradingDay = tradingDayOf(noon);
  let sec = Math.max(day.openSec, Math.min(day.openSec + border * HOUR - before, day.closeSec - 1));
  let nanos = 0;
  let ticks = start;
  return steps.map(({ gapNanos, lateSec, move, size, aggressor }, sequence) => {
    nanos += gapNanos % 1_000_000_000;
    sec += Math.floor(gapNanos / 1_000_000_000) + Math.floor(nanos / 1_000_000_000);
    nanos %= 1_000_000_000;
    if (!isFlat) ticks += move;
    if (sec >= day.closeSec) {
      // Nothing trades between sessions.
      day = tradingDayOf(Math.max(sec, day.endSec));
      sec = Math.max(sec, day.openSec);
    }
    return { sec: Math.max(day.openSec, sec - lateSec), nanos, ticks, size, aggressor, sequence, day };
  });
});

/** Those of regular hours. */
export function regular(trades: readonly DayTrade[]): readonly DayTrade[] {
  return trades.filter(({ sec, day }) => day.hasRth && sec >= day.rthOpenSec && sec < day.rthCloseSec);
}

/** Regular hours with a trade every so many seconds, on one or two days, so that ten-minute windows fill. */
export const steadyHours: fc.Arbitrary<readonly DayTrade[]> = fc
  .record({
    before: fc.array(step, { maxLength: 120, size: "max" }),
    steps: fc.array(step, { minLength: 1, maxLength: 250, size: "max" }),
    everySec: fc.constantFrom(7, 13, 25, 45, 130),
    drift: fc.constantFrom(0, 0, 1, -1, 7),
    turnAt: fc.integer({ min: 20, max: 250 }),
  })
  .map(({ before, steps, everySec, drift, turnAt }) => {
    const trades: DayTrade[] = [];
    let ticks = 86_970;
    for (const [date, list] of [["2025-06-12", before], ["2025-06-13", steps]] as const) {
      const day = tradingDayOf(Date.parse(`${date}T12:00:00-04:00`) / 1000);
      for (const [index, { move, size, aggressor, lateSec, gapNanos }] of list.entries()) {
        const sec = day.rthOpenSec - 20 + index * everySec - lateSec;
        ticks += Math.trunc(move / 6) + (index < turnAt ? drift : -drift);
        trades.push({ sec, nanos: gapNanos % 1_000_000_000, ticks, size, aggressor, sequence: index, day });
      }
    }
    return trades;
  });
