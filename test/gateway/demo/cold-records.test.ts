/** The demo's definitions, status and statistics say what a reader of the real feed would need. */
import { beforeAll, describe, expect, test } from "vitest";
import { decodeRecord, type DbnRecord } from "../../../src/dbn/records.ts";
import { fromNanos } from "../../../src/lib/time.ts";
import { CALENDAR_SPREAD, NQM5, NQU5 } from "../../../src/gateway/demo/demo-day.ts";
import { at, walkTape } from "./walk-tape.ts";

const cold: DbnRecord[] = [];
/** Kinds in the order of the tape, those of trades and quotes once per run. */
const order: string[] = [];

beforeAll(async () => {
  await walkTape({}, (view) => {
    const kind = view.rtype <= 1 ? "market" : "cold";
    if (kind === "cold") {
      const record = decodeRecord(view.copy(), 3);
      if (record !== null) cold.push(record);
      order.push(record?.kind ?? "unknown");
    } else if (order.at(-1) !== "market") order.push("market");
  });
});

function ofKind<K extends DbnRecord["kind"]>(kind: K): Extract<DbnRecord, { kind: K }>[] {
  return cold.filter((record): record is Extract<DbnRecord, { kind: K }> => record.kind === kind);
}

describe("definitions", () => {
  test("come first, before the market opens", () => {
    const definitions = ["definition", "definition", "definition", "definition"];
    const preOpenAndTrading = ["status", "status", "status", "status", "status", "status"];
    expect(order.slice(0, 10)).toEqual([...definitions, ...preOpenAndTrading]);
    expect(order.indexOf("market")).toBeGreaterThanOrEqual(10);
    expect(order.lastIndexOf("definition")).toBe(3);
  });

  test("describe the outrights", () => {
    const [june, september] = ofKind("definition");
    expect(june).toMatchObject({
      instrumentId: NQM5.instrumentId, rawSymbol: "NQM5", instrumentClass: "F", asset: "NQ", group: "NQ",
      exchange: "XCME", currency: "USD", securityType: "FUT", minPriceIncrement: 250_000_000n,
      unitOfMeasureQty: 20_000_000_000n,
      maturityYear: 2025, maturityMonth: 6, legCount: 0,
    });
    expect(new Date(Number((june?.expiration ?? 0n) / 1_000_000n)).toISOString()).toBe("2025-06-20T13:30:00.000Z");
    expect(september).toMatchObject({ instrumentId: NQU5.instrumentId, rawSymbol: "NQU5", maturityMonth: 9 });
    expect(new Date(Number((september?.expiration ?? 0n) / 1_000_000n)).toISOString()).toBe("2025-09-19T13:30:00.000Z");
  });

  test("describe the calendar spread leg by leg", () => {
    const legs = ofKind("definition").filter(({ instrumentId }) => instrumentId === CALENDAR_SPREAD.instrumentId);
    expect(legs.map((leg) => [leg.rawSymbol, leg.instrumentClass, leg.minPriceIncrement, leg.legCount])).toEqual([
      ["NQM5-NQU5", "S", 50_000_000n, 2], ["NQM5-NQU5", "S", 50_000_000n, 2],
    ]);
    expect(legs.map((leg) => [leg.legIndex, leg.legRawSymbol, leg.legInstrumentId])).toEqual([
      [0, "NQM5", NQM5.instrumentId], [1, "NQU5", NQU5.instrumentId],
    ]);
  });
});

describe("status", () => {
  test("runs from pre-open over trading to close", () => {
    const main = ofKind("status").filter(({ instrumentId }) => instrumentId === NQM5.instrumentId);
    const told = main.map((status) => [
      fromNanos(status.tsEvent).sec, status.action, status.tradingEvent, status.isTrading,
    ]);
    expect(told).toEqual([
      [at("18:00").sec - 900, 1, 0, "N"], [at("18:00").sec, 7, 2, "Y"], [at("16:59:59").sec + 1, 12, 0, "N"],
    ]);
    expect(order.at(-1)).toBe("status");
  });
});

describe("statistics", () => {
  const main = () => ofKind("statistics").filter(({ instrumentId }) => instrumentId === NQM5.instrumentId);

  test("give the prior settlement at the start of the session, final, with its date", () => {
    const prior = main().find(({ statType }) => statType === 3);
    expect(prior).toMatchObject({ price: 21_929_000_000_000n, updateAction: 1, statFlags: 7 });
    expect(prior?.tsRef).toBe(BigInt(Date.UTC(2025, 5, 12)) * 1_000_000n);
    expect(fromNanos(prior?.tsRecv ?? 0n).sec).toBe(at("18:00").sec);
  });

  test("give opening price, volume and open interest, and the day's own settlement after 16:00", () => {
    const of = (type: number) => main().filter(({ statType }) => statType === type);
    expect(of(1).map(({ price }) => price)).toEqual([21_900_000_000_000n]);
    expect(of(6)[0]?.quantity).toBeGreaterThan(0n);
    expect(of(9)[0]?.quantity).toBeGreaterThan(0n);
    const own = of(3).at(-1);
    expect(own?.tsRef).toBe(BigInt(Date.UTC(2025, 5, 13)) * 1_000_000n);
    expect((own?.statFlags ?? 0) & 1).toBe(0);
    expect(fromNanos(own?.tsRecv ?? 0n).sec).toBeGreaterThan(at("16:00").sec);
  });
});
