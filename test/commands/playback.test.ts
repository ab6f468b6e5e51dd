/** A recording played like a film: wherever it is moved to, the figures are those of a run from the start to there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { runLiveClient } from "../../src/client/live-client.ts";
import { Playback } from "../../src/commands/playback.ts";
import { createSystem } from "../../src/commands/system.ts";
import { openRecordingSource } from "../../src/gateway/recording-source.ts";
import { subscriptionsFor } from "../../src/commands/feed.ts";
import { marketDigest } from "../../src/store/digest.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import type { UnixTime } from "../../src/lib/time.ts";
import { concatBytes, liveHeaderBytes, tradeBytes } from "../helpers/dbn-bytes.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-play-"));
afterAll(() => rmSync(folder, { recursive: true }));
const open: Playback[] = [];
afterEach(async () => {
  for (const playback of open.splice(0)) await playback.close();
});

const START = 1_749_821_400; // 2025-06-13 09:30 Eastern
const TRADES = 120;
const at = (seconds: number, nanos = 0): UnixTime => ({ sec: START + seconds, nanos });

/** A trade each second, every thirtieth of 40 contracts. */
function file(): string {
  const path = join(folder, "film.dbn");
  const records = Array.from({ length: TRADES }, (_, index) => {
    const nanos = BigInt(START + index) * 1_000_000_000n;
    return tradeBytes({
      instrumentId: 42, sequence: index, tsEvent: nanos, tsRecv: nanos + 1000n, size: index % 30 === 29 ? 40 : 1 + (index % 3),
      price: 21_742_500_000_000n + BigInt(index % 7) * 250_000_000n, side: index % 2 === 0 ? "B" : "A",
    });
  });
  writeFileSync(path, concatBytes(liveHeaderBytes(3), ...records));
  return path;
}

async function film(speed = 1): Promise<Playback> {
  const playback = await Playback.start(createSystem(), await openRecordingSource([file()]), 42, speed);
  open.push(playback);
  return playback;
}

/** A store that follows the playback until `holds`. */
async function watch(playback: Playback, holds: (store: TradeStore) => boolean): Promise<TradeStore> {
  const store = createTradeStore({ requested: "NQM5", mode: "REPLAY", focus: { instrumentId: 42, rawSymbol: "NQM5" } });
  const system = createSystem();
  const stop = new AbortController();
  const symbol = { text: "42", stypeIn: "instrument_id" } as const;
  await runLiveClient({
    endpoint: playback.endpoint,
    dataset: "GLBX.MDP3",
    apiKey: playback.apiKey,
    subscriptions: () => subscriptionsFor({ symbol, companion: null, tradesStart: 0n, quotesStart: null, resume: null }),
    clock: system.clock,
    random: system.random,
    onSessionStart: () => store.beginSession(at(0)),
    onRecord: store.applyRecord,
    onBatchEnd() {
      store.commit();
      if (holds(store)) stop.abort();
    },
  }, stop.signal);
  store.commit();
  return store;
}

const tradesOf = (store: TradeStore): number => store.getSnapshot().counters.trades;

describe("playing", () => {
  test("paused it stands; a step is one trade, then one second", async () => {
    const playback = await film();
    playback.toggle();
    let steps = 0;
    const store = await watch(playback, (seen) => {
      if (playback.state().outline === null) {
        setTimeout(() => playback.stepTrade(), 5);
        return false;
      }
      if (tradesOf(seen) > steps && steps < 5) {
        steps = tradesOf(seen);
        if (steps < 4) playback.stepTrade();
        else if (steps === 4) playback.stepSecond();
      }
      return tradesOf(seen) >= 5;
    });
    expect(tradesOf(store)).toBe(5);
    expect(playback.state()).toMatchObject({ isPlaying: false, at: { sec: START + 4 } });
  });

  test("goes slower and faster between its bounds", async () => {
    const playback = await film();
    for (let n = 0; n < 20; n += 1) playback.changeSpeed(-1);
    expect(playback.state().speed).toBe(0.1);
    for (let n = 0; n < 20; n += 1) playback.changeSpeed(1);
    expect(playback.state().speed).toBe(3600);
  });
});

describe("seeking", () => {
  test.each([[90, 30], [30, 90], [100, 0], [5, 119]])("from %i s to %i s: the figures are those of a run from the start", async (first, second) => {
    const playback = await film();
    playback.toggle();
    await playback.seek(at(first, 5000));
    await watch(playback, (store) => tradesOf(store) >= first + 1);
    let moved = 0;
    playback.onMoved = () => (moved += 1);
    await playback.seek(at(second, 5000));
    const store = await watch(playback, (seen) => tradesOf(seen) >= second + 1);
    expect(moved).toBe(second < first ? 1 : 0);

    const straight = await film();
    straight.toggle();
    await straight.seek(at(second, 5000));
    const expected = await watch(straight, (seen) => tradesOf(seen) >= second + 1);
    expect(marketDigest(store.getSnapshot())).toBe(marketDigest(expected.getSnapshot()));
  });

  test("outside the recording is its nearest end", async () => {
    const playback = await film();
    playback.toggle();
    await playback.seek(at(10_000));
    expect(playback.state().at).toEqual(at(TRADES - 1, 1000));
    await playback.seek(at(-10_000));
    expect(playback.state().at).toEqual(at(0, 1000));
  });

  test("the next large trade is a second away afterwards", async () => {
    const playback = await film();
    playback.toggle();
    while (playback.state().outline === null) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(playback.state().outline).toMatchObject({ trades: TRADES, firstMinuteSec: START });
    expect(playback.state().outline?.large.map(({ at: { sec }, size }) => [sec - START, size])).toEqual([[29, 40], [59, 40], [89, 40], [119, 40]]);
    expect(playback.seekLarge()).toBe(true);
    expect(playback.state().at).toEqual(at(28, 1000));
    playback.stepSecond();
    playback.stepSecond();
    expect(playback.seekLarge()).toBe(true);
    expect(playback.state().at).toEqual(at(58, 1000));
  });

  test("the outline's minutes hold every contract", async () => {
    const playback = await film();
    while (playback.state().outline === null) await new Promise((resolve) => setTimeout(resolve, 5));
    const volumes = Array.from({ length: TRADES }, (_, index) => (index % 30 === 29 ? 40 : 1 + (index % 3)));
    const sum = (from: number, to: number): number => volumes.slice(from, to).reduce((all, size) => all + size, 0);
    expect([...(playback.state().outline?.minutes ?? [])]).toEqual([sum(0, 60), sum(60, 120)]);
  });
});
