/** The small parts: text, numbers, bars, series, flash, frame clock, row changes, one line, picture. */
import fc from "fast-check";
import { expect, test } from "vitest";
import xterm from "@xterm/headless";
import { barText, sparkRows } from "../../src/ui/blocks.ts";
import { createComposer } from "../../src/ui/composer.ts";
import { FLASH_MS, NO_FLASH, stepFlash } from "../../src/ui/flash.ts";
import { bytesText, changeText, clockText, countText, dollarsText } from "../../src/ui/format.ts";
import { millisText, percentText, priceText, spanText } from "../../src/ui/format.ts";
import { columnsOf } from "../../src/ui/chart-columns.ts";
import { createFrames } from "../../src/ui/frames.ts";
import { oneLine, oneLineJson } from "../../src/ui/one-line.ts";
import { rowChange } from "../../src/ui/row-change.ts";
import { svgOf } from "../../src/ui/svg.ts";
import { cellsOf } from "../../src/ui/terminal-codes.ts";
import { cutRow, encodeRow, fitRow, flow, line, outside } from "../../src/ui/text.ts";
import { rowText, rowWidth, span, spread, wrapWords } from "../../src/ui/text.ts";
import type { Row } from "../../src/ui/text.ts";
import type { Bar } from "../../src/studies/index.ts";
import { paletteFor, TONES } from "../../src/ui/theme.ts";
import { StillClock } from "./fake-terminal.ts";
import { emptySnapshot, sampleInstrument, sampleSnapshot } from "./sample-snapshot.ts";

const anySpan = fc.record({ text: fc.stringMatching(/^[ a-z0-9█▲]{0,8}$/), tone: fc.constantFrom(...TONES) });
const anyRow = fc.array(anySpan, { maxLength: 8 });

test("rows are cut with a sign, filled, spread and flowed, never longer than asked", () => {
  expect(rowText(cutRow(line("21,742.50"), 6))).toBe("21,74…");
  expect(rowText(fitRow(line("ab"), 4))).toBe("ab  ");
  expect(rowText(spread(line("left"), line("right"), 12))).toBe("left   right");
  expect(rowText(spread(line("left"), line("right"), 9))).toBe("left");
  expect(rowText(flow([line("aaa"), line("too long to fit"), line("b")], 8))).toBe("aaa  b");
  fc.assert(fc.property(anyRow, fc.integer({ min: 0, max: 60 }), (row, width) => {
    expect(rowWidth(fitRow(row, width))).toBe(width);
    expect(rowWidth(cutRow(row, width))).toBeLessThanOrEqual(width);
    expect(cellsOf(encodeRow(row, width, paletteFor("true")))).toBe(width);
  }));
});

test("sentences break at blanks, long words anywhere, nothing is lost", () => {
  expect(wrapWords("no byte for fifteen seconds", 12)).toEqual(["no byte for", "fifteen", "seconds"]);
  expect(wrapWords("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
  fc.assert(fc.property(fc.stringMatching(/^[a-z ]{0,80}$/), fc.integer({ min: 1, max: 20 }), (text, width) => {
    const lines = wrapWords(text, width);
    expect(lines.every((one) => one.length <= width)).toBe(true);
    expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
  }));
});

test("outside text is made of single cells", () => {
  expect(outside("NQ\u001B[31mM5\u0000 日本")).toBe("NQM5 ??");
  expect(outside("x".repeat(300), 10)).toHaveLength(10);
});

test("numbers and times", () => {
  expect(priceText(86_970, sampleInstrument)).toBe("21,742.50");
  expect(priceText(-5, sampleInstrument)).toBe("−1.25");
  expect(changeText(-746, sampleInstrument)).toBe("−186.50");
  expect(changeText(1, sampleInstrument)).toBe("+0.25");
  expect(percentText(-746, 87_716)).toBe("−0.85%");
  expect(countText(1_234_567)).toBe("1,234,567");
  expect([500, 52_100_000, 870_499].map(dollarsText)).toEqual(["$500", "$52.1M", "$870k"]);
  expect([812, 3400, 3_400_000, 2_000_000_000].map(bytesText)).toEqual(["812 B", "3.4 kB", "3.4 MB", "2.00 GB"]);
  expect(clockText(-1, 0)).toBe("23:59:59");
  expect(millisText({ sec: 1_749_826_710, nanos: 999_999_999 }, -14_400)).toBe("10:58:30.999");
  const spans = [-5, 999, 119_999, 120_000, 7_500_000, 9e8].map(spanText);
  expect(spans).toEqual(["0 s", "0 s", "119 s", "2 min", "2 h 05 min", "10 d"]);
});

test("bars and sparklines", () => {
  expect(barText(0, 10)).toBe("");
  expect(barText(0.0001, 10)).toBe("▏");
  expect(barText(0.5, 3)).toBe("█▌");
  expect(barText(2, 3)).toBe("███");
  expect(sparkRows([1, 2, 3], 1)).toEqual(["▁▅█"]);
  expect(sparkRows([5, 5], 1)).toEqual(["▄▄"]);
  expect(sparkRows([0, 1], 2)).toEqual([" █", "▁█"]);
});

test("a series keeps the last close through silence", () => {
  const bar = (sec: number, close: number): Bar => {
    return { sec, open: close, high: close, low: close, close, volume: 1, buyVolume: 1, sellVolume: 0 };
  };
  const bars = [bar(100, 1), bar(101, 2), bar(104, 3)];
  const closes = (stepSec: number, count: number): readonly number[] | undefined =>
    columnsOf(bars, stepSec, count)?.columns.map(({ close }) => close);
  expect(closes(1, 10)).toEqual([1, 2, 2, 2, 3]);
  expect(closes(1, 2)).toEqual([2, 3]);
  expect(closes(2, 10)).toEqual([2, 2, 3]);
  expect(columnsOf(bars, 2, 10)?.endSec).toBe(104);
  expect(columnsOf([], 1, 5)).toBeNull();
});

test("a flash starts with a change, points its way and fades", () => {
  const first = stepFlash(NO_FLASH, 10, 0);
  expect(first.flash).toBeNull();
  const up = stepFlash(first, 11, 50);
  expect(up.flash).toMatchObject({ fromTicks: 10, direction: 1, untilMs: 50 + FLASH_MS });
  expect(stepFlash(up, 11, 100)).toBe(up);
  expect(stepFlash(up, 9, 100).flash).toMatchObject({ fromTicks: 11, direction: -1 });
  expect(stepFlash(up, 11, 50 + FLASH_MS).flash).toBeNull();
});

test("the frame clock draws at once, then at its pace, and not while the terminal is busy", () => {
  const clock = new StillClock();
  let busy = false;
  let drawn = 0;
  const frames = createFrames({ clock, framesPerSecond: () => 10, isBusy: () => busy, draw: () => { drawn += 1; } });
  for (let call = 0; call < 5; call++) frames.request();
  clock.advance(0);
  expect(drawn).toBe(1);
  for (let call = 0; call < 5; call++) frames.request();
  clock.advance(99);
  expect(drawn).toBe(1);
  clock.advance(1);
  expect(drawn).toBe(2);
  clock.advance(1000);
  expect(drawn).toBe(2);
  frames.now();
  expect(drawn).toBe(3);
  busy = true;
  frames.now();
  frames.request();
  clock.advance(1000);
  expect([drawn, frames.skipped()]).toEqual([3, 1]);
  busy = false;
  frames.drained();
  clock.advance(0);
  expect(drawn).toBe(4);
  frames.drained();
  frames.stop();
  frames.request();
  frames.now();
  clock.advance(1000);
  expect([drawn, clock.pending]).toEqual([4, 0]);
});

test("of a line that carries so much, frames of data write no more on average; a key is drawn at once all the same", () => {
  const clock = new StillClock();
  let bytes = 0;
  let size = 12_000;
  const line = { bytesPerSecond: 48_000, bytes: () => bytes };
  const frames = createFrames({ clock, framesPerSecond: () => 10, isBusy: () => false, draw: () => { bytes += size; }, line });
  const run = (seconds: number): number => {
    const before = bytes;
    for (let at = 0; at < seconds * 100; at++) {
      frames.request();
      clock.advance(10);
    }
    return (bytes - before) / seconds;
  };
  run(5);
  expect(run(10)).toBeGreaterThan(40_000);
  expect(run(10)).toBeLessThanOrEqual(50_000);
  const before = bytes;
  frames.now();
  expect(bytes).toBe(before + size);
  // Small frames keep their pace, also after a large one.
  run(1);
  size = 1000;
  expect(run(10)).toBeGreaterThan(9000);
  frames.stop();
});

async function cellsAfter(...writes: readonly string[]): Promise<string> {
  const terminal = new xterm.Terminal({ cols: 40, rows: 2, allowProposedApi: true });
  for (const text of writes) await new Promise<void>((resolve) => { terminal.write(text, resolve); });
  const row = terminal.buffer.active.getLine(0);
  const cells = Array.from({ length: 40 }, (_, x) => {
    const cell = row?.getCell(x);
    return [cell?.getChars() || " ", cell?.getFgColor(), cell?.isBold(), cell?.isDim(), cell?.isInverse()].join();
  });
  return cells.join("|");
}

test("writing only the change leaves the same cells as writing the row", async () => {
  const palette = paletteFor("256");
  const encoded = (row: Row): string => encodeRow(row, 38, palette);
  const mixed = (a: Row, b: Row, at: number): readonly [Row, Row] => [a, [...a.slice(0, at), ...b.slice(at)]];
  const pairs = fc.tuple(anyRow, anyRow, fc.nat(8)).map(([a, b, at]) => mixed(a, b, at));
  await fc.assert(
    fc.asyncProperty(pairs, async ([before, after]) => {
      const [old, next] = [encoded(before), encoded(after)];
      const change = rowChange(old, next);
      const partly = await cellsAfter(`\r${old}`, `\u001B[1;${change.cell + 1}H${change.text}`);
      expect(partly).toBe(await cellsAfter(`\r${next}`));
    }),
    { numRuns: 300 },
  );
  const tick = rowChange(encoded([span("21,742.50", "strong")]), encoded([span("21,742.75", "strong")]));
  expect(tick.cell).toBe(7);
  expect(cellsOf(tick.text)).toBe(1 + 1);
});

test("blanks of the shell are not written where painters fill the whole line, but are where they leave cells free", () => {
  const composer = createComposer({ columns: 4, rows: 2 });
  composer.setShell(["    ", "    "]);
  const [left, right, part] = [["ab"], ["cd"], ["xyz"]];
  composer.register({ x: 0, y: 0, width: 2, height: 1 }, () => left);
  composer.register({ x: 2, y: 0, width: 2, height: 1 }, () => right);
  composer.register({ x: 0, y: 1, width: 3, height: 1 }, () => part);
  const written = composer.compose();
  expect(written.split("    ").length - 1).toBe(1);
  for (const text of ["ab", "cd", "xyz"]) expect(written).toContain(text);
});

test("the composer writes nothing twice, and all again after a resize or when a canvas leaves", () => {
  const composer = createComposer({ columns: 4, rows: 2 });
  composer.setShell(["ab", "cd"]);
  let rows = ["x"];
  const leave = composer.register({ x: 1, y: 1, width: 1, height: 1 }, () => rows);
  expect(composer.compose()).toContain("ab");
  expect(composer.compose()).toBe("");
  rows = ["y"];
  const second = composer.compose();
  expect(second).toContain("y");
  expect(second).not.toContain("cd");
  composer.setShell(["ab", "CD"]);
  const beneath = composer.compose();
  expect(beneath.indexOf("y")).toBeGreaterThan(beneath.indexOf("CD"));
  leave();
  expect(composer.compose()).toContain("CD");
  composer.resize({ columns: 5, rows: 2 });
  const third = composer.compose();
  expect(third.indexOf("\u001B[2J")).toBeLessThan(third.indexOf("\u001B[?2026h"));
  expect(third).toContain("ab");
});

test("one line for people, one object for scripts", () => {
  const words = "10:58:30 ET  21,742.50  −186.50  −0.85% vs settle  size 3  vol 177,877  DEMO";
  expect(oneLine(sampleSnapshot())).toBe(words);
  expect(oneLine(emptySnapshot())).toBe("NQ.v.0  waiting for the first trade…  DEMO");
  expect(oneLineJson(sampleSnapshot())).toEqual({
    ts: "2025-06-13T14:58:30.412000000Z",
    trade_date: "2025-06-13",
    symbol: "NQM5",
    price: 21_742.5,
    change: -186.5,
    change_pct: -0.85,
    basis: "settlement",
    basis_price: 21_929,
    size: 3,
    side: "buy",
    volume: 177_877,
    vwap: 21_661.0925,
    delta: -11_561,
    session: "RTH",
    mode: "DEMO",
    coverage: "complete since 18:00",
  });
  expect(oneLineJson(emptySnapshot())).toMatchObject({ ts: null, price: null, side: null, volume: 0 });
});

test("a picture has the text, escaped, and a colour for every tone", () => {
  const svg = svgOf([[span("a<b ", "up"), span("& DEMO", "badgeDemo")], line("   ")], 'quo"ted');
  expect(svg).toContain("a&lt;b ");
  expect(svg).toContain("&amp; DEMO");
  expect(svg).toContain("quo&quot;ted");
  expect(svg.match(/<rect /g)).toHaveLength(2);
  for (const tone of TONES) expect(svgOf([line("x", tone)], "t")).toMatch(/fill="#[0-9a-f]{6}"/);
});
