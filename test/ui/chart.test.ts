/** The chart: candles, volume, levels and large trades where they belong, and a cumulative delta that ends at the session's. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Snapshot } from "../../src/store/snapshot.ts";
import type { Bar } from "../../src/studies/index.ts";
import { columnsOf, deltasOf } from "../../src/ui/chart-columns.ts";
import { chart } from "../../src/ui/panes/chart.ts";
import { rowText } from "../../src/ui/text.ts";
import type { Size } from "../../src/ui/text.ts";
import { SAMPLE_WALL_MS, sampleSnapshot } from "./sample-snapshot.ts";

const NOW = { wallMs: SAMPLE_WALL_MS, flash: null };
const SIZE = { columns: 60, rows: 16 };
const MODE = 0;

const bar = (sec: number, open: number, high: number, low: number, close: number, buy = 1, sell = 0): Bar => {
  return { sec, open, high, low, close, volume: buy + sell, buyVolume: buy, sellVolume: sell };
};
const BASE = Math.floor(SAMPLE_WALL_MS / 60_000) * 60;

function withBars(bars: readonly Bar[], more: Partial<Snapshot["studies"]> = {}): Snapshot {
  const sample = sampleSnapshot();
  return { ...sample, studies: { ...sample.studies, bars1m: { intervalSec: 60, bars }, large: { ...sample.studies.large, events: [] }, ...more } };
}

function drawn(snapshot: Snapshot, modes: number, size: Size = SIZE): readonly string[] {
  let pane = chart.open();
  for (let press = 0; press < modes; press++) pane = pane.press(MODE, snapshot, size);
  return pane.draw(snapshot, size, NOW).map(rowText);
}

test("columns keep highs, lows, volumes and deltas of the bars in them, on any grid", () => {
  const anyBars = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), price: fc.integer({ min: 1, max: 99 }), buy: fc.nat(9), sell: fc.nat(9) }), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(anyBars, fc.integer({ min: 1, max: 7 }), (parts, step) => {
    let sec = 1000;
    const bars = parts.map(({ gap, price, buy, sell }) => bar((sec += gap), price, price + 1, price - 1, price, buy, sell));
    const columns = columnsOf(bars, step, 10_000)?.columns ?? [];
    const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
    expect(sum(columns.map(({ volume }) => volume))).toBe(sum(bars.map(({ volume }) => volume)));
    expect(sum(columns.map(({ delta }) => delta))).toBe(sum(bars.map(({ buyVolume, sellVolume }) => buyVolume - sellVolume)));
    expect(Math.max(...columns.map(({ high }) => high))).toBe(Math.max(...bars.map(({ high }) => high)));
    expect(Math.min(...columns.map(({ low }) => low))).toBe(Math.min(...bars.map(({ low }) => low)));
    expect(columns.at(-1)?.close).toBe(bars.at(-1)?.close);
    expect(deltasOf(columns, 500).at(-1)).toBe(500);
    expect((deltasOf(columns, 500)[0] ?? 0) - (columns[0]?.delta ?? 0)).toBe(500 - sum(columns.map(({ delta }) => delta)));
  }));
});

test("a rise is a full candle, a fall a shaded one, and both have wicks", () => {
  const lines = drawn(withBars([bar(BASE - 60, 87_000, 87_060, 86_990, 87_050), bar(BASE, 87_050, 87_060, 86_990, 87_000)]), 1);
  expect(lines[0]).toContain("1 min candles");
  const axis = (lines.at(-1)?.lastIndexOf("┘") ?? 0) + 1;
  const column = (x: number): string => lines.slice(1, -3).map((text) => text[x] ?? "").join("");
  expect(column(axis - 2)).toMatch(/^│*█+│+$/);
  expect(column(axis - 1)).toMatch(/^│*▒+│+$/);
});

test("volume stands beneath in proportion, and an interval without a trade has none", () => {
  const lines = drawn(withBars([bar(BASE - 120, 10, 10, 10, 10, 16), bar(BASE, 10, 10, 10, 10, 4)]), 0);
  const at = lines.findIndex((text) => text.includes("│vol"));
  const end = lines[at]?.indexOf("│vol") ?? 0;
  const column = (x: number): string => [lines[at]?.[x], lines[at + 1]?.[x]].join("");
  expect(column(end - 3)).toBe("██");
  expect(column(end - 2)).toBe("  ");
  expect(column(end - 1)).toBe(" ▄");
});

test("a large trade is marked at its minute and price, by side; smaller ones are not", () => {
  const sample = sampleSnapshot().studies.large;
  const [event] = sample.events;
  if (event === undefined) throw new Error("the sample has no large trade");
  const at = (sec: number, size: number, averageTicks: number, aggressor: 1 | -1): typeof event => ({ ...event, at: { sec, nanos: 0 }, size, averageTicks, aggressor });
  const events = [at(BASE + 3, 40, 87_100, 1), at(BASE - 60, 30, 87_000, -1), at(BASE - 120, 24, 87_050, 1)];
  const bars = [3, 2, 1, 0].map((back) => bar(BASE - back * 60, 87_050, 87_100, 87_000, 87_050));
  const lines = drawn(withBars(bars, { large: { ...sample, events } }), 1);
  const axis = (lines.at(-1)?.lastIndexOf("┘") ?? 0) + 1;
  expect(lines[1]?.[axis - 1]).toBe("▲");
  const lowest = lines.findIndex((text) => text.includes("│vol")) - 1;
  expect(lines[lowest]?.[axis - 2]).toBe("▼");
  expect(lines.join("").match(/[▲▼]/g)).toHaveLength(2);
});

test("levels within the range are drawn in by name, averages before others, and none over the price", () => {
  const text = drawn(sampleSnapshot(), 0, { columns: 110, rows: 30 }).join("\n");
  expect(text).toMatch(/VWAP/);
  expect(text).toContain("·");
  expect(drawn(sampleSnapshot(), 2, { columns: 110, rows: 30 }).join("\n")).not.toContain("VWAP");
});

test("the cumulative delta ends at what the session's is", () => {
  const snapshot = sampleSnapshot();
  const delta = snapshot.studies.delta.session?.delta ?? 0;
  const lines = drawn(snapshot, 2);
  const text = `−${Math.abs(delta).toLocaleString("en-US")}`;
  expect(lines[0]).toContain("1 min cumulative delta");
  expect(lines.find((line) => line.includes("►"))).toContain(text);
});
