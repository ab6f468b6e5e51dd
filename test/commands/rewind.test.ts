/** Into the past of a market that goes on, about in it, and back: nothing of what came meanwhile is missing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { openDemoFeed } from "../../src/commands/demo-feed.ts";
import type { Feed } from "../../src/commands/feed.ts";
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { startRecordKeeper } from "../../src/commands/record-keeper.ts";
import { recordedPast } from "../../src/commands/recorded-past.ts";
import { Rewind } from "../../src/commands/rewind.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { ShownStore } from "../../src/commands/shown-store.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { demoTimeOfDay } from "../../src/gateway/demo/demo-day.ts";
import { createDemoSource } from "../../src/gateway/demo/demo-source.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { marketDigest } from "../../src/store/digest.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import { rig } from "../gateway/gateway-rig.ts";
import { KEY_TEXT } from "../gateway/raw-client.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-rewind-"));
afterAll(() => rmSync(folder, { recursive: true }));

const EVENING = Date.parse("2025-06-13T16:59:00-04:00");
const START = 16 * 3600 + 50 * 60;
const SPEED = 6;
const END = { sec: Date.parse("2025-06-13T17:00:00-04:00") / 1000, nanos: 0 };

/** This machine at the end of the demo day. */
function system(): System {
  const real = createSystem();
  const shift = EVENING - Date.now();
  const sink = (): NodeJS.WriteStream => new PassThrough().resume() as unknown as NodeJS.WriteStream;
  return {
    ...real, apiKeyText: KEY_TEXT, clock: { ...real.clock, wallMs: () => real.clock.wallMs() + shift }, stdout: sink(), stderr: sink(),
    env: { XDG_CACHE_HOME: join(folder, "cache") },
  };
}

interface Run {
  readonly on: System;
  readonly feed: Feed;
  readonly live: TradeStore;
  readonly shown: ShownStore;
  readonly rewind: Rewind;
  readonly said: string[];
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** The last minutes of the demo day, recorded or not; after `during` the rest of them at once, where the gateway can. The live store at their end. */
async function lastMinutes(kind: "recorded" | "not recorded" | "demo", during: (run: Run) => Promise<void>): Promise<TradeStore> {
  const on = system();
  const dir = mkdtempSync(join(folder, "run-"));
  const source = createDemoSource({ startAt: demoTimeOfDay(START) });
  const gateway = kind === "demo" ? null : await rig({ source, speed: SPEED, endOfSource: "close" });
  const feed = gateway === null
    ? await openDemoFeed(on, { symbol: parseSymbol("NQ.v.0"), roll: null, calendar: builtInCalendar, speed: SPEED, startAt: START, seed: null })
    : openLiveFeed(on, { symbol: parseSymbol("NQ.v.0"), roll: null, gateway: { transport: "tcp", host: "127.0.0.1", port: gateway.port }, calendar: builtInCalendar });
  const live = createTradeStore({ requested: feed.requested, mode: feed.mode });
  const keeper = kind === "recorded" ? await startRecordKeeper(on, feed, { dir, syncMs: 100 }, () => live.getSnapshot(), () => {}) : null;
  const shown = new ShownStore(live);
  const said: string[] = [];
  const openPast = recordedPast(on, feed, dir, async () => keeper?.settle());
  const rewind: Rewind = new Rewind(on, { feed, live, shown, openPast, onChange: () => {}, say: (text) => void said.push(text), hold: () => {} });
  const onChange = (): void => {
    if (shown.store === live) live.commit();
    rewind.liveChanged();
  };
  const stop = new AbortController();
  const running = runFeed(on, feed, { store: live, onChange, ...(keeper === null ? {} : { keep: keeper.keep }) }, stop.signal);
  await until(() => live.getSnapshot().link?.phase === "LIVE" && live.getSnapshot().asOf !== null);
  await during({ on, feed, live, shown, rewind, said });
  if (gateway === null) stop.abort();
  else gateway.control.jumpTo(END);
  await running;
  await rewind.close();
  await keeper?.stop();
  await feed.close();
  live.commit();
  return live;
}

const placeOf = ({ rewind }: Run): number => rewind.playing()?.at.sec ?? Number.NaN;

/** Goes back, about, on playing, and returns. */
async function travel(run: Run): Promise<void> {
  const { live, shown, rewind } = run;
  await rewind.enter();
  const past = shown.store;
  expect(past).not.toBe(live);
  const entered = live.countedTrades();
  const before = shown.getSnapshot();
  expect(before.counters.trades).toBeGreaterThan(0);
  expect(before.counters.trades).toBeLessThan(entered);
  expect(before.mode).not.toBe("LIVE");
  expect(before.instrument?.rawSymbol).toBe("NQM5");
  const behind = rewind.playing()?.behind?.sec ?? 0;
  expect(behind).toBeGreaterThanOrEqual(9);
  // The market goes on beneath, and falls farther behind the place that stands still.
  await until(() => live.countedTrades() > entered && (rewind.playing()?.behind?.sec ?? 0) > behind);
  expect(live.getSnapshot().counters.trades).toBeGreaterThan(entered - 1);
  const place = placeOf(run);
  await rewind.playback?.skip(-40);
  await until(() => shown.store !== past && shown.getSnapshot().counters.trades > 0);
  expect(placeOf(run)).toBe(place - 40);
  expect(shown.getSnapshot().counters.trades).toBeLessThan(before.counters.trades);
  rewind.playback?.toggle();
  rewind.playback?.setSpeed(60);
  await until(() => placeOf(run) > place - 30);
  const left = rewind.leave();
  expect(shown.store).toBe(live);
  expect(rewind.playing()).toBeNull();
  await left;
  expect(shown.store).toBe(live);
}

test("whoever went into the past of a recorded market and came back has every figure of one who did not", async () => {
  const straight = marketDigest((await lastMinutes("recorded", async () => {})).getSnapshot());
  const travelled = await lastMinutes("recorded", async (run) => {
    await travel(run);
    await travel(run);
    expect(run.said).toEqual([]);
  });
  expect(marketDigest(travelled.getSnapshot())).toBe(straight);
});

test("the demo market has its past without a recording", async () => {
  await lastMinutes("demo", async (run) => {
    await travel(run);
    expect(run.said).toEqual([]);
  });
});

test("what was not recorded is no past, and the reader is told what would make one", async () => {
  await lastMinutes("not recorded", async ({ rewind, shown, live, said }) => {
    await rewind.enter();
    expect(shown.store).toBe(live);
    expect(rewind.playing()).toBeNull();
    expect(said).toEqual(["the past comes from the recording, and nothing of this session was recorded: r begins to, record.when: always keeps every session"]);
  });
});
