/** The demo's day shows the published figures of 2025-06-13 exactly: its prices, its high, its overnight volume. */
import { describe, expect, test } from "vitest";
import { DEMO_SEED } from "../../../src/gateway/demo/demo-source.ts";
import { dayNanos, tradesOfDay, type TapeTrade } from "./walk-tape.ts";

/** Wall time and price, as the reference lists them; written out here so that the source's table is checked too. */
const PRICES: readonly (readonly [string, number])[] = [
  ["18:00", 21_900], ["18:50", 21_880.25], ["19:55", 21_870], ["20:45", 21_600], ["23:00", 21_520], ["02:00", 21_560],
  ["04:00", 21_653.75], ["04:51", 21_644], ["08:22", 21_666], ["09:29:59", 21_683], ["09:30", 21_680.75],
  ["09:42", 21_640], ["10:10", 21_700], ["10:58:00.5", 21_763], ["10:58:30", 21_742.5],
];

/** With the shock of that night's news, 18:00 to 09:29. */
const HOURS = [2517, 2224, 9950, 5180, 3102, 1536, 1551, 1668, 2663, 5121, 4507, 3482, 3570, 5268, 10_008, 7199];

function sizeOf(trades: readonly TapeTrade[]): number {
  return trades.reduce((sum, { size }) => sum + size, 0);
}

function between(trades: readonly TapeTrade[], from: number, to: number): TapeTrade[] {
  return trades.filter(({ nanos }) => nanos >= from && nanos < to);
}

const RTH = dayNanos("09:30");

describe.for([DEMO_SEED, 1, 4_242])("with seed %i", (seed) => {
  let day: Promise<TapeTrade[]> | null = null;
  const trades = (): Promise<TapeTrade[]> => (day ??= tradesOfDay({ seed }));

  test("each published price prints at its instant, and is the first one from there on", async () => {
    const all = await trades();
    for (const [eastern, points] of PRICES) {
      const first = all.find(({ nanos }) => nanos >= dayNanos(eastern));
      expect([eastern, first?.nanos, first?.ticks]).toEqual([eastern, dayNanos(eastern), points * 4]);
    }
  });

  test("the night ends at 21,683.00 and regular hours open at 21,680.75", async () => {
    const all = await trades();
    const open = all.findIndex(({ nanos }) => nanos >= RTH);
    expect([all[open - 1]?.ticks, all[open]?.ticks]).toEqual([21_683 * 4, 21_680.75 * 4]);
    expect(between(all, dayNanos("09:29:59"), RTH).every(({ ticks }) => ticks === 21_683 * 4)).toBe(true);
  });

  test("21,763.00 is the high of regular hours and prints once", async () => {
    const rth = between(await trades(), RTH, dayNanos("17:00"));
    expect(rth.reduce((high, { ticks }) => Math.max(high, ticks), 0)).toBe(21_763 * 4);
    const touches = rth.filter(({ ticks }) => ticks >= 21_763 * 4);
    expect(touches.map(({ nanos }) => nanos)).toEqual([dayNanos("10:58:00.5")]);
  });

  test("69,546 contracts trade overnight, hour by hour as planned", async () => {
    const all = await trades();
    const hours = HOURS.map((_, hour) => sizeOf(between(all, hour * 3.6e12, Math.min((hour + 1) * 3.6e12, RTH))));
    expect(hours).toEqual(HOURS);
    expect(sizeOf(all.filter(({ nanos }) => nanos < RTH))).toBe(69_546);
  });

  test("the whole day has 500,000, with the usual weight of each half hour", async () => {
    const all = await trades();
    expect(sizeOf(all)).toBe(500_000);
    const part = (from: string, to: string): number => sizeOf(between(all, dayNanos(from), dayNanos(to))) / 430_454;
    expect(part("09:30", "10:00")).toBeCloseTo(13.52 / 80.68, 4);
    expect(part("13:30", "14:00")).toBeCloseTo(3.2 / 80.68, 4);
    expect(part("15:30", "16:00")).toBeCloseTo(6.67 / 80.68, 4);
    expect(part("16:00", "17:00")).toBeCloseTo(2.61 / 80.68, 4);
  });

  test("only the opening match has no aggressor", async () => {
    const without = (await trades()).filter(({ side }) => side === "N");
    expect(without.map(({ nanos, ticks }) => [nanos, ticks])).toEqual([[0, 21_900 * 4]]);
    expect((await trades())[0]?.side).toBe("N");
  });

  test("regular hours open fast, and trade runs on from 09:29:30", async () => {
    const all = await trades();
    const minute = sizeOf(between(all, RTH, dayNanos("09:31")));
    expect(minute).toBeGreaterThan(5_000);
    expect(minute).toBeLessThan(8_000);
    const rate = between(all, RTH, dayNanos("10:00")).length / 1_800;
    expect(rate).toBeGreaterThan(23);
    expect(rate).toBeLessThan(29);
    const ahead = between(all, dayNanos("09:29:30"), RTH).length / 30;
    expect(ahead).toBeGreaterThan(3);
    expect(ahead).toBeLessThan(12);
    for (let second = 0; second < 60; second += 1) {
      expect(between(all, RTH + second * 1e9, RTH + (second + 1) * 1e9).length).toBeGreaterThan(0);
    }
  });
});
