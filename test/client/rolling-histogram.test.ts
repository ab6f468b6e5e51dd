/** Quantiles of the last while, against sorting everything. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RollingHistogram } from "../../src/client/rolling-histogram.ts";

const WINDOW_MS = 60_000;

describe("rolling histogram", () => {
  it("gives every quantile to within a bucket", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 300 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
      const histogram = new RollingHistogram(WINDOW_MS);
      values.forEach((us, n) => histogram.add(us, n));
      const exact = values.toSorted((a, b) => a - b)[Math.ceil(q * values.length) - 1]!; // q > 0
      const found = histogram.quantile(q, values.length)!;
      expect(Math.abs(Math.log2(found) - Math.log2(exact))).toBeLessThanOrEqual(1 / 8);
      expect(histogram.count(values.length)).toBe(values.length);
    }));
  });

  it("forgets what is older than the window, and not much earlier", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 100 }), (steps) => {
      const histogram = new RollingHistogram(WINDOW_MS);
      const times: number[] = [];
      let now = 1_000_000;
      for (const step of steps) {
        now += step;
        histogram.add(5, now);
        times.push(now);
      }
      const count = histogram.count(now);
      expect(count).toBeLessThanOrEqual(times.filter((time) => time > now - WINDOW_MS).length);
      expect(count).toBeGreaterThanOrEqual(times.filter((time) => time > now - (WINDOW_MS * 14) / 15).length);
    }));
  });

  it("is empty after a long pause, and takes what no bucket is made for", () => {
    const histogram = new RollingHistogram(WINDOW_MS);
    expect(histogram.quantile(0.5, 0)).toBeNull();
    histogram.add(-5, 100);
    histogram.add(0, 100);
    histogram.add(1e15, 100);
    expect(histogram.count(100)).toBe(3);
    expect(histogram.quantile(0.5, 100)).toBeLessThan(1.2);
    expect(histogram.quantile(0.5, 1e9)).toBeNull();
    histogram.add(1_000, 1e9);
    expect(histogram.count(1e9)).toBe(1);
  });
});
