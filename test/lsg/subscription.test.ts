/** Subscriptions as text: chunks, rules, times. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NqError } from "../../src/lib/errors.ts";
import { parseControlLine } from "../../src/lsg/control.ts";
import {
  mergeSubscriptions, parseSubscription, subscriptionLines, type Subscription,
} from "../../src/lsg/subscription.ts";
import { parseStart } from "../../src/lsg/subscription-start.ts";

const TRADES: Subscription = {
  schema: "trades", stypeIn: "raw_symbol", symbols: ["NQZ6"], start: null, snapshot: false, id: 1,
};
const refusal = expect.objectContaining({ code: "LSG_SUBSCRIPTION" });

/** Lines read and merged as a gateway does it. */
function readBack(lines: readonly string[]): Subscription | null {
  let merged: Subscription | null = null;
  for (const line of lines) {
    const { subscription } = parseSubscription(parseControlLine(line));
    merged = merged === null ? subscription : mergeSubscriptions(merged, subscription);
  }
  return merged;
}

describe("subscription lines", () => {
  it("have the official form", () => {
    expect(subscriptionLines({ ...TRADES, symbols: ["NQZ6", "ESM5-ESU5"], start: 0n })).toEqual([
      "schema=trades|stype_in=raw_symbol|symbols=NQZ6,ESM5-ESU5|start=0|snapshot=0|id=1|is_last=1",
    ]);
  });

  it("are three for 1,200 symbols, all with the same id", () => {
    const symbols = Array.from({ length: 1200 }, (_, n) => `S${n}`);
    const lines = subscriptionLines({ ...TRADES, symbols, id: 7 });
    expect(lines.map((line) => line.split("|is_last=")[1])).toEqual(["0", "0", "1"]);
    expect(lines.map((line) => parseControlLine(line).get("symbols")?.split(",").length)).toEqual([500, 500, 200]);
    expect(lines.every((line) => line.includes("|id=7|"))).toBe(true);
    expect(readBack(lines)).toEqual({ ...TRADES, symbols, id: 7 });
  });

  it("have no start without one, and no id without one", () => {
    const [line] = subscriptionLines({ ...TRADES, id: null });
    expect(line).toBe("schema=trades|stype_in=raw_symbol|symbols=NQZ6|snapshot=0|is_last=1");
  });

  it.each<[string, Partial<Subscription>]>([
    ["an unknown schema", { schema: "trade" }],
    ["a name of the prototype", { schema: "__proto__" }],
    ["no symbols", { symbols: [] }],
    ["an empty symbol", { symbols: ["NQZ6", ""] }],
    ["a comma", { symbols: ["NQZ6,ESZ6"] }],
    ["a |", { symbols: ["NQ|Z6"] }],
    ["a newline", { symbols: ["NQ\nstart_session"] }],
    ["a letter outside ASCII", { symbols: ["NQÉ"] }],
    ["a long symbol", { symbols: ["X".repeat(71)] }],
    ["too many symbols", { symbols: Array.from({ length: 2001 }, (_, n) => `S${n}`) }],
    ["ALL_SYMBOLS in company", { symbols: ["ALL_SYMBOLS", "NQZ6"] }],
    ["ALL_SYMBOLS as continuous", { symbols: ["ALL_SYMBOLS"], stypeIn: "continuous" }],
    ["a snapshot of trades", { snapshot: true }],
    ["snapshot and start", { schema: "mbo", snapshot: true, start: 1n }],
    ["a negative start", { start: -1n }],
    ["a large id", { id: 2 ** 32 }],
    ["a broken id", { id: 1.5 }],
  ])("refuse %s", (_title, change) => {
    expect(() => subscriptionLines({ ...TRADES, ...change })).toThrow(refusal);
  });

  it("read back what they write", () => {
    const subscription = fc.record({
      schema: fc.constantFrom("trades", "mbp-1", "ohlcv-1m", "statistics"),
      stypeIn: fc.constantFrom("raw_symbol", "parent", "continuous", "instrument_id"),
      symbols: fc.array(fc.stringMatching(/^[A-Z0-9.: =-]{1,20}$/), { minLength: 1, maxLength: 1100 }),
      start: fc.option(fc.bigInt(0n, 2n ** 64n - 1n)),
      snapshot: fc.constant(false),
      id: fc.option(fc.nat({ max: 0xffff_ffff })),
    });
    fc.assert(fc.property(subscription, (written) => {
      expect(readBack(subscriptionLines(written))).toEqual(written);
    }), { numRuns: 50 });
  });
});

describe("reading a subscription", () => {
  const parse = (line: string): unknown => parseSubscription(parseControlLine(line));

  it("takes the defaults and any order", () => {
    expect(parse("symbols=ES.FUT,NQ.FUT|stype_in=parent|schema=trades")).toEqual({
      subscription: { ...TRADES, stypeIn: "parent", symbols: ["ES.FUT", "NQ.FUT"], id: null },
      isLast: true,
    });
    expect(parse("symbols=NQZ6|schema=mbo|snapshot=1|is_last=0")).toMatchObject({ isLast: false });
  });

  it.each([
    "schema=trades", "symbols=NQZ6", "schema=trades|symbols=", "schema=trades|symbols=A,,B", "schema=trades|symbols=A|x=1",
    "schema=trades|symbols=A|stype_in=smart", "schema=trades|symbols=A|id=-1", "schema=trades|symbols=A|id=4294967296",
    "schema=trades|symbols=A|snapshot=yes", "schema=trades|symbols=A|is_last=2", "schema=trades|symbols=A|start=soon",
  ])("refuses %s", (line) => {
    expect(() => parse(line)).toThrow(refusal);
  });

  it("refuses lines that do not belong together", () => {
    for (const change of [{ schema: "mbp-1" }, { id: 2 }, { start: 5n }, { stypeIn: "parent" as const }]) {
      expect(() => mergeSubscriptions(TRADES, { ...TRADES, ...change })).toThrow(refusal);
    }
  });

  it("gives a subscription or a typed error for any pairs", () => {
    const key = fc.constantFrom("schema", "symbols", "start", "id", "snapshot", "is_last", "stype_in", "__proto__");
    const value = fc.oneof(fc.constantFrom("trades", "mbo", "0", "1", "A,B"), fc.string());
    fc.assert(fc.property(fc.array(fc.tuple(key, value)), (pairs) => {
      try {
        parseSubscription(new Map(pairs));
      } catch (error) {
        expect(error).toBeInstanceOf(NqError);
      }
    }), { numRuns: 1000 });
  });
});

describe("start of a replay", () => {
  it.each([
    ["0", 0n],
    ["1790000000000000001", 1_790_000_000_000_000_001n],
    ["1970-01-01", 0n],
    ["2026-09-21T13:30:00", 1_789_997_400_000_000_000n],
    ["2026-09-21 13:30Z", 1_789_997_400_000_000_000n],
    ["2026-09-21T08:30:00.000000001-05:00", 1_789_997_400_000_000_001n],
    ["2026-09-21T15:30:00.5+0200", 1_789_997_400_500_000_000n],
  ])("%s", (text, nanos) => {
    expect(parseStart(text)).toBe(nanos);
  });

  it.each(["", "-1", "18446744073709551616", "2026-02-30", "2026-13-01", "2026-01-01T25:00", "1969-12-31", "1e9"])(
    "refuses %j",
    (text) => {
      expect(() => parseStart(text)).toThrow(refusal);
    },
  );
});
