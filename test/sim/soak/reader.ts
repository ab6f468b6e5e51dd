/**
 * A reader of its own process: the live feed of the gateway at the given port into a store, as the screen does it. Every
 * two seconds it collects its garbage and tells in a line of JSON what it holds; on SIGTERM it tells volumes by minute.
 */
import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { openLiveFeed } from "../../../src/commands/live-feed.ts";
import { runFeed } from "../../../src/commands/run-feed.ts";
import { createSystem } from "../../../src/commands/system.ts";
import type { RecordView } from "../../../src/dbn/record-view.ts";
import { builtInCalendar } from "../../../src/market/trading-day.ts";
import { createTradeStore, type TradeStore } from "../../../src/store/store.ts";
import { fastClock, type FastTime } from "./fast-clock.ts";

/** What a reader tells every two seconds. */
export interface ReaderSample {
  readonly heapMb: number;
  readonly rssMb: number;
  readonly files: number;
  readonly timers: number;
  readonly listeners: number;
  readonly sessions: number;
  /** Sessions that were lost. */
  readonly drops: number;
  readonly notTwice: number;
}

/** What a reader tells in the end: trades and contracts by minute since 1970, the newest minute left out by the parent. */
export interface ReaderTotals {
  readonly minutes: readonly (readonly [minute: number, trades: number, contracts: number])[];
  readonly gaps: readonly string[];
}

const EVERY_MS = 2_000;
const COMMIT_MS = 100;
const PATIENCE_MS = 5_000;
const MINUTE_NANOS = 60_000_000_000n;

const port = Number(process.argv[2]);
const time = JSON.parse(process.argv[3] ?? "") as FastTime;
const collect = (globalThis as { gc?: () => void }).gc ?? ((): void => {});
const system = { ...createSystem(), clock: fastClock(time) };
const feed = openLiveFeed(system, {
  symbol: { text: "NQ.v.0", stypeIn: "continuous" }, roll: null, calendar: builtInCalendar,
  gateway: { transport: "tcp", host: "127.0.0.1", port },
});
const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule });
const minutes = new Map<number, [trades: number, contracts: number]>();
const abort = new AbortController();

function count(view: RecordView): void {
  if (view.rtype !== 0 || view.instrumentId !== store.countedInstrumentId()) return;
  const minute = Number(view.tsEvent / MINUTE_NANOS);
  const sum = minutes.get(minute) ?? [0, 0];
  sum[0] += 1;
  sum[1] += view.size;
  minutes.set(minute, sum);
}

const counting: TradeStore = {
  ...store,
  applyRecord(view) {
    count(view);
    store.applyRecord(view);
  },
  applyTrades(view, trades) {
    const { base, lengthBytes } = view;
    for (let n = 0; n < trades; n += 1) {
      view.base = base + n * lengthBytes;
      count(view);
    }
    view.base = base;
    store.applyTrades(view, trades);
  },
  beginSession(from) {
    minutes.clear();
    store.beginSession(from);
  },
};

function sample(): ReaderSample {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  const { link } = store.getSnapshot();
  return {
    heapMb: heapUsed / 1024 / 1024,
    rssMb: rss / 1024 / 1024,
    files: readdirSync("/proc/self/fd").length,
    timers: process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length,
    listeners: getEventListeners(abort.signal, "abort").length,
    sessions: link?.stats.sessions ?? 0,
    drops: link?.stats.drops ?? 0,
    notTwice: link?.stats.repeatedTrades ?? 0,
  };
}

const tell = (value: ReaderSample | ReaderTotals): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const committing = setInterval(() => store.commit(), COMMIT_MS);
const telling = setInterval(() => tell(sample()), EVERY_MS);
process.once("SIGTERM", () => abort.abort());
// Machines do not get faster with the clocks: what is waited for takes its real time, so the patience is in real time too.
const timeouts = { connectMs: PATIENCE_MS * time.speed, authMs: PATIENCE_MS * time.speed, silenceMarginMs: PATIENCE_MS * time.speed };
await runFeed(system, feed, { store: counting, onChange: () => {}, connection: { timeouts } }, abort.signal);
clearInterval(committing);
clearInterval(telling);
store.commit();
tell({
  minutes: [...minutes].map(([minute, [trades, contracts]]) => [minute, trades, contracts] as const),
  gaps: (store.getSnapshot().link?.gaps ?? []).map(({ state }) => state),
});
