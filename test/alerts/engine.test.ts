/** Alert rules over small markets: every kind, its edges, and that nothing but the records decides what fires. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALERT_LEVELS } from "../../src/config/alert-settings.ts";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { levelsOf } from "../../src/studies/levels.ts";
import { sampleSnapshot } from "../ui/sample-snapshot.ts";
import { apply, DAY, definition, link, mapping, MONDAY, quote, settlement, system, trade } from "../store/market-records.ts";
import { rule, watched } from "./alert-rig.ts";

const P = 86_970;
const points = (ticks: number): number => ticks / 4;
const at = (sec: number, ticks: number, more: object = {}): PartialRecord => trade({ sec: DAY.openSec + sec, ticks, ...more });
/** Trades a second apart. */
const path = (...ticks: readonly number[]): readonly PartialRecord[] => ticks.map((one, index) => at(index, one));

describe("a price", () => {
  test.each([
    ["price-above", [P - 1, P, P + 1], ["1: 21,742.50 reached from below"]],
    ["price-above", [P - 2, P + 3], ["1: 21,742.50 reached from below"]],
    ["price-above", [P + 1, P, P - 1], []],
    ["price-above", [P, P + 1], []], // began there
    ["price-above", [P - 1, P, P + 1, P, P - 1, P], ["1: 21,742.50 reached from below", "5: 21,742.50 reached from below"]],
    ["price-below", [P + 1, P - 4], ["1: 21,742.50 reached from above"]],
    ["price-below", [P - 1, P], []],
    ["price-cross", [P - 1, P + 1, P - 1], ["1: 21,742.50 reached from below", "2: 21,742.50 reached from above"]],
    ["price-cross", [P - 1, P, P, P + 1], ["1: 21,742.50 reached from below"]],
    ["price-cross", [P - 1, P - 1], []],
  ] as const)("%s over %j", (when, ticks, told) => {
    const rig = watched([rule({ when, price: points(P) })]);
    rig.feed(...path(...ticks));
    expect(rig.told()).toEqual(told);
  });

  test("that came and went between two frames has fired", () => {
    const rig = watched([rule({ when: "price-above", price: points(P + 5) })]);
    rig.feed(...path(P, P), at(2, P + 5, { nanos: 1 }), at(2, P, { nanos: 2 }));
    expect(rig.firings.map(({ at: time, ticks }) => [time, ticks])).toEqual([[{ sec: DAY.openSec + 2, nanos: 1 }, P + 5]]);
    expect(rig.store.getSnapshot().studies.session.last?.ticks).toBe(P);
  });

  test("of the evening's open is measured against the last one of the day before", () => {
    const rig = watched([rule({ when: "price-above", price: points(P) })]);
    rig.feed(at(100, P - 1), trade({ sec: MONDAY.openSec, ticks: P + 8 }));
    expect(rig.firings.map(({ at: time }) => time?.sec)).toEqual([MONDAY.openSec]);
  });

  test("that is none of the instrument's never fires and says so", () => {
    const rig = watched([rule({ when: "price-above", price: 21_742.6 }), rule({ when: "price-above", price: points(P) }, "good")]);
    rig.feed(...path(P - 1, P + 1));
    expect(rig.engine.state(0)).toBe("wrong");
    expect(rig.firings.map(({ rule: { name } }) => name)).toEqual(["good"]);
    expect([rig.engine.target(0), rig.engine.target(1)]).toEqual([null, P]);
  });

  test("is waited for by the contract on screen: after a roll the first trade crosses nothing", () => {
    const rig = watched([rule({ when: "price-above", price: points(P) }), rule({ when: "roll" }, "roll")]);
    rig.feed(at(0, P - 1), mapping(77, "NQU5"), trade({ sec: DAY.openSec + 5, ticks: P + 400, instrumentId: 77 }));
    expect(rig.told()).toEqual(["0: NQM5 → NQU5"]);
  });

  test("with any prices, trades and cuts fires as by looking at one trade after the other", () => {
    const rulesOf = (prices: readonly number[]) => prices.flatMap((ticks, index) => [
      rule({ when: "price-above", price: points(ticks) }, `up${index}`), rule({ when: "price-below", price: points(ticks) }, `down${index}`),
    ]);
    const price = fc.integer({ min: P - 6, max: P + 6 });
    fc.assert(fc.property(fc.array(price, { maxLength: 8 }), fc.array(fc.tuple(price, fc.integer({ min: 0, max: 1 })), { maxLength: 60 }), (prices, steps) => {
      const rules = rulesOf(prices);
      const rig = watched(rules);
      let sec = 0;
      const ticks = steps.map(([one]) => one);
      rig.feed(...steps.map(([one, later]) => at((sec += later), one)));
      const expected = ticks.flatMap((now, index) => {
        const before = ticks[index - 1];
        if (before === undefined) return [];
        return prices.flatMap((line, of) => [...(before < line && now >= line ? [`up${of}`] : []), ...(before > line && now <= line ? [`down${of}`] : [])]);
      });
      expect(rig.firings.map(({ rule: { name } }) => name)).toEqual(expected);
    }));
  });
});

describe("a rule", () => {
  const over = (index: number): readonly PartialRecord[] => [at(index, P - 1), at(index, P + 1, { nanos: 1 })];

  test("cools down by market time, to the nanosecond", () => {
    const rig = watched([rule({ when: "price-above", price: points(P), cooldown_s: 10 })]);
    rig.feed(...over(0), ...over(5), at(10, P - 1), at(10, P + 1), ...over(10));
    expect(rig.firings.map(({ at: time }) => [(time?.sec ?? 0) - DAY.openSec, time?.nanos])).toEqual([[0, 1], [10, 1]]);
    expect(rig.engine.state(0)).toBe("cooling");
    rig.feed(at(30, P - 1));
    expect(rig.engine.state(0)).toBe("armed");
  });

  test("that is to fire once is done then", () => {
    const rig = watched([rule({ when: "price-above", price: points(P), once: true })]);
    rig.feed(...over(0), ...over(5));
    expect([rig.firings.length, rig.engine.state(0)]).toEqual([1, "done"]);
  });

  test("fires in the session it is for", () => {
    const rth = DAY.rthOpenSec - DAY.openSec;
    const all = [...over(0), ...over(rth - 1), ...over(rth), ...over(rth + 6.5 * 3600)];
    const secs = (session: "RTH" | "ETH" | "any"): readonly number[] => {
      const rig = watched([rule({ when: "price-above", price: points(P), session })]);
      rig.feed(...all);
      return rig.firings.map(({ at: time }) => (time?.sec ?? 0) - DAY.openSec);
    };
    expect(secs("RTH")).toEqual([rth]);
    expect(secs("ETH")).toEqual([0, rth - 1, rth + 6.5 * 3600]);
    expect(secs("any")).toHaveLength(4);
  });

  test("has neither fired once nor to cool down by what was caught up with", () => {
    const rig = watched([rule({ when: "price-above", price: points(P), once: true }), rule({ when: "price-above", price: points(P), cooldown_s: 60 }, "cools")]);
    rig.store.applyLink(link("CATCHING_UP"));
    rig.feed(...over(0), ...over(1));
    rig.store.applyLink(link("LIVE"));
    rig.feed(...over(2), ...over(3));
    const of = (name: string): readonly boolean[] => rig.firings.filter((one) => one.rule.name === name).map(({ isCatchUp }) => isCatchUp);
    expect(of("rule")).toEqual([true, true, false]);
    expect(of("cools")).toEqual([true, false]);
    expect([rig.engine.state(0), rig.engine.state(1)]).toEqual(["done", "cooling"]);
  });

  test("stays as it was when the others change", () => {
    const one = rule({ when: "price-above", price: points(P), once: true });
    const rig = watched([one]);
    rig.feed(...over(0));
    rig.engine.setRules([rule({ when: "spread", ticks: 4 }, "other"), one]);
    expect([rig.engine.state(0), rig.engine.state(1), rig.engine.fired(1)]).toEqual(["armed", "done", 1]);
    rig.feed(at(4, P - 1), at(5, P + 1));
    expect(rig.firings).toHaveLength(1);
  });

  test("begins again with everything that is counted from nothing", () => {
    const rig = watched([rule({ when: "price-above", price: points(P), once: true })]);
    rig.feed(...over(0));
    rig.store.beginSession({ sec: DAY.openSec, nanos: 0 });
    rig.feed(mapping(), ...over(0));
    expect(rig.firings.map(({ number }) => number)).toEqual([1, 1]);
  });
});

test("without rules nothing is looked at", () => {
  const rig = watched([]);
  expect(rig.engine.isWatching).toBe(false);
  rig.feed(...path(P, P + 1));
  expect(rig.firings).toEqual([]);
});

describe("a level", () => {
  test("VWAP: touched where the price comes back to it, not by the trades that make it", () => {
    const rig = watched([rule({ when: "level-touch", level: "VWAP" })]);
    // VWAP before the second of each trade: –, 86970, 86975, 86976.67, 86977.5 …
    rig.feed(at(0, P), at(1, P + 10), at(2, P + 10), at(3, P + 10), at(4, P + 6));
    expect(rig.told()).toEqual(["4: VWAP 21,744.38 touched from above"]);
    expect(rig.engine.target(0)).toBe(P + 7.5);
  });

  test("one that drifts to a price that stands still is touched by the next trade; one that jumps over it is not", () => {
    const prior = "settlement";
    const rig = watched([rule({ when: "level-touch", level: prior })]);
    rig.feed(settlement("2025-06-12", P - 4), at(0, P), at(1, P), settlement("2025-06-12", P + 4), at(2, P), at(3, P + 4));
    expect(rig.told()).toEqual(["3: settlement 21,743.50 touched from below"]);
  });

  test("overnight high: none while it forms, one from regular hours on", () => {
    const rth = DAY.rthOpenSec - DAY.openSec;
    const rig = watched([rule({ when: "level-touch", level: "ONH" })]);
    rig.store.beginSession({ sec: DAY.openSec, nanos: 0 });
    rig.feed(mapping(), at(0, P), at(10, P + 8), at(20, P + 9), at(30, P), at(rth, P), at(rth + 1, P + 2));
    expect(rig.told()).toEqual([]);
    rig.feed(at(rth + 2, P + 9));
    expect(rig.told()).toEqual([`${rth + 2}: ONH 21,744.75 touched from below`]);
  });

  test("every name is one of the levels pane", () => {
    const { studies } = sampleSnapshot();
    const known = new Set(levelsOf(studies).map(({ name }) => name));
    // The sample has no limits and one kind of settlement.
    expect(ALERT_LEVELS.filter((name) => !known.has(name) && !name.startsWith("limit") && name !== "settlement")).toEqual([]);
  });
});

describe("a large trade", () => {
  test("fires with the fill that brings the event to the size, once an event, also where a commit divides it", () => {
    const rig = watched([rule({ when: "large-trade", size: 20 })]);
    rig.feed(at(0, P, { size: 12, nanos: 5 }));
    rig.feed(at(0, P, { size: 7, nanos: 5 }));
    rig.feed(at(0, P + 1, { size: 4, nanos: 5 }), at(0, P + 2, { size: 30, nanos: 5 }), at(0, P, { size: 19, nanos: 6 }));
    expect(rig.told()).toEqual(["0: 23 contracts bought by one aggressor"]);
    expect(rig.firings[0]?.ticks).toBe(P + 1);
  });

  test("of a side, or without one", () => {
    const names = (side: "buy" | "sell" | "any"): readonly string[] => {
      const rig = watched([rule({ when: "large-trade", size: 10, side })]);
      rig.feed(at(0, P, { size: 10, side: "B" }), at(1, P, { size: 10, side: "A" }), at(2, P, { size: 10, side: "N" }));
      return rig.told();
    };
    expect(names("buy")).toEqual(["0: 10 contracts bought by one aggressor"]);
    expect(names("sell")).toEqual(["1: 10 contracts sold by one aggressor"]);
    expect(names("any")).toEqual([...names("buy"), ...names("sell"), "2: 10 contracts without an aggressor"]);
  });

  test("of the adaptive size: as the whale pane has it", () => {
    const rig = watched([rule({ when: "large-trade", adaptive: true })]);
    rig.feed(...Array.from({ length: 499 }, (_, index) => at(index, P, { size: 1 + (index % 2) })));
    expect(rig.engine.state(0)).toBe("waiting");
    rig.feed(at(499, P, { size: 50 }), at(500, P, { size: 49 }), at(501, P, { size: 40 }), at(502, P, { size: 41 }), at(503, P));
    const { threshold } = rig.store.getSnapshot().studies.large.adaptive.eth;
    expect(threshold).toBe(41);
    expect(rig.told()).toEqual(["501: 40 contracts bought by one aggressor", "502: 41 contracts bought by one aggressor"]);
  });
});

describe("a spike", () => {
  test("of volume: with the trade that reaches it, again only after it was below", () => {
    const rig = watched([rule({ when: "volume-spike", size: 10, window_s: 3 })]);
    rig.feed(at(0, P, { size: 6 }), at(1, P, { size: 3 }), at(2, P, { size: 1 }), at(2, P, { size: 9 }), at(4, P), at(10, P, { size: 9 }), at(12, P));
    expect(rig.told()).toEqual(["2: volume 10 in 3 s", "12: volume 10 in 3 s"]);
  });

  test("of delta, of either side or of one", () => {
    const trades = [at(0, P, { size: 5, side: "A" }), at(1, P, { size: 6, side: "A" }), at(8, P, { size: 12, side: "B" }), at(8, P, { size: 4, side: "N" })];
    const told = (side: "buy" | "sell" | "any"): readonly string[] => {
      const rig = watched([rule({ when: "delta-spike", size: 10, window_s: 5, side })]);
      rig.feed(...trades);
      return rig.told();
    };
    expect(told("any")).toEqual(["1: delta -11 in 5 s", "8: delta +12 in 5 s"]);
    expect(told("sell")).toEqual(["1: delta -11 in 5 s"]);
    expect(told("buy")).toEqual(["8: delta +12 in 5 s"]);
  });

  test("against the usual: not before there are enough windows", () => {
    const rig = watched([rule({ when: "volume-spike", times: 3, window_s: 10, average_min: 1 })]);
    const quiet = Array.from({ length: 6 }, (_, index) => at(index * 10, P, { size: 4 }));
    rig.feed(...quiet.slice(0, 5), at(45, P, { size: 100 }));
    expect([rig.told(), rig.engine.state(0)]).toEqual([[], "waiting"]);
    const other = watched([rule({ when: "volume-spike", times: 3, window_s: 10, average_min: 1 })]);
    other.feed(...quiet, at(60, P, { size: 11 }), at(61, P));
    expect([other.told(), other.engine.state(0)]).toEqual([["61: volume 12 in 10 s, usual 4"], "armed"]);
  });
});

test("the spread: with the quote that is so wide, once while it stays so, after the trades before it", () => {
  const rig = watched([rule({ when: "spread", ticks: 4 }), rule({ when: "price-above", price: points(P) }, "price")]);
  const wide = (sec: number, ask: number): PartialRecord => quote(DAY.openSec + sec, P - 1, ask);
  rig.feed(at(0, P - 1), wide(1, P), at(1, P), wide(1, P + 3), wide(2, P + 8), quote(DAY.openSec + 3, null, P + 1), wide(4, P), wide(5, P + 4));
  expect(rig.told()).toEqual(["1: 21,742.50 reached from below", "1: spread 4 ticks", "5: spread 5 ticks"]);
});

describe("the feed", () => {
  test("stale, down and gaps: once for each, an outage once however often it is tried", () => {
    const rig = watched([rule({ when: "feed" }), rule({ when: "feed", on: "gap" }, "gaps")]);
    rig.feed(at(7, P));
    for (const phase of ["LIVE", "STALE", "STALE", "LIVE", "DOWN", "CONNECTING", "DOWN", "CONNECTING", "CATCHING_UP", "LIVE"] as const) {
      rig.store.applyLink({ ...link(phase), reason: "no byte for 15 s" });
    }
    const gap = { from: { sec: DAY.openSec + 8, nanos: 0 }, to: { sec: DAY.openSec + 9, nanos: 0 }, state: "not filled" as const, how: "the replay no longer reaches back" };
    rig.store.applyLink({ ...link("LIVE"), gaps: [gap] });
    expect(rig.told()).toEqual([
      "7: feed stale: no byte for 15 s", "7: feed down: no byte for 15 s",
      "7: trades are or may be missing: the replay no longer reaches back", "7: trades are or may be missing: the replay no longer reaches back",
    ]);
  });

  test("before any trade is told without a time", () => {
    const rig = watched([rule({ when: "feed" })]);
    rig.store.applyLink(link("DOWN"));
    expect(rig.firings[0]).toMatchObject({ at: null, ticks: null });
  });

  test("what comes while the gateway replays the past is marked", () => {
    const rig = watched([rule({ when: "price-above", price: points(P) })]);
    rig.store.applyLink(link("CATCHING_UP"));
    apply(rig.store, at(0, P - 1), at(1, P));
    rig.store.applyLink(link("LIVE"));
    rig.feed(at(2, P - 1), at(3, P));
    expect(rig.firings.map(({ isCatchUp }) => isCatchUp)).toEqual([true, false]);
  });
});

describe("the session", () => {
  const rth = DAY.rthOpenSec - DAY.openSec;
  const all = (["open", "RTH open", "RTH close", "close"] as const).map((one) => rule({ when: "session", at: one }, one));

  test("its times, at their own second, by trades or by heartbeats alone", () => {
    const byTrades = watched(all);
    byTrades.feed(at(0, P), at(rth + 3, P + 1), at(rth + 6.5 * 3600 + 2, P), trade({ sec: MONDAY.openSec + 4 }));
    const byHeartbeats = watched(all);
    byHeartbeats.feed(at(0, P), ...[rth - 1, rth, rth + 6.5 * 3600, 23 * 3600, 72 * 3600].map((sec) => system("Heartbeat", DAY.openSec + sec)));
    const times = ["0: open", `${rth}: RTH open`, `${rth + 6.5 * 3600}: RTH close`, `${23 * 3600}: close`, `${MONDAY.openSec - DAY.openSec}: open`];
    expect(byTrades.told()).toEqual(times);
    expect(byHeartbeats.told()).toEqual(times);
    expect(byTrades.firings.map(({ ticks }) => ticks)).toEqual([null, P, P + 1, P, P]);
  });

  test("one joined late tells only of what is still to come", () => {
    const rig = watched(all);
    rig.feed(at(rth + 100, P), at(23 * 3600 - 1, P), trade({ sec: MONDAY.openSec }));
    expect(rig.told().map((text) => text.split(": ")[1])).toEqual(["RTH close", "close", "open"]);
  });

  test("minutes before", () => {
    const rig = watched([rule({ when: "session", at: "RTH close", minutes_before: 15 })]);
    rig.feed(at(0, P), at(23 * 3600 - 1, P));
    expect(rig.told()).toEqual([`${rth + 6.25 * 3600}: 15 min to RTH close`]);
  });
});

test("the roll: each day from so many days before the last one", () => {
  const days = (before: number): readonly string[] => {
    const rig = watched([rule({ when: "roll", days: before })]);
    rig.feed(at(3, P), at(50, P), trade({ sec: MONDAY.openSec + 2 }));
    return rig.told();
  };
  // NQM5 stops trading on Friday 2025-06-20.
  expect(days(7)).toEqual(["3: NQM5 stops trading in 7 days", `${MONDAY.openSec - DAY.openSec + 2}: NQM5 stops trading in 4 days`]);
  expect(days(5)).toEqual([`${MONDAY.openSec - DAY.openSec + 2}: NQM5 stops trading in 4 days`]);
});

test("no cutting of the bytes, no pattern of commits changes what fires", () => {
  const anything: fc.Arbitrary<PartialRecord> = fc.oneof(
    { weight: 12, arbitrary: fc.record({
      sec: fc.integer({ min: DAY.rthOpenSec - 4, max: DAY.rthOpenSec + 30 }), nanos: fc.constantFrom(0, 0, 5), ticks: fc.integer({ min: P - 6, max: P + 6 }),
      size: fc.integer({ min: 1, max: 12 }), side: fc.constantFrom("B", "A", "N"),
    }).map(trade) },
    { weight: 1, arbitrary: fc.constantFrom(
      definition(), settlement("2025-06-12", P), settlement("2025-06-12", P + 2), mapping(77, "NQU5"), mapping(), trade({ sec: MONDAY.openSec + 1 }),
      quote(DAY.rthOpenSec + 3, P - 1, P + 3), quote(DAY.rthOpenSec + 9, P - 1, P), system("Heartbeat", DAY.rthOpenSec + 12),
    ) },
  );
  const rules = [
    rule({ when: "price-cross", price: points(P) }, "a"), rule({ when: "price-above", price: points(P + 3), cooldown_s: 4 }, "b"),
    rule({ when: "level-touch", level: "VWAP" }, "c"), rule({ when: "level-touch", level: "POC" }, "d"), rule({ when: "level-touch", level: "settlement" }, "e"),
    rule({ when: "large-trade", size: 14 }, "f"), rule({ when: "volume-spike", size: 30, window_s: 3 }, "g"),
    rule({ when: "delta-spike", times: 1.5, window_s: 2, average_min: 1 }, "h"), rule({ when: "delta-spike", size: 9, window_s: 4 }, "i"),
    rule({ when: "spread", ticks: 3 }, "j"), rule({ when: "session", at: "RTH open" }, "k"), rule({ when: "roll", days: 20 }, "l"),
    rule({ when: "level-touch", level: "ONH" }, "m"),
  ];
  const shown = (rig: ReturnType<typeof watched>): unknown =>
    rig.firings.map(({ number, rule: { name }, at: time, ticks, seen }) => ({ number, name, time, ticks, seen }));
  const header = encodeMetadata(liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }));
  let fired = 0;
  fc.assert(fc.property(fc.array(anything, { maxLength: 120 }), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (records, pieces, every) => {
    const whole = watched(rules);
    whole.feed(...records);
    const cut = watched(rules);
    const decoder = createDbnDecoder();
    const bytes = Buffer.concat([header, ...records.map((record) => encodeRecord(record, 3))]);
    for (let from = 0, turn = 0; from < bytes.length; turn += 1) {
      const length = pieces[turn % pieces.length] ?? 1;
      decoder.push(bytes.subarray(from, from + length), cut.store.applyRecord, cut.store.applyTrades);
      from += length;
      if (turn % every === 0) cut.store.commit();
    }
    cut.store.commit();
    fired += whole.firings.length;
    expect(shown(cut)).toEqual(shown(whole));
  }));
  expect(fired).toBeGreaterThan(100); // most of these trades come late, in no order
});
