/** Open or not, until when, and whose word it is: the calendar's or the venue's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { sessionClock, type SessionClock } from "../../src/studies/session-clock.ts";
import { statusStudy, type StatusView } from "../../src/studies/status.ts";

const et = (text: string): number => Date.parse(`${text}-0${text < "2025-03-09" || text > "2025-11-02" ? 5 : 4}:00`) / 1000;

/** DBN's action, Eastern time, and what is said of trading. */
function status(action: number, time: string, isTrading: boolean | null, reason = 1): StatusView | null {
  const state = statusStudy.init();
  statusStudy.status?.(state, { at: { sec: et(time), nanos: 0 }, action, reason, isTrading });
  return statusStudy.view(state);
}

function clock(time: string, said: StatusView | null): SessionClock {
  const sec = et(time);
  return sessionClock(builtInCalendar.phaseAt(sec), sec, said, builtInCalendar.dayOf(sec).easternOffsetSec);
}

const CALENDAR = "calendar 2026.2";

describe("the calendar alone", () => {
  test.each([
    ["2025-06-13T10:00:00", "RTH morning", true, "2025-06-13T12:00:00", "RTH midday"],
    ["2025-06-12T17:30:00", "daily break", false, "2025-06-12T18:00:00", "open"],
    ["2025-07-03T13:20:00", "early close", false, "2025-07-03T18:00:00", "holiday session"],
    ["2025-06-14T12:00:00", "weekend", false, "2025-06-15T18:00:00", "open"],
  ])("at %s: %s", (time, name, isOpen, until, next) => {
    expect(clock(time, null)).toEqual({ name, isOpen, untilSec: et(until), next, source: CALENDAR, isConfirmed: false, calendarSays: "" });
  });
});

describe("a status that agrees", () => {
  test("confirms the calendar's words", () => {
    expect(clock("2025-06-13T10:00:00", status(7, "2025-06-12T18:00:00", true))).toMatchObject({ name: "RTH morning", source: CALENDAR, isConfirmed: true });
    expect(clock("2025-06-12T17:30:00", status(12, "2025-06-12T17:00:00", false))).toMatchObject({ name: "daily break", source: CALENDAR, isConfirmed: true });
  });

  test("without Y or N goes by its action", () => {
    expect(clock("2025-06-13T10:00:00", status(7, "2025-06-12T18:00:00", null)).isConfirmed).toBe(true);
    expect(clock("2025-06-13T10:00:00", status(8, "2025-06-13T09:59:00", null)).isOpen).toBe(false);
  });

  test("pre-open before the open tells more than the break", () => {
    expect(clock("2025-06-12T17:50:00", status(1, "2025-06-12T17:45:00", false))).toEqual({
      name: "pre-open", isOpen: false, untilSec: et("2025-06-12T18:00:00"), next: "open", source: "status 17:45:00", isConfirmed: true, calendarSays: "",
    });
  });
});

describe("a status that says the contrary wins", () => {
  test.each([
    [8, 3, "halted (market event)"], [9, 1, "paused (scheduled)"], [10, 2, "suspended (surveillance)"], [12, 1, "closed"], [15, 1, "not available"], [1, 1, "pre-open"],
  ])("action %d in the session: %s %s", (action, reason, name) => {
    expect(clock("2025-06-13T10:00:00", status(action, "2025-06-13T09:12:03", false, reason))).toEqual({
      name, isOpen: false, untilSec: null, next: "", source: "status 09:12:03", isConfirmed: false, calendarSays: "RTH morning",
    });
  });

  test("trading while the calendar says early close", () => {
    expect(clock("2025-07-03T13:20:00", status(7, "2025-07-02T18:00:00", true))).toEqual({
      name: "trading", isOpen: true, untilSec: null, next: "", source: "status 18:00:00", isConfirmed: false, calendarSays: "early close",
    });
    expect(clock("2025-01-09T11:00:00", status(7, "2025-01-08T18:00:00", true))).toMatchObject({ isOpen: true, calendarSays: "early close" });
    expect(clock("2025-02-17T14:00:00", status(7, "2025-02-16T18:00:00", true))).toMatchObject({ isOpen: true, calendarSays: "holiday" });
  });

  test("trading in a session that the calendar does not have", () => {
    expect(clock("2025-04-18T10:00:00", status(7, "2025-04-17T18:00:00", true))).toMatchObject({ name: "trading", isOpen: true, calendarSays: "holiday" });
  });

  test("trading in the break counts when it was said in the break", () => {
    expect(clock("2025-06-12T17:30:00", status(7, "2025-06-12T17:10:00", true))).toMatchObject({ name: "trading", isOpen: true, calendarSays: "daily break" });
  });
});

describe("a status of the past changes nothing", () => {
  test.each([
    ["trading since the session before, in the break", "2025-06-12T17:30:00", 7, "2025-06-10T18:00:00", true, "daily break"],
    ["trading since the open, in the break", "2025-06-12T17:30:00", 7, "2025-06-11T18:00:00", true, "daily break"],
    ["trading since the open, at the weekend", "2025-06-14T12:00:00", 7, "2025-06-12T18:00:00", true, "weekend"],
    ["trading since the open, long after an early close", "2025-11-29T12:00:00", 7, "2025-11-27T18:00:00", true, "weekend"],
    ["trading since the open, after 17:00 of an early close", "2025-07-03T17:00:00", 7, "2025-07-02T18:00:00", true, "early close"],
    ["closed the evening before, after the open", "2025-06-12T18:30:00", 12, "2025-06-12T17:00:00", false, "Asia"],
    ["pre-open before the open, after it", "2025-06-12T18:30:00", 1, "2025-06-12T17:45:00", false, "Asia"],
    ["a halt of yesterday", "2025-06-13T10:00:00", 8, "2025-06-12T15:00:00", false, "RTH morning"],
  ])("%s", (_, time, action, saidAt, isTrading, name) => {
    expect(clock(time, status(action, saidAt, isTrading))).toMatchObject({ name, source: CALENDAR, isConfirmed: false, calendarSays: "" });
  });

  test.each([[0], [14], [99]])("action %d does not say whether trading goes on", (action) => {
    expect(clock("2025-06-13T10:00:00", status(action, "2025-06-13T09:12:03", null))).toMatchObject({ name: "RTH morning", source: CALENDAR, isConfirmed: false });
  });
});

test("what is said is consistent at any time, whatever the status", () => {
  const anyTime = fc.integer({ min: et("2023-01-02T00:00:00"), max: et("2030-12-30T00:00:00") });
  fc.assert(
    fc.property(anyTime, fc.integer({ min: -3 * 86_400, max: 0 }), fc.nat(16), fc.constantFrom(true, false, null), (sec, ago, action, isTrading) => {
      const state = statusStudy.init();
      statusStudy.status?.(state, { at: { sec: sec + ago, nanos: 0 }, action, reason: 1, isTrading });
      const phase = builtInCalendar.phaseAt(sec);
      const found = sessionClock(phase, sec, statusStudy.view(state), -18_000);
      expect(found.name).not.toBe("");
      expect(found.untilSec === null).toBe(found.calendarSays !== "");
      if (found.untilSec === null) {
        expect(found.source).toMatch(/^status \d\d:\d\d:\d\d$/);
        expect(found.isOpen).not.toBe(phase.kind === "ETH" || phase.kind === "RTH");
      } else expect([phase.untilSec, phase.kind === "ETH" || phase.kind === "RTH"]).toEqual([found.untilSec, found.isOpen]);
    }),
  );
});
