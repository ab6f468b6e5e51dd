/** The seeded random numbers: repeatable, independent by stream, and distributed as they say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cumulativeOf, Prng } from "../../src/lib/prng.ts";

const DRAWS = 100_000;

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("a stream of random numbers", () => {
  test("is the same for the same seed and stream", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(), { maxLength: 3 }), (seed, stream) => {
        const a = new Prng(seed, ...stream);
        const b = new Prng(seed, ...stream);
        expect(draw(20, () => a.float())).toEqual(draw(20, () => b.float()));
      }),
    );
  });

  test("never changes between releases", () => {
    const prng = new Prng(20_250_613, 1, 2);
    expect(draw(4, () => prng.int(0, 999_999))).toEqual([30_941, 293_881, 708_343, 658_928]);
  });

  test("differs between neighbouring seeds and streams, and does not run alongside them", () => {
    const base = new Prng(7, 1, 100);
    const numbers = draw(5_000, () => base.float());
    for (const other of [new Prng(8, 1, 100), new Prng(7, 1, 101), new Prng(7, 2, 100), new Prng(7, 100, 1)]) {
      const others = draw(5_000, () => other.float());
      const covariance = mean(numbers.map((value, index) => (value - 0.5) * ((others[index] ?? 0) - 0.5)));
      expect(Math.abs(covariance * 12)).toBeLessThan(0.06); // correlation; 4 standard errors
    }
  });
});

describe("the distributions", () => {
  test("uniform numbers lie in [0, 1) with mean one half", () => {
    const prng = new Prng(1);
    const values = draw(DRAWS, () => prng.float());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean(values)).toBeCloseTo(0.5, 2);
  });

  test("whole numbers reach both ends and nothing beyond", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat({ max: 20 }), (seed, from, width) => {
        const prng = new Prng(seed);
        const seen = new Set(draw(2_000, () => prng.int(from, from + width)));
        expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: width + 1 }, (_, index) => from + index));
      }),
      { numRuns: 30 },
    );
  });

  test("normal numbers have mean 0, variance 1 and light tails", () => {
    const prng = new Prng(2);
    const values = draw(DRAWS, () => prng.normal());
    expect(mean(values)).toBeCloseTo(0, 1.7);
    expect(mean(values.map((value) => value * value))).toBeCloseTo(1, 1.5);
    expect(values.filter((value) => Math.abs(value) > 1.96).length / DRAWS).toBeCloseTo(0.05, 2);
  });

  test("exponential numbers have the mean asked for and halve at ln 2 of it", () => {
    const prng = new Prng(3);
    const values = draw(DRAWS, () => prng.exponential(40));
    expect(mean(values) / 40).toBeCloseTo(1, 1.5);
    expect(values.filter((value) => value > 40 * Math.LN2).length / DRAWS).toBeCloseTo(0.5, 2);
  });

  test("geometric numbers start at 1 and have mean 1/p", () => {
    const prng = new Prng(4);
    const values = draw(DRAWS, () => prng.geometric(0.25));
    expect(Math.min(...values.slice(0, 1_000))).toBe(1);
    expect(values.every(Number.isInteger)).toBe(true);
    expect(mean(values) / 4).toBeCloseTo(1, 1.5);
    expect(prng.geometric(1)).toBe(1);
  });

  test("a weighted pick follows the weights and never takes a weight of 0", () => {
    const prng = new Prng(5);
    const weights = [0, 3, 0, 1, 6, 0];
    const sums = cumulativeOf(weights);
    const counts = weights.map(() => 0);
    for (let at = 0; at < DRAWS; at += 1) {
      const index = prng.pick(sums);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const [index, weight] of weights.entries()) expect((counts[index] ?? 0) / DRAWS).toBeCloseTo(weight / 10, 2);
    expect([counts[0], counts[2], counts[5]]).toEqual([0, 0, 0]);
  });
});
