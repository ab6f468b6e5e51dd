/** What views promise: the same objects while nothing changed, bounded length, and words for what the venue says. */
import { describe, expect, test } from "vitest";
import type { Aggressor, Trade } from "../../src/market/trade.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { barsStudy } from "../../src/studies/bars.ts";
import { hourVolumeStudy } from "../../src/studies/hour-volume.ts";
import { createStudies, type StudyViews } from "../../src/studies/index.ts";
import { paceStudy } from "../../src/studies/pace.ts";
import { quoteStudy } from "../../src/studies/quote.ts";
import { statusStudy, type MarketStatus } from "../../src/studies/status.ts";
import { tapeStudy } from "../../src/studies/tape.ts";
import { batchOf, feed } from "./run-study.ts";

const day = tradingDayOf(Date.parse("2025-06-13T10:00:00-04:00") / 1000);
const tradeAt = (sec: number, size = 1): Trade => ({
  sec, nanos: 0, ticks: 86_970, size, aggressor: 1 satisfies Aggressor, sequence: 0,
});
/** The same object, said of the parts of all views. */
const unchanged = (a: StudyViews, b: StudyViews): readonly string[] =>
  Object.keys(a).filter((key) => a[key as keyof StudyViews] === b[key as keyof StudyViews]);

describe("all studies together", () => {
  test("are the same object until something happens", () => {
    const studies = createStudies();
    const empty = studies.views();
    expect(studies.views()).toBe(empty);
    studies.steps(batchOf([tradeAt(day.openSec)], day), day);
    const first = studies.views();
    expect(first).not.toBe(empty);
    expect(studies.views()).toBe(first);
  });

  test("a small trade leaves the rest alone, a quote changes the quote only", () => {
    const studies = createStudies();
    studies.steps(batchOf([tradeAt(day.openSec, 50)], day), day);
    const first = studies.views();
    studies.steps(batchOf([tradeAt(day.openSec + 1)], day), day);
    const second = studies.views();
    expect(unchanged(first, second)).toEqual(["quote", "status", "ranges", "limits"]);
    studies.quote({ sec: day.openSec + 1, nanos: 5, bidTicks: 1, askTicks: 2, bidSize: 3, askSize: 4 });
    const third = studies.views();
    expect(Object.keys(third).filter((key) => !unchanged(second, third).includes(key))).toEqual(["quote"]);
    studies.time(day.openSec + 1);
    expect(studies.views()).toBe(third);
    studies.time(day.openSec + 2);
    expect(Object.keys(third).filter((key) => !unchanged(third, studies.views()).includes(key))).toEqual(["pace"]);
  });
});

describe("long lists", () => {
  test("finished bars stay the same objects, the forming one is made anew", () => {
    const study = barsStudy({ intervalSec: 1, capacity: 3 });
    const state = study.init();
    for (const sec of [0, 1, 2]) feed(study, state, day, tradeAt(day.openSec + sec));
    const first = study.view(state).bars;
    feed(study, state, day, tradeAt(day.openSec + 3));
    const second = study.view(state).bars;
    expect(second).toHaveLength(3);
    expect(second[0]).toBe(first[1]);
    expect(second[1]).not.toBe(first[2]);
    expect(first).toHaveLength(3);
  });

  test("a late trade counts to the bar that is forming", () => {
    const study = barsStudy({ intervalSec: 1, capacity: 3 });
    const state = study.init();
    for (const sec of [5, 4, 5]) feed(study, state, day, tradeAt(day.openSec + sec));
    expect(study.view(state).bars).toMatchObject([{ sec: day.openSec + 5, volume: 3 }]);
  });

  test("the tape keeps its length", () => {
    const study = tapeStudy(500);
    const state = study.init();
    for (let index = 0; index < 1203; index += 1) feed(study, state, day, tradeAt(day.openSec, index + 1));
    const sizes = study.view(state).map(({ size }) => size);
    expect([sizes.length, sizes[0], sizes.at(-1)]).toEqual([500, 704, 1203]);
  });
});

describe("volume by hour", () => {
  const study = hourVolumeStudy();

  test("hours that did not change stay the same objects; the hour ends without a trade", () => {
    const state = study.init();
    feed(study, state, day, tradeAt(day.openSec));
    const first = study.view(state);
    study.time?.(state, day.openSec + 200);
    expect(study.view(state)).toBe(first);
    study.time?.(state, day.openSec + 3600);
    const second = study.view(state);
    expect(second.hours.map(({ current }) => current).indexOf(true)).toBe(1);
    expect(second.hours[5]).toBe(first.hours[5]);
    study.time?.(state, day.closeSec);
    expect(study.view(state).hours.some(({ current }) => current)).toBe(false);
  });

  test("the current hour is projected by the share of it that is over, from its fifth minute on", () => {
    const state = study.init();
    const projected = (): unknown => study.view(state).hours.map((hour) => hour.projected).filter((volume) => volume !== null);
    feed(study, state, day, tradeAt(day.openSec, 50));
    study.time?.(state, day.openSec + 298);
    expect(projected()).toEqual([]);
    study.time?.(state, day.openSec + 299);
    expect(projected()).toEqual([600]);
    study.time?.(state, day.openSec + 1799);
    expect(projected()).toEqual([100]);
    study.time?.(state, day.openSec + 3599);
    expect(projected()).toEqual([50]);
    study.time?.(state, day.openSec + 3600);
    expect(projected()).toEqual([]);
  });

  test("an hour that the close cuts short is projected to the close", () => {
    const early = tradingDayOf(Date.parse("2025-07-03T12:00:00-04:00") / 1000);
    expect(early.closeSec - early.openSec).toBe(19.25 * 3600);
    const state = study.init();
    feed(study, state, early, tradeAt(early.closeSec - 600, 30));
    study.time?.(state, early.closeSec - 451); // 7.5 of 15 minutes
    expect(study.view(state).hours[19]?.projected).toBe(60);
  });

  test("averages are those that were given, also when they come later", () => {
    const known = new Map<number, number>();
    const averaged = hourVolumeStudy({ average: (hour) => known.get(hour) ?? null });
    const state = averaged.init();
    feed(averaged, state, day, tradeAt(day.openSec));
    expect(averaged.view(state).hours[16]?.average).toBeNull();
    known.set(10, 61_000.5);
    averaged.time?.(state, day.openSec + 1);
    const { hours } = averaged.view(state);
    expect(hours[16]).toMatchObject({ hour: 10, average: 61_000.5 });
    expect(hours[15]?.average).toBeNull();
  });

  test("09:29:59.999 is outside regular hours, 09:30 inside, 15:59:59 inside, 16:00 outside", () => {
    const state = study.init();
    for (const [index, sec] of [day.rthOpenSec - 1, day.rthOpenSec, day.rthCloseSec - 1, day.rthCloseSec].entries()) {
      feed(study, state, day, { ...tradeAt(sec, 10 ** index), nanos: 999_000_000 });
    }
    const { hours, rth, total } = study.view(state);
    expect([total, rth]).toEqual([1111, 110]);
    expect(hours[15]).toMatchObject({ hour: 9, volume: 11, rthVolume: 10 });
    expect(hours[22]).toMatchObject({ hour: 16, volume: 1000, rthVolume: 0 });
  });
});

test("the pace counts late trades in their own second, and passes by those older than its window", () => {
  const state = paceStudy.init();
  for (const sec of [100, 103, 102, 103, 103 - 64, 5]) feed(paceStudy, state, day, tradeAt(day.openSec + sec));
  const { perSecond, trades1s, trades10s, trades60s } = paceStudy.view(state);
  expect([trades1s, trades10s, trades60s]).toEqual([2, 4, 4]);
  expect(perSecond.slice(-4)).toEqual([1, 0, 1, 2]);
});

test("the quote is the last one given", () => {
  const state = quoteStudy.init();
  expect(quoteStudy.view(state)).toBeNull();
  const quote = { sec: 5, nanos: 6, bidTicks: null, askTicks: 86_971, bidSize: 0, askSize: 4 };
  quoteStudy.quote?.(state, quote);
  const view = quoteStudy.view(state);
  quote.askTicks = 1;
  expect(view).toEqual({ at: { sec: 5, nanos: 6 }, bidTicks: null, askTicks: 86_971, bidSize: 0, askSize: 4 });
});

describe("status in words", () => {
  const said = (status: Partial<MarketStatus>): MarketStatus => ({
    at: { sec: 1, nanos: 0 }, action: 0, reason: 0, isTrading: null, ...status,
  });

  test.each<[Partial<MarketStatus>, string]>([
    [{ action: 1 }, "pre-open"], [{ action: 7, isTrading: true }, "trading"], [{ action: 8 }, "halted"],
    [{ action: 8, reason: 3 }, "halted (market event)"], [{ action: 9, reason: 77 }, "paused (reason 77)"],
    [{ action: 11, reason: 1 }, "pre-close"], [{ action: 12 }, "closed"], [{ action: 99 }, "status 99"],
    [{ action: 0 }, "unknown"], [{ action: 0, isTrading: false }, "not trading"],
  ])("%o", (status, text) => {
    const state = statusStudy.init();
    expect(statusStudy.view(state)).toBeNull();
    statusStudy.status?.(state, said(status));
    expect(statusStudy.view(state)).toEqual({ at: { sec: 1, nanos: 0 }, text, isTrading: status.isTrading ?? null });
  });

  test("no change of action keeps the words", () => {
    const state = statusStudy.init();
    statusStudy.status?.(state, said({ action: 7, isTrading: true }));
    statusStudy.status?.(state, said({ isTrading: true, at: { sec: 2, nanos: 0 } }));
    expect(statusStudy.view(state)).toMatchObject({ text: "trading", at: { sec: 2 } });
  });
});
