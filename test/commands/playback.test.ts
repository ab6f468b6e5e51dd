/** A recording played like a film: wherever it is moved to, the figures are those of a run from the start to there. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { zstdCompressSync } from "node:zlib";
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
import { RecordWriter } from "../../src/dbn/record-writer.ts";
import { ReplayCache } from "../../src/recording/replay-cache.ts";
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

interface Reel {
  /** Of every fifth second the receiver's clock is four seconds behind. */
  readonly hasOddClock?: boolean;
  readonly isPacked?: boolean;
  /** Quotes after each trade. */
  readonly quotes?: number;
}

/** A trade each second, every thirtieth of 40 contracts. */
function file({ hasOddClock = false, isPacked = false, quotes = 0 }: Reel = {}): string {
  const path = join(folder, `film-${hasOddClock}-${quotes}.dbn${isPacked ? ".zst" : ""}`);
  const records = Array.from({ length: TRADES }, (_, index) => {
    const nanos = BigInt(START + index) * 1_000_000_000n;
    const received = nanos + 1000n - (hasOddClock && index % 5 === 4 ? 4_000_000_000n : 0n);
    const trade = tradeBytes({
      instrumentId: 42, sequence: index, tsEvent: nanos, tsRecv: received, size: index % 30 === 29 ? 40 : 1 + (index % 3),
      price: 21_742_500_000_000n + BigInt(index % 7) * 250_000_000n, side: index % 2 === 0 ? "B" : "A",
    });
    const price = 21_742_500_000_000 + (index % 7) * 250_000_000;
    const writer = new RecordWriter();
    for (let n = 0; n < quotes; n += 1) {
      writer.mbp1({
        publisherId: 1, instrumentId: 42, sec: START + index, nanos: 5000 + n, recvSec: START + index, recvNanos: 6000 + n, price, size: 1, action: "A", side: "B",
        flags: 0, depth: 0, tsInDelta: 0, sequence: index, bidPx: price, askPx: price + 250_000_000, bidSz: 1 + (index % 9), askSz: 2, bidCt: 1, askCt: 1,
      });
    }
    return concatBytes(trade, writer.bytes());
  });
  const bytes = concatBytes(liveHeaderBytes(3), ...records);
  writeFileSync(path, isPacked ? zstdCompressSync(bytes) : bytes);
  return path;
}

const cache = new ReplayCache(join(folder, "cache"));

/** With `kept` null there is no tape: everything comes through the socket. */
async function film(reel: Reel = {}, kept: ReplayCache | null = cache): Promise<Playback> {
  const shown = [{ stypeIn: "instrument_id", symbol: "42", instrumentId: 42, rawSymbol: "NQM5" }];
  const source = await openRecordingSource([file(reel)], { cache: kept });
  const playback = await Playback.start(createSystem(), source, { speed: 1, shown, cache: kept });
  open.push(playback);
  await playback.isRead;
  return playback;
}

/** A store that follows the playback until `holds`. */
async function watch(playback: Playback, holds: (store: TradeStore) => boolean): Promise<TradeStore> {
  const store = createTradeStore({ requested: "NQM5", mode: "REPLAY", focus: { instrumentId: 42, rawSymbol: "NQM5" } });
  const system = createSystem();
  const stop = new AbortController();
  const isPrimed = await playback.prime(store, at(0));
  const symbol = { text: "42", stypeIn: "instrument_id" } as const;
  await runLiveClient({
    endpoint: playback.endpoint,
    dataset: "GLBX.MDP3",
    apiKey: playback.apiKey,
    subscriptions() {
      const { trades, quotes } = playback.starts();
      return subscriptionsFor({ symbol, companion: null, tradesStart: trades, quotesStart: quotes, resume: null });
    },
    clock: system.clock,
    random: system.random,
    onSessionStart() {
      if (!isPrimed) store.beginSession(at(0));
    },
    onRecord: store.applyRecord,
    onLink(link) {
      store.applyLink(link);
      store.commit();
      if (holds(store)) stop.abort();
    },
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
  const jumps = [[90, 30], [30, 90], [100, 0], [5, 119], [119, 3]] as const;
  const reels: readonly (readonly [string, Reel])[] = [["a plain file", {}], ["a packed file", { isPacked: true }], ["a receiver's clock that goes back", { hasOddClock: true }]];
  test.each(reels.flatMap(([what, reel]) => jumps.map((jump) => [what, ...jump, reel] as const)))("%s, from %i s to %i s: the figures are those of a run from the start", async (_, first, second, reel) => {
    const playback = await film(reel);
    playback.toggle();
    await playback.seek(at(first, 5000));
    const straight = await film(reel, null);
    straight.toggle();
    await straight.seek(at(second, 5000));
    // A record that claims to be older than those before it is due with them.
    const trades = second + 1 + (reel.hasOddClock === true && second % 5 === 3 ? 1 : 0);
    const expected = await watch(straight, (seen) => tradesOf(seen) >= trades);
    await watch(playback, (store) => tradesOf(store) >= first);
    let moved = 0;
    playback.onMoved = () => (moved += 1);
    await playback.seek(at(second, 5000));
    const store = await watch(playback, (seen) => tradesOf(seen) >= trades);
    expect(moved).toBe(second < first || second - first > 90 ? 1 : 0);
    expect(marketDigest(store.getSnapshot())).toBe(marketDigest(expected.getSnapshot()));
  });

  test("the quote of that time is there as well, although all quotes before it were passed by", async () => {
    const playback = await film({ quotes: 400 });
    playback.toggle();
    await playback.seek(at(100, 5000));
    await watch(playback, (store) => tradesOf(store) >= 101);
    await playback.seek(at(95, 500_000));
    const store = await watch(playback, (seen) => seen.getSnapshot().studies.quote !== null && seen.getSnapshot().link?.phase === "LIVE");
    expect(tradesOf(store)).toBe(96);
    expect(store.getSnapshot().studies.quote).toMatchObject({ bidSize: 1 + (95 % 9) });
    expect(store.getSnapshot().counters.quotes).toBeLessThan(35 * 400);
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
