/** The session figures: sides, exact average price, and what the change is measured against. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayNumberOfText } from "../../src/market/civil-date.ts";
import type { Aggressor } from "../../src/market/trade.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { sessionStudy } from "../../src/studies/session.ts";
import { settlementQuality, type Settlement } from "../../src/studies/settlement.ts";
import { feed } from "./run-study.ts";

const friday = tradingDayOf(Date.parse("2025-06-13T10:00:00-04:00") / 1000);
const monday = tradingDayOf(friday.endSec);
const TRADE = { sec: friday.openSec, nanos: 0, ticks: 86_970, size: 1, aggressor: 1 as Aggressor, sequence: 0 };
const SETTLED: Settlement = { refDay: dayNumberOfText("2025-06-12"), ticks: 86_900, quality: "final", withdrawn: false };

/** The session after one trade at 86,970 and these statements about settlements. */
function basisAfter(...said: readonly Partial<Settlement>[]): unknown {
  const state = sessionStudy.init();
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
      fc.array(fc.record({ ticks: fc.integer({ min: 80_000, max: 95_000 }), size: fc.integer({ min: 1, max: 4_000_000 }) }), {
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

test.each([
  [0b0011, "final"], [0b0001, "final"], [0b0110, "preliminary"], [0, "preliminary"], [8, "preliminary"],
  [255, "unknown"], [128, null], [129, null],
])("flags %d mean %s", (flags, quality) => {
  expect(settlementQuality(flags)).toBe(quality);
});
