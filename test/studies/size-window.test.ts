/** The adaptive threshold is the third largest event of the last 30 minutes, whatever came when. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import type { Aggressor, Trade } from "../../src/market/trade.ts";
import { largeTradesStudy } from "../../src/studies/large-trades.ts";
import { adaptiveOf, emptySizeWindow, NOT_WARM, noteSize, slotOf } from "../../src/studies/size-window.ts";
import { feed } from "./run-study.ts";

interface Event {
  readonly minute: number;
  readonly size: number;
}

/** From the definition: all sizes of the newest 30 minutes, sorted. */
function naiveThreshold(events: readonly Event[], floor: number): number | null {
  if (events.length < 500) return null;
  const newest = Math.max(...events.map(({ minute }) => minute));
  const sizes = events.filter(({ minute }) => minute > newest - 30).map(({ size }) => size);
  return Math.max(floor, sizes.toSorted((a, b) => b - a)[2] ?? 0);
}

test("any events in any order, early and late ones", () => {
  const event = fc.record({ minute: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 80, max: 120 })), size: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.array(event, { minLength: 450, maxLength: 700 }), (events) => {
      const window = emptySizeWindow();
      for (const { minute, size } of events) {
        window.events += 1;
        noteSize(window, slotOf(window, minute), size);
      }
      const found = adaptiveOf(window, 10, NOT_WARM);
      expect(found).toEqual({ threshold: naiveThreshold(events, 10), events: Math.min(500, events.length), warmUp: 500, targetPerHour: 6 });
      expect(adaptiveOf(window, 10, found)).toBe(found);
    }),
  );
});

describe("in a session", () => {
  const day = tradingDayOf(Date.parse("2025-06-13T10:00:00-04:00") / 1000);
  const study = largeTradesStudy({ floor: 10, capacity: 10 });
  const tradeAt = (sec: number, size: number, nanos = 0): Trade => ({ sec, nanos, ticks: 86_970, size, aggressor: 1 satisfies Aggressor, sequence: 0 });
  /** A trade a second, of 1 contract but for these. */
  const minutes = (fromSec: number, count: number, large: Readonly<Record<number, number>> = {}): Trade[] =>
    Array.from({ length: count * 60 }, (_, second) => tradeAt(fromSec + second, large[second] ?? 1));

  test("it warms up, follows the market, and keeps regular hours and the rest apart", () => {
    const state = study.init();
    const said = (): unknown => {
      const { adaptive } = study.view(state);
      return [adaptive.active, adaptive.eth.threshold, adaptive.eth.events, adaptive.rth.threshold, adaptive.rth.events];
    };
    feed(study, state, day, ...minutes(day.openSec, 8, { 5: 40, 70: 30, 130: 20, 200: 50 }));
    expect(said()).toEqual(["eth", null, 479, null, 0]); // the newest event may still grow
    feed(study, state, day, ...minutes(day.openSec + 480, 2));
    expect(said()).toEqual(["eth", 30, 500, null, 0]); // 50, 40, 30: reached three times in ten minutes
    feed(study, state, day, ...minutes(day.openSec + 600, 21));
    expect(said()).toEqual(["eth", 20, 500, null, 0]); // the minute of the 40 has left the window
    feed(study, state, day, ...minutes(day.rthOpenSec, 10, { 0: 100, 1: 90, 2: 80 }));
    expect(said()).toEqual(["rth", 20, 500, 80, 500]);
    feed(study, state, day, ...minutes(day.rthCloseSec, 5, { 10: 60 }));
    // The rest of the session goes on where it left off at 18:31, not six hours later.
    expect(said()).toEqual(["eth", 10, 500, 80, 500]);
  });

  test("never falls below the floor, and a new session warms up again", () => {
    const state = study.init();
    feed(study, state, day, ...minutes(day.openSec, 10));
    expect(study.view(state).adaptive.eth).toEqual({ threshold: 10, events: 500, warmUp: 500, targetPerHour: 6 });
    const next = tradingDayOf(day.endSec);
    feed(study, state, next, tradeAt(next.openSec, 1));
    expect(study.view(state).adaptive.eth).toMatchObject({ threshold: null, events: 0 });
  });
});
