/** Prices: exact ticks and exact text, compared with bigint arithmetic. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decimalsOf, dollarsOf, formatChange, formatCount, formatFractionalTicks, formatPercent, formatTicks, averagePointsOf, percentOf, pointsOf, ticksOf,
} from "../../src/market/price.ts";

const NQ = { tickUnits: 250_000_000, decimals: 2, pointValue: 20 };
const RTY = { tickUnits: 100_000_000, decimals: 1 };
const YM = { tickUnits: 1_000_000_000, decimals: 0 };
const TICK_UNITS = [250_000_000, 100_000_000, 1_000_000_000, 50_000_000, 5_000_000, 7_812_500, 15_625_000_000, 1];

/** The price written out from its 1e-9 units, digit by digit. */
function naiveText(units: bigint, decimals: number): string {
  const size = units < 0n ? -units : units;
  const whole = String(size / 1_000_000_000n);
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const fraction = String(size % 1_000_000_000n).padStart(9, "0").slice(0, decimals);
  return `${units < 0n ? "-" : ""}${groups}${decimals > 0 ? `.${fraction}` : ""}`;
}

describe("ticksOf", () => {
  test("gives back the ticks for every price on the grid, and null one unit beside it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TICK_UNITS), fc.integer({ min: -36_000_000, max: 36_000_000 }), (tickUnits, wanted) => {
        const ticks = Math.trunc(wanted / Math.max(1, tickUnits / 250_000_000));
        const units = ticks * tickUnits + 0; // no negative zero
        fc.pre(Math.abs(units) < 2 ** 53 - 1);
        expect(ticksOf(units, tickUnits)).toBe(ticks + 0);
        if (tickUnits > 1) {
          expect(ticksOf(units + 1, tickUnits)).toBeNull();
          expect(ticksOf(units - 1, tickUnits)).toBeNull();
        }
      }),
    );
  });

  test("agrees with bigint on any units below 2^53", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TICK_UNITS), fc.maxSafeInteger(), (tickUnits, units) => {
        const isOnGrid = BigInt(units) % BigInt(tickUnits) === 0n;
        expect(ticksOf(units, tickUnits)).toBe(isOnGrid ? Number(BigInt(units) / BigInt(tickUnits)) + 0 : null);
      }),
    );
  });

  test("is null for an undefined price and without a tick", () => {
    expect(ticksOf(Number.NaN, NQ.tickUnits)).toBeNull();
    expect(ticksOf(21_742_500_000_000, Number.NaN)).toBeNull();
    expect(ticksOf(21_742_500_000_000, 0)).toBeNull();
  });
});

describe("price text", () => {
  test.each([
    [86_970, NQ, "21,742.50"], [86_973, NQ, "21,743.25"], [3, NQ, "0.75"], [0, NQ, "0.00"], [-1, NQ, "-0.25"],
    [-4_001, NQ, "-1,000.25"], [4_000, NQ, "1,000.00"], [3_999, NQ, "999.75"], [21_054, RTY, "2,105.4"],
    [42_197, YM, "42,197"], [-1_000_000, YM, "-1,000,000"],
  ])("%d ticks are written %o: %s", (ticks, scale, text) => {
    expect(formatTicks(ticks, scale)).toBe(text);
  });

  test("equals the text made from bigint units", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TICK_UNITS), fc.integer({ min: -500_000, max: 500_000 }), (tickUnits, ticks) => {
        const decimals = decimalsOf(tickUnits);
        expect(formatTicks(ticks, { tickUnits, decimals })).toBe(naiveText(BigInt(ticks) * BigInt(tickUnits), decimals));
      }),
    );
  });

  test("decimals are the fewest that write the tick exactly", () => {
    expect(TICK_UNITS.map(decimalsOf)).toEqual([2, 1, 0, 2, 3, 7, 3, 9]);
  });

  test("a change has its sign, none at zero", () => {
    expect(formatChange(117, NQ)).toBe("+29.25");
    expect(formatChange(-9, NQ)).toBe("-2.25");
    expect(formatChange(0, NQ)).toBe("0.00");
    expect(formatChange(4_800, NQ)).toBe("+1,200.00");
  });

  test("an average between ticks is rounded to the shown decimals", () => {
    expect(formatFractionalTicks(86_970.02, NQ)).toBe("21,742.51");
    expect(formatFractionalTicks(86_970, NQ)).toBe("21,742.50");
    expect(formatFractionalTicks(-0.001, NQ)).toBe("0.00");
    expect(formatFractionalTicks(-5.5, NQ)).toBe("-1.38");
  });

  test("counts are grouped", () => {
    expect([0, 999, 1000, 342_000, 1_234_567, -1000].map(formatCount)).toEqual([
      "0", "999", "1,000", "342,000", "1,234,567", "-1,000",
    ]);
  });
});

describe("formatPercent", () => {
  test.each([
    [0, 86_970, "0.00%"], [117, 86_000, "+0.14%"], [-117, 86_000, "-0.14%"], [1, 86_970, "0.00%"],
    [86_970, 86_970, "+100.00%"], [1, 20_000, "+0.01%"], [-1, 20_000, "-0.01%"], [1, 20_001, "0.00%"],
    [5, 0, "n/a"], [100_000, 8, "+1,250,000.00%"], [5, -100, "-5.00%"], [-5, -100, "+5.00%"],
  ])("%d of %d is %s", (change, basis, text) => {
    expect(formatPercent(change, basis)).toBe(text);
    expect(percentOf(change, basis)).toBe(basis === 0 ? null : Number(text.replace(/[%,]/g, "")));
  });

  test("is rounded as exact rationals are", () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), fc.integer({ min: 1, max: 400_000 }), (change, basis) => {
        const n = BigInt(Math.abs(change)) * 20_000n + BigInt(basis);
        const hundredths = n / (2n * BigInt(basis));
        const text = naiveText(hundredths * 10_000_000n, 2);
        const sign = hundredths === 0n ? "" : change < 0 ? "-" : "+";
        expect(formatPercent(change, basis)).toBe(`${sign}${text}%`);
      }),
    );
  });
});

test("points and dollars", () => {
  expect(pointsOf(86_970, NQ)).toBe(21_742.5);
  expect(pointsOf(-1, NQ)).toBe(-0.25);
  expect(averagePointsOf(86_644.37, NQ)).toBe(21_661.0925);
  expect(averagePointsOf(1 / 3, NQ)).toBe(0.0833);
  expect(dollarsOf(86_970 * 10, NQ)).toBe(4_348_500);
  expect(dollarsOf(1, { tickUnits: 1, pointValue: null })).toBeNull();
});
