/** Which contract is asked for, and which is refused. */
import { describe, expect, test } from "vitest";
import { companionOf, refuseExpired, symbolByRule } from "../../src/commands/contract-choice.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { ROLL_RULES, type RollRule } from "../../src/market/front-month.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";

const at = (iso: string): number => Date.parse(iso) / 1000;
const SEED = at("2025-06-13T09:29:30-04:00");

describe("the roll rule", () => {
  const asked = (symbol: string, rule: RollRule | null, nowSec = SEED): string =>
    symbolByRule(parseSymbol(symbol), rule, nowSec, builtInCalendar).text;

  test("chooses the symbol that is asked for", () => {
    expect(ROLL_RULES.map((rule) => asked("NQ.v.0", rule))).toEqual(["NQ.v.0", "NQM5", "NQU5", "NQ.c.0"]);
    expect(ROLL_RULES.map((rule) => asked("MNQ.c.0", rule))).toEqual(["MNQ.v.0", "MNQM5", "MNQU5", "MNQ.c.0"]);
    expect(asked("NQ.n.0", null)).toBe("NQ.n.0");
    expect(symbolByRule(parseSymbol("NQ.v.0"), "monday", SEED, builtInCalendar).stypeIn).toBe("raw_symbol");
  });

  test("goes by the trade date: Sunday evening is Monday's", () => {
    expect(asked("NQ.v.0", "monday", at("2025-06-15T17:59:59-04:00"))).toBe("NQU5");
    expect(asked("NQ.v.0", "monday", at("2025-06-13T16:59:59-04:00"))).toBe("NQM5");
    expect(asked("NQ.v.0", "thursday", at("2025-06-11T17:59:59-04:00"))).toBe("NQM5");
    expect(asked("NQ.v.0", "thursday", at("2025-06-11T18:00:00-04:00"))).toBe("NQU5");
  });

  test.each([["NQZ6", "monday"], ["4916", "volume"], ["NQ.v.1", "expiry"], ["CL.v.0", "thursday"]] as const)("%s with --roll %s is refused", (symbol, rule) => {
    expect(() => asked(symbol, rule)).toThrow(expect.objectContaining({ code: "USAGE" }));
  });

  test("products without known roll dates can follow volume or expiry", () => {
    expect([asked("CL.v.0", "volume"), asked("CL.v.0", "expiry")]).toEqual(["CL.v.0", "CL.c.0"]);
  });
});

test.each([
  ["NQ.v.0", "NQ.v.1"], ["NQ.c.0", "NQ.c.1"], ["MNQ.n.1", "MNQ.n.2"], ["NQM5", "NQU5"], ["NQZ5", "NQH6"], ["NQM5-NQU5", null], ["CLM5", null], ["4916", null],
])("beside %s the trades of %s are asked for", (symbol, companion) => {
  expect(companionOf(parseSymbol(symbol), SEED)).toBe(companion);
});

describe("live mode", () => {
  const refusal = (symbol: string, now: string): string => {
    try {
      refuseExpired(parseSymbol(symbol), at(now), builtInCalendar);
      return "asked for";
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  };

  test.each([
    ["NQM5", "2025-06-20T09:29:59-04:00", "asked for"],
    ["NQM5", "2025-06-20T09:30:00-04:00", "NQM5 stopped trading on 2025-06-20 at 09:30 ET; the lead month is NQU5"],
    ["NQM5", "2026-11-24T09:00:00-05:00", "NQM5 stopped trading on 2025-06-20 at 09:30 ET; the lead month is NQZ6"],
    ["NQM6", "2026-06-18T09:30:00-04:00", "NQM6 stopped trading on 2026-06-18 at 09:30 ET; the lead month is NQU6"],
    ["MNQZ25", "2026-01-05T09:00:00-05:00", "MNQZ25 stopped trading on 2025-12-19 at 09:30 ET; the lead month is MNQH6"],
    // Listed, or not for us to judge.
    ["NQZ0", "2026-11-24T09:00:00-05:00", "asked for"],
    ["NQ.v.0", "2026-11-24T09:00:00-05:00", "asked for"],
    ["CLM5", "2026-11-24T09:00:00-05:00", "asked for"],
    ["NQZ6-NQH7", "2026-11-24T09:00:00-05:00", "asked for"],
  ])("%s at %s", (symbol, now, said) => {
    expect(refusal(symbol, now)).toBe(said);
  });
});
