/** Which instrument is counted: mappings, definitions, rolls, parents. */
import { describe, expect, test } from "vitest";
import { quarantinedTotal } from "../../src/store/tally.ts";
import { apply, DAY, definition, mapping, newStore, NQ, settlement, storeWith, system, trade } from "./market-records.ts";

const shown = (store: ReturnType<typeof newStore>): unknown => {
  store.commit();
  const { instrument, studies, counters } = store.getSnapshot();
  return [instrument?.rawSymbol ?? null, studies.session.volume, quarantinedTotal(counters), counters.otherInstrument];
};

describe("a continuous symbol", () => {
  test("without a mapping nothing can be counted", () => {
    const store = newStore();
    apply(store, trade(), trade({ instrumentId: 43 }));
    expect(shown(store)).toEqual([null, 0, 2, 0]);
  });

  test("takes the contract of its mapping, and no other mapping", () => {
    const store = newStore();
    apply(store, mapping(50, "ESM5", "ES.v.0"), mapping(), trade(), mapping(50, "ESM5", "ES.v.0"), trade({ instrumentId: 50 }));
    expect(shown(store)).toEqual(["NQM5", 1, 0, 1]);
  });

  test("repeated mappings change nothing", () => {
    const store = storeWith(trade());
    apply(store, mapping(), mapping());
    expect(store.commit()).toBe(false);
  });

  test("a roll starts afresh: other contract, no figure of the old one", () => {
    const store = newStore();
    store.beginSession({ sec: DAY.openSec, nanos: 0 });
    apply(store, mapping(), settlement("2025-06-12", 86_000), trade({ sec: DAY.openSec + 6 * 3600, size: 9 }));
    store.commit();
    expect(store.getSnapshot().coverage.text).toBe("complete since 18:00");
    apply(store, mapping(77, "NQU5"), trade({ size: 5 }), trade({ sec: DAY.openSec + 6 * 3600 + 60, instrumentId: 77, ticks: 87_800, size: 2 }));
    expect(shown(store)).toEqual(["NQU5", 2, 0, 1]);
    expect(store.getSnapshot()).toMatchObject({
      counters: { trades: 1 }, coverage: { complete: false, text: "partial: from 00:00" },
      studies: { session: { openTicks: 87_800, basis: "first trade seen" }, tape: [{ size: 2 }], bars1m: { bars: [{ volume: 2 }] } },
    });
  });

  test("an id that is given to another symbol starts afresh too", () => {
    const store = storeWith(trade({ size: 9 }));
    apply(store, mapping(NQ, "NQU5"));
    expect(shown(store)).toEqual(["NQU5", 0, 0, 0]);
  });

  test("a mapping to a number names no contract; the definition does", () => {
    const store = newStore();
    apply(store, mapping(NQ, "42"), trade(), definition(), mapping(NQ, "42"), trade({ size: 4 }), mapping(NQ, "42"));
    expect(shown(store)).toEqual(["NQM5", 4, 1, 0]);
  });
});

describe("definitions", () => {
  test("refine the instrument and keep the figures", () => {
    const store = storeWith(trade({ size: 3 }));
    expect(store.getSnapshot().instrument).toMatchObject({ pointValue: 20, source: "product table" });
    apply(store, definition({ unitOfMeasureQty: 25_000_000_000n }));
    expect(shown(store)).toEqual(["NQM5", 3, 0, 0]);
    const { instrument } = store.getSnapshot();
    expect(instrument).toMatchObject({ pointValue: 25, source: "definition" });
    apply(store, definition({ unitOfMeasureQty: 25_000_000_000n }));
    expect(store.commit()).toBe(false);
    expect(store.getSnapshot().instrument).toBe(instrument);
  });

  test("another tick starts afresh: ticks of two sizes cannot be mixed", () => {
    const store = storeWith(trade({ size: 3 }));
    apply(store, definition({ minPriceIncrement: 50_000_000n }), trade({ price: 21_742_550_000_000n, size: 2 }));
    expect(shown(store)).toEqual(["NQM5", 2, 0, 0]);
    expect(store.getSnapshot().studies.session.openTicks).toBe(434_851);
  });

  test("of other instruments or without a tick change nothing", () => {
    const store = storeWith(trade());
    const before = store.getSnapshot();
    apply(store, definition({ instrumentId: 43, rawSymbol: "ESU5" }), definition({ minPriceIncrement: 2n ** 63n - 1n }));
    store.commit();
    const { version: _, ...parts } = store.getSnapshot();
    for (const [name, part] of Object.entries(parts)) expect(part).toBe(before[name as keyof typeof before]);
  });

  test("an unknown product needs one: until then its trades are unusable", () => {
    const store = newStore({ requested: "CL.v.0" });
    apply(store, mapping(9, "CLN5", "CL.v.0"), trade({ instrumentId: 9, price: 72_980_000_000n }));
    expect(shown(store)).toEqual([null, 0, 1, 0]);
    apply(store, definition({ instrumentId: 9, rawSymbol: "CLN5", minPriceIncrement: 10_000_000n }), trade({ instrumentId: 9, price: 72_980_000_000n }));
    expect(shown(store)).toEqual(["CLN5", 1, 1, 0]);
    expect(store.getSnapshot().studies.session.last?.ticks).toBe(7_298);
  });

  test("that came before a roll are used after it", () => {
    const store = storeWith(definition({ instrumentId: 9, rawSymbol: "CLN5", minPriceIncrement: 10_000_000n }));
    apply(store, mapping(9, "CLN5"));
    expect(shown(store)).toEqual(["CLN5", 0, 0, 0]);
  });
});

describe("other requests", () => {
  test("a parent shows its first outright future and stays with it", () => {
    const store = newStore({ requested: "NQ.FUT" });
    apply(store, mapping(1, "NQM5-NQU5", "NQ.FUT"), mapping(2, "NQM5", "NQ.FUT"), mapping(3, "NQU5", "NQ.FUT"));
    apply(store, trade({ instrumentId: 2, size: 4 }), trade({ instrumentId: 1 }), trade({ instrumentId: 3 }));
    expect(shown(store)).toEqual(["NQM5", 4, 0, 2]);
  });

  test("a parent with a wanted contract shows that", () => {
    const store = newStore({ requested: "NQ.FUT", focus: { rawSymbol: "NQU5" } });
    apply(store, mapping(2, "NQM5", "NQ.FUT"), mapping(3, "NQU5", "NQ.FUT"), trade({ instrumentId: 3 }));
    expect(shown(store)).toEqual(["NQU5", 1, 0, 0]);
  });

  test("a raw symbol, by mapping or by definition", () => {
    const byMapping = newStore({ requested: "NQM5" });
    apply(byMapping, mapping(NQ, "NQM5", "NQM5"), trade());
    expect(shown(byMapping)).toEqual(["NQM5", 1, 0, 0]);
    const byDefinition = newStore({ requested: "NQM5" });
    apply(byDefinition, definition(), trade());
    expect(shown(byDefinition)).toEqual(["NQM5", 1, 0, 0]);
  });

  test("an instrument that is known beforehand needs no mapping", () => {
    const store = newStore({ focus: { instrumentId: NQ, rawSymbol: "NQM5" } });
    expect(store.getSnapshot().instrument?.rawSymbol).toBe("NQM5");
    apply(store, trade(), system("Heartbeat"));
    expect(shown(store)).toEqual(["NQM5", 1, 0, 0]);
  });

  test("a symbol cannot carry control characters to the screen", () => {
    const store = newStore();
    apply(store, mapping(9, "X\u001b[2JY"), definition({ instrumentId: 9, rawSymbol: "X\u001b[2JY" }));
    store.commit();
    expect(store.getSnapshot().instrument?.rawSymbol).not.toContain("\u001b");
  });
});
