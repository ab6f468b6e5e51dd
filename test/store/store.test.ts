/** The store: what is counted, what is not, and who is told when. */
import { describe, expect, test } from "vitest";
import type { PartialRecord } from "../../src/dbn/encode.ts";
import { BUILT_IN_CALENDAR } from "../../src/market/calendar-data.ts";
import { withOwnEntries } from "../../src/market/calendar-entry.ts";
import { createTradingCalendar } from "../../src/market/calendar.ts";
import { marketDigest } from "../../src/store/digest.ts";
import { apply, DAY, definition, link, mapping, MONDAY, newStore, NQ, quote, settlement, storeWith, system, trade } from "./market-records.ts";

const counters = (store: ReturnType<typeof newStore>): unknown => {
  store.commit();
  return store.getSnapshot().counters;
};
const NO_DAMAGE = { unknownInstrument: 0, noPrice: 0, offGrid: 0, noSize: 0, absurdSize: 0, badTime: 0 };
const NONE = { trades: 0, quotes: 0, otherInstrument: 0, quarantined: NO_DAMAGE, noAggressor: 0, oddStatistics: 0 };
const held = (cause: keyof typeof NO_DAMAGE, count = 1): object => ({ quarantined: { ...NO_DAMAGE, [cause]: count } });

describe("counting", () => {
  test("trades of the instrument add up, by side", () => {
    const store = storeWith(trade({ size: 5 }), trade({ size: 3, side: "A" }), trade({ size: 7, side: "N" }));
    expect(store.getSnapshot().studies.session).toMatchObject({ volume: 15, buyVolume: 5, sellVolume: 3, noneVolume: 7 });
    expect(counters(store)).toEqual({ ...NONE, trades: 3, noAggressor: 1 });
  });

  test("trades in mbp-1 records are quotes only", () => {
    const store = storeWith(trade(), quote(DAY.openSec, 86_969, 86_971, "T"));
    const { studies, asOf } = store.getSnapshot();
    expect(studies.session.volume).toBe(1);
    expect(studies.quote).toEqual({ at: { sec: DAY.openSec, nanos: 0 }, bidTicks: 86_969, askTicks: 86_971, bidSize: 7, askSize: 8 });
    expect(asOf).toEqual({ sec: DAY.openSec, nanos: 0 });
    expect(counters(store)).toEqual({ ...NONE, trades: 1, quotes: 1 });
  });

  test("a side without orders is null, and its size 0", () => {
    const store = storeWith(quote(DAY.openSec, null, 86_971));
    expect(store.getSnapshot().studies.quote).toMatchObject({ bidTicks: null, bidSize: 0, askTicks: 86_971 });
  });

  test("a bbo record is a quote as of its ts_recv", () => {
    const { askPx00, askSz00, bidPx00, bidSz00 } = { askPx00: 500_000_000n, askSz00: 2, bidPx00: 250_000_000n, bidSz00: 1 };
    const tsRecv = BigInt(DAY.openSec + 9) * 1_000_000_000n;
    const store = storeWith({ kind: "bbo", instrumentId: NQ, tsRecv, bidPx00, askPx00, bidSz00, askSz00 });
    expect(store.getSnapshot().studies.quote).toEqual({
      at: { sec: DAY.openSec + 9, nanos: 0 }, bidTicks: 1, askTicks: 2, bidSize: 1, askSize: 2,
    });
  });

  test.each<[string, Parameters<typeof trade>[0], keyof typeof NO_DAMAGE]>([
    ["no price", { price: 2n ** 63n - 1n }, "noPrice"], ["a price beyond exact doubles", { price: 2n ** 53n * 4n }, "noPrice"],
    ["a price off the grid", { price: 21_742_500_000_001n }, "offGrid"], ["no size", { size: 0 }, "noSize"],
    ["an undefined size", { size: 0xffff_ffff }, "noSize"], ["an absurd size", { size: 100_001 }, "absurdSize"],
    ["a time before the day's open", { sec: DAY.openSec - 1 }, "badTime"], ["a time a year off", { sec: DAY.openSec - 365 * 86_400 }, "badTime"],
    ["a time days ahead", { sec: DAY.openSec + 2 * 86_400 + 13 * 3600 }, "badTime"],
    ["an undefined time", { sec: 18_446_744_073, nanos: 709_551_615 }, "badTime"],
  ])("a trade with %s is quarantined and changes nothing else", (_, options, cause) => {
    const store = storeWith(trade());
    const before = store.getSnapshot();
    apply(store, trade(options));
    expect(counters(store)).toEqual({ ...NONE, trades: 1, ...held(cause) });
    expect(store.getSnapshot().studies).toBe(before.studies);
    apply(store, trade({ sec: DAY.openSec + 1, size: 100_000 }));
    expect(counters(store)).toEqual({ ...NONE, trades: 2, ...held(cause) });
  });

  test("a price beyond 2^31 ticks is quarantined", () => {
    const store = newStore();
    apply(store, mapping(), definition({ minPriceIncrement: 1n }), trade({ price: 2_147_483_648n }), trade({ price: 2_147_483_647n }));
    expect(counters(store)).toEqual({ ...NONE, trades: 1, ...held("offGrid") });
  });

  test("trades of other instruments are counted apart", () => {
    const store = storeWith(trade({ instrumentId: 43 }), { ...quote(1, 1, 2), instrumentId: 43 });
    expect(counters(store)).toEqual({ ...NONE, otherInstrument: 1 });
  });

  test("a market that has moved on is followed at the second trade", () => {
    const sec = DAY.openSec + 10 * 86_400;
    const store = storeWith(trade(), trade({ sec }), trade({ sec: sec + 1 }), trade({ sec: sec + 2 }));
    expect(counters(store)).toEqual({ ...NONE, trades: 3, ...held("badTime") });
    expect(store.getSnapshot().day?.openSec).toBeGreaterThan(DAY.openSec);
  });

  test("a first trade with a wild time shuts nothing out: two that agree are followed", () => {
    const store = storeWith(trade({ sec: DAY.openSec + 364 * 86_400 }), trade(), trade({ sec: DAY.openSec + 1 }), trade({ sec: DAY.openSec + 2 }));
    expect(counters(store)).toEqual({ ...NONE, trades: 3, ...held("badTime") });
    expect(store.getSnapshot()).toMatchObject({ day: DAY, studies: { session: { volume: 2 } } });
  });

  test("where it is known from when trades were asked for, a wild first one does not count", () => {
    const store = newStore();
    store.beginSession({ sec: DAY.openSec, nanos: 0 });
    apply(store, mapping(), trade({ sec: DAY.openSec + 364 * 86_400 }), trade({ sec: DAY.openSec - 9 * 86_400 }), trade());
    expect(counters(store)).toEqual({ ...NONE, trades: 1, ...held("badTime", 2) });
    expect(store.getSnapshot().day).toEqual(DAY);
  });

  test("two wild times that do not agree are not followed", () => {
    const sec = DAY.openSec + 10 * 86_400;
    const store = storeWith(trade(), trade({ sec }), trade({ sec: sec + 86_400 }), trade({ sec: DAY.openSec + 1 }));
    expect(counters(store)).toEqual({ ...NONE, trades: 2, ...held("badTime", 2) });
    expect(store.getSnapshot().day).toEqual(DAY);
  });

  test("records that say nothing here change nothing", () => {
    const store = storeWith(trade());
    apply(store, { kind: "error", err: "nothing", code: 1 }, { kind: "ohlcv", instrumentId: NQ }, { kind: "mbo", instrumentId: NQ });
    expect(store.commit()).toBe(false);
  });
});

describe("the trading day", () => {
  test("Sunday evening starts Monday afresh; Friday's settlement is the new basis", () => {
    const store = storeWith(
      settlement("2025-06-12", 86_000), trade({ size: 20 }), trade({ sec: DAY.closeSec - 1, size: 30 }),
      settlement("2025-06-13", 86_900),
    );
    expect(store.getSnapshot()).toMatchObject({ day: DAY, studies: { session: { volume: 50, basisTicks: 86_000, basis: "settlement" } } });
    apply(store, trade({ sec: MONDAY.openSec, ticks: 86_950, size: 2 }));
    store.commit();
    expect(store.getSnapshot()).toMatchObject({
      day: MONDAY,
      studies: {
        session: { volume: 2, trades: 1, openTicks: 86_950, basis: "settlement", basisTicks: 86_900, changeTicks: 50 },
        hours: { total: 2 },
        large: { events: [], buyEvents: 0 },
      },
    });
    expect(store.getSnapshot().studies.tape).toHaveLength(3);
  });

  test("a late trade of the day before is not counted", () => {
    const store = storeWith(trade(), trade({ sec: MONDAY.openSec }), trade({ sec: DAY.closeSec - 1 }));
    expect(counters(store)).toEqual({ ...NONE, trades: 2, ...held("badTime") });
  });
});

describe("holidays", () => {
  const et = (text: string): number => Date.parse(`${text}:00-05:00`) / 1000;

  test("Presidents' Day is two sessions of one trade date: figures begin again at 18:00, the basis stays", () => {
    const store = storeWith(
      settlement("2025-02-14", 88_000), trade({ sec: et("2025-02-16T20:00"), ticks: 88_040, size: 5 }), trade({ sec: et("2025-02-17T12:59"), ticks: 88_060, size: 7 }),
    );
    expect(store.getSnapshot()).toMatchObject({
      day: { tradeDate: "2025-02-18", kind: "holiday session", label: "Presidents' Day", hasRth: false },
      studies: { session: { volume: 12, basisTicks: 88_000, changeTicks: 60 }, hours: { total: 12, rth: 0 } },
    });
    apply(store, trade({ sec: et("2025-02-17T20:00"), ticks: 88_100, size: 3 }), trade({ sec: et("2025-02-18T09:30"), ticks: 88_110, size: 2 }));
    store.commit();
    const { day, studies } = store.getSnapshot();
    expect(day).toMatchObject({ tradeDate: "2025-02-18", kind: "regular", openSec: et("2025-02-17T18:00"), hasRth: true });
    expect(studies.session).toMatchObject({ volume: 5, openTicks: 88_100, basis: "settlement", basisTicks: 88_000, changeTicks: 110 });
    expect(studies.hours).toMatchObject({ total: 5, rth: 2 });
    // The hour from 20:00 is this evening's alone.
    expect(studies.hours.hours[2]).toMatchObject({ hour: 20, volume: 3, startSec: et("2025-02-17T20:00") });
  });

  test("the next session is followed over Christmas, and over a weekend after a late print", () => {
    const eve = storeWith(trade({ sec: et("2025-12-24T13:14") }), trade({ sec: et("2025-12-25T18:00"), size: 4 }));
    expect(eve.getSnapshot()).toMatchObject({ day: { tradeDate: "2025-12-26" }, studies: { session: { volume: 4 } } });
    const friday = storeWith(trade({ sec: et("2025-01-10T16:59") }), trade({ sec: et("2025-01-10T17:00"), nanos: 500 }), trade({ sec: et("2025-01-12T18:00"), size: 4 }));
    expect(counters(friday)).toEqual({ ...NONE, trades: 3 });
    expect(friday.getSnapshot()).toMatchObject({ day: { tradeDate: "2025-01-13" }, studies: { session: { volume: 4 } } });
  });

  test("a calendar of the reader's own decides which session a trade is in", () => {
    const entry = { date: "2025-01-15", type: "halt", close: "13:00", rthClose: null, label: "Storm", confidence: "yours", source: "file" } as const;
    const calendar = createTradingCalendar(withOwnEntries(BUILT_IN_CALENDAR, [entry]));
    const store = newStore({ calendar });
    apply(store, mapping(), trade({ sec: et("2025-01-15T10:00") }));
    store.commit();
    expect(store.getSnapshot()).toMatchObject({ day: { tradeDate: "2025-01-16", kind: "holiday session", label: "Storm" } });
    expect(store.getSnapshot().calendar).toBe(calendar);
  });
});

describe("settlement records", () => {
  const basisAfter = (...records: readonly PartialRecord[]): unknown => {
    const { basis, basisTicks } = storeWith(...records, trade()).getSnapshot().studies.session;
    return [basis, basisTicks];
  };
  const OPEN = ["session open", 86_970];

  test("preliminary, then final, then deleted", () => {
    const preliminary = settlement("2025-06-12", 86_000, { statFlags: 2 });
    const final = settlement("2025-06-12", 86_100, { statFlags: 3 });
    expect(basisAfter(preliminary)).toEqual(["preliminary settlement", 86_000]);
    expect(basisAfter(preliminary, final)).toEqual(["settlement", 86_100]);
    expect(basisAfter(preliminary, final, settlement("2025-06-12", null, { updateAction: 2 }))).toEqual(OPEN);
  });

  test("flags 255 count, other flags with bit 128 do not, nor does an undefined price or another statistic", () => {
    expect(basisAfter(settlement("2025-06-12", 86_000, { statFlags: 255 }))).toEqual(["settlement", 86_000]);
    expect(basisAfter(settlement("2025-06-12", 86_000, { statFlags: 129 }))).toEqual(OPEN);
    expect(basisAfter(settlement("2025-06-12", null))).toEqual(OPEN);
    expect(basisAfter({ ...settlement("2025-06-12", 86_000), statType: 1 } as PartialRecord)).toEqual(OPEN);
    expect(basisAfter({ ...settlement("2025-06-12", 86_000), instrumentId: 43 })).toEqual(OPEN);
    expect(basisAfter({ ...settlement("2025-06-12", 86_000), tsRef: 2n ** 64n - 1n } as PartialRecord)).toEqual(OPEN);
  });
});

describe("status and heartbeats", () => {
  test("the status of the instrument is shown in words", () => {
    const store = storeWith({ kind: "status", instrumentId: NQ, tsEvent: BigInt(DAY.openSec) * 1_000_000_000n, action: 7, isTrading: "Y" });
    expect(store.getSnapshot().studies.status).toEqual({ at: { sec: DAY.openSec, nanos: 0 }, text: "trading", isTrading: true });
  });

  test("a heartbeat moves market time, so the pace falls while nothing trades", () => {
    const store = storeWith(system("Heartbeat"), trade());
    expect(store.getSnapshot().studies.pace.trades10s).toBe(1);
    apply(store, system("Heartbeat", DAY.openSec + 10));
    store.commit();
    expect(store.getSnapshot()).toMatchObject({ asOf: { sec: DAY.openSec + 10 }, studies: { pace: { trades10s: 0, trades60s: 1 } } });
  });

  test("a heartbeat of another time than the market's is passed by", () => {
    const store = storeWith(trade());
    apply(store, system("Heartbeat", DAY.openSec + 365 * 86_400), system("Heartbeat", DAY.openSec - 5));
    expect(store.commit()).toBe(false);
  });
});

describe("publishing", () => {
  test("before anything there is an empty snapshot that does not change", () => {
    const store = newStore();
    const empty = store.getSnapshot();
    expect(empty).toMatchObject({
      version: 0, mode: "DEMO", requested: "NQ.v.0", asOf: null, link: null, instrument: null, day: null, counters: NONE,
      coverage: { from: null, complete: false, text: "nothing yet" },
    });
    expect(store.getSnapshot()).toBe(empty);
  });

  test("only commit publishes and tells, once, and only when there is something", () => {
    const store = storeWith();
    const told: number[] = [];
    const forget = store.subscribe(() => told.push(store.getSnapshot().studies.session.volume));
    const before = store.getSnapshot();
    expect(store.commit()).toBe(false);
    for (let index = 0; index < 500; index += 1) apply(store, trade());
    expect(store.getSnapshot()).toBe(before);
    expect(told).toEqual([]);
    expect(store.commit()).toBe(true);
    expect(told).toEqual([500]);
    expect(store.getSnapshot().version).toBe(before.version + 1);
    expect(store.commit()).toBe(false);
    forget();
    forget();
    apply(store, trade());
    store.commit();
    expect(told).toEqual([500]);
  });

  test("a lull closes the newest large trade at the next commit, and changes no figure", () => {
    const store = storeWith(trade({ size: 30 }));
    const before = store.getSnapshot();
    const closed = (): unknown => store.getSnapshot().studies.large.events.map((event) => event.closed);
    store.lull();
    expect(closed()).toEqual([false]);
    expect(store.commit()).toBe(true);
    expect(closed()).toEqual([true]);
    expect(store.getSnapshot().studies.session).toBe(before.studies.session);
    expect(marketDigest(store.getSnapshot())).toBe(marketDigest(before));
    apply(store, trade({ size: 5 }));
    store.commit();
    expect(store.getSnapshot().studies.large.events).toMatchObject([{ size: 35, closed: false }]);
  });

  test("the link changes the link only", () => {
    const store = storeWith(trade());
    const before = store.getSnapshot();
    const live = link("LIVE");
    store.applyLink(live);
    expect(store.commit()).toBe(true);
    expect(store.getSnapshot()).toEqual({ ...before, version: before.version + 1, link: live });
    expect(store.getSnapshot().studies).toBe(before.studies);
    store.applyLink(live);
    expect(store.commit()).toBe(false);
  });

  test("parts that a record does not touch stay the same objects", () => {
    const store = storeWith(definition(), trade());
    const before = store.getSnapshot();
    apply(store, quote(DAY.openSec, 1, 2));
    store.commit();
    const after = store.getSnapshot();
    for (const key of ["instrument", "day", "coverage", "asOf"] as const) expect(after[key]).toBe(before[key]);
    for (const key of ["session", "tape", "bars1s", "bars1m", "hours", "large", "pace", "status"] as const) {
      expect(after.studies[key]).toBe(before.studies[key]);
    }
    apply(store, trade({ instrumentId: 43 }), mapping(), definition());
    store.commit();
    expect(store.getSnapshot().studies).toBe(after.studies);
  });
});
