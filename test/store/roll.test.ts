/** The roll: volumes of the next contract beside the one on screen, warnings, and a symbol that moves on mid-stream. */
import { describe, expect, test } from "vitest";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import type { RollView } from "../../src/store/roll-watch.ts";
import type { TradeStore } from "../../src/store/store.ts";
import { apply, DAY, definition, mapping, MONDAY, newStore, NQ, settlement, storeWith, trade, type TradeOptions } from "./market-records.ts";

const NEXT = 43;
const SPREAD = 44;

function rollOf(store: TradeStore): RollView | null {
  store.commit();
  return store.getSnapshot().roll;
}

/** NQM5 on screen, NQU5 and the spread between them seen beside it. */
function market(...records: readonly PartialRecord[]): TradeStore {
  return storeWith(mapping(NEXT, "NQU5", "NQ.v.1"), mapping(SPREAD, "NQM5-NQU5", "NQ.FUT"), ...records);
}
const next = (options: TradeOptions = {}): PartialRecord => trade({ ...options, instrumentId: NEXT });

describe("volumes", () => {
  test("of the next contract are counted beside, and change no figure", () => {
    const store = market(trade({ size: 700 }), next({ size: 300, ticks: 87_750 }));
    const { studies, counters, roll } = store.getSnapshot();
    expect(roll).toMatchObject({ rule: "volume", front: "NQM5", next: "NQU5", frontVolume: 700, nextVolume: 300, share: 0.3 });
    expect(studies.session).toMatchObject({ volume: 700, highTicks: 86_970, lowTicks: 86_970, trades: 1 });
    expect(counters).toMatchObject({ trades: 1, otherInstrument: 1 });
  });

  test("spreads, other products, and damaged sizes never count", () => {
    const store = market(
      definition({ instrumentId: SPREAD, rawSymbol: "NQM5-NQU5", instrumentClass: "S" }), definition({ instrumentId: 45, rawSymbol: "MNQU5" }),
      trade({ size: 700 }), trade({ instrumentId: SPREAD, size: 50_000 }), trade({ instrumentId: 45, size: 9 }), trade({ instrumentId: 46, size: 9 }),
      next({ size: 0 }), next({ size: 0xffff_ffff }), next({ size: 100_001 }), next({ sec: 18_446_744_073, nanos: 709_551_615 }), next({ size: 2 }),
    );
    expect(rollOf(store)).toMatchObject({ frontVolume: 700, nextVolume: 2 });
  });

  test("of a contract that is not seen are not known", () => {
    const store = storeWith(trade({ size: 700 }));
    expect(rollOf(store)).toMatchObject({ next: "NQU5", frontVolume: 700, nextVolume: null, share: null });
    apply(store, definition({ instrumentId: NEXT, rawSymbol: "NQU5" }));
    expect(rollOf(store)).toMatchObject({ nextVolume: 0, share: 0 });
  });

  test("begin anew with each session", () => {
    const store = market(trade({ size: 700 }), next({ size: 300 }));
    apply(store, trade({ sec: MONDAY.openSec, size: 5 }));
    expect(rollOf(store)).toMatchObject({ frontVolume: 5, nextVolume: 0 });
    apply(store, next({ sec: MONDAY.openSec + 1, size: 7 }), next({ sec: DAY.closeSec - 1, size: 100 }));
    expect(rollOf(store)).toMatchObject({ frontVolume: 5, nextVolume: 7 });
  });

  test("a wild time of the other contract moves nothing", () => {
    const store = market(trade({ size: 700 }), next({ size: 300 }), next({ sec: DAY.openSec + 10 * 86_400, size: 50 }), next({ sec: DAY.openSec + 1, size: 1 }));
    expect(rollOf(store)).toMatchObject({ frontVolume: 700, nextVolume: 301 });
  });

  test("any pattern of commits gives the same", () => {
    const records = [
      mapping(NEXT, "NQU5", "NQ.v.1"), mapping(), trade({ size: 3 }), next({ size: 4 }), definition({ instrumentId: NEXT, rawSymbol: "NQU5" }),
      trade({ sec: DAY.openSec + 5, size: 2 }), next({ sec: DAY.openSec + 6, size: 1 }), mapping(NEXT, "NQU5"), next({ sec: DAY.openSec + 7, size: 9 }),
    ];
    const [once, often] = [newStore(), newStore()];
    apply(once, ...records);
    for (const record of records) {
      apply(often, record);
      often.commit();
    }
    expect(rollOf(often)).toEqual(rollOf(once));
    expect(rollOf(once)).toMatchObject({ front: "NQU5", frontVolume: 14, next: "NQZ5", rolled: { from: "NQM5" } });
  });

  test("a product without quarterly contracts has no roll", () => {
    const store = newStore({ requested: "CL.v.0" });
    apply(store, mapping(9, "CLN5", "CL.v.0"), definition({ instrumentId: 9, rawSymbol: "CLN5", minPriceIncrement: 10_000_000n }));
    apply(store, trade({ instrumentId: 9, price: 72_980_000_000n }));
    expect(rollOf(store)).toBeNull();
  });

  test("the part stays the same object while nothing of it changed", () => {
    const store = market(trade({ size: 700 }));
    const before = rollOf(store);
    apply(store, trade({ instrumentId: SPREAD, size: 5 }));
    expect(rollOf(store)).toBe(before);
  });
});

describe("how the contract was chosen", () => {
  test.each([["NQ.v.0", "volume"], ["NQ.c.0", "expiry"], ["NQ.n.0", "open interest"], ["NQM5", "fixed"]])("%s: %s", (requested, rule) => {
    const store = newStore({ requested });
    apply(store, mapping(NQ, "NQM5", requested), trade());
    expect(rollOf(store)?.rule).toBe(rule);
  });

  test("by a rule of date it is that rule", () => {
    const store = newStore({ requested: "NQM5", rollRule: "monday" });
    apply(store, mapping(NQ, "NQM5", "NQM5"), trade());
    expect(rollOf(store)?.rule).toBe("monday");
  });
});

describe("warnings by date", () => {
  const on = (date: string, time = "10:00"): number => Date.parse(`${date}T${time}:00-04:00`) / 1000;

  test.each([
    ["2025-06-11", "none", null, 9],
    ["2025-06-12", "info", "NQM5 rolls to NQU5 on Monday 2025-06-16", 8],
    ["2025-06-13", "info", "NQM5 rolls to NQU5 on Monday 2025-06-16", 7],
    ["2025-06-16", "warn", "NQM5 expires in 4 days; by date NQU5 leads", 4],
    ["2025-06-18", "warn", "NQM5 expires in 2 days; by date NQU5 leads", 2],
  ])("on %s: %s", (date, level, warning, daysToExpiry) => {
    expect(rollOf(market(trade({ sec: on(date) })))).toMatchObject({ level, warning, daysToExpiry, expires: "2025-06-20" });
  });

  test("on the last day it stops at 09:30 Eastern, and then has stopped", () => {
    const store = market(trade({ sec: on("2025-06-19", "18:30") }));
    expect(rollOf(store)).toMatchObject({ level: "alarm", warning: "NQM5 stops trading 09:30 ET today; the next contract is NQU5", daysToExpiry: 0 });
    apply(store, trade({ sec: on("2025-06-20", "09:30") }));
    expect(rollOf(store)).toMatchObject({ level: "alarm", warning: "NQM5 stopped trading 2025-06-20 09:30 ET; the next contract is NQU5" });
  });

  test("June 2026 stops on a Thursday", () => {
    const store = storeWith(mapping(NQ, "NQM6"), trade({ sec: on("2026-06-18", "08:00") }));
    expect(rollOf(store)).toMatchObject({ front: "NQM6", level: "alarm", daysToExpiry: 0, expires: "2026-06-18" });
  });

  test("a definition's expiry wins over the rule", () => {
    const expiration = BigInt(on("2025-06-18", "09:30")) * 1_000_000_000n;
    const store = market(definition({ expiration }), trade({ sec: on("2025-06-18", "08:00") }));
    expect(rollOf(store)).toMatchObject({ expires: "2025-06-18", daysToExpiry: 0, level: "alarm" });
  });

  test("a definition's expiry tells which ten years a symbol means", () => {
    const expiration = 2_065_944_600_000_000_000n; // 2035-06-15
    const store = market(definition({ expiration }), trade({ sec: on("2025-06-16") }));
    expect(rollOf(store)).toMatchObject({ front: "NQM5", expires: "2035-06-20", level: "none", next: "NQU5", nextVolume: null });
  });
});

describe("warnings by volume", () => {
  const early = tradingDayOf(Date.parse("2025-06-04T10:00:00-04:00") / 1000).openSec;
  const at = (front: number, back: number): RollView | null =>
    rollOf(market(trade({ sec: early, size: front }), next({ sec: early, size: back })));

  test.each([
    [900, 99, "none", null],
    [1000, 499, "none", null],
    [1000, 500, "warn", "NQU5 trades 50% of the volume of NQM5"],
    [1000, 1000, "warn", "NQU5 trades 100% of the volume of NQM5"],
    [1000, 1001, "alarm", "the market has moved to NQU5: it trades more than NQM5"],
    [1, 998, "none", null],
    [1, 999, "alarm", "the market has moved to NQU5: it trades more than NQM5"],
  ])("%d against %d contracts: %s", (front, back, level, warning) => {
    expect(at(front, back)).toMatchObject({ level, warning });
  });

  test("come before those of the date when they are more pressing", () => {
    const sec = Date.parse("2025-06-16T10:00:00-04:00") / 1000;
    expect(rollOf(market(trade({ sec, size: 100 }), next({ sec, size: 2000 })))).toMatchObject({
      level: "alarm", warning: "the market has moved to NQU5: it trades more than NQM5; NQM5 expires in 4 days; by date NQU5 leads",
    });
  });
});

describe("a symbol that moves on to another contract mid-stream", () => {
  const ROLL_SEC = DAY.openSec + 3600;

  function rolledStore(): TradeStore {
    const store = market(
      settlement("2025-06-12", 86_000), trade({ size: 700, ticks: 86_970 }), trade({ sec: DAY.openSec + 60, size: 50, ticks: 87_000 }),
      next({ sec: ROLL_SEC - 10, size: 40, ticks: 87_750 }), trade({ sec: ROLL_SEC - 1, size: 1, ticks: 86_980 }),
    );
    apply(store, mapping(NEXT, "NQU5"));
    store.commit();
    return store;
  }

  test("leaves nothing of the old contract in any figure, and says so", () => {
    const store = rolledStore();
    const fresh = newStore().getSnapshot();
    const { studies, day, instrument, coverage, counters, roll, asOf } = store.getSnapshot();
    expect(studies).toEqual(fresh.studies);
    expect(counters).toEqual(fresh.counters);
    expect([day, asOf]).toEqual([null, null]);
    expect(instrument?.rawSymbol).toBe("NQU5");
    expect(coverage).toEqual({ from: { sec: ROLL_SEC - 1, nanos: 0 }, complete: false, text: "partial: from 18:59", gaps: [] });
    expect(roll).toMatchObject({ front: "NQU5", next: "NQZ5", rolled: { from: "NQM5", at: { sec: ROLL_SEC - 1, nanos: 0 } }, frontVolume: 40, daysToExpiry: 98, level: "none" });
  });

  test("counts the new contract alone from there: no change across the gap, no old settlement", () => {
    const store = rolledStore();
    apply(store, trade({ instrumentId: NEXT, sec: ROLL_SEC + 1, ticks: 87_752, size: 6 }), trade({ sec: ROLL_SEC + 2, ticks: 86_990, size: 9 }));
    store.commit();
    const { studies, day, counters, roll } = store.getSnapshot();
    expect(day).toEqual(DAY);
    expect(studies.session).toMatchObject({
      volume: 6, openTicks: 87_752, highTicks: 87_752, lowTicks: 87_752, basis: "first trade seen", basisTicks: 87_752, changeTicks: 0,
    });
    expect(studies.hours.total).toBe(6);
    expect(studies.tape).toHaveLength(1);
    expect(studies.bars1m.bars).toHaveLength(1);
    expect(counters).toMatchObject({ trades: 1, otherInstrument: 1 });
    expect(roll).toMatchObject({ front: "NQU5", frontVolume: 46, rolled: { from: "NQM5" } });
  });

  test("takes the new contract's settlement when it comes", () => {
    const store = rolledStore();
    apply(store, { ...settlement("2025-06-12", 86_780), instrumentId: NEXT }, trade({ instrumentId: NEXT, sec: ROLL_SEC + 1, ticks: 86_800 }));
    store.commit();
    expect(store.getSnapshot().studies.session).toMatchObject({ basis: "settlement", basisTicks: 86_780, changeTicks: 20 });
  });
});

test.each([[63, 5], [64, null]])("with %d other contracts seen after it, the next one's volume is %s: no more are remembered", (others, nextVolume) => {
  const store = newStore();
  const view = new RecordView();
  apply(store, mapping(NEXT, "NQU5", "NQ.v.1"));
  for (let at = 0; at < others - 1; at += 1) {
    store.applyRecord(view.point(encodeRecord(definition({ instrumentId: 1000 + at, rawSymbol: `NQZ${String(10 + at)}` }), 3)));
  }
  apply(store, mapping(), trade({ size: 7 }), next({ size: 5 }));
  expect(rollOf(store)).toMatchObject({ front: "NQM5", frontVolume: 7, nextVolume });
});
