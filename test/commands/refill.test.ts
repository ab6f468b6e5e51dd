/** A disk that is full for a while: the market goes on, what was missed is asked for again, and the recording is whole. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { startRecordKeeper, type RecordKeeper } from "../../src/commands/record-keeper.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { demoTimeOfDay } from "../../src/gateway/demo/demo-day.ts";
import { createDemoSource } from "../../src/gateway/demo/demo-source.ts";
import { openRecordingSource } from "../../src/gateway/recording-source.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { realDisk, type Disk } from "../../src/recording/disk.ts";
import { listRecordings } from "../../src/recording/library.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { KEY_TEXT } from "../gateway/raw-client.ts";
import { rig } from "../gateway/gateway-rig.ts";

const root = mkdtempSync(join(tmpdir(), "nq-tui-refill-"));
afterAll(() => rmSync(root, { recursive: true }));
const NOON = Date.parse("2025-06-13T12:00:00-04:00");
const FAR = { sec: 4e9, nanos: 0 };

/** This machine's disk, on which there is room or not. */
class Room {
  isFull = false;
  readonly disk: Disk = {
    ...realDisk,
    open: async (path, how) => {
      const file = await realDisk.open(path, how);
      return { ...file, write: (bytes, at) => (this.isFull ? Promise.reject(Object.assign(new Error("no room"), { code: "ENOSPC" })) : file.write(bytes, at)) };
    },
  };
}

function system(disk: Disk): System {
  const real = createSystem();
  const shift = NOON - Date.now();
  // Retries of a disk in seconds are too slow to wait for.
  const after: System["clock"]["after"] = (delayMs, run) => real.clock.after(Math.min(delayMs, 200), run);
  return { ...real, apiKeyText: KEY_TEXT, disk, clock: { ...real.clock, after, wallMs: () => real.clock.wallMs() + shift } };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};
const line = (view: RecordView): string => `${view.instrumentId} ${view.tsEvent} ${view.sequence} ${view.price} ${view.size}`;

/** The trades of the recording as a replay has them: in order of time, of all files. */
async function recorded(folder: string): Promise<string[]> {
  const days = await listRecordings(realDisk, folder);
  const paths = days.flatMap((day) => day.files).filter(({ name }) => name.schema === "trades").map(({ path }) => path);
  const source = await openRecordingSource(paths);
  const reader = source.open();
  const view = new RecordView();
  const found: string[] = [];
  for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
    if (batch === null) continue;
    for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) found.push(line(view.point(batch.bytes, at)));
  }
  await reader.close();
  expect(source.duplicates).toBe(0);
  return found;
}

interface Outage {
  readonly keeper: RecordKeeper;
  readonly said: string[];
  readonly trades: () => number;
}

/** Records a busy minute in which the disk is full for a while; `then` goes on from there. */
async function outage(replayHours: number, then: (outage: Outage) => Promise<void>): Promise<string> {
  const folder = mkdtempSync(join(root, "run-"));
  const room = new Room();
  const on = system(room.disk);
  const gateway = await rig({ source: createDemoSource({ startAt: demoTimeOfDay(9.5 * 3600) }), speed: 20, endOfSource: "stay" });
  const feed = openLiveFeed(on, { symbol: parseSymbol("NQ.v.0"), roll: null, gateway: { transport: "tcp", host: "127.0.0.1", port: gateway.port }, calendar: builtInCalendar });
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode });
  const said: string[] = [];
  const onRefill = (text: string): void => void said.push(text);
  const keeper = await startRecordKeeper(on, replayHours === 0 ? { ...feed, apiKey: feed.apiKey, endpoint: { transport: "tcp", host: "127.0.0.1", port: 1 } } : feed,
    { dir: folder, syncMs: 50, limits: { heldMax: 60_000 }, onRefill }, () => store.getSnapshot(), () => {});
  let isRecording = false; // it begins in the middle, so that what waits for the disk is little
  const stop = new AbortController();
  const running = runFeed(on, feed, { store, onChange: () => void store.commit(), keep: (view) => void (isRecording && keeper.keep(view)) }, stop.signal);
  await until(() => store.getSnapshot().link?.phase === "LIVE");
  isRecording = true;
  const began = store.countedTrades();
  await until(() => store.countedTrades() > began + 200);
  await keeper.settle();
  room.isFull = true;
  const before = store.countedTrades();
  await until(() => keeper.state().phase === "DEGRADED" && (keeper.state().holes.find(({ schema }) => schema === "trades")?.records ?? 0) > 500);
  expect(store.countedTrades()).toBeGreaterThan(before + 500); // the market goes on
  room.isFull = false;
  await then({ keeper, said, trades: () => store.countedTrades() });
  stop.abort();
  await running;
  await keeper.stop();
  return folder;
}

test("full for a while: the hole is filled by what the gateway still has, each trade once and in order", async () => {
  const folder = await outage(24, async ({ keeper, said, trades }) => {
    // While it is filled another one may come: there is little room.
    await until(() => said.length > 0 && !keeper.state().holes.some(({ schema }) => schema === "trades"));
    for (const text of said) expect(text).toMatch(/^the hole of the recording, 09:3\d:\d\d to 09:3\d:\d\d ET, is filled: [\d,]+ trades came again$/);
    const now = trades();
    await until(() => trades() > now + 200); // and it goes on
  });
  const found = await recorded(folder);
  const reader = createDemoSource({ startAt: demoTimeOfDay(9.5 * 3600) }).open();
  const view = new RecordView();
  const told: string[] = [];
  while (told.lastIndexOf(found.at(-1) ?? "") < 0) {
    const batch = await reader.read(FAR);
    if (batch === "end" || batch === null) break;
    for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) if (view.point(batch.bytes, at).rtype === 0) told.push(line(view));
  }
  const shown = new Set(found.map((one) => one.split(" ")[0]));
  const all = told.filter((one) => shown.has(one.split(" ")[0]));
  const first = all.indexOf(found[0] ?? "");
  expect(found).toEqual(all.slice(first, first + found.length));
}, 60_000);

test("a gateway that cannot be reached for it: the hole stays, and that is said", async () => {
  await outage(0, async ({ keeper, said }) => {
    await until(() => said.some((text) => text.includes(", stays: ")));
    expect(said[0]).toContain(", is not filled yet: ");
    expect(said).toHaveLength(2);
    expect(keeper.state()).toMatchObject({ phase: "RECORDING" });
    expect(keeper.state().holes.filter(({ schema }) => schema === "trades")).toHaveLength(1);
  });
}, 60_000);
