/** Where counting begins: from nothing when told so, and on and on otherwise, whatever the link does. */
import { describe, expect, test } from "vitest";
import type { PartialRecord } from "../../src/dbn/encode.ts";
import { marketDigest } from "../../src/store/digest.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import { apply, DAY, link, mapping, MONDAY, newStore, system, trade } from "./market-records.ts";

const FROM = { sec: DAY.openSec, nanos: 0 };
const volume = (store: TradeStore): number => {
  store.commit();
  return store.getSnapshot().studies.session.volume;
};
/** A day of `count` trades, one a second. */
const trades = (count: number, first = 0): readonly PartialRecord[] =>
  Array.from({ length: count }, (_, index) => trade({ sec: DAY.openSec + first + index, sequence: first + index }));

/** A store after a first session with these records. */
function counted(...records: readonly PartialRecord[]): TradeStore {
  const store = newStore();
  store.beginSession(FROM);
  apply(store, mapping(), ...records);
  return store;
}

describe("after a loss", () => {
  test("counting goes on with what is new, and nothing of the link changes a figure", () => {
    const whole = counted(...trades(40));
    const store = counted(...trades(10));
    const seen = [volume(store)];
    store.applyLink(link("DOWN"));
    store.applyLink(link("CATCHING_UP"));
    for (const record of [mapping(), ...trades(15, 10), system("Finished trades replay")]) {
      apply(store, record);
      seen.push(volume(store));
    }
    expect(seen).toEqual([10, 10, ...Array.from({ length: 15 }, (_, n) => 11 + n), 25]);
    store.applyLink(link("LIVE"));
    apply(store, ...trades(15, 25));
    whole.commit();
    store.commit();
    expect(marketDigest(store.getSnapshot())).toBe(marketDigest(whole.getSnapshot()));
  });
});

describe("a new beginning", () => {
  test("counts from nothing, at once", () => {
    const store = counted(...trades(10));
    expect(volume(store)).toBe(10);
    store.beginSession({ sec: DAY.openSec + 5, nanos: 0 });
    expect(volume(store)).toBe(0);
    expect(store.getSnapshot()).toMatchObject({ instrument: null, day: null, asOf: null });
    apply(store, mapping(), ...trades(4, 5));
    expect(volume(store)).toBe(4);
    expect(store.getSnapshot().coverage).toMatchObject({ complete: false });
  });

  test("gives the figures of a store that never counted anything else", () => {
    const fresh = counted(...trades(12, 3));
    const store = counted(...trades(10));
    store.commit();
    store.beginSession(FROM);
    apply(store, mapping(), ...trades(12, 3));
    fresh.commit();
    store.commit();
    expect(marketDigest(store.getSnapshot())).toBe(marketDigest(fresh.getSnapshot()));
  });

  test("before anything came says from when on it will be complete", () => {
    const store = newStore();
    store.beginSession(null);
    store.beginSession({ sec: DAY.openSec, nanos: 0 });
    store.commit();
    expect(store.getSnapshot().coverage).toEqual({ from: FROM, complete: true, text: "complete since 18:00", gaps: [] });
  });
});

describe("coverage", () => {
  const coverageAfter = (from: { sec: number; nanos: number } | null, ...records: readonly PartialRecord[]): unknown => {
    const store = newStore();
    store.beginSession(from);
    apply(store, mapping(), ...records);
    store.commit();
    const { complete, text } = store.getSnapshot().coverage;
    return [complete, text];
  };
  const at = (time: string): number => Date.parse(`${time}-04:00`) / 1000;

  test("is complete from the open of the day", () => {
    expect(coverageAfter(FROM, trade({ sec: DAY.openSec + 500 }))).toEqual([true, "complete since 18:00"]);
    expect(coverageAfter({ sec: DAY.openSec - 86_400, nanos: 0 }, trade())).toEqual([true, "complete since 18:00"]);
  });

  test("is partial from a later time on", () => {
    const sec = at("2025-06-13T10:42:59");
    expect(coverageAfter({ sec, nanos: 0 }, trade({ sec }))).toEqual([false, "partial: from 10:42"]);
    expect(coverageAfter({ sec, nanos: 0 })).toEqual([false, "partial: from 10:42"]);
    expect(coverageAfter({ sec: DAY.openSec + 1, nanos: 0 }, trade({ sec }))).toEqual([false, "partial: from 18:00"]);
  });

  test("begins with the first trade when it is not known", () => {
    expect(coverageAfter(null)).toEqual([false, "nothing yet"]);
    const first = trade({ sec: at("2025-06-13T10:42:00") });
    expect(coverageAfter(null, first)).toEqual([false, "partial: from 10:42"]);
    expect(coverageAfter(null, first, trade({ sec: MONDAY.openSec + 5 }))).toEqual([true, "complete since 18:00"]);
  });
});

describe("coverage of a live market", () => {
  const coverageAfter = (from: { sec: number; nanos: number } | null, ...records: readonly PartialRecord[]): unknown => {
    const store = createTradeStore({ requested: "NQ.v.0", mode: "LIVE" });
    store.beginSession(from);
    apply(store, mapping(), ...records);
    store.commit();
    const { complete, text } = store.getSnapshot().coverage;
    return [complete, text];
  };
  const received = (tsRecv: bigint): PartialRecord => ({ ...trade({ sec: DAY.openSec + 500 }), tsRecv }) as PartialRecord;

  test("is nothing before the first trade: nobody knows whether none was made or none came", () => {
    expect(coverageAfter(FROM)).toEqual([false, "nothing yet"]);
  });

  test("is complete where the first trade is of the first minute", () => {
    expect(coverageAfter(FROM, trade({ sec: DAY.openSec + 59 }))).toEqual([true, "complete since 18:00"]);
  });

  test("is doubtful up to the first trade where that came late: the gateway may no longer have had what was before it", () => {
    const text = "since 18:00, gap 18:00:00–18:08:20 unverified";
    expect(coverageAfter(FROM, trade({ sec: DAY.openSec + 500 }))).toEqual([false, text]);
    // It may have been made earlier than others that are missing: up to where it came.
    const tsRecv = BigInt(DAY.openSec + 503) * 1_000_000_000n;
    expect(coverageAfter(FROM, received(tsRecv))).toEqual([false, "since 18:00, gap 18:00:00–18:08:23 unverified"]);
    expect(coverageAfter(FROM, received(0xffff_ffff_ffff_ffffn))).toEqual([false, text]);
  });

  test("is so until a later day, of which every trade was seen", () => {
    expect(coverageAfter(FROM, trade({ sec: DAY.openSec + 500 }), trade({ sec: MONDAY.openSec + 500 }))).toEqual([true, "complete since 18:00"]);
  });
});

test("a gateway that serves a simulated or replayed market is never shown as live", () => {
  const store = createTradeStore({ requested: "NQ.v.0", mode: "LIVE" });
  const modes = ["0.9.4", "0.9.4 nq-tui demo", "0.9.4 nq-tui replay", null, "0.9.4"].map((gatewayVersion) => {
    store.applyLink({ ...link("LIVE"), gatewayVersion });
    store.commit();
    return store.getSnapshot().mode;
  });
  expect(modes).toEqual(["LIVE", "DEMO", "REPLAY", "REPLAY", "LIVE"]);
});
