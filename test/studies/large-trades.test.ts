/** Large trades: what is one event and what is not. */
import { expect, test } from "vitest";
import type { Aggressor } from "../../src/market/trade.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { largeTradesStudy, type LargeTradesView } from "../../src/studies/large-trades.ts";
import { feed } from "./run-study.ts";

const day = tradingDayOf(Date.parse("2025-06-13T10:00:00-04:00") / 1000);
const study = largeTradesStudy({ floor: 10, capacity: 3 });

type Fill = readonly [nanos: number, aggressor: Aggressor, ticks: number, size: number];

function after(...fills: readonly Fill[]): LargeTradesView {
  const state = study.init();
  for (const [nanos, aggressor, ticks, size] of fills) {
    feed(study, state, day, { sec: day.openSec, nanos, ticks, size, aggressor, sequence: 0 });
  }
  return study.view(state);
}

test("a sweep of three levels is one event", () => {
  const sums = { buyEvents: 1, sellEvents: 0, buyVolume: 30, sellVolume: 0 };
  expect(after([1, 1, 100, 8], [1, 1, 101, 8], [1, 1, 103, 14])).toMatchObject({
    floor: 10,
    events: [{
      at: { sec: day.openSec, nanos: 1 }, aggressor: 1, size: 30, fills: 3, levels: 3, firstTicks: 100, lastTicks: 103,
      slippageTicks: 3, ticksTimesSize: 800 + 808 + 1442, averageTicks: 3050 / 30, minuteVolume: 30, closed: false,
    }],
    ...sums,
    classes: [{ from: 10, ...sums }, { from: 25, ...sums }, { from: 50, buyEvents: 0, buyVolume: 0 }, { from: 100, buyEvents: 0 }],
  });
});

test("a seller's slippage is negative, and the share of its minute counts what came before in it", () => {
  const view = after([1, 1, 100, 5], [2, 0, 100, 3], [3, -1, 100, 8], [3, -1, 98, 8], [4, 1, 98, 9]);
  expect(view.events).toMatchObject([{ slippageTicks: -2, minuteVolume: 24, closed: true }]);
});

test("the newest event is closed by the next trade, or by a lull; a late fill still joins it", () => {
  const state = study.init();
  const fill = (nanos: number, size: number): void =>
    feed(study, state, day, { sec: day.openSec, nanos, ticks: 100, size, aggressor: 1, sequence: 0 });
  const newest = (): unknown => study.view(state).events.map(({ size, closed }) => [size, closed]);
  fill(1, 12);
  expect(newest()).toEqual([[12, false]]);
  study.lull?.(state);
  expect(newest()).toEqual([[12, true]]);
  const view = study.view(state);
  study.lull?.(state);
  expect(study.view(state)).toBe(view);
  fill(1, 3);
  expect(newest()).toEqual([[15, false]]);
  fill(2, 1);
  expect(newest()).toEqual([[15, true]]);
});

test("a day with as many contracts as the one before, in fewer events, has its own count", () => {
  const state = study.init();
  const next = tradingDayOf(day.endSec + 86_400 * 3);
  const fill = (of: typeof day, nanos: number, size: number): void => feed(study, state, of, { sec: of.openSec, nanos, ticks: 100, size, aggressor: 1, sequence: 0 });
  fill(day, 1, 10);
  fill(day, 2, 10);
  expect(study.view(state)).toMatchObject({ buyEvents: 2, buyVolume: 20, classes: [{ buyEvents: 2 }, {}, {}, {}] });
  fill(next, 1, 20);
  expect(study.view(state)).toMatchObject({ buyEvents: 1, buyVolume: 20, classes: [{ buyEvents: 1 }, {}, {}, {}] });
});

test("sides that alternate in one instant are separate events", () => {
  const view = after([1, 1, 100, 9], [1, -1, 100, 9], [1, 1, 100, 9]);
  expect(view).toMatchObject({ events: [], buyEvents: 0, sellEvents: 0 });
  expect(after([1, 1, 100, 12], [1, -1, 100, 11], [1, 1, 100, 10])).toMatchObject({
    buyEvents: 2, sellEvents: 1, buyVolume: 22, sellVolume: 11,
  });
});

test("the floor itself is large, one less is not", () => {
  expect(after([1, 1, 100, 10]).buyEvents).toBe(1);
  expect(after([1, 1, 100, 9], [2, 1, 100, 9]).buyEvents).toBe(0);
});

test("prices that come back are counted once", () => {
  const view = after([1, -1, 100, 5], [1, -1, 102, 5], [1, -1, 101, 5], [1, -1, 100, 5], [1, -1, 101, 5], [1, -1, 99, 5]);
  expect(view.events[0]).toMatchObject({ levels: 4, fills: 6, size: 30, firstTicks: 100, lastTicks: 99 });
});

test("without an aggressor it is listed but belongs to no side", () => {
  expect(after([1, 0, 100, 50])).toMatchObject({
    events: [{ aggressor: 0, size: 50 }], buyEvents: 0, sellEvents: 0, buyVolume: 0, sellVolume: 0,
  });
});

test("only the newest are kept, all are counted", () => {
  const view = after(...Array.from({ length: 8 }, (_, index): Fill => [index + 1, 1, 100 + index, 10]));
  expect(view.events.map(({ firstTicks }) => firstTicks)).toEqual([105, 106, 107]);
  expect(view.buyEvents).toBe(8);
});

test("an event may grow between two looks; finished ones stay the same objects", () => {
  const state = study.init();
  const trade = { sec: day.openSec, nanos: 1, ticks: 100, size: 10, aggressor: 1 as Aggressor, sequence: 0 };
  feed(study, state, day, trade);
  feed(study, state, day, { ...trade, nanos: 2 });
  const first = study.view(state);
  feed(study, state, day, { ...trade, nanos: 2, ticks: 101 });
  const second = study.view(state);
  expect(second.events.map(({ size }) => size)).toEqual([10, 20]);
  expect(first.events.map(({ size }) => size)).toEqual([10, 10]);
  expect(second.events[0]).toBe(first.events[0]);
  feed(study, state, day, { ...trade, nanos: 3, size: 1 });
  const third = study.view(state);
  expect(third.events.map(({ size, closed }) => [size, closed])).toEqual([[10, true], [20, true]]);
  feed(study, state, day, { ...trade, nanos: 4, size: 1 });
  expect(study.view(state).events).toEqual(third.events);
});
