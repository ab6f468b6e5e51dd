/** A recording that is stopped and taken up again while the market goes on: the day is whole, each trade in it once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { coverageFile, readKeptCoverage } from "../../src/commands/kept-coverage.ts";
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { recordFeed } from "../../src/commands/record.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { findWarmStart } from "../../src/commands/warm-start.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { demoTimeOfDay } from "../../src/gateway/demo/demo-day.ts";
import { createDemoSource } from "../../src/gateway/demo/demo-source.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { listRecordings } from "../../src/recording/library.ts";
import { openRecordReader } from "../../src/recording/record-reader.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import { KEY_TEXT } from "../gateway/raw-client.ts";
import { rig } from "../gateway/gateway-rig.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-warm-"));
afterAll(() => rmSync(folder, { recursive: true }));

const NOON = Date.parse("2025-06-13T12:00:00-04:00");

/** This machine at noon of the demo day. */
function system(): System {
  const real = createSystem();
  const shift = NOON - Date.now();
  const sink = (): NodeJS.WriteStream => new PassThrough().resume() as unknown as NodeJS.WriteStream;
  return { ...real, apiKeyText: KEY_TEXT, clock: { ...real.clock, wallMs: () => real.clock.wallMs() + shift }, stdout: sink(), stderr: sink() };
}

function feedOf(on: System, port: number): ReturnType<typeof openLiveFeed> {
  const gateway = { transport: "tcp", host: "127.0.0.1", port } as const;
  return openLiveFeed(on, { symbol: parseSymbol("NQ.v.0"), roll: null, gateway, calendar: builtInCalendar });
}

async function recordedCount(): Promise<number> {
  const days = await listRecordings(realDisk, folder);
  const files = days.flatMap((day) => day.files).filter(({ name }) => name.schema === "trades");
  return files.reduce((sum, { facts }) => sum + (facts?.records ?? 0), 0);
}

/** Records until that many more trades are in the files. */
async function recordMore(port: number, trades: number): Promise<void> {
  const on = system();
  const stop = new AbortController();
  const wanted = (await recordedCount()) + trades;
  const running = recordFeed(on, feedOf(on, port), { dir: folder, syncMs: 100 }, stop.signal);
  while ((await recordedCount()) < wanted) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await running;
}

async function recordedTrades(): Promise<string[]> {
  const days = await listRecordings(realDisk, folder);
  const files = days.flatMap((day) => day.files).filter(({ name }) => name.schema === "trades");
  const found: string[] = [];
  for (const { path } of files) {
    const reader = await openRecordReader(path);
    const view = new RecordView();
    for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
      for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
        view.point(batch.bytes, at);
        found.push(`${view.instrumentId} ${view.tsEvent} ${view.sequence} ${view.price} ${view.size}`);
      }
    }
    await reader.close();
  }
  return found;
}

async function demoTrades(count: number): Promise<string[]> {
  const reader = createDemoSource({ startAt: demoTimeOfDay(9 * 3600) }).open();
  const view = new RecordView();
  const found: string[] = [];
  while (found.length < count) {
    const batch = await reader.read({ sec: 4e9, nanos: 0 });
    if (batch === "end") break;
    if (batch === null) continue;
    for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
      view.point(batch.bytes, at);
      if (view.rtype === 0) found.push(`${view.instrumentId} ${view.tsEvent} ${view.sequence} ${view.price} ${view.size}`);
    }
  }
  await reader.close();
  return found.slice(0, count);
}

/** A store fed from the recording and then live, until it has that many trades and the gap is closed. */
async function storeWith(port: number, trades: number): Promise<{ store: TradeStore; hadWarm: boolean }> {
  const on = system();
  const feed = feedOf(on, port);
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode });
  const warm = await findWarmStart(on, feed, folder);
  const stop = new AbortController();
  await runFeed(on, feed, {
    store,
    warm,
    onChange() {
      store.commit();
      const { counters, coverage } = store.getSnapshot();
      if (counters.trades > trades && coverage.complete) stop.abort();
    },
  }, stop.signal);
  store.commit();
  return { store, hadWarm: warm !== null };
}

test("stopped and started again while the market went on: one whole day, and the figures know it", async () => {
  const source = createDemoSource({ startAt: demoTimeOfDay(9 * 3600) });
  const gateway = await rig({ source, speed: 60, endOfSource: "stay" });
  await recordMore(gateway.port, 1000);
  const first = (await recordedTrades()).length;
  expect(first).toBeGreaterThanOrEqual(1000);
  await new Promise((resolve) => setTimeout(resolve, 500)); // half a minute of market that nobody records
  await recordMore(gateway.port, 1000);
  const all = await recordedTrades();
  expect(all.length).toBeGreaterThan(first);
  expect(new Set(all).size).toBe(all.length);
  const main = all.filter((line) => line.startsWith(all[0]?.split(" ")[0] ?? "?"));
  const told = (await demoTrades(all.length * 2)).filter((line) => line.startsWith(all[0]?.split(" ")[0] ?? "?"));
  expect(main).toEqual(told.slice(0, main.length));

  const coverage = await readKeptCoverage(realDisk, coverageFile(folder, "GLBX.MDP3", "2025-06-13"));
  expect(coverage?.contract).toBe("NQM5");
  expect(coverage?.gaps.map(({ state }) => state)).toEqual(["filled"]);

  const { store, hadWarm } = await storeWith(gateway.port, main.length);
  const { counters, coverage: shown, studies } = store.getSnapshot();
  expect(hadWarm).toBe(true);
  expect(counters.trades).toBeGreaterThan(main.length);
  expect(shown.complete).toBe(true);
  expect(shown.text).toContain("filled");
  const seen = told.length >= counters.trades ? told : (await demoTrades(counters.trades * 2)).filter((line) => line.startsWith(all[0]?.split(" ")[0] ?? "?"));
  const volume = seen.slice(0, counters.trades).reduce((sum, line) => sum + Number(line.split(" ")[4]), 0);
  expect(studies.session.volume).toBe(volume);
}, 30_000);
