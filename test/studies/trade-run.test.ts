/** The sums of a run of trades equal those added up naively, however far its prices lie apart. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Aggressor, Trade } from "../../src/market/trade.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { TradeRun } from "../../src/studies/trade-run.ts";
import { contracts } from "../helpers/random-day.ts";
import { batchOf } from "./run-study.ts";

const day = tradingDayOf(Date.parse("2025-06-13T10:00:00-04:00") / 1000);
const LOWEST = -(2 ** 31);
const HIGHEST = 2 ** 31 - 1;

const trade = (ticks: fc.Arbitrary<number>): fc.Arbitrary<Trade> =>
  fc.record({
    sec: fc.constantFrom(day.rthOpenSec - 1, day.rthOpenSec, day.rthOpenSec),
    nanos: fc.integer({ min: 0, max: 999_999_999 }),
    ticks,
    size: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 100_000 })),
    aggressor: fc.constantFrom<Aggressor>(1, -1, 0),
    sequence: fc.constant(0),
  });
const near = fc.integer({ min: 86_900, max: 87_000 });
const wide = fc.integer({ min: 0, max: 200_000 });
const damaged = fc.oneof(near, fc.integer({ min: LOWEST, max: HIGHEST }), fc.constantFrom(LOWEST, HIGHEST));
const trades = fc.oneof(...[near, wide, damaged].map((ticks) => fc.array(trade(ticks), { minLength: 1, maxLength: 60 })));

test("every run ends with its second, and none is left out", () => {
  fc.assert(
    fc.property(trades, (all) => {
      const batch = batchOf(all, day);
      const run = new TradeRun();
      const seen: number[] = [];
      for (let from = 0; from < batch.length; from = run.to) {
        run.take(batch, from, day);
        const secs = new Set(all.slice(run.from, run.to).map(({ sec }) => sec));
        expect([...secs]).toEqual([run.sec]);
        expect(run.isRegular).toBe(run.sec >= day.rthOpenSec);
        expect(all[run.to]?.sec).not.toBe(run.sec);
        seen.push(run.to - run.from);
      }
      expect(seen.reduce((sum, length) => sum + length, 0)).toBe(all.length);
    }),
  );
});

test("its sums are those of its trades", () => {
  fc.assert(
    fc.property(trades, (all) => {
      const run = new TradeRun();
      run.take(batchOf(all, day), 0, day);
      const own = all.slice(0, run.to);
      const prices = own.map(({ ticks }) => ticks);
      const path = own.map((_, index) => {
        const before = own.slice(0, index + 1);
        return contracts(before, 1) - contracts(before, -1);
      });
      expect(run).toMatchObject({
        volume: contracts(own), sided: contracts(own, 1) + contracts(own, -1),
        delta: path.at(-1), deltaHigh: Math.max(0, ...path), deltaLow: Math.min(0, ...path),
        firstTicks: prices[0], lastTicks: prices.at(-1), highTicks: Math.max(...prices), lowTicks: Math.min(...prices),
      });
      const sum = (power: bigint): bigint =>
        own.reduce((total, { ticks, size }) => total + BigInt(ticks - run.firstTicks) ** power * BigInt(size), 0n);
      if (run.isFar) expect(sum(2n)).toBeGreaterThan(2n ** 31n);
      else expect([BigInt(run.offsets), BigInt(run.squares)]).toEqual([sum(1n), sum(2n)]);
    }),
    { numRuns: 500 },
  );
});
