/** The strip of levels, the profile and the way prices were found: every figure where and what it should be. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Snapshot } from "../../src/store/snapshot.ts";
import type { Bar, VolumeProfile } from "../../src/studies/index.ts";
import { levelsOf } from "../../src/studies/levels.ts";
import { deltaSeries } from "../../src/ui/delta-series.ts";
import { distanceText } from "../../src/ui/format.ts";
import type { Pane } from "../../src/ui/pane.ts";
import { discovery } from "../../src/ui/panes/discovery.ts";
import { levels } from "../../src/ui/panes/levels.ts";
import { profile } from "../../src/ui/panes/profile.ts";
import { bucketsOf } from "../../src/ui/profile-buckets.ts";
import { rowText } from "../../src/ui/text.ts";
import type { Size } from "../../src/ui/text.ts";
import { SAMPLE_WALL_MS, sampleInstrument, sampleSnapshot } from "./sample-snapshot.ts";

const NOW = { wallMs: SAMPLE_WALL_MS, flash: null };
const ALL = { columns: 60, rows: 60 };

function rows(pane: Pane, snapshot: Snapshot, size: Size, chords: readonly string[] = []): string[] {
  const press = (chord: string): number => pane.keys.findIndex((key) => key.chords.includes(chord));
  const open = chords.reduce((state, chord) => state.press(press(chord), snapshot, size), pane.open());
  return open.draw(snapshot, size, NOW).map((row) => rowText(row).trimEnd());
}

function priced(ticks: number, base: Snapshot = sampleSnapshot()): Snapshot {
  const { session } = base.studies;
  const last = session.last === null ? null : { ...session.last, ticks };
  return { ...base, studies: { ...base.studies, session: { ...session, last } } };
}

function withCoverage(fromHour: number): Snapshot {
  const base = sampleSnapshot();
  const from = { sec: (base.day?.openSec ?? 0) + fromHour * 3600, nanos: 0 };
  return { ...base, coverage: { ...base.coverage, from, complete: false, text: "partial: from 09:30" } };
}

const PRICE = /(\d\d,\d{3}\.\d\d)/;
const figure = (row: string): number => Number((PRICE.exec(row)?.[1] ?? "0").replace(",", ""));

test("levels stand by price, the price among them, distances in points and ticks", () => {
  const strip = rows(levels, sampleSnapshot(), ALL);
  const prices = strip.filter((row) => PRICE.test(row)).map(figure);
  expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  expect(strip.find((row) => row.startsWith("► "))).toContain("21,742.50 ───");
  expect(strip.join("\n")).toMatch(/^ {2}VAH {2,}21,733\.00 {2,}−9\.50 {2,}−38 t$/m);
  expect(strip.join("\n")).toMatch(/^ {2}PDL {2,}21,790\.25 {2,}\+47\.75 {2,}\+191 t$/m);
  expect(strip.join("\n")).toMatch(/^ {2}PDH, PD RTH high {2,}21,993\.50/m);
});

test("no level is lost: each name is in the strip once, or counted where there is no room for it", () => {
  const wide = rows(levels, sampleSnapshot(), { columns: 120, rows: 80 }).join("\n");
  for (const name of ["VWAP −2σ", "RTH VWAP", "POC", "RTH VAL", "ONH", "ONL", "Asia low", "London high", "IB high", "OR5 low", "PDC", "settle", "limit up", "limit down"]) {
    expect(wide).toContain(name);
  }
  const { studies } = sampleSnapshot();
  const distinct = new Set(levelsOf(studies).map(({ ticks, fraction = 0 }) => ticks + fraction)).size;
  expect(rows(levels, sampleSnapshot(), { columns: 120, rows: 80 }).filter((row) => PRICE.test(row))).toHaveLength(distinct + 1);
  expect(rows(levels, sampleSnapshot(), { columns: 40, rows: 80 }).join("\n")).toMatch(/session high \+\d/);
});

test("whatever the price, exactly one level is nearest, and none is nearer", () => {
  fc.assert(fc.property(fc.integer({ min: 85_000, max: 90_000 }), (ticks) => {
    const strip = rows(levels, priced(ticks), { columns: 60, rows: 80 });
    const marked = strip.filter((row) => row.startsWith("▸ "));
    expect(marked).toHaveLength(1);
    const away = (row: string): number => Math.abs(figure(row) - ticks / 4);
    const least = Math.min(...strip.filter((row) => PRICE.test(row) && !row.startsWith("► ")).map(away));
    expect(away(marked[0] ?? "")).toBeLessThanOrEqual(least + 0.01);
  }), { numRuns: 100 });
});

test("what still forms has a star, what is not known from its start a sign, and a legend says so", () => {
  const strip = rows(levels, sampleSnapshot(), ALL);
  expect(strip.find((row) => row.startsWith("  RTH high"))).toMatch(/RTH high +\* 21,763\.00/);
  expect(strip.at(-1)).toBe("* still forming");
  expect(strip.join("\n")).not.toContain("~");
  const late = rows(levels, withCoverage(15.5), ALL);
  expect(late.find((row) => /^ {2}VAH/.test(row))).toContain("~");
  expect(late.find((row) => /^ {2}RTH VAH/.test(row))).not.toContain("~");
  expect(late.find((row) => row.includes("settle"))).not.toContain("~");
  expect(late.at(-1)).toBe("~ partial: from 09:30  * still forming");
});

test("the strip stays on the price, scrolls both ways within what there is, and comes back", () => {
  const size = { columns: 60, rows: 7 };
  const middle = rows(levels, sampleSnapshot(), size);
  expect(middle.findIndex((row) => row.startsWith("► "))).toBe(3);
  const lower = rows(levels, sampleSnapshot(), size, ["pagedown"]);
  expect(figure(lower[0] ?? "")).toBeLessThan(21_742.5);
  const pages = (chord: string): string[] => Array.from({ length: 20 }, () => chord);
  expect(rows(levels, sampleSnapshot(), size, pages("pagedown")).at(-1)).toContain("limit down");
  expect(rows(levels, sampleSnapshot(), size, pages("pageup"))[0]).toContain("limit up");
  expect(rows(levels, sampleSnapshot(), size, [...pages("pageup"), "home"])).toEqual(middle);
});

test("where the strip begins at its end, the first key already moves it", () => {
  const sample = sampleSnapshot();
  const last = sample.studies.session.last;
  // So high that all levels but one are below.
  const snapshot = { ...sample, studies: { ...sample.studies, session: { ...sample.studies.session, last: last === null ? null : { ...last, ticks: 92_000 } } } };
  for (const count of [5, 9, 14]) {
    const size = { columns: 60, rows: count };
    expect(rows(levels, snapshot, size, ["down"])).not.toEqual(rows(levels, snapshot, size));
  }
});

test("a distance is rounded like a price and has its sign", () => {
  expect([0, 1, -1, 0.37, -0.5, 326.37].map((ticks) => distanceText(ticks, sampleInstrument))).toEqual(
    ["0.00", "+0.25", "−0.25", "+0.09", "−0.13", "+81.59"],
  );
});

const anyProfile = fc.record({
  lowTicks: fc.integer({ min: -2000, max: 90_000 }),
  volumes: fc.array(fc.nat(500), { minLength: 1, maxLength: 2000 }),
}).map(({ lowTicks, volumes }): VolumeProfile => {
  const total = volumes.reduce((sum, volume) => sum + volume, 0);
  const pocTicks = lowTicks + volumes.indexOf(Math.max(...volumes));
  return { anchor: "session", fromSec: 0, lowTicks, volumes, total, beyond: 0, pocTicks, valueAreaHighTicks: pocTicks, valueAreaLowTicks: pocTicks, share: 0.7 };
});

test("rows of a profile: no more than asked, of equal width, nothing lost, none where nothing traded beyond the ends", () => {
  fc.assert(fc.property(anyProfile, fc.integer({ min: 1, max: 120 }), (of, count) => {
    const { rows: buckets, step, max } = bucketsOf(of, count);
    expect(buckets.length).toBeLessThanOrEqual(Math.max(count, 2));
    expect(buckets.reduce((sum, { volume }) => sum + volume, 0)).toBe(of.total);
    expect(max).toBe(Math.max(...buckets.map(({ volume }) => volume)));
    buckets.slice(1).forEach(({ lowTicks }, at) => expect((buckets[at]?.lowTicks ?? 0) - lowTicks).toBe(step));
    for (const { lowTicks } of buckets) expect(Math.abs(lowTicks % step)).toBe(0);
    const high = of.lowTicks + of.volumes.length - 1;
    expect(buckets[0]?.lowTicks).toBeLessThanOrEqual(high);
    expect((buckets[0]?.lowTicks ?? 0) + step).toBeGreaterThan(high);
  }));
});

test("the profile marks price, point of control and value area, and states the width of its rows", () => {
  const text = rows(profile, sampleSnapshot(), { columns: 70, rows: 24 });
  expect(text[0]).toMatch(/^delta 18:00 −11,561 {2}high \+2,114 {2}low −9,230 {2}no side 12/);
  expect(text[1]).toMatch(/^delta RTH {4}\+1,820/);
  const head = text.find((row) => row.startsWith("profile RTH")) ?? "";
  const points = Number(/rows of ([\d.]+)/.exec(head)?.[1]);
  const rowOf = (price: number): string => text.find((row) => PRICE.test(row) && row !== head && figure(row) <= price && price < figure(row) + points) ?? "";
  expect(rowOf(21_699.75)).toMatch(/POC$/);
  expect(rowOf(21_728.5)).toMatch(/VAH$/);
  expect(rowOf(21_672.25)).toMatch(/VAL$/);
  expect(rowOf(21_742.5)).toMatch(/^►/);
  expect(text.filter((row) => row.startsWith("►"))).toHaveLength(1);
  expect(rowOf(21_742.5)).toContain("▒");
  expect(rowOf(21_699.75)).toContain("█");
  const session = rows(profile, sampleSnapshot(), { columns: 70, rows: 24 }, ["s"]);
  expect(session.join("\n")).toMatch(/profile 18:00, rows of [\d.]+ {2}POC 21,666\.25/);
  expect(rows(profile, sampleSnapshot(), { columns: 70, rows: 24 }, ["s", "s"])).toEqual(text);
});

test("where the single price with most volume is not in the longest row, both are marked and the head says so", () => {
  // Two ticks of 90 make a longer row than the largest single tick with its neighbour.
  const of: VolumeProfile = {
    anchor: "RTH", fromSec: 0, lowTicks: 86_800, volumes: [90, 90, 100, 0, 5, 5, 5, 5], total: 300, beyond: 0,
    pocTicks: 86_802, valueAreaHighTicks: 86_806, valueAreaLowTicks: 86_802, share: 0.7,
  };
  const sample = sampleSnapshot();
  const snapshot = { ...sample, studies: { ...sample.studies, profile: { session: of, rth: of } } };
  const drawn = (count: number): string[] => rows(profile, snapshot, { columns: 100, rows: count }).map((row) => row.trimEnd());
  const coarse = drawn(7);
  expect(coarse.find((row) => row.startsWith("profile RTH"))).toMatch(/rows of 0\.50 {2}POC 21,700\.50 .* max: the longest row/);
  const marks = coarse.map((row) => /^[► ]* *([\d,.]+) .* (POC|VAH|VAL|max)$/.exec(row)).filter((found) => found !== null);
  expect(marks.map(([, price, mark]) => `${price} ${mark}`)).toEqual(["21,701.50 VAH", "21,700.50 POC", "21,700.00 max"]);
  // With a row for each price there is nothing to explain.
  expect(drawn(13).join("\n")).not.toContain("max");
});

test("the line of the delta is the cumulative delta at the end of each of its columns", () => {
  const bar = (sec: number, buyVolume: number, sellVolume: number): Bar => {
    return { sec, open: 1, high: 1, low: 1, close: 1, volume: buyVolume + sellVolume, buyVolume, sellVolume };
  };
  const bars = [bar(0, 100, 0), bar(60, 5, 2), bar(120, 0, 7), bar(300, 4, 0)];
  expect(deltaSeries(bars, 60, 60, 0, 10)).toEqual({ stepSec: 60, values: [3, -4, -4, -4, 0] });
  expect(deltaSeries(bars, 60, 60, 0, 3)).toEqual({ stepSec: 120, values: [-4, -4, 0] });
  expect(deltaSeries([], 60, 0, 0, 10)).toBeNull();
  expect(deltaSeries(bars, 60, 600, 0, 10)).toBeNull();
});

test("price discovery reads as it always did, and gives up words before figures", () => {
  expect(rows(discovery, sampleSnapshot(), { columns: 80, rows: 9 })).toEqual([
    " Pre-Market   21,653.75 → 21,683.00 (+29.25)",
    " Market Open  21,680.75 (−2.25 vs last pre-market)",
    " Morning      reached 21,763.00 (+82.25 from open) at 10:58",
    " Current      21,742.50 consolidating (20.50 below high)",
    "              10 min range 24.50, usual 44.00 at 10:58:30",
    "              −186.50  −0.85% vs settle Thu 2025-06-12 21,929.00",
  ]);
  const narrow = rows(discovery, sampleSnapshot(), { columns: 42, rows: 5 });
  expect(narrow[1]).toBe(" Market Open  21,680.75 (−2.25)");
  expect(narrow[2]).toBe(" Morning      21,763.00 (+82.25) at 10:58");
  const low = rows(discovery, sampleSnapshot(), { columns: 80, rows: 3 });
  expect(low.map((row) => row.slice(1, 8).trim())).toEqual(["Morning", "Current", ""]);
});

test("price discovery marks what is not known from its start, and says why there is no word yet", () => {
  const base = sampleSnapshot();
  const { preMarket, current } = base.studies.discovery;
  if (preMarket === null || current === null) throw new Error("the sample has no discovery");
  const found = { ...base.studies.discovery, preMarket: { ...preMarket, covered: false }, current: { ...current, movement: null, usualTicks: null } };
  const text = rows(discovery, { ...base, studies: { ...base.studies, discovery: found } }, { columns: 80, rows: 9 });
  expect(text[0]).toMatch(/^~Pre-Market/);
  expect(text[3]).toContain("no word yet: too few ten-minute ranges");
});
