/** The studies behind a trader's levels: exactness, anchors, holidays, what was missed, and what the venue states. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayNumberOfText } from "../../src/market/civil-date.ts";
import { BUILT_IN_CALENDAR } from "../../src/market/calendar-data.ts";
import { withOwnEntries } from "../../src/market/calendar-entry.ts";
import { parseCalendarFile } from "../../src/market/calendar-file.ts";
import { createTradingCalendar } from "../../src/market/calendar.ts";
import type { Aggressor, Trade } from "../../src/market/trade.ts";
import { tradingDayOf, type TradingDay } from "../../src/market/trading-day.ts";
import { deltaStudy } from "../../src/studies/delta.ts";
import { discoveryStudy } from "../../src/studies/discovery.ts";
import { levelsOf } from "../../src/studies/levels.ts";
import { limitsStudy } from "../../src/studies/limits.ts";
import { profileStudy } from "../../src/studies/profile.ts";
import { rangesStudy, rangesStudyBy } from "../../src/studies/ranges.ts";
import type { Statistic, StatisticKind } from "../../src/studies/statistic.ts";
import type { Study } from "../../src/studies/study.ts";
import { vwapStudy } from "../../src/studies/vwap.ts";
import { sampleSnapshot } from "../ui/sample-snapshot.ts";
import { feed, knowSince } from "./feed.ts";

const dayOf = (eastern: string): TradingDay => tradingDayOf(Date.parse(`${eastern}-04:00`) / 1000);
const FRIDAY = dayOf("2025-06-13T10:00:00");
const MONDAY = dayOf("2025-06-16T10:00:00");
/** Memorial Day: a session without regular hours, counted to Tuesday. */
const HOLIDAY = dayOf("2025-05-26T10:00:00");
const profileOf = profileStudy({ firstReach: 512, reach: 32_768 });

function trade(day: TradingDay, sinceOpen: number, fields: Partial<Trade> = {}): Trade {
  return { sec: day.openSec + sinceOpen, nanos: 0, ticks: 86_970, size: 1, aggressor: 1, sequence: 0, ...fields };
}

function after<State, View>(study: Study<State, View>, day: TradingDay, ...trades: readonly Trade[]): View {
  const state = study.init();
  feed(study, state, day, ...trades);
  return study.view(state);
}

const hours = (count: number): number => Math.round(count * 3600);

describe("average price of more than a million contracts", () => {
  test("is that of bigints, and so is the deviation", () => {
    const fill = fc.record({ ticks: fc.integer({ min: 80_000, max: 95_000 }), size: fc.integer({ min: 20_000, max: 100_000 }) });
    fc.assert(
      fc.property(fc.array(fill, { minLength: 50, maxLength: 400, size: "max" }), (fills) => {
        const trades = fills.map((one, index) => trade(FRIDAY, index, one));
        const { session } = after(vwapStudy, FRIDAY, ...trades);
        let volume = 0n;
        let sum = 0n;
        let squares = 0n;
        for (const { ticks, size } of fills) {
          volume += BigInt(size);
          sum += BigInt(ticks) * BigInt(size);
          squares += BigInt(ticks) ** 2n * BigInt(size);
        }
        expect(volume).toBeGreaterThanOrEqual(1_000_000n);
        expect(session?.volume).toBe(Number(volume));
        // In billionths of a tick; a double of this size has about eleven digits after the point.
        const mean = (sum * 1_000_000_000n) / volume;
        expect(Math.abs(Number(BigInt(Math.round((session?.vwapTicks ?? 0) * 1e9)) - mean))).toBeLessThan(50);
        // variance × volume², whole: a deviation that is off by a billionth would miss it by more than this.
        const spread = volume * squares - sum * sum;
        const deviation = (session?.deviationTicks ?? 0) * Number(volume);
        expect(Math.abs((deviation * deviation) / Number(spread) - 1)).toBeLessThan(1e-12);
      }),
      { numRuns: 50 },
    );
  });

  test("trades at one price deviate by nothing, however many", () => {
    const trades = Array.from({ length: 1000 }, (_, index) => trade(FRIDAY, index, { size: 99_999 }));
    expect(after(vwapStudy, FRIDAY, ...trades).session).toMatchObject({ vwapTicks: 86_970, deviationTicks: 0, volume: 99_999_000 });
  });

  test("a damaged price a world away is exact all the same", () => {
    const far = 2 ** 31 - 1;
    const { session } = after(vwapStudy, FRIDAY, trade(FRIDAY, 0, { ticks: -far }), trade(FRIDAY, 1, { ticks: far, size: 100_000 }));
    expect(session?.vwapTicks).toBeCloseTo(-far + (2 * far * 100_000) / 100_001, 3);
  });
});

describe("each trade goes to its own anchor", () => {
  const rthFrom = hours(15.5);
  const ALL = [
    trade(FRIDAY, rthFrom - 1, { nanos: 999_999_999, ticks: 100, size: 1 }),
    trade(FRIDAY, rthFrom, { ticks: 110, size: 10, aggressor: -1 }),
    trade(FRIDAY, rthFrom - 1, { nanos: 900_000_000, ticks: 90, size: 100 }), // late
    trade(FRIDAY, hours(22) - 1, { ticks: 120, size: 1000 }),
    trade(FRIDAY, hours(22), { ticks: 130, size: 10_000 }),
    trade(FRIDAY, hours(22) - 1, { ticks: 125, size: 100_000, aggressor: 0 }), // late
  ];

  test("volumes of the average price and the profile, sides of the delta", () => {
    expect(after(vwapStudy, FRIDAY, ...ALL)).toMatchObject({ session: { volume: 111_111 }, rth: { volume: 101_010, fromSec: FRIDAY.rthOpenSec } });
    expect(after(profileOf, FRIDAY, ...ALL)).toMatchObject({ session: { total: 111_111, lowTicks: 90 }, rth: { total: 101_010, lowTicks: 110 } });
    expect(after(deltaStudy, FRIDAY, ...ALL)).toMatchObject({
      session: { delta: 11_091, buyVolume: 11_101, sellVolume: 10, noneVolume: 100_000 },
      rth: { delta: 990, high: 990, low: -10, buyVolume: 1000, sellVolume: 10, noneVolume: 100_000 },
    });
  });

  test("ranges, and the times of their extremes", () => {
    const { overnight, rth, openingRange5, london } = after(rangesStudy, FRIDAY, ...ALL);
    expect(overnight).toMatchObject({ highTicks: 100, lowTicks: 90, state: "complete", fromSec: FRIDAY.openSec, toSec: FRIDAY.rthOpenSec });
    expect(overnight?.lowAt).toEqual({ sec: FRIDAY.rthOpenSec - 1, nanos: 900_000_000 });
    expect(london).toMatchObject({ highTicks: 100, lowTicks: 90 });
    expect(rth).toMatchObject({ highTicks: 125, lowTicks: 110, state: "complete" });
    expect(openingRange5).toMatchObject({ highTicks: 110, lowTicks: 110, broken: "up", aboveTicks: 15, extension: null });
  });

  test("the open is the first trade in regular hours, the pre-market ends before it", () => {
    expect(after(discoveryStudy, FRIDAY, ...ALL)).toMatchObject({
      preMarket: { first: { ticks: 100 }, last: { ticks: 90 } }, rthOpen: { ticks: 110, changeTicks: 20 }, afternoon: { high: { ticks: 125 } },
    });
  });
});

describe("a holiday session has no regular hours", () => {
  const ALL = [0, 9.5, 12, 15.5, 16, 18.9].map((hour, index) => trade(HOLIDAY, hours(hour), { ticks: 100 + index }));

  test("what is named after them is empty, the rest is there", () => {
    expect(HOLIDAY.hasRth).toBe(false);
    for (const study of [vwapStudy, deltaStudy, profileOf]) expect(after<unknown, object>(study as Study<unknown, object>, HOLIDAY, ...ALL)).toMatchObject({ rth: null });
    expect(after(rangesStudy, HOLIDAY, ...ALL)).toMatchObject({
      asia: { lowTicks: 100, highTicks: 100 }, london: { lowTicks: 101, highTicks: 102 },
      overnight: null, rth: null, openingRange5: null, openingRange15: null, openingRange30: null, initialBalance: null,
    });
    expect(after(discoveryStudy, HOLIDAY, ...ALL)).toEqual({
      preMarket: null, rthOpen: null, morning: null, midday: null, afternoon: null,
      current: {
        ticks: 105, at: { sec: HOLIDAY.openSec + hours(18.9), nanos: 0 }, movement: null, evaluatedSec: null, windowTicks: null,
        usualTicks: null, belowHighTicks: null, aboveLowTicks: null,
      },
    });
  });

  test("it is passed over as the day before", () => {
    const before = dayOf("2025-05-23T10:00:00");
    const next = dayOf("2025-05-27T10:00:00");
    const state = rangesStudy.init();
    feed(rangesStudy, state, before, trade(before, 0, { ticks: 1 }), trade(before, hours(16), { ticks: 3 }), trade(before, hours(22.5), { ticks: 2 }));
    feed(rangesStudy, state, HOLIDAY, trade(HOLIDAY, 0, { ticks: 50 }));
    feed(rangesStudy, state, next, trade(next, 0, { ticks: 60 }));
    expect(rangesStudy.view(state).prior).toEqual({
      tradeDate: "2025-05-23", highTicks: 3, lowTicks: 1, closeTicks: 2, rthHighTicks: 3, rthLowTicks: 3, rthCloseTicks: 3, source: "trades",
    });
  });
});

describe("a profile", () => {
  test("does not grow without bound: what is too far is counted", () => {
    const { session } = after(
      profileOf, FRIDAY,
      trade(FRIDAY, 0), trade(FRIDAY, 1, { ticks: 86_970 + 32_767, size: 2 }), trade(FRIDAY, 2, { ticks: 86_970 + 32_768, size: 4 }),
      trade(FRIDAY, 3, { ticks: 86_970 - 32_768, size: 8 }), trade(FRIDAY, 4, { ticks: 86_970 - 32_769, size: 16 }),
      trade(FRIDAY, 5, { ticks: 2 ** 31 - 1, size: 32 }), trade(FRIDAY, 6, { ticks: -(2 ** 31), size: 64 }),
    );
    expect(session).toMatchObject({ total: 11, beyond: 116, lowTicks: 86_970 - 32_768, pocTicks: 86_970 - 32_768 });
    expect(session?.volumes).toHaveLength(65_536);
  });

  test("keeps the part that nothing was added to", () => {
    const state = profileOf.init();
    feed(profileOf, state, FRIDAY, trade(FRIDAY, hours(16)));
    const first = profileOf.view(state);
    feed(profileOf, state, FRIDAY, trade(FRIDAY, hours(22.5)));
    const second = profileOf.view(state);
    expect(second.rth).toBe(first.rth);
    expect(second.session).not.toBe(first.session);
    expect(profileOf.view(state)).toBe(second);
  });
});

test("ranges that say the same stay the same objects", () => {
  const state = rangesStudy.init();
  feed(rangesStudy, state, FRIDAY, trade(FRIDAY, hours(15.5), { ticks: 100 }), trade(FRIDAY, hours(15.5) + 1, { ticks: 110 }));
  const first = rangesStudy.view(state);
  feed(rangesStudy, state, FRIDAY, trade(FRIDAY, hours(15.5) + 2, { ticks: 105 }));
  expect(rangesStudy.view(state)).toBe(first);
  feed(rangesStudy, state, FRIDAY, trade(FRIDAY, hours(15.5) + 400, { ticks: 111 }));
  const second = rangesStudy.view(state);
  expect(second.openingRange5).toMatchObject({ state: "complete", broken: "up", aboveTicks: 1, extension: 0.1 });
  expect(second.openingRange15).toMatchObject({ state: "forming", highTicks: 111, broken: "none" });
  feed(rangesStudy, state, FRIDAY, trade(FRIDAY, hours(15.5) + 401, { ticks: 111 }));
  expect(rangesStudy.view(state)).toBe(second);
});

function stated(kind: StatisticKind, ticks: number | null, eastern: string, refDate: string | null = null): Statistic {
  return { kind, ticks, at: { sec: Date.parse(`${eastern}-04:00`) / 1000, nanos: 0 }, refDay: refDate === null ? null : dayNumberOfText(refDate) };
}

describe("the day before by the venue's statistics", () => {
  const prior = (...statements: readonly Statistic[]): unknown => {
    const state = rangesStudy.init();
    for (const one of statements) rangesStudy.statistic?.(state, one);
    feed(rangesStudy, state, MONDAY, trade(MONDAY, 0));
    return rangesStudy.view(state).prior;
  };
  const FROM_STATISTICS = {
    tradeDate: "2025-06-13", highTicks: 200, lowTicks: 100, closeTicks: null, rthHighTicks: null, rthLowTicks: null, rthCloseTicks: null,
    source: "statistics",
  };
  const high = stated("high", 200, "2025-06-13T11:00:00");
  const low = stated("low", 100, "2025-06-12T20:00:00");

  test.each<[string, readonly Statistic[], unknown]>([
    ["stated in that session, without a date", [high, low], FROM_STATISTICS],
    ["stated with its date", [stated("high", 200, "2025-06-15T12:00:00", "2025-06-13"), stated("low", 100, "2025-06-15T12:00:00", "2025-06-13")], FROM_STATISTICS],
    ["the last statement wins", [stated("high", 190, "2025-06-13T10:00:00"), high, low], FROM_STATISTICS],
    ["one of the two is not enough", [high], null],
    ["withdrawn", [high, low, stated("high", null, "2025-06-13T12:00:00")], null],
    ["corrected in the pause after a week's last session, without a date", [high, stated("low", 90, "2025-06-13T16:59:59"), stated("low", 100, "2025-06-13T17:30:00")], FROM_STATISTICS],
    ["made after that pause, without a date", [high, stated("low", 100, "2025-06-13T18:00:00")], null],
    ["made between the sessions, without a date", [high, stated("low", 100, "2025-06-14T12:00:00")], null],
    ["of the running session", [stated("high", 1, "2025-06-16T10:00:00"), stated("low", 1, "2025-06-16T10:00:00")], null],
    ["other kinds", [stated("upper limit", 1, "2025-06-13T11:00:00"), stated("open", 1, "2025-06-13T11:00:00")], null],
    ["the newest date of which both are known", [high, low, stated("high", 9, "2025-06-11T12:00:00"), stated("low", 8, "2025-06-11T12:00:00")], FROM_STATISTICS],
  ])("%s", (_, statements, expected) => {
    expect(prior(...statements)).toEqual(expected);
  });

  test("a holiday of the reader's own has no regular hours, so no statement is of it", () => {
    const calendar = createTradingCalendar(withOwnEntries(BUILT_IN_CALENDAR, parseCalendarFile('{ "days": [{ "date": "2025-06-13", "type": "halt" }] }')));
    const study = rangesStudyBy((sec) => calendar.dayOf(sec));
    const state = study.init();
    for (const one of [high, low]) study.statistic?.(state, one);
    feed(study, state, MONDAY, trade(MONDAY, 0));
    expect(study.view(state).prior).toBeNull();
  });

  test("stays bounded however many dates are stated", () => {
    const many = Array.from({ length: 200 }, (_, index) => stated("high", index, "2025-06-13T11:00:00", new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10)));
    expect(prior(...many, high, low)).toEqual(FROM_STATISTICS);
  });
});

describe("what was lost", () => {
  const THURSDAY = dayOf("2025-06-12T10:00:00");
  const at = (day: TradingDay, hour: number): { sec: number; nanos: number } => ({ sec: day.openSec + hours(hour), nanos: 0 });
  const YESTERDAY = [0, 15.5, 16, 21.9, 22.9].map((hour, index) => trade(THURSDAY, hours(hour), { ticks: 100 + index }));
  const ALL = { highTicks: 104, lowTicks: 100, closeTicks: 104, rthHighTicks: 103, rthLowTicks: 101, rthCloseTicks: 103 };
  const NO_SESSION = { ...ALL, highTicks: null, lowTicks: null };
  const NO_RTH = { ...NO_SESSION, rthHighTicks: null, rthLowTicks: null };

  /** Known since so many hours after yesterday's open, but for a hole between two hours. */
  const prior = (sinceHour: number, hole: readonly [number, number] | null, ...statements: readonly Statistic[]): unknown => {
    const state = rangesStudy.init();
    const holes = hole === null ? [] : [{ from: at(THURSDAY, hole[0]), to: at(THURSDAY, hole[1]) }];
    knowSince(rangesStudy, state, at(THURSDAY, sinceHour).sec, holes);
    for (const one of statements) rangesStudy.statistic?.(state, one);
    feed(rangesStudy, state, THURSDAY, ...YESTERDAY.filter(({ sec }) => sec >= at(THURSDAY, sinceHour).sec));
    feed(rangesStudy, state, FRIDAY, trade(FRIDAY, 0));
    return rangesStudy.view(state).prior;
  };

  test.each<[string, number, readonly [number, number] | null, object]>([
    ["nothing", 0, null, ALL],
    ["the beginning of the session", 8, null, NO_SESSION],
    ["the beginning of regular hours", 15.6, null, NO_RTH],
    ["some of regular hours", 0, [17, 17.1], NO_RTH],
    ["some of the night", 0, [5, 6], NO_SESSION],
    ["the end of regular hours", 0, [21.95, 22.1], { ...NO_RTH, rthCloseTicks: null }],
    ["the end of the session", 0, [22.95, 22.99], { ...NO_SESSION, closeTicks: null }],
    ["what came after the close", 0, [23.1, 23.2], ALL],
  ])("of the day before: %s", (_, since, hole, expected) => {
    expect(prior(since, hole)).toEqual({ tradeDate: "2025-06-12", source: "trades", ...expected });
  });

  test("the venue's high and low stand in for those that are not sure; the rest stays", () => {
    const statements = [stated("high", 200, "2025-06-12T11:00:00"), stated("low", 50, "2025-06-12T11:00:00")];
    expect(prior(8, null, ...statements)).toEqual({ tradeDate: "2025-06-12", ...ALL, highTicks: 200, lowTicks: 50, source: "statistics" });
    expect(prior(0, null, ...statements)).toEqual({ tradeDate: "2025-06-12", ...ALL, source: "trades" });
  });

  test("of the day before: not seen to the end of regular hours, nothing is known", () => {
    const state = rangesStudy.init();
    knowSince(rangesStudy, state, 0);
    feed(rangesStudy, state, THURSDAY, ...YESTERDAY.slice(0, 4));
    feed(rangesStudy, state, FRIDAY, trade(FRIDAY, 0));
    expect(rangesStudy.view(state).prior).toBeNull();
  });

  test("parts of price discovery say whether they are covered", () => {
    const state = discoveryStudy.init();
    const trades = [11, 15.5, 16, 18.1, 20.1].map((hour) => trade(FRIDAY, hours(hour)));
    knowSince(discoveryStudy, state, at(FRIDAY, 10.5).sec);
    feed(discoveryStudy, state, FRIDAY, ...trades);
    expect(discoveryStudy.view(state)).toMatchObject({
      preMarket: { covered: false }, rthOpen: { covered: true }, morning: { covered: true }, midday: { covered: true }, afternoon: { covered: true },
    });
    knowSince(discoveryStudy, state, at(FRIDAY, 10.5).sec, [{ from: at(FRIDAY, 17), to: at(FRIDAY, 17.2) }, { from: at(FRIDAY, 20.05), to: null }]);
    expect(discoveryStudy.view(state)).toMatchObject({
      preMarket: { covered: false }, rthOpen: { covered: true }, morning: { covered: false }, midday: { covered: true }, afternoon: { covered: false },
    });
  });

  test("nothing is said of the movement while trades of the last ten minutes are missing", () => {
    const state = discoveryStudy.init();
    const since = FRIDAY.rthOpenSec;
    const every = Array.from({ length: 600 }, (_, index) => trade(FRIDAY, hours(15.5) + index * 5, { ticks: 100 + (index % 40) }));
    knowSince(discoveryStudy, state, 0);
    feed(discoveryStudy, state, FRIDAY, ...every);
    expect(discoveryStudy.view(state).current).toMatchObject({ movement: "rotating", windowTicks: 39, usualTicks: 39 });
    knowSince(discoveryStudy, state, 0, [{ from: { sec: since + 2700, nanos: 0 }, to: { sec: since + 2710, nanos: 0 } }]);
    expect(discoveryStudy.view(state).current).toMatchObject({ movement: null, windowTicks: null, usualTicks: 39 });
    knowSince(discoveryStudy, state, 0, [{ from: { sec: since + 100, nanos: 0 }, to: { sec: since + 1300, nanos: 0 } }]);
    expect(discoveryStudy.view(state).current).toMatchObject({ movement: null, windowTicks: 39, usualTicks: null });
  });
});

describe("price limits", () => {
  const limits = (...statements: readonly Statistic[]): unknown => {
    const state = limitsStudy.init();
    for (const one of statements) limitsStudy.statistic?.(state, one);
    feed(limitsStudy, state, FRIDAY, trade(FRIDAY, 0));
    return limitsStudy.view(state);
  };

  test.each<[string, readonly Statistic[], unknown]>([
    ["nothing stated", [], { upperTicks: null, lowerTicks: null }],
    ["in the session", [stated("upper limit", 200, "2025-06-13T09:00:00"), stated("lower limit", 100, "2025-06-13T09:00:00")], { upperTicks: 200, lowerTicks: 100 }],
    ["in the hour before its open", [stated("upper limit", 200, "2025-06-12T17:45:00")], { upperTicks: 200, lowerTicks: null }],
    ["in the session before", [stated("upper limit", 200, "2025-06-12T16:45:00")], { upperTicks: null, lowerTicks: null }],
    ["for this trade date", [stated("lower limit", 100, "2025-06-12T16:45:00", "2025-06-13")], { upperTicks: null, lowerTicks: 100 }],
    ["for the next trade date, beside this one's", [stated("lower limit", 100, "2025-06-13T09:00:00"), stated("lower limit", 90, "2025-06-13T16:45:00", "2025-06-16")], { upperTicks: null, lowerTicks: 100 }],
    ["corrected", [stated("upper limit", 200, "2025-06-13T09:00:00"), stated("upper limit", 210, "2025-06-13T09:01:00")], { upperTicks: 210, lowerTicks: null }],
    ["withdrawn", [stated("upper limit", 200, "2025-06-13T09:00:00"), stated("upper limit", null, "2025-06-13T09:01:00")], { upperTicks: null, lowerTicks: null }],
  ])("%s", (_, statements, expected) => {
    expect(limits(...statements)).toEqual(expected);
  });

  test("end with their session", () => {
    const state = limitsStudy.init();
    limitsStudy.statistic?.(state, stated("upper limit", 200, "2025-06-13T09:00:00"));
    feed(limitsStudy, state, FRIDAY, trade(FRIDAY, 0));
    const friday = limitsStudy.view(state);
    feed(limitsStudy, state, FRIDAY, trade(FRIDAY, 1));
    expect(limitsStudy.view(state)).toBe(friday);
    feed(limitsStudy, state, MONDAY, trade(MONDAY, 0));
    expect(limitsStudy.view(state)).toEqual({ upperTicks: null, lowerTicks: null });
  });
});

test("levels come highest first, averages with their fraction, and none that is not known", () => {
  const { studies } = sampleSnapshot();
  const found = levelsOf(studies);
  const prices = found.map(({ ticks, fraction = 0 }) => ticks + fraction);
  expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  const vwap = found.find(({ name }) => name === "VWAP");
  expect((vwap?.ticks ?? 0) + (vwap?.fraction ?? 0)).toBe(studies.vwap.session?.vwapTicks);
  expect(found.find(({ name }) => name === "POC")).toMatchObject({ ticks: studies.profile.session?.pocTicks, group: "profile" });
  expect(found.find(({ name }) => name === "PDC")).not.toHaveProperty("fraction");
  const empty = { ...studies, limits: { upperTicks: null, lowerTicks: null }, vwap: { session: null, rth: null } };
  expect(levelsOf(empty).some(({ group }) => group === "limit" || group === "vwap")).toBe(false);
});

test("the sides are not mixed up: one buy at the offer raises the delta", () => {
  const side = (aggressor: Aggressor): number | undefined => after(deltaStudy, FRIDAY, trade(FRIDAY, 0, { aggressor })).session?.delta;
  expect([side(1), side(-1), side(0)]).toEqual([1, -1, 0]);
});
