/** The studies behind a trader's levels equal their naive references on random sessions, however often they are looked at. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AnchoredVwap } from "../../src/studies/index.ts";
import { deltaStudy } from "../../src/studies/delta.ts";
import { discoveryStudy } from "../../src/studies/discovery.ts";
import { profileStudy } from "../../src/studies/profile.ts";
import { rangesStudy } from "../../src/studies/ranges.ts";
import { valueAreaOf } from "../../src/studies/value-area.ts";
import { vwapStudy } from "../../src/studies/vwap.ts";
import type { DayTrade } from "../helpers/random-day.ts";
import { randomSessions, steadyHours } from "../helpers/random-sessions.ts";
import { naiveDelta } from "../helpers/reference/delta.ts";
import { naiveDiscovery } from "../helpers/reference/discovery.ts";
import { naiveProfile, naiveValueArea } from "../helpers/reference/profile.ts";
import { naiveRanges } from "../helpers/reference/ranges.ts";
import { naiveVwaps } from "../helpers/reference/vwap.ts";
import { runStudy } from "./run-study.ts";

const looks = fc.integer({ min: 0, max: 7 });

/** Trades whose prices or sizes are multiplied: far moves and large volumes, up to all that a trade's columns hold. */
const magnified = fc
  .tuple(randomSessions, fc.constantFrom(1, 1, 3000, 24_000), fc.constantFrom(1, 1, 2500))
  .map(([trades, price, size]): readonly DayTrade[] =>
    trades.map((trade) => ({ ...trade, ticks: ((trade.ticks - 3) * price) | 0, size: trade.size * size })),
  );

function expectSame(found: AnchoredVwap | null, wanted: AnchoredVwap | null): void {
  expect(found).toEqual(wanted === null ? null : { ...wanted, vwapTicks: expect.any(Number), deviationTicks: expect.any(Number) });
  // A millionth of a tick, or as near as a double of that size comes.
  const near = (value: number | null | undefined): number => 1e-6 + Math.abs(value ?? 0) * 1e-14;
  for (const key of ["vwapTicks", "deviationTicks"] as const) {
    expect(Math.abs((found?.[key] ?? 0) - (wanted?.[key] ?? 0))).toBeLessThan(near(wanted?.[key]));
  }
}

test("average price and deviation", () => {
  fc.assert(
    fc.property(magnified, looks, (trades, lookEvery) => {
      const { view } = runStudy(vwapStudy, trades, lookEvery);
      const naive = naiveVwaps(trades);
      expectSame(view.session, naive.session);
      expectSame(view.rth, naive.rth);
    }),
    { numRuns: 300 },
  );
});

test("cumulative delta", () => {
  fc.assert(
    fc.property(randomSessions, looks, (trades, lookEvery) => {
      expect(runStudy(deltaStudy, trades, lookEvery).view).toEqual(naiveDelta(trades));
    }),
    { numRuns: 300 },
  );
});

test("volume profile", () => {
  fc.assert(
    fc.property(randomSessions, looks, fc.constantFrom(5, 40, 1000), (trades, lookEvery, reach) => {
      expect(runStudy(profileStudy({ firstReach: 2, reach }), trades, lookEvery).view).toEqual(naiveProfile(trades, reach));
    }),
    { numRuns: 300 },
  );
});

test("value area, with ties, edges and empty rows", () => {
  const volumes = fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 400 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(volumes, (rows) => {
      const traded = [...rows];
      traded[0] = Math.max(1, traded[0] ?? 1);
      traded[traded.length - 1] = Math.max(1, traded.at(-1) ?? 1);
      const byPrice = new Map(traded.map((volume, row) => [row, volume]));
      expect(valueAreaOf(traded)).toEqual(naiveValueArea(byPrice, 0, traded.length - 1));
    }),
    { numRuns: 2000 },
  );
});

test("ranges and the prior day", () => {
  fc.assert(
    fc.property(randomSessions, looks, (trades, lookEvery) => {
      expect(runStudy(rangesStudy, trades, lookEvery).view).toEqual(naiveRanges(trades));
    }),
    { numRuns: 500 },
  );
});

test("price discovery", () => {
  fc.assert(
    fc.property(fc.oneof(randomSessions, steadyHours), looks, (trades, lookEvery) => {
      expect(runStudy(discoveryStudy, trades, lookEvery).view).toEqual(naiveDiscovery(trades));
    }),
    { numRuns: 500 },
  );
});
