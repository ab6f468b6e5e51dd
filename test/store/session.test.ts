/** A new gateway session is counted from nothing while the old figures stay on screen. */
import fc from "fast-check";
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

describe("a second session", () => {
  test("counts nothing twice, and the screen never goes back", () => {
    const store = counted(...trades(10));
    store.beginSession(FROM);
    const seen = [volume(store)];
    for (const record of [mapping(), ...trades(15)]) {
      apply(store, record);
      seen.push(volume(store));
    }
    expect(seen).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 11, 12, 13, 14, 15]);
    expect(store.getSnapshot().studies.tape).toHaveLength(15);
  });

  test("gives the figures one session would have given, wherever the first broke off", () => {
    const day = trades(40);
    const whole = counted(...day);
    whole.commit();
    const wanted = marketDigest(whole.getSnapshot());
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }), (breaks) => {
        const store = newStore();
        for (const count of [...breaks, 40]) {
          store.beginSession(FROM);
          apply(store, mapping(), ...day.slice(0, count));
          store.commit();
        }
        expect(marketDigest(store.getSnapshot())).toBe(wanted);
      }),
    );
  });

  test("commits nothing while it has not caught up", () => {
    const store = counted(...trades(10));
    store.commit();
    store.beginSession(FROM);
    apply(store, mapping(), ...trades(5));
    expect(store.commit()).toBe(false);
  });

  test.each<[string, (store: TradeStore) => void]>([
    ["the gateway says that trades are replayed", (store) => apply(store, system("Finished trades replay"))],
    ["the link is live", (store) => store.applyLink(link("LIVE"))],
    ["the source is over", (store) => store.applyLink(link("ENDED"))],
  ])("is shown when %s, even with less", (_, finish) => {
    const store = counted(...trades(10));
    store.beginSession({ sec: DAY.openSec + 5, nanos: 0 });
    apply(store, mapping(), ...trades(4, 5));
    expect(volume(store)).toBe(10);
    finish(store);
    expect(volume(store)).toBe(4);
    expect(store.getSnapshot().coverage).toMatchObject({ complete: false });
  });

  test("is not shown by the end of another schema's replay", () => {
    const store = counted(...trades(10));
    store.beginSession(FROM);
    apply(store, mapping(), ...trades(4), system("Finished statistics replay"), system("Heartbeat", DAY.openSec + 99));
    expect(volume(store)).toBe(10);
  });

  test("without a trade leaves the old figures until its first one", () => {
    const store = counted(...trades(10));
    store.beginSession({ sec: MONDAY.openSec, nanos: 0 });
    apply(store, mapping(), system("Finished trades replay"));
    store.applyLink(link("LIVE"));
    expect(volume(store)).toBe(10);
    apply(store, trade({ sec: MONDAY.openSec, size: 3 }));
    expect(volume(store)).toBe(3);
  });

  test("that breaks off too is replaced by the third", () => {
    const store = counted(...trades(10));
    store.beginSession(FROM);
    apply(store, mapping(), ...trades(5), system("Finished trades replay"));
    expect(volume(store)).toBe(5);
    store.beginSession(FROM);
    apply(store, mapping(), ...trades(3));
    store.beginSession(FROM);
    apply(store, mapping(), ...trades(10));
    expect(volume(store)).toBe(10);
  });

  test("is shown at once when there was nothing before", () => {
    const store = newStore();
    store.beginSession(null);
    store.beginSession({ sec: DAY.openSec, nanos: 0 });
    store.commit();
    expect(store.getSnapshot().coverage).toEqual({ from: FROM, complete: true, text: "complete since 18:00" });
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

test("a gateway that serves a simulated or replayed market is never shown as live", () => {
  const store = createTradeStore({ requested: "NQ.v.0", mode: "LIVE" });
  const modes = ["0.9.4", "0.9.4 nq-tui demo", "0.9.4 nq-tui replay", null, "0.9.4"].map((gatewayVersion) => {
    store.applyLink({ ...link("LIVE"), gatewayVersion });
    store.commit();
    return store.getSnapshot().mode;
  });
  expect(modes).toEqual(["LIVE", "DEMO", "REPLAY", "REPLAY", "LIVE"]);
});
