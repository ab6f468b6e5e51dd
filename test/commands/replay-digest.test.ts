/** A recording played again gives the figures of the live run that made it, and the files made of both are the same bytes. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Feed } from "../../src/commands/feed.ts";
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { startRecordKeeper } from "../../src/commands/record-keeper.ts";
import { openReplayFeed } from "../../src/commands/replay-feed.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { createDemoSource } from "../../src/gateway/demo/demo-source.ts";
import { demoTimeOfDay } from "../../src/gateway/demo/demo-day.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { marketDigest } from "../../src/store/digest.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import { runProgram } from "../helpers/run-program.ts";
import { KEY_TEXT } from "../gateway/raw-client.ts";
import { rig } from "../gateway/gateway-rig.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-again-"));
afterAll(() => rmSync(folder, { recursive: true }));
const EVENING = Date.parse("2025-06-13T16:59:00-04:00");

function system(): System {
  const real = createSystem();
  const shift = EVENING - Date.now();
  return { ...real, apiKeyText: KEY_TEXT, clock: { ...real.clock, wallMs: () => real.clock.wallMs() + shift }, env: { XDG_CACHE_HOME: join(folder, "cache") } };
}

function storeOf(feed: Feed): TradeStore {
  return createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar });
}

/** Plays the recording to its end. */
async function replayed(paths: readonly string[]): Promise<TradeStore> {
  const on = system();
  const feed = await openReplayFeed(on, paths, { symbol: null, speed: Number.POSITIVE_INFINITY, calendar: builtInCalendar });
  const store = storeOf(feed);
  await runFeed(on, feed, { store, onChange: () => void store.commit() }, new AbortController().signal);
  await feed.close();
  store.commit();
  return store;
}

const pathsOf = (dir: string): string[] => readdirSync(dir).filter((name) => /\.dbn\.(part|zst)$/.test(name)).map((name) => join(dir, name));

describe("the whole demo day, recorded while it was live", () => {
  const dir = mkdtempSync(join(folder, "day-"));
  let live: TradeStore;
  beforeAll(async () => {
    const on = system();
    const gateway = await rig({ source: createDemoSource({ startAt: demoTimeOfDay(16 * 3600 + 58 * 60) }), speed: 60, endOfSource: "close" });
    const feed = openLiveFeed(on, { symbol: parseSymbol("NQ.v.0"), roll: null, gateway: { transport: "tcp", host: "127.0.0.1", port: gateway.port }, calendar: builtInCalendar });
    live = storeOf(feed);
    const keeper = await startRecordKeeper(on, feed, { dir, syncMs: 1000, limits: { heldMax: 512 * 1024 * 1024 } }, () => live.getSnapshot(), () => {});
    await runFeed(on, feed, { store: live, keep: keeper.keep, onAgain: keeper.again, onChange: () => void live.commit() }, new AbortController().signal);
    live.commit();
    await keeper.stop();
    expect(keeper.state().holes).toEqual([]);
  }, 60_000);

  test("has the same digest when it is played", async () => {
    expect(live.getSnapshot().counters.trades).toBeGreaterThan(300_000);
    expect(marketDigest((await replayed(pathsOf(dir))).getSnapshot())).toBe(marketDigest(live.getSnapshot()));
  }, 60_000);

  test("gives the same log and the same analysis as the market itself, but for the word that says which it is", async () => {
    const paths = pathsOf(dir).filter((path) => !path.includes(".mbp-1."));
    const options = { env: { HOME: folder } };
    const logged = await runProgram(["log", "--demo", "--speed", "max", "--every", "1m"], options.env);
    const again = await runProgram(["log", ...paths, "--every", "1m"], options.env);
    expect(again.stdout.split("\n").length).toBeGreaterThan(1_000);
    expect(again.stdout).toBe(logged.stdout.replaceAll(",DEMO,", ",REPLAY,"));
    const analysed = await runProgram(["volume", "live", "--demo", "--speed", "max", "--csv", "--table", "hours"], options.env);
    const analysedAgain = await runProgram(["volume", ...paths, "--csv", "--table", "hours"], options.env);
    expect(analysedAgain.stdout.split("\n").length).toBeGreaterThan(20);
    expect(analysedAgain.stdout).toBe(analysed.stdout.replaceAll("DEMO", "REPLAY"));
  }, 60_000);
});
