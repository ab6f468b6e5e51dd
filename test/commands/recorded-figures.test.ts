/** Recordings read at once give the same figures as the same recordings played through the gateway. */
import { expect, test } from "vitest";
import { openRecordedMarket } from "../../src/commands/recorded-market.ts";
import { openReplayFeed } from "../../src/commands/replay-feed.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { createSystem } from "../../src/commands/system.ts";
import { readRecordedTrades } from "../../src/gateway/recorded-trades.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { marketDigest } from "../../src/store/digest.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";

const NO_PROGRESS = { show: () => {}, clear: () => {} };

/** The digest without quotes, which are not read, and without the count of other instruments, which no gateway sends. */
function figures(snapshot: Snapshot): unknown {
  const { counters, studies, ...rest } = JSON.parse(marketDigest(snapshot)) as { counters: Record<string, unknown>; studies: Record<string, unknown> };
  return { ...rest, counters: { ...counters, quotes: 0, otherInstrument: 0 }, studies: { ...studies, quote: null } };
}

async function played(paths: readonly string[]): Promise<Snapshot> {
  const system = createSystem();
  const feed = await openReplayFeed(system, paths, { symbol: null, speed: Number.POSITIVE_INFINITY, calendar: builtInCalendar });
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar });
  await runFeed(system, feed, { store, onChange: () => {} }, new AbortController().signal);
  await feed.close();
  store.commit();
  return store.getSnapshot();
}

async function read(paths: readonly string[]): Promise<Snapshot> {
  const { source, instrument } = await openRecordedMarket(paths, null, NO_PROGRESS);
  const store = createTradeStore({ requested: instrument.rawSymbol, mode: "REPLAY", calendar: builtInCalendar, focus: instrument });
  store.beginSession(source.covers[0]?.from ?? null);
  await readRecordedTrades(source, { onRecord: store.applyRecord, onPiece: () => {}, signal: new AbortController().signal });
  store.commit();
  return store.getSnapshot();
}

describeWithFixtures("real recordings", () => {
  test.each([
    [["futures_trades_2024-07-01T23-58_2024-07-02T00-02"]],
    [["futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02"]],
    [["esh4-glbx-mdp3-20231225.mbo"]],
    [["esh4-glbx-mdp3-20231225.mbo", "futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02"]],
  ])("%j", async (names) => {
    const paths = names.map((name) => fixture(`real/${name}.dbn.zst`));
    const [byGateway, byReader] = [await played(paths), await read(paths)];
    expect(byReader.studies.session.volume).toBeGreaterThan(200);
    expect(figures(byReader)).toEqual(figures(byGateway));
    expect(byReader.coverage).toEqual(byGateway.coverage);
  });
});
