/** Coverage in words and in data: since when, what was lost, and what that means for a figure that begins later. */
import { describe, expect, test } from "vitest";
import type { LinkGap } from "../../src/lsg/link-state.ts";
import { coverageOf, coverageSince } from "../../src/store/coverage.ts";
import { apply, DAY, link, mapping, MONDAY, newStore, trade } from "./market-records.ts";

const at = (time: string): { sec: number; nanos: number } => ({ sec: Date.parse(`2025-06-13T${time}-04:00`) / 1000, nanos: 0 });
const gap = (from: string, to: string | null, state: LinkGap["state"]): LinkGap => ({
  from: at(from), to: to === null ? null : at(to), state, how: "",
});
const OPEN = { sec: DAY.openSec, nanos: 0 };
const FILLED = gap("11:03:10", "11:03:41", "filled");
const LOST = gap("11:03:10", "11:03:41", "not filled");

describe("of the session", () => {
  test.each<[string, { sec: number; nanos: number } | null, readonly LinkGap[], boolean, string]>([
    ["nothing has come", null, [FILLED], false, "nothing yet"],
    ["all of it", OPEN, [], true, "complete since 18:00"],
    ["from later on", at("10:42:59"), [], false, "partial: from 10:42"],
    ["a nanosecond after the open", { ...OPEN, nanos: 1 }, [], false, "partial: from 18:00"],
    ["a gap that was filled", OPEN, [FILLED], true, "complete since 18:00, gap 11:03:10–11:03:41 filled"],
    ["a gap that was not", OPEN, [LOST], false, "since 18:00, gap 11:03:10–11:03:41 not filled"],
    ["a gap that nobody can vouch for", OPEN, [gap("11:03:10", "11:03:41", "unverified")], false, "since 18:00, gap 11:03:10–11:03:41 unverified"],
    ["a gap that is going on", OPEN, [gap("11:03:10", null, "open")], false, "since 18:00, gap since 11:03:10"],
    ["a gap before everything that is known", at("11:04:00"), [LOST], false, "partial: from 11:04"],
    ["late and with a gap", at("10:42:00"), [LOST], false, "partial: from 10:42, gap 11:03:10–11:03:41 not filled"],
    ["many gaps: what is missing first, then the newest", OPEN, [LOST, gap("11:10:00", "11:10:01", "filled"), gap("11:20:00", "11:20:01", "filled"),
      gap("11:30:00", "11:30:01", "not filled")], false,
      "since 18:00, gap 11:30:00–11:30:01 not filled, gap 11:03:10–11:03:41 not filled, 2 more gaps"],
  ])("%s", (_, from, gaps, complete, text) => {
    expect(coverageOf(from, DAY, gaps)).toMatchObject({ from, complete, text });
  });

  test("what was lost from the session before until within this one is a late beginning", () => {
    const hole: LinkGap = { from: { sec: DAY.openSec - 7200, nanos: 0 }, to: at("09:30:00"), state: "not filled", how: "" };
    expect(coverageOf({ sec: DAY.openSec - 90_000, nanos: 0 }, DAY, [hole])).toEqual({ from: at("09:30:00"), complete: false, text: "partial: from 09:30", gaps: [] });
    expect(coverageOf(OPEN, DAY, [{ ...hole, state: "unverified" }]).text).toBe("since 18:00, gap 16:00:00–09:30:00 unverified");
    const whole: LinkGap = { ...hole, to: { sec: DAY.openSec - 60, nanos: 0 } };
    expect(coverageOf({ sec: DAY.openSec - 90_000, nanos: 0 }, DAY, [whole]).text).toBe("complete since 18:00");
  });

  test("gaps keep their order and say themselves; those of another session are left out", () => {
    const { gaps } = coverageOf(OPEN, DAY, [FILLED, gap("11:10:00", "11:10:01", "filled")]);
    expect(gaps.map(({ text }) => text)).toEqual(["gap 11:03:10–11:03:41 filled", "gap 11:10:00–11:10:01 filled"]);
    expect(coverageOf(OPEN, MONDAY, [LOST])).toMatchObject({ complete: true, text: "complete since 18:00", gaps: [] });
  });
});

describe("of a figure that begins with regular hours", () => {
  const since = (from: { sec: number; nanos: number }, gaps: readonly LinkGap[]): unknown => {
    const { complete, text } = coverageSince(coverageOf(from, DAY, gaps), DAY, DAY.rthOpenSec);
    return [complete, text];
  };

  test("what was missed before does not matter", () => {
    expect(since(at("09:12:00"), [gap("09:15:00", "09:16:00", "not filled")])).toEqual([true, "complete since 09:30"]);
    expect(since(OPEN, [gap("09:29:59", "09:30:01", "not filled")])).toEqual([false, "since 09:30, gap 09:29:59–09:30:01 not filled"]);
    expect(since(at("09:31:00"), [])).toEqual([false, "partial: from 09:31"]);
    expect(since(OPEN, [FILLED])).toEqual([true, "complete since 09:30, gap 11:03:10–11:03:41 filled"]);
  });

  test("before anything is known it stays so", () => {
    const nothing = coverageOf(null, null, []);
    expect(coverageSince(nothing, null, DAY.rthOpenSec)).toBe(nothing);
  });
});

describe("in the store", () => {
  test("follows what the link says, and the figures follow it", () => {
    const store = newStore();
    store.beginSession(OPEN);
    apply(store, mapping(), trade({ sec: DAY.openSec + 5 }));
    store.commit();
    const shown = (): unknown => {
      const { coverage, studies } = store.getSnapshot();
      return [coverage.complete, coverage.text, studies.session.basis];
    };
    expect(shown()).toEqual([true, "complete since 18:00", "session open"]);
    const lost = { from: OPEN, to: { sec: DAY.openSec + 2, nanos: 0 }, how: "" };
    store.applyLink({ ...link("DOWN"), gaps: [{ ...lost, state: "not filled" }] });
    store.commit();
    expect(shown()).toEqual([false, "since 18:00, gap 18:00:00–18:00:02 not filled", "first trade seen"]);
    const { coverage } = store.getSnapshot();
    store.applyLink({ ...link("LIVE"), gaps: [{ ...lost, state: "filled" }] });
    apply(store, trade({ sec: DAY.openSec + 6 }));
    store.commit();
    expect(shown()).toEqual([true, "complete since 18:00, gap 18:00:00–18:00:02 filled", "session open"]);
    expect(coverage.complete).toBe(false);
    apply(store, trade({ sec: DAY.openSec + 7 }));
    const before = store.getSnapshot().coverage;
    store.commit();
    expect(store.getSnapshot().coverage).toBe(before);
  });

  test("a session that begins anew knows of the gaps too", () => {
    const store = newStore();
    store.applyLink({ ...link("CATCHING_UP"), gaps: [LOST] });
    store.beginSession(OPEN);
    apply(store, mapping(), trade({ sec: at("11:05:00").sec }));
    store.commit();
    expect(store.getSnapshot().coverage.text).toBe("since 18:00, gap 11:03:10–11:03:41 not filled");
  });
});
