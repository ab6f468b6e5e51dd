/** What is usual in an hour, from the days that were recorded: of which days, of which hours, and what is not believed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { coverageFile, writeKeptCoverage, type KeptCoverage } from "../../src/commands/kept-coverage.ts";
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { loadRecordedHours, RecordedHours } from "../../src/commands/recorded-hours.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { SCHEMA_CODES, STYPE_CODES } from "../../src/dbn/constants.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { concatBytes, tradeBytes } from "../helpers/dbn-bytes.ts";
import { KEY_TEXT } from "../gateway/raw-client.ts";

const root = mkdtempSync(join(tmpdir(), "nq-tui-hours-"));
afterAll(() => rmSync(root, { recursive: true }));
const folder = join(root, "recordings");
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
});

const system: System = { ...createSystem(), apiKeyText: KEY_TEXT, env: { XDG_CACHE_HOME: join(root, "cache") } };
const feed = openLiveFeed(system, { symbol: parseSymbol("NQ.v.0"), roll: null, gateway: { transport: "tcp", host: "127.0.0.1", port: 1 }, calendar: builtInCalendar });
const MAIN = 42;

/** A session in which hour `n` (from 18:00) has `size(n)` contracts of the main contract, and as many of another. */
async function record(tradeDate: string, size: (hour: number) => number, change: Partial<KeptCoverage> & { readonly until?: number } = {}): Promise<void> {
  const day = builtInCalendar.dayOf(Date.parse(`${tradeDate}T12:00:00-04:00`) / 1000);
  const { until = 23, ...coverage } = change;
  const records = Array.from({ length: until }, (_, hour) => [MAIN, 43].map((instrumentId) => {
    const sec = day.openSec + hour * 3600 + (hour === 22 ? 3590 : 1800);
    return tradeBytes({ instrumentId, sequence: hour, tsEvent: BigInt(sec) * 1_000_000_000n, tsRecv: BigInt(sec) * 1_000_000_000n, size: size(hour), price: 21_742_500_000_000n, side: "B" });
  })).flat();
  const head = encodeMetadata({
    ...liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }), schema: SCHEMA_CODES["trades"] ?? 0, stypeIn: STYPE_CODES["raw_symbol"] ?? 1,
    symbols: ["NQM5"], mappings: [{ rawSymbol: coverage.contract ?? "NQM5", intervals: [{ startDate: 20_250_101, endDate: 20_260_101, symbol: String(MAIN) }] }],
  });
  writeFileSync(join(folder, `GLBX.MDP3.trades.${tradeDate}.000.dbn.part`), concatBytes(head, ...records));
  await writeKeptCoverage(realDisk, coverageFile(folder, "GLBX.MDP3", tradeDate), { from: { sec: day.openSec, nanos: 0 }, gaps: [], contract: "NQM5", ...coverage });
}

async function usual(before = "2025-06-13"): Promise<RecordedHours> {
  const hours = new RecordedHours();
  await loadRecordedHours(system, feed, { dir: folder, before }, hours);
  return hours;
}

test("nothing recorded: nothing is usual", async () => {
  const hours = await usual();
  expect([hours.days(), hours.average(9)]).toEqual([0, null]);
});

test("the mean of the days before, hour by hour; the day itself and other contracts are left out", async () => {
  await record("2025-06-11", (hour) => 10 + hour);
  await record("2025-06-12", (hour) => 20 + hour);
  await record("2025-06-13", () => 9_999);
  const hours = await usual();
  expect(hours.days()).toBe(2);
  expect([18, 23, 0, 9, 16].map(hours.average)).toEqual([15, 20, 21, 30, 37]);
  expect(hours.average(17)).toBeNull(); // the break
  expect((await usual()).average(18)).toBe(15); // what was kept says the same
});

test("an hour that is not known whole is no hour: before the recording, after it, in a gap", async () => {
  const open = builtInCalendar.dayOf(Date.parse("2025-06-12T12:00:00-04:00") / 1000).openSec;
  const at = (hour: number): { sec: number; nanos: number } => ({ sec: open + hour * 3600, nanos: 0 });
  await record("2025-06-12", () => 10, {
    until: 20, from: at(1.5),
    gaps: [{ from: at(5.2), to: at(5.4), state: "not filled", how: "" }, { from: at(8.2), to: at(8.4), state: "filled", how: "" }],
  });
  const hours = await usual();
  const known = Array.from({ length: 23 }, (_, index) => hours.average((18 + index) % 24) !== null);
  expect(known).toEqual(Array.from({ length: 23 }, (_, index) => index >= 2 && index !== 5 && index < 19));
});

test("another product, a damaged file, a recording of which nothing is noted: left out", async () => {
  await record("2025-06-10", () => 5, { contract: "ESM5" });
  await record("2025-06-11", () => 7);
  writeFileSync(join(folder, "GLBX.MDP3.trades.2025-06-11.001.dbn.part"), "no DBN at all");
  await record("2025-06-12", () => 9);
  rmSync(coverageFile(folder, "GLBX.MDP3", "2025-06-12"));
  expect((await usual()).days()).toBe(0);
});

test("only the latest ten", async () => {
  for (let day = 2; day <= 6; day += 1) await record(`2025-06-0${day}`, () => 1_000);
  for (const date of ["2025-05-19", "2025-05-20", "2025-05-21", "2025-05-22", "2025-05-23", "2025-05-27", "2025-05-28"]) await record(date, () => 10);
  const hours = await usual();
  expect(hours.days()).toBe(10);
  expect(hours.average(10)).toBe(Math.round((5 * 1_000 + 5 * 10) / 10));
});
