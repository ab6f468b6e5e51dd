/** Ticks by multiplication are ticks by division, and what it cannot decide it leaves to the general way. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { tickDivision } from "../../src/market/tick-division.ts";

/** Ticks of a price's halves as the hot path computes them; null where it leaves the price to the general way. */
function fastTicks(price: bigint, tickUnits: number): number | null {
  const division = tickDivision(tickUnits);
  if (division === null) return null;
  const bits = BigInt.asUintN(64, price);
  const lo = Number(BigInt.asIntN(32, bits));
  const hi = Number(BigInt.asIntN(32, bits >> 32n));
  const ticks = Math.imul(lo >>> division.shift, division.inverse) & division.keep;
  return (lo & division.rest) === 0 && ((ticks * division.high) | 0) === hi ? ticks : null;
}

const TICKS = [250_000_000, 100_000_000, 1_000_000_000, 10_000_000, 50_000_000, 25_000_000, 5_000_000, 500_000_000, 2, 6];

test.each(TICKS)("of %d units: every count of a plain outright is found", (tickUnits) => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2_000_000 }), (ticks) => {
    expect(fastTicks(BigInt(ticks) * BigInt(tickUnits), tickUnits)).toBe(ticks);
  }));
});

test("any price and any tick: right, or left to the general way", () => {
  const prices = fc.oneof(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n), 0n, -1n, 1n),
    fc.tuple(fc.integer(), fc.constantFrom(...TICKS)).map(([ticks, tick]) => BigInt(ticks) * BigInt(tick)),
    fc.tuple(fc.integer(), fc.constantFrom(...TICKS), fc.integer({ min: -130, max: 130 })).map(([ticks, tick, off]) => BigInt(ticks) * BigInt(tick) + BigInt(off)),
  );
  const ticks = fc.oneof(fc.constantFrom(...TICKS), fc.integer({ min: 1, max: 2_000_000_000 }), fc.maxSafeNat());
  fc.assert(fc.property(prices, ticks, (price, tickUnits) => {
    const found = fastTicks(price, tickUnits);
    if (found !== null) expect(BigInt(found) * BigInt(tickUnits)).toBe(price);
  }), { numRuns: 2000 });
});

test.each([Number.NaN, 0, -250_000_000, 0.25, Number.POSITIVE_INFINITY, 1, 3, 2 ** 53])("a tick of %d units has no such division", (tickUnits) => {
  expect(tickDivision(tickUnits)).toBeNull();
});
