/** A replay at full speed: files → gateway → loopback → client → store and studies, all in this process; and the bare reading of the same files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { followPlayback } from "../../src/commands/follow-playback.ts";
import { openReplayFeed } from "../../src/commands/replay-feed.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { ShownStore } from "../../src/commands/shown-store.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { createZstdExpander } from "../../src/dbn/zstd.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import { header, INSTRUMENT_ID, tradeRecords } from "./generate.ts";
import { median } from "./median.ts";
import { sessionRecords } from "./sessions.ts";

const COUNT = 6_000_000;
const DAY_TRADES = 1_000_000;

export interface ReplayResult {
  /** Trades per second. */
  readonly plain: number;
  readonly packed: number;
  /** The same files read, and unpacked, and nothing done with them. */
  readonly bareRead: number;
  readonly bareUnpack: number;
  /** Milliseconds from a jump to the full state of a day of a million trades. */
  readonly jumpMs: number;
  readonly jumpWorstMs: number;
}

function storeOf(): TradeStore {
  return createTradeStore({ requested: String(INSTRUMENT_ID), mode: "REPLAY", focus: { instrumentId: INSTRUMENT_ID, rawSymbol: "NQM5" } });
}

async function replayRate(system: System, path: string): Promise<number> {
  const feed = await openReplayFeed(system, [path], { symbol: null, speed: Number.POSITIVE_INFINITY, calendar: builtInCalendar });
  const store = storeOf();
  const from = performance.now();
  await runFeed(system, feed, { store, onChange() {} }, new AbortController().signal);
  store.commit();
  const seconds = (performance.now() - from) / 1000;
  await feed.close();
  const { trades } = store.getSnapshot().counters;
  if (trades !== COUNT) throw new Error(`the store counted ${trades} of ${COUNT} trades`);
  return COUNT / seconds;
}

async function bareRate(path: string, isPacked: boolean): Promise<number> {
  const handle = await open(path, "r");
  const expander = isPacked ? createZstdExpander() : null;
  const piece = new Uint8Array(256 * 1024);
  const from = performance.now();
  let bytes = 0;
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(piece, 0, isPacked ? 32 * 1024 : piece.length, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    if (expander === null) bytes += bytesRead;
    else await expander.push(piece.subarray(0, bytesRead), (expanded) => (bytes += expanded.length));
  }
  expander?.close();
  await handle.close();
  return bytes / 48 / ((performance.now() - from) / 1000);
}

/** From the key to the store that is shown with every trade before that time, connected and up to date. */
async function jumps(system: System, path: string): Promise<readonly number[]> {
  const feed = await openReplayFeed(system, [path], { symbol: null, speed: 1, calendar: builtInCalendar });
  const { playback } = feed;
  if (playback === undefined) throw new Error("the replay cannot be moved about in");
  playback.toggle();
  await playback.isRead;
  const shown = new ShownStore(storeOf());
  const stop = new AbortController();
  let changed = (): void => {};
  const done = followPlayback(system, { feed, playback, shown, createStore: storeOf, onChange: () => changed() }, stop.signal);
  const { from, to } = playback.state();
  const found: number[] = [];
  for (const part of [0.5, 0.95, 0.2, 0.7, 0.99, 0.4, 0.9, 0.1, 0.8, 0.97, 0.6]) {
    const before = shown.store;
    const began = performance.now();
    const isThere = new Promise<void>((resolve) => {
      changed = () => {
        if (shown.store !== before && shown.store.getSnapshot().studies.session.volume >= 0 && ["LIVE", "QUIET"].includes(shown.getSnapshot().link?.phase ?? "")) resolve();
        else shown.commit();
      };
    });
    await playback.seek({ sec: Math.round(from.sec + part * (to.sec - from.sec)), nanos: 0 });
    await isThere;
    shown.commit();
    found.push(performance.now() - began);
  }
  stop.abort();
  await done;
  await feed.close();
  return found.slice(1); // the first one is compiled meanwhile
}

export async function measureReplay(): Promise<ReplayResult> {
  const folder = mkdtempSync(join(tmpdir(), "nq-tui-bench-"));
  const system = { ...createSystem(), env: { XDG_CACHE_HOME: join(folder, "cache") } };
  try {
    const plain = join(folder, "trades.dbn");
    const bytes = Buffer.concat([header(), tradeRecords({ count: COUNT, perSecond: 1, overSeconds: 23_000 })]);
    writeFileSync(plain, bytes);
    writeFileSync(`${plain}.zst`, zstdCompressSync(bytes));
    const day = join(folder, "day.dbn");
    writeFileSync(day, Buffer.concat([header(), sessionRecords(1, DAY_TRADES)]));
    const times = [...(await jumps(system, day))];
    const three = async (run: () => Promise<number>): Promise<number> => median([await run(), await run(), await run()]);
    return {
      bareRead: await three(() => bareRate(plain, false)),
      plain: await three(() => replayRate(system, plain)),
      bareUnpack: await three(() => bareRate(`${plain}.zst`, true)),
      packed: await three(() => replayRate(system, `${plain}.zst`)),
      jumpMs: median(times),
      jumpWorstMs: Math.max(...times),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
