/** Runs of one second equal sums straight from the definition, whatever part of a batch is asked for. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { TradeBatch } from "../../src/market/trade-batch.ts";
import type { Aggressor, Trade } from "../../src/market/trade.ts";
import { contracts } from "../helpers/random-day.ts";

const OPEN = 1_749_765_600;
const trade: fc.Arbitrary<Trade> = fc.record({
  sec: fc.integer({ min: OPEN, max: OPEN + 4 }),
  nanos: fc.oneof(fc.constantFrom(0, 1, 999_999_999), fc.nat(999_999_999)),
  ticks: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 86_960, max: 86_980 }) }, fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })),
  size: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(100_000)),
  aggressor: fc.constantFrom<Aggressor>(1, -1, 0),
  sequence: fc.nat(),
});

interface NaiveRun {
  readonly counts: unknown;
  readonly sums: readonly bigint[];
}

function naiveRuns(trades: readonly Trade[], first: number): readonly NaiveRun[] {
  const runs: Trade[][] = [];
  for (const one of trades) {
    if (runs.at(-1)?.[0]?.sec === one.sec) runs.at(-1)?.push(one);
    else runs.push([one]);
  }
  let from = first;
  return runs.map((run) => {
    const prices = run.map(({ ticks }) => ticks);
    const [open = 0] = prices;
    const sum = (power: bigint): bigint =>
      run.reduce((total, { ticks, size }) => total + BigInt(ticks - open) ** power * BigInt(size), 0n);
    const counts = {
      sec: (run[0]?.sec ?? 0) - OPEN, from, open, high: Math.max(...prices), low: Math.min(...prices), close: prices.at(-1),
      volume: contracts(run), delta: contracts(run, 1) - contracts(run, -1), sided: contracts(run, 1) + contracts(run, -1),
    };
    from += run.length;
    return { counts, sums: [sum(1n), sum(2n)] };
  });
}

test("sums by second, of any part of a batch, also of one that was used before", () => {
  const batch = new TradeBatch();
  fc.assert(
    fc.property(fc.array(trade, { maxLength: 60 }), fc.nat(60), fc.nat(60), (trades, a, b) => {
      batch.clear();
      for (const one of trades) batch.add(one, OPEN);
      const from = Math.min(a, b, trades.length);
      const to = Math.min(Math.max(a, b), trades.length);
      const runs = batch.seconds(from, to);
      const wanted = naiveRuns(trades.slice(from, to), from);
      const found = wanted.map((_, run) => ({
        sec: runs.sec[run], from: runs.from[run], open: runs.open[run], high: runs.high[run], low: runs.low[run], close: runs.close[run],
        volume: runs.volume[run], delta: runs.delta[run], sided: runs.sided[run],
      }));
      expect(runs.length).toBe(wanted.length);
      expect(found).toEqual(wanted.map(({ counts }) => counts));
      wanted.forEach(({ sums: [offsets = 0n, squares = 0n] }, run) => {
        if (squares > BigInt(Number.MAX_SAFE_INTEGER)) return; // prices no session can have
        expect([runs.offsetTimesSize[run], runs.squareTimesSize[run]]).toEqual([Number(offsets), Number(squares)]);
      });
      expect(runs.from[runs.length]).toBe(to);
      expect(batch.seconds(from, to)).toBe(runs);
    }),
  );
});

test("fills of one event add up beside each trade", () => {
  const batch = new TradeBatch();
  const one = { sec: OPEN, nanos: 5, ticks: 1, size: 3, aggressor: 1 as Aggressor, sequence: 0 };
  const others = [one, { ...one, nanos: 6 }, { ...one, nanos: 6, sec: OPEN + 1 }, { ...one, nanos: 6, sec: OPEN + 1, aggressor: -1 as Aggressor }];
  for (const trade of others.flatMap((other) => [other, other])) batch.add(trade, OPEN);
  expect([...batch.event.subarray(0, batch.length)]).toEqual([3, 6, 3, 6, 3, 6, 3, 6]);
  batch.clear();
  batch.add(one, OPEN);
  expect(batch.event[0]).toBe(3);
});
