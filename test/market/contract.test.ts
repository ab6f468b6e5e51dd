/** Contracts: symbols, years, products, definitions. */
import { describe, expect, test } from "vitest";
import { instrumentFor, instrumentFromDefinition, isOutright, parseContract, productOf, productRoot } from "../../src/market/contract.ts";

const on = (date: string): number => Date.parse(`${date}T12:00:00Z`) / 1000;

describe("parseContract", () => {
  test.each([
    ["NQZ6", "2026-11-22", { root: "NQ", month: 12, year: 2026 }],
    ["NQM5", "2014-07-01", { root: "NQ", month: 6, year: 2015 }],
    ["NQM5", "2025-06-13", { root: "NQ", month: 6, year: 2025 }],
    ["NQM5", "2025-06-20", { root: "NQ", month: 6, year: 2025 }],
    ["NQM5", "2025-06-21", { root: "NQ", month: 6, year: 2025 }],
    ["NQM5", "2025-06-22", { root: "NQ", month: 6, year: 2035 }],
    ["NQM5", "2034-12-31", { root: "NQ", month: 6, year: 2035 }],
    ["NQH0", "2029-12-20", { root: "NQ", month: 3, year: 2030 }],
    ["NQZ9", "2020-01-01", { root: "NQ", month: 12, year: 2029 }],
    ["NQM25", "2025-09-01", { root: "NQ", month: 6, year: 2025 }],
    ["NQZ99", "2001-01-01", { root: "NQ", month: 12, year: 1999 }],
    ["NQH01", "2099-01-01", { root: "NQ", month: 3, year: 2101 }],
    ["M2KU6", "2026-01-05", { root: "M2K", month: 9, year: 2026 }],
    ["MNQH26", "2026-01-05", { root: "MNQ", month: 3, year: 2026 }],
  ])("%s as of %s", (symbol, date, contract) => {
    expect(parseContract(symbol, on(date))).toEqual(contract);
  });

  test.each(["NQM5-NQU5", "NQ.v.0", "NQ.FUT", "NQ", "", "NQA5", "NQM", "NQM125", "nqm5", "Q3AM5 C21000", "42140864", "NQM5\n"])(
    "%j is not an outright",
    (symbol) => {
      expect(parseContract(symbol, on("2025-06-13"))).toBeNull();
      expect(isOutright(symbol)).toBe(false);
    },
  );
});

describe("products", () => {
  test.each([
    ["NQ", 0.25, 20, 2], ["MNQ", 0.25, 2, 2], ["ES", 0.25, 50, 2], ["MES", 0.25, 5, 2],
    ["RTY", 0.1, 50, 1], ["M2K", 0.1, 5, 1], ["YM", 1, 5, 0], ["MYM", 1, 0.5, 0],
  ])("%s has a tick of %d and a point worth %d dollars", (root, tick, pointValue, decimals) => {
    expect(productOf(root)).toEqual({ tickUnits: tick * 1_000_000_000, pointValue, decimals });
  });

  test("names of object members are no products", () => {
    expect(productOf("constructor")).toBeNull();
    expect(productOf("")).toBeNull();
  });

  test("an instrument by the table", () => {
    expect(instrumentFor(42, "NQM5")).toEqual({
      instrumentId: 42, rawSymbol: "NQM5", root: "NQ", tickUnits: 250_000_000, pointValue: 20, decimals: 2,
      source: "product table",
    });
  });

  test("spreads and unknown roots need a definition", () => {
    expect(instrumentFor(42, "NQM5-NQU5")).toBeNull();
    expect(instrumentFor(42, "CLM5")).toBeNull();
  });
});

describe("definitions", () => {
  const definition = { instrumentId: 7, rawSymbol: "CLM5", minPriceIncrement: 10_000_000n, unitOfMeasureQty: 1_000_000_000_000n };
  const UNDEFINED = 2n ** 63n - 1n;

  test("say tick and point value", () => {
    expect(instrumentFromDefinition(definition)).toEqual({
      instrumentId: 7, rawSymbol: "CLM5", root: "CL", tickUnits: 10_000_000, pointValue: 1000, decimals: 2,
      source: "definition",
    });
  });

  test("a missing point value is looked up, a missing tick makes no instrument", () => {
    const spare = { ...definition, rawSymbol: "NQM5", unitOfMeasureQty: UNDEFINED };
    expect(instrumentFromDefinition(spare)?.pointValue).toBe(20);
    expect(instrumentFromDefinition({ ...spare, rawSymbol: "XXM5" })?.pointValue).toBeNull();
    expect(instrumentFromDefinition({ ...definition, minPriceIncrement: UNDEFINED })).toBeNull();
    expect(instrumentFromDefinition({ ...definition, minPriceIncrement: 0n })).toBeNull();
    expect(instrumentFromDefinition({ ...definition, minPriceIncrement: -1n })).toBeNull();
  });

  test("a spread has its own tick and no root", () => {
    const spread = { ...definition, rawSymbol: "NQM5-NQU5", minPriceIncrement: 50_000_000n };
    expect(instrumentFromDefinition(spread)).toMatchObject({ root: "", tickUnits: 50_000_000, decimals: 2 });
  });

  test("a symbol cannot carry control characters", () => {
    expect(instrumentFromDefinition({ ...definition, rawSymbol: "A\u001b[31mB" })?.rawSymbol).not.toContain("\u001b");
  });
});

test.each([["NQZ6", "NQ"], ["MNQH26", "MNQ"], ["NQ.v.0", "NQ"], ["M2K.FUT", "M2K"], ["NQZ6-NQH7", ""], ["12345", ""], ["", ""]])("%s is of the product %s", (symbol, root) => {
  expect(productRoot(symbol)).toBe(root);
});
