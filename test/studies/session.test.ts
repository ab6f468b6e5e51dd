/** The session figures: sides, exact average price, and what the change is measured against. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayNumberOfText } from "../../src/market/civil-date.ts";
import type { Aggressor } from "../../src/market/trade.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { sessionStudy } from "../../src/studies/session.ts";
import { settlementQuality, type Settlement } from "../../src/studies/settlement.ts";
import { randomSessions } from "../helpers/random-sessions.ts";
import { naiveBases } from "../helpers/reference/change-bases.ts";
import { feed, knowSince } from "./run-study.ts";

const friday = tradingDayOf(Date.parse("2025-06-13T10:00:00-04:00") / 1000);
const monday = tradingDayOf(friday.endSec);
const TRADE = { sec: friday.openSec, nanos: 0, ticks: 86_970, size: 1, aggressor: 1 as Aggressor, sequence: 0 };
const SETTLED: Settlement = { refDay: dayNumberOfText("2025-06-12"), ticks: 86_900, quality: "final", withdrawn: false };

/** The session after one trade at 86,970 and these statements about settlements. */
function basisAfter(...said: readonly Partial<Settlement>[]): unknown {
  const state = sessionStudy.init();
  knowSince(sessionStudy, state, friday.openSec);
  feed(sessionStudy, state, friday, TRADE);
  for (const one of said) sessionStudy.settlement?.(state, { ...SETTLED, ...one });
  const { basis, basisTicks, changeTicks } = sessionStudy.view(state);
  return [basis, basisTicks, changeTicks];
}

const OPEN = ["session open", 86_970, 0];

test("buyers 5, sellers 3, neither 7: delta +2, volume 15", () => {
  const state = sessionStudy.init();
  feed(sessionStudy, state, friday, { ...TRADE, size: 5 });
  feed(sessionStudy, state, friday, { ...TRADE, size: 3, aggressor: -1 });
  feed(sessionStudy, state, friday, { ...TRADE, size: 7, aggressor: 0 });
  const { volume, buyVolume, sellVolume, noneVolume } = sessionStudy.view(state);
  expect({ volume, buyVolume, sellVolume, noneVolume, delta: buyVolume - sellVolume }).toEqual({
    volume: 15, buyVolume: 5, sellVolume: 3, noneVolume: 7, delta: 2,
  });
});

test("nothing is known before the first trade, not even with a settlement", () => {
  const state = sessionStudy.init();
  sessionStudy.settlement?.(state, SETTLED);
  expect(sessionStudy.view(state)).toMatchObject({
    last: null, openTicks: null, vwapTicks: null, basis: null, basisTicks: null, changeTicks: null, volume: 0,
  });
});

test("the average price is exact beyond what Σ price × size could hold", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ ticks: fc.integer({ min: 80_000, max: 95_000 }), size: fc.integer({ min: 1, max: 100_000 }) }), {
        minLength: 1, maxLength: 50,
      }),
      (fills) => {
        const state = sessionStudy.init();
        let sum = 0n;
        let volume = 0n;
        for (const { ticks, size } of fills) {
          feed(sessionStudy, state, friday, { ...TRADE, ticks, size });
          sum += BigInt(ticks) * BigInt(size);
          volume += BigInt(size);
        }
        // Compared in millionths of a tick, in integers.
        const found = BigInt(Math.round((sessionStudy.view(state).vwapTicks ?? 0) * 1_000_000));
        const exact = (sum * 1_000_000n) / volume;
        expect(Number(found - exact)).toBeGreaterThanOrEqual(-1);
        expect(Number(found - exact)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

describe("the basis of the change", () => {
  test.each<[string, readonly Partial<Settlement>[], unknown]>([
    ["the open without a settlement", [], OPEN],
    ["a final settlement", [{}], ["settlement", 86_900, 70]],
    ["a preliminary one is named so", [{ quality: "preliminary" }], ["preliminary settlement", 86_900, 70]],
    ["one of unknown quality", [{ quality: "unknown" }], ["settlement", 86_900, 70]],
    ["final after preliminary", [{ quality: "preliminary", ticks: 1 }, {}], ["settlement", 86_900, 70]],
    ["preliminary does not replace final", [{}, { quality: "preliminary", ticks: 1 }], ["settlement", 86_900, 70]],
    ["unknown does not replace final", [{}, { quality: "unknown", ticks: 1 }], ["settlement", 86_900, 70]],
    ["the last final wins", [{ ticks: 1 }, {}], ["settlement", 86_900, 70]],
    ["the last preliminary wins", [{ quality: "preliminary", ticks: 1 }, { quality: "preliminary" }],
      ["preliminary settlement", 86_900, 70]],
    ["preliminary, final, withdrawn", [{ quality: "preliminary" }, {}, { withdrawn: true }], OPEN],
    ["stated again after it was withdrawn", [{ ticks: 1 }, { withdrawn: true }, {}], ["settlement", 86_900, 70]],
    ["withdrawn does not fall back on an older date", [{ refDay: SETTLED.refDay - 1 }, {}, { withdrawn: true }], OPEN],
    ["the newest date before the trade date", [{ refDay: SETTLED.refDay - 1, ticks: 1 }, {}, { refDay: SETTLED.refDay - 2, ticks: 2 }],
      ["settlement", 86_900, 70]],
    ["not the day's own settlement", [{ refDay: SETTLED.refDay + 1 }], OPEN],
  ])("%s", (_, said, expected) => {
    expect(basisAfter(...said)).toEqual(expected);
  });

  test("Friday's settlement is Monday's basis from Sunday evening on, and not before", () => {
    const state = sessionStudy.init();
    sessionStudy.settlement?.(state, SETTLED);
    feed(sessionStudy, state, friday, { ...TRADE, ticks: 86_971 });
    feed(sessionStudy, state, friday, TRADE);
    expect(sessionStudy.view(state).last?.direction).toBe(-1);
    sessionStudy.settlement?.(state, { ...SETTLED, refDay: dayNumberOfText("2025-06-13"), ticks: 86_500 });
    expect(sessionStudy.view(state)).toMatchObject({ basis: "settlement", basisTicks: 86_900 });
    feed(sessionStudy, state, monday, { ...TRADE, sec: monday.openSec, ticks: 86_400 });
    expect(sessionStudy.view(state)).toMatchObject({
      basis: "settlement", basisTicks: 86_500, changeTicks: -100, openTicks: 86_400, trades: 1, volume: 1,
      last: { direction: 0, unchanged: false },
    });
  });

  test("stays known however many dates are stated", () => {
    const others = Array.from({ length: 100 }, (_, index) => ({ refDay: SETTLED.refDay - 100 + index, ticks: index }));
    expect(basisAfter(...others, {})).toEqual(["settlement", 86_900, 70]);
  });
});

describe("further bases", () => {
  const at = (sec: number, ticks: number): typeof TRADE => ({ ...TRADE, sec, ticks });
  const shown = (state: ReturnType<typeof sessionStudy.init>): unknown =>
    sessionStudy.view(state).bases.map(({ kind, ticks, date }) => [kind, ticks, date]);
  /** Friday from its open to 16:30, then Sunday evening. */
  function overTheWeekend(knownFromSec: number, holes: Parameters<typeof knowSince>[3] = []): ReturnType<typeof sessionStudy.init> {
    const state = sessionStudy.init();
    knowSince(sessionStudy, state, knownFromSec, holes);
    feed(sessionStudy, state, friday, at(friday.openSec + 5, 1), at(friday.rthOpenSec, 2), at(friday.rthCloseSec - 1, 3), at(friday.rthCloseSec + 1800, 4));
    feed(sessionStudy, state, monday, at(monday.openSec + 3, 5));
    return state;
  }

  test("closes of the session before, the open of this one, and of regular hours once they have begun", () => {
    const state = overTheWeekend(friday.openSec);
    const closes = [["prior close", 4, "2025-06-13"], ["prior RTH close", 3, "2025-06-13"]];
    expect(shown(state)).toEqual([...closes, ["session open", 5, null]]);
    expect(sessionStudy.view(state)).toMatchObject({ basis: "prior close", basisTicks: 4, changeTicks: 1 });
    feed(sessionStudy, state, monday, at(monday.rthOpenSec - 1, 6), at(monday.rthOpenSec, 7), at(monday.rthOpenSec + 1, 8));
    expect(shown(state)).toEqual([...closes, ["session open", 5, null], ["RTH open", 7, null]]);
  });

  test("the settlement of Friday comes first on Monday, and is told on Friday as today's", () => {
    const state = sessionStudy.init();
    knowSince(sessionStudy, state, friday.openSec);
    feed(sessionStudy, state, friday, at(friday.rthCloseSec, 4));
    const said = { ...SETTLED, refDay: dayNumberOfText("2025-06-13"), ticks: 9 };
    sessionStudy.settlement?.(state, { ...said, quality: "preliminary" });
    expect(sessionStudy.view(state)).toMatchObject({ basis: "session open", settleToday: { ticks: 9, quality: "preliminary" } });
    feed(sessionStudy, state, monday, at(monday.openSec, 5));
    expect(sessionStudy.view(state)).toMatchObject({ basis: "preliminary settlement", basisTicks: 9, settleToday: null });
    sessionStudy.settlement?.(state, { ...said, ticks: 10 });
    expect(sessionStudy.view(state)).toMatchObject({ basis: "settlement", basisTicks: 10 });
    expect(shown(state)).toEqual([["settlement", 10, "2025-06-13"], ["prior close", 4, "2025-06-13"], ["session open", 5, null]]);
  });

  test("a settlement older than the session before is none", () => {
    const state = sessionStudy.init();
    knowSince(sessionStudy, state, friday.openSec);
    sessionStudy.settlement?.(state, SETTLED);
    feed(sessionStudy, state, friday, at(friday.openSec, 4));
    expect(sessionStudy.view(state).basis).toBe("settlement");
    feed(sessionStudy, state, monday, at(monday.openSec, 5));
    expect(sessionStudy.view(state).basis).toBe("prior close");
  });

  test("nothing that a loss may have hidden", () => {
    const time = (sec: number): { sec: number; nanos: number } => ({ sec, nanos: 0 });
    const hole = (fromSec: number, toSec: number | null): Parameters<typeof knowSince>[3] => [
      { from: time(fromSec), to: toSec === null ? null : time(toSec) },
    ];
    const closing = overTheWeekend(friday.openSec, hole(friday.closeSec - 10, friday.closeSec - 9));
    expect(shown(closing)).toEqual([["prior RTH close", 3, "2025-06-13"], ["session open", 5, null]]);
    const regular = overTheWeekend(friday.openSec, hole(friday.rthCloseSec - 1, friday.rthCloseSec));
    expect(shown(regular)).toEqual([["prior close", 4, "2025-06-13"], ["session open", 5, null]]);
    const opening = overTheWeekend(friday.openSec, hole(monday.openSec, monday.openSec + 1));
    expect(sessionStudy.view(opening).bases.map(({ kind }) => kind)).toEqual(["prior close", "prior RTH close", "first trade seen"]);
    const lasting = overTheWeekend(friday.openSec, hole(friday.openSec + 60, null));
    expect(shown(lasting)).toEqual([["first trade seen", 5, null]]);
    knowSince(sessionStudy, lasting, friday.openSec); // it was filled
    expect(sessionStudy.view(lasting).basis).toBe("prior close");
  });

  test("started late: the venue's opening price stands for the open, and the first trade is called what it is", () => {
    const state = sessionStudy.init();
    knowSince(sessionStudy, state, friday.rthOpenSec + 60);
    feed(sessionStudy, state, friday, at(friday.rthOpenSec + 60, 7));
    expect(shown(state)).toEqual([["first trade seen", 7, null]]);
    const open = { kind: "open", refDay: null, ticks: 3, at: { sec: friday.openSec + 1, nanos: 0 } } as const;
    sessionStudy.statistic?.(state, { ...open, kind: "high" });
    sessionStudy.statistic?.(state, { ...open, at: { sec: friday.openSec - 1, nanos: 0 } });
    sessionStudy.statistic?.(state, { ...open, refDay: dayNumberOfText("2025-06-12") });
    expect(shown(state)).toEqual([["first trade seen", 7, null]]);
    sessionStudy.statistic?.(state, open);
    expect(shown(state)).toEqual([["session open", 3, null]]);
    sessionStudy.statistic?.(state, { ...open, ticks: null });
    expect(shown(state)).toEqual([["first trade seen", 7, null]]);
  });

  test("equal their naive reference on random sessions, losses and statements", () => {
    const holes = fc.array(fc.record({ after: fc.nat(60), seconds: fc.oneof(fc.nat(90), fc.constant(null)) }), { maxLength: 2 });
    const statements = fc.array(fc.record({
      after: fc.nat(60), daysBefore: fc.integer({ min: -1, max: 4 }), ticks: fc.integer({ min: 80_000, max: 90_000 }),
      quality: fc.constantFrom("final", "preliminary", "unknown"), withdrawn: fc.constantFrom(false, false, false, true),
    } as const), { maxLength: 5 });
    fc.assert(
      fc.property(randomSessions, fc.nat(60), holes, statements, (trades, fromTrade, lost, stated) => {
        const timeOf = (index: number): { sec: number; nanos: number } => {
          const { sec = 0 } = trades[Math.min(index, trades.length - 1)] ?? {};
          return { sec, nanos: 0 };
        };
        const firstDate = dayNumberOfText(trades[0]?.day.tradeDate ?? "");
        const said = stated.map(({ daysBefore, ...one }): Settlement => ({ ...one, refDay: firstDate - daysBefore }));
        // Nothing before the first trade was received, whatever was asked for.
        const start = timeOf(0);
        const known = {
          from: { sec: start.sec - (fromTrade % 2) * 100_000, nanos: 0 },
          holes: lost.map(({ after, seconds }) => {
            const from = timeOf(after);
            return { from, to: seconds === null ? null : { sec: from.sec + seconds, nanos: 0 } };
          }),
        };
        const state = sessionStudy.init();
        for (const one of said) sessionStudy.settlement?.(state, one);
        sessionStudy.coverage?.(state, known);
        for (const { day, ...trade } of trades) feed(sessionStudy, state, day, trade);
        const { bases, basis, settleToday } = sessionStudy.view(state);
        expect(bases).toEqual(naiveBases(trades, said, known));
        expect(basis).toBe(bases[0]?.kind ?? null);
        const today = dayNumberOfText(trades.at(-1)?.day.tradeDate ?? "");
        if (!said.some(({ refDay }) => refDay === today)) expect(settleToday).toBeNull();
      }),
      { numRuns: 400 },
    );
  });
});

test.each([
  [0b0011, "final"], [0b0001, "final"], [0b0110, "preliminary"], [0, "preliminary"], [8, "preliminary"],
  [0b1011, "preliminary"], [255, "unknown"], [128, null], [129, null],
])("flags %d mean %s", (flags, quality) => {
  expect(settlementQuality(flags)).toBe(quality);
});
