/** Every study that counts trades equals its naive reference on random days, however often it is looked at. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { barsStudy } from "../../src/studies/bars.ts";
import { hourVolumeStudy } from "../../src/studies/hour-volume.ts";
import { largeTradesStudy } from "../../src/studies/large-trades.ts";
import { paceStudy } from "../../src/studies/pace.ts";
import { sessionStudy } from "../../src/studies/session.ts";
import { tapeStudy } from "../../src/studies/tape.ts";
import { randomDay } from "../helpers/random-day.ts";
import { naiveBars } from "../helpers/reference/bars.ts";
import { naiveBases } from "../helpers/reference/change-bases.ts";
import { naiveHours } from "../helpers/reference/hour-volume.ts";
import { naiveLargeTrades } from "../helpers/reference/large-trades.ts";
import { naivePace } from "../helpers/reference/pace.ts";
import { naiveSession, naiveVwap } from "../helpers/reference/session.ts";
import { runStudy } from "./run-study.ts";

const looks = fc.integer({ min: 0, max: 7 });

test("session", () => {
  fc.assert(
    fc.property(randomDay, looks, (trades, lookEvery) => {
      const { view } = runStudy(sessionStudy, trades, lookEvery);
      expect(view).toMatchObject(naiveSession(trades));
      const { sum, volume } = naiveVwap(trades);
      expect(view.vwapTicks).toBeCloseTo(Number(sum) / Number(volume), 9);
      expect(view.bases).toEqual(naiveBases(trades, [], { from: { sec: 0, nanos: 0 }, holes: [] }));
      expect(view).toMatchObject({ basis: view.bases[0]?.kind, basisTicks: view.bases[0]?.ticks, settleToday: null });
      expect(view.changeTicks).toBe((view.last?.ticks ?? 0) - (view.bases[0]?.ticks ?? 0));
    }),
  );
});

test.each([1, 60, 300])("bars of %d s", (intervalSec) => {
  fc.assert(
    fc.property(randomDay, looks, fc.constantFrom(2, 5, 1000), (trades, lookEvery, capacity) => {
      const { view } = runStudy(barsStudy({ intervalSec, capacity }), trades, lookEvery);
      expect(view).toEqual({ intervalSec, bars: naiveBars(trades, intervalSec).slice(-capacity) });
    }),
  );
});

test("volume by hour", () => {
  fc.assert(
    fc.property(randomDay, looks, (trades, lookEvery) => {
      expect(runStudy(hourVolumeStudy(), trades, lookEvery).view).toEqual(naiveHours(trades));
    }),
  );
});

test("large trades", () => {
  fc.assert(
    fc.property(randomDay, looks, fc.constantFrom(1, 10, 60), fc.constantFrom(1, 3, 500), (trades, lookEvery, floor, capacity) => {
      const { adaptive: _, ...view } = runStudy(largeTradesStudy({ floor, capacity }), trades, lookEvery).view;
      expect(view).toEqual(naiveLargeTrades(trades, floor, capacity));
    }),
  );
});

test("pace, also some time after the last trade", () => {
  fc.assert(
    fc.property(randomDay, looks, fc.integer({ min: 0, max: 90 }), (trades, lookEvery, later) => {
      const { state } = runStudy(paceStudy, trades, lookEvery);
      const nowSec = (trades.at(-1)?.sec ?? 0) + later;
      paceStudy.time?.(state, nowSec);
      expect(paceStudy.view(state)).toEqual(naivePace(trades, nowSec));
    }),
  );
});

test("tape", () => {
  fc.assert(
    fc.property(randomDay, looks, fc.constantFrom(1, 7, 500), (trades, lookEvery, capacity) => {
      const { view } = runStudy(tapeStudy(capacity), trades, lookEvery);
      const newest = trades.slice(-capacity);
      expect(view).toEqual(newest.map(({ sec, nanos, ticks, size, aggressor }) => ({ at: { sec, nanos }, ticks, size, aggressor })));
    }),
  );
});
