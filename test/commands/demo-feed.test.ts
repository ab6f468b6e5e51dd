/** The demo as a feed, through its gateway, the client and the store: the contract asked for and the one beside it. */
import { afterEach, expect, test } from "vitest";
import { openDemoFeed } from "../../src/commands/demo-feed.ts";
import type { Feed } from "../../src/commands/feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import { createSystem } from "../../src/commands/system.ts";
import type { RollRule } from "../../src/market/front-month.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { createTradeStore } from "../../src/store/store.ts";

const system = createSystem();
let feed: Feed | null = null;
afterEach(() => feed?.close());

/** What is published once this many trades were counted. */
async function snapshotAfter(trades: number, roll: RollRule | null): Promise<Snapshot> {
  feed = await openDemoFeed(system, {
    symbol: parseSymbol("NQ.v.0"), roll, calendar: builtInCalendar, speed: Number.POSITIVE_INFINITY, startAt: 18 * 3600, seed: null,
  });
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule });
  const stop = new AbortController();
  const onChange = (): void => {
    store.commit();
    if (store.getSnapshot().counters.trades >= trades) stop.abort();
  };
  await runFeed(system, feed, { store, onChange, retry: false }, stop.signal);
  store.commit();
  return store.getSnapshot();
}

test("September is counted beside June, and enters no figure", async () => {
  const { roll, counters, studies, instrument } = await snapshotAfter(20_000, null);
  expect(instrument?.rawSymbol).toBe("NQM5");
  expect(roll).toMatchObject({
    rule: "volume", front: "NQM5", next: "NQU5", frontVolume: studies.session.volume, expires: "2025-06-20", daysToExpiry: 7, level: "info",
    warning: "NQM5 rolls to NQU5 on Monday 2025-06-16", rolled: null,
  });
  expect(roll?.nextVolume).toBeGreaterThan(0);
  expect(roll?.share).toBeLessThan(0.05);
  expect(counters.otherInstrument).toBeGreaterThan(0);
  // June traded between 21,498.75 and 21,905.25 that day, September some 195 points above.
  expect(studies.session.highTicks).toBeLessThan(21_910 * 4);
});

test("by the older roll date September is asked for, and December is the next one", async () => {
  const { roll, requested, instrument, studies } = await snapshotAfter(20, "thursday");
  expect([requested, instrument?.rawSymbol]).toEqual(["NQU5", "NQU5"]);
  expect(roll).toMatchObject({ rule: "thursday", front: "NQU5", next: "NQZ5", nextVolume: null, share: null, level: "none", warning: null });
  // June opened at 21,900.00.
  expect(studies.session.openTicks).toBeGreaterThan(22_080 * 4);
});
