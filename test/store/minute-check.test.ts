/** The independent check of our minutes against the gateway's bars. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PartialRecord } from "../../src/dbn/encode.ts";
import type { MinutesView } from "../../src/store/minute-check.ts";
import type { TradeStore } from "../../src/store/store.ts";
import { apply, bar, DAY, mapping, MONDAY, newStore, trade } from "./market-records.ts";

const FROM = { sec: DAY.openSec, nanos: 0 };

function begun(from: { sec: number; nanos: number } | null = FROM): TradeStore {
  const store = newStore();
  store.beginSession(from);
  apply(store, mapping());
  return store;
}

function minutesOf(store: TradeStore): Omit<MinutesView, "spans"> {
  store.commit();
  const { spans: _, ...minutes } = store.getSnapshot().minutes;
  return minutes;
}

/** A trade of `size` in each of these minutes, ten seconds in. */
const inMinutes = (sizes: readonly number[]): PartialRecord[] =>
  sizes.flatMap((size, minute) => (size === 0 ? [] : [trade({ sec: DAY.openSec + minute * 60 + 10, size })]));
const barsOf = (sizes: readonly number[]): PartialRecord[] =>
  sizes.flatMap((size, minute) => (size === 0 ? [] : [bar(DAY.openSec + minute * 60, size)]));

describe("minutes against bars", () => {
  test("agree, and are compared once trades have passed their end by five seconds", () => {
    const store = begun();
    apply(store, ...inMinutes([3, 4]), bar(DAY.openSec, 3), bar(DAY.openSec + 60, 4));
    expect(minutesOf(store)).toEqual({ checked: 1, different: 0, newest: [] });
    apply(store, trade({ sec: DAY.openSec + 124 }));
    expect(minutesOf(store).checked).toBe(1);
    apply(store, trade({ sec: DAY.openSec + 125 }));
    expect(minutesOf(store)).toEqual({ checked: 2, different: 0, newest: [] });
  });

  test("that lack a trade, have one too many, or miss a bar are told, oldest first", () => {
    const store = begun();
    apply(store, ...inMinutes([3, 4, 5, 6, 0, 1]), ...barsOf([3, 9, 5, 0, 2, 1]), trade({ sec: DAY.openSec + 400 }));
    const at = (minute: number): number => DAY.openSec + minute * 60;
    expect(minutesOf(store)).toEqual({
      checked: 6,
      different: 3,
      newest: [{ sec: at(1), counted: 4, bar: 9 }, { sec: at(3), counted: 6, bar: 0 }, { sec: at(4), counted: 0, bar: 2 }],
    });
  });

  test("that differ are all in the coverage, however many: only those shown one by one are the newest", () => {
    const store = begun();
    const sizes = Array.from({ length: 140 }, (_, minute) => (minute % 2 === 0 ? 5 : 4));
    apply(store, ...inMinutes(sizes), ...barsOf(sizes.map((size) => (size === 4 ? 6 : size))), trade({ sec: DAY.openSec + 140 * 60 + 10 }));
    store.commit();
    const { minutes, coverage } = store.getSnapshot();
    expect([minutes.different, minutes.newest.length]).toEqual([70, 20]);
    expect(coverage.gaps.length).toBe(50);
    for (let minute = 1; minute < 140; minute += 2) {
      const sec = DAY.openSec + minute * 60 + 10;
      expect([minute, coverage.gaps.some(({ from, to }) => from.sec <= sec && to !== null && to.sec > sec)]).toEqual([minute, true]);
    }
    expect(coverage.gaps[1]?.from.sec).toBe(DAY.openSec + 43 * 60); // the oldest 21 are one
  });

  test("that differ are unverified in the coverage of the figures, those behind one another as one span", () => {
    const store = begun();
    apply(store, ...inMinutes([3, 4, 5, 6, 7]), ...barsOf([3, 9, 9, 6, 9]), trade({ sec: DAY.openSec + 400 }));
    store.commit();
    const { coverage } = store.getSnapshot();
    expect(coverage.complete).toBe(false);
    expect(coverage.text).toBe("since 18:00, gap 18:04:00–18:05:00 unverified, gap 18:01:00–18:03:00 unverified");
    apply(store, ...barsOf([3, 4, 5, 6, 7]));
    store.commit();
    expect(store.getSnapshot().coverage).toMatchObject({ complete: true, text: "complete since 18:00", gaps: [] });
  });

  test("are right again when the lacking trade comes late", () => {
    const store = begun();
    apply(store, ...inMinutes([3, 4]), ...barsOf([3, 6]), trade({ sec: DAY.openSec + 130 }));
    expect(minutesOf(store).different).toBe(1);
    apply(store, trade({ sec: DAY.openSec + 110, size: 2 }));
    expect(minutesOf(store)).toEqual({ checked: 2, different: 0, newest: [] });
  });

  test("say nothing of time before everything is known, or before the first bar", () => {
    const late = begun({ sec: DAY.openSec + 61, nanos: 0 });
    apply(late, ...barsOf([5, 5, 5]), ...inMinutes([0, 2, 5]), trade({ sec: DAY.openSec + 200 }));
    expect(minutesOf(late)).toEqual({ checked: 1, different: 0, newest: [] });
    const noBars = begun();
    apply(noBars, ...inMinutes([5, 5, 5]), bar(DAY.openSec + 120, 5), trade({ sec: DAY.openSec + 200 }));
    expect(minutesOf(noBars)).toEqual({ checked: 1, different: 0, newest: [] });
  });

  test("are of the session that is counted, of its instrument, and begin anew with the figures", () => {
    const store = begun();
    apply(store, ...inMinutes([5]), bar(DAY.openSec, 9), bar(DAY.openSec, 700, 43), trade({ sec: DAY.openSec + 100 }));
    expect(minutesOf(store).different).toBe(1);
    apply(store, trade({ sec: MONDAY.openSec, size: 2 }), trade({ sec: MONDAY.openSec + 70 }), bar(MONDAY.openSec, 2));
    expect(minutesOf(store)).toEqual({ checked: 1, different: 0, newest: [] });
    store.beginSession(FROM);
    expect(minutesOf(store).checked).toBe(0);
  });

  test("keep what was found when a bar's time is damaged", () => {
    const store = begun();
    apply(store, ...inMinutes([5, 5]), ...barsOf([5, 5]), bar(DAY.openSec + 40 * 365 * 86_400, 1), trade({ sec: DAY.openSec + 200 }));
    expect(minutesOf(store)).toEqual({ checked: 2, different: 0, newest: [] });
  });

  test("come to the same in every order of bars and trades, and under any commits", () => {
    const sizes = fc.array(fc.nat({ max: 4 }), { minLength: 3, maxLength: 30 });
    fc.assert(fc.property(sizes, sizes, fc.infiniteStream(fc.boolean()), (ours, theirs, choices) => {
      const trades = [...inMinutes(ours), trade({ sec: DAY.openSec + 40 * 60 })];
      const bars = barsOf(theirs);
      const together = begun();
      apply(together, ...trades, ...bars);
      const mixed = begun();
      while (trades.length + bars.length > 0) {
        const from = choices.next().value === true ? trades : bars;
        const record = from.shift();
        if (record !== undefined) apply(mixed, record);
        if (choices.next().value === true) mixed.commit();
      }
      expect(minutesOf(mixed)).toEqual(minutesOf(together));
      const last = theirs.findLastIndex((size) => size > 0);
      const first = theirs.findIndex((size) => size > 0);
      const differ = last < 0 ? 0 : ours.concat(Array.from({ length: 40 }, () => 0)).filter((size, minute) => minute >= first && minute <= last && size !== (theirs[minute] ?? 0)).length;
      expect(minutesOf(together).different).toBe(differ);
    }));
  });
});
