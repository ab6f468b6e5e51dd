/** Recordings that do not fit, or go away: a sentence that says so, and the files as they were. */
import { mkdtempSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDemoFeed } from "../../src/commands/demo-feed.ts";
import { followPlayback } from "../../src/commands/follow-playback.ts";
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { startRecordKeeper } from "../../src/commands/record-keeper.ts";
import { recordedPast } from "../../src/commands/recorded-past.ts";
import { openReplayFeed } from "../../src/commands/replay-feed.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { ShownStore } from "../../src/commands/shown-store.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { findWarmStart } from "../../src/commands/warm-start.ts";
import type { DbnVersion } from "../../src/dbn/constants.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import { KEY_TEXT } from "../gateway/raw-client.ts";
import { concatBytes, tradeBytes } from "../helpers/dbn-bytes.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-bad-"));
afterAll(() => rmSync(folder, { recursive: true }));
const system: System = { ...createSystem(), env: { XDG_CACHE_HOME: join(folder, "cache") } };
const START = 1_749_821_400;
const ID = 42;

interface Reel {
  readonly version?: DbnVersion;
  readonly dataset?: string;
  readonly name?: string;
}

/** Trades `from` to `to`, one a second. */
function file(name: string, from: number, to: number, { version = 3, dataset = "GLBX.MDP3", name: rawSymbol = "NQM5" }: Reel = {}): string {
  const path = join(folder, name);
  const head = encodeMetadata({
    ...liveMetadata({ version, dataset, start: BigInt(START) * 1_000_000_000n, tsOut: false }), stypeIn: 1, symbols: [rawSymbol],
    mappings: [{ rawSymbol, intervals: [{ startDate: 20_250_101, endDate: 20_260_101, symbol: String(ID) }] }],
  });
  const trades = Array.from({ length: to - from }, (_, n) => {
    const nanos = BigInt(START + from + n) * 1_000_000_000n;
    return tradeBytes({ instrumentId: ID, sequence: from + n, tsEvent: nanos, tsRecv: nanos + 1000n, size: 2, price: 21_742_500_000_000n, side: "B" });
  });
  writeFileSync(path, concatBytes(head, ...trades));
  return path;
}

const at = (seconds: number): { sec: number; nanos: number } => ({ sec: START + seconds, nanos: 5000 });
const open = (paths: readonly string[], speed: number, symbol: string | null = null): ReturnType<typeof openReplayFeed> =>
  openReplayFeed(system, paths, { symbol: symbol === null ? null : parseSymbol(symbol), speed, calendar: builtInCalendar });

async function played(paths: readonly string[]): Promise<TradeStore> {
  const feed = await open(paths, Number.POSITIVE_INFINITY);
  const store = createTradeStore({ requested: feed.requested, mode: "REPLAY" });
  await runFeed(system, feed, { store, onChange() {} }, new AbortController().signal);
  store.commit();
  await feed.close();
  return store;
}

test("files of two datasets are no market together", async () => {
  const paths = [file("a.dbn", 0, 10), file("b.dbn", 10, 20, { dataset: "XNAS.ITCH" })];
  await expect(open(paths, 1)).rejects.toMatchObject({ code: "FILE_CONTENT", message: expect.stringContaining("GLBX.MDP3 and XNAS.ITCH") });
});

test("a contract that is not in the files is refused with those that are", async () => {
  await expect(open([file("a.dbn", 0, 10)], 1, "ESM5")).rejects.toMatchObject({ code: "INSTRUMENT_UNKNOWN", message: "ESM5 is not in the files; there are: NQM5" });
});

test("files of versions 1, 2 and 3 are one market, each trade of it once", async () => {
  const paths = [file("1.dbn", 0, 10, { version: 1 }), file("2.dbn", 10, 20, { version: 2 }), file("3.dbn", 15, 30, { version: 3 })];
  const { counters, studies } = (await played(paths)).getSnapshot();
  expect(counters.trades).toBe(30);
  expect(studies.session.volume).toBe(60);
});

test("in overlapping files a jump finds each trade once, too", async () => {
  const feed = await open([file("a.dbn", 0, 200), file("b.dbn", 100, 300)], 1);
  await feed.playback?.isRead;
  const store = createTradeStore({ requested: feed.requested, mode: "REPLAY", focus: { instrumentId: ID, rawSymbol: "NQM5" } });
  await feed.playback?.seek(at(250));
  expect(await feed.playback?.prime(store, null)).toBe(true);
  store.commit();
  expect(store.getSnapshot().counters.trades).toBe(251);
  await feed.close();
});

test("a folder that cannot be written is told of, and nothing else happens", async () => {
  const feed = await openDemoFeed(system, { symbol: parseSymbol("NQ.v.0"), roll: null, calendar: builtInCalendar, speed: 1, startAt: null, seed: null });
  const store = createTradeStore({ requested: feed.requested, mode: "DEMO" });
  const inTheWay = file("in-the-way.dbn", 0, 1); // also for whoever may write everywhere
  const started = startRecordKeeper(system, feed, { dir: join(inTheWay, "recordings"), syncMs: 1000 }, () => store.getSnapshot(), () => {});
  await expect(started).rejects.toMatchObject({ code: "RECORD_DISK", message: expect.stringContaining(`${join(inTheWay, "recordings", "demo")} cannot be used for recordings: `) });
  await feed.close();
});

test("a folder that could not be taken up is free for the next try", async () => {
  const feed = await openDemoFeed(system, { symbol: parseSymbol("NQ.v.0"), roll: null, calendar: builtInCalendar, speed: 1, startAt: null, seed: null });
  const store = createTradeStore({ requested: feed.requested, mode: "DEMO" });
  const dir = mkdtempSync(join(folder, "again-"));
  const start = (on: System): ReturnType<typeof startRecordKeeper> => startRecordKeeper(on, feed, { dir, syncMs: 1000 }, () => store.getSnapshot(), () => {});
  const failing: System = { ...system, disk: { ...system.disk, list: () => Promise.reject(new Error("EIO: i/o error")) } };
  await expect(start(failing)).rejects.toMatchObject({ code: "RECORD_DISK" });
  await (await start(system)).stop();
  await feed.close();
});

test("recordings that cannot be looked through are no past and no head start, and nothing breaks of it", async () => {
  const on: System = { ...system, apiKeyText: KEY_TEXT };
  const feed = openLiveFeed(on, { symbol: parseSymbol("NQ.v.0"), roll: null, gateway: { transport: "tcp", host: "127.0.0.1", port: 1 }, calendar: builtInCalendar });
  const store = await played([file("past.dbn", 0, 10)]);
  const inTheWay = file("no-folder.dbn", 0, 1);
  await expect(recordedPast(on, feed, inTheWay, () => Promise.resolve())(store)).rejects.toMatchObject({ code: "FILE_OPEN", message: expect.stringContaining(inTheWay) });
  expect(await findWarmStart(on, feed, inTheWay)).toBeNull();
  expect(await findWarmStart({ ...on, env: {} }, feed, null)).toBeNull(); // no home is known
});

test("a file that is deleted while it is played: what is known stays on screen, and why it does not go on is said", async () => {
  const path = file("gone.dbn", 0, 300);
  const before = { bytes: readFileSync(path), time: statSync(path).mtimeMs };
  const feed = await open([path], 1);
  const { playback } = feed;
  if (playback === undefined) throw new Error("it cannot be moved about in");
  playback.toggle();
  await playback.isRead;
  const createStore = (): TradeStore => createTradeStore({ requested: feed.requested, mode: "REPLAY", focus: { instrumentId: ID, rawSymbol: "NQM5" } });
  const shown = new ShownStore(createStore());
  const stop = new AbortController();
  const said: string[] = [];
  const following = followPlayback(system, { feed, playback, shown, createStore, onChange: () => void shown.commit(), say: (text) => void said.push(text) }, stop.signal);
  await playback.seek(at(250));
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await until(() => shown.getSnapshot().counters.trades === 251);
  expect({ bytes: readFileSync(path), time: statSync(path).mtimeMs }).toEqual(before);
  unlinkSync(path);
  await playback.seek(at(99));
  await until(() => said.length > 0);
  expect(said).toEqual([expect.stringContaining(`${path} cannot be opened: there is no such file`)]);
  expect(shown.getSnapshot().counters.trades).toBe(100); // what came before that second is known; the rest of the file is not
  stop.abort();
  await following;
  await feed.close();
});
