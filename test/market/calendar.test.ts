/** The built-in calendar: its table against the rules, holidays and early closes, phases, over eight years without a hole. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BUILT_IN_CALENDAR } from "../../src/market/calendar-data.ts";
import { withOwnEntries, type CalendarEntry } from "../../src/market/calendar-entry.ts";
import { createTradingCalendar } from "../../src/market/calendar.ts";
import { dayNumberOfText, weekday } from "../../src/market/civil-date.ts";
import { builtInCalendar, tradingDayOf } from "../../src/market/trading-day.ts";
import { holidaysOf } from "../helpers/reference/holidays.ts";
import { referenceAround, wallSec, wallText } from "../helpers/reference/sessions.ts";

const at = (iso: string): number => Date.parse(iso) / 1000;
const et = (text: string): number => wallSec(text.slice(0, 10), text.slice(11), "America/New_York");
const FIRST = at("2023-01-01T00:00:00Z");
const LAST = at("2031-01-01T00:00:00Z");
const anyTime = fc.integer({ min: FIRST, max: LAST - 1 });

describe("the table", () => {
  const years = [2023, 2024, 2025, 2026, 2027, 2028, 2029, 2030];

  test.each(years)("%d holds what the rules give, no more and no less", (year) => {
    const table = new Map(
      BUILT_IN_CALENDAR.entries
        .filter(({ date }) => date.startsWith(String(year)))
        .map(({ date, type, close, rthClose }) => [date, { type, close, rthClose }]),
    );
    expect(table).toEqual(holidaysOf(year));
  });

  test("is in order, on business days, each date once, each with a reason and a source", () => {
    const dates = BUILT_IN_CALENDAR.entries.map(({ date }) => date);
    expect(dates).toEqual([...new Set(dates)].sort());
    expect(dates.length).toBeGreaterThan(8 * 10);
    for (const { date, label, source } of BUILT_IN_CALENDAR.entries) {
      expect([1, 2, 3, 4, 5]).toContain(weekday(dayNumberOfText(date)));
      expect(label).not.toBe("");
      expect(source).not.toBe("");
    }
  });

  test("says what is published and what is only expected", () => {
    const confidenceOf = (date: string): unknown => BUILT_IN_CALENDAR.entries.find((entry) => entry.date === date)?.confidence;
    expect(["2025-01-09", "2026-04-03", "2027-03-26", "2027-06-18", "2028-04-14"].map(confidenceOf)).toEqual([
      "published", "published", "by rule", "published", "by rule",
    ]);
  });
});

describe("sessions", () => {
  test("are those found the slow way", () => {
    fc.assert(
      fc.property(anyTime, (sec) => {
        const [current, next] = referenceAround(sec);
        const isOver = sec >= current.closeSec;
        const reopensThatEvening = wallText(next.openSec, "America/New_York").slice(0, 10) === current.date;
        const { tradeDate, openSec, closeSec, rthOpenSec, rthCloseSec } = isOver && !reopensThatEvening ? next : current;
        expect(tradingDayOf(sec)).toMatchObject({ tradeDate, openSec, closeSec, rthOpenSec, rthCloseSec });
      }),
      { numRuns: 400 },
    );
  });

  test("Presidents' Day and the evening after it are two sessions of one trade date", () => {
    const holiday = tradingDayOf(et("2025-02-16 18:00"));
    const day = tradingDayOf(et("2025-02-17 18:00"));
    expect(holiday).toMatchObject({
      tradeDate: "2025-02-18", openSec: et("2025-02-16 18:00"), closeSec: et("2025-02-17 13:00"), endSec: et("2025-02-17 18:00"),
      kind: "holiday session", label: "Presidents' Day", hasRth: false, rthOpenSec: et("2025-02-17 13:00"), rthCloseSec: et("2025-02-17 13:00"),
    });
    expect(day).toMatchObject({
      tradeDate: "2025-02-18", openSec: et("2025-02-17 18:00"), closeSec: et("2025-02-18 17:00"), kind: "regular", label: "", hasRth: true,
    });
  });

  test.each([
    // Between the sessions of one date the session that closed; before a weekend or a holiday the one to come.
    ["2025-07-03 13:14", "2025-07-03", "early close", "day before Independence Day"],
    ["2025-07-03 13:15", "2025-07-03", "early close", "day before Independence Day"],
    ["2025-07-03 18:30", "2025-07-07", "holiday session", "Independence Day"],
    ["2024-07-03 18:00", "2024-07-05", "holiday session", "Independence Day"],
    ["2025-07-04 13:00", "2025-07-07", "regular", ""],
    ["2025-01-09 09:29", "2025-01-09", "early close", "National Day of Mourning"],
    ["2025-01-09 10:00", "2025-01-09", "early close", "National Day of Mourning"],
    ["2025-01-09 18:00", "2025-01-10", "regular", ""],
    ["2023-12-24 18:00", "2023-12-26", "regular", ""],
    ["2023-12-25 12:00", "2023-12-26", "regular", ""],
    ["2023-12-25 18:00", "2023-12-26", "regular", ""],
    ["2026-04-03 09:14", "2026-04-03", "early close", "Good Friday with the jobs report"],
    ["2026-04-03 09:15", "2026-04-06", "regular", ""],
    ["2025-04-17 16:59", "2025-04-17", "regular", ""],
    ["2025-04-17 17:00", "2025-04-21", "regular", ""],
    ["2025-11-26 18:00", "2025-11-28", "holiday session", "Thanksgiving"],
    ["2025-11-27 18:00", "2025-11-28", "early close", "day after Thanksgiving"],
    ["2026-06-18 18:00", "2026-06-22", "holiday session", "Juneteenth"],
    ["2026-12-31 16:59", "2026-12-31", "regular", ""],
    ["2026-12-31 17:00", "2027-01-04", "regular", ""],
  ])("%s belongs to %s, %s", (time, tradeDate, kind, label) => {
    expect(tradingDayOf(et(time))).toMatchObject({ tradeDate, kind, label });
  });

  test("shortened days end their regular hours at 13:00, and have none when the cash market is shut", () => {
    expect(tradingDayOf(et("2025-12-24 10:00"))).toMatchObject({
      hasRth: true, rthOpenSec: et("2025-12-24 09:30"), rthCloseSec: et("2025-12-24 13:00"), closeSec: et("2025-12-24 13:15"),
      endSec: et("2025-12-25 18:00"),
    });
    for (const time of ["2025-01-09 03:00", "2026-04-03 03:00", "2025-06-19 03:00"]) expect(tradingDayOf(et(time)).hasRth).toBe(false);
  });

  test("dayOf never goes back, and gives the same object for the same session", () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 0, max: 5 * 86_400 }), (sec, later) => {
        const day = tradingDayOf(sec);
        const after = tradingDayOf(sec + later);
        expect(after.openSec).toBeGreaterThanOrEqual(day.openSec);
        expect(after.tradeDate >= day.tradeDate).toBe(true);
        if (after.openSec === day.openSec) expect(after).toBe(day);
        expect(builtInCalendar.dayOf(day.openSec)).toBe(day);
        expect(builtInCalendar.dayOf(day.closeSec - 1)).toBe(day);
        expect(builtInCalendar.dayOf(day.endSec).openSec).toBe(day.endSec);
      }),
    );
  });
});

describe("parts of a session", () => {
  const parts = (time: string): unknown =>
    tradingDayOf(et(time)).subSessions.map(({ name, startSec }) => [name, wallText(startSec, "America/New_York").slice(11)]);

  test("on a regular day", () => {
    expect(parts("2025-06-13 10:00")).toEqual([
      ["Asia", "18:00"], ["London", "03:00"], ["US pre-market", "04:00"], ["RTH morning", "09:30"], ["RTH midday", "12:00"],
      ["RTH afternoon", "14:00"], ["post", "16:00"],
    ]);
  });

  test.each(["2025-03-10 10:00", "2025-03-28 10:00", "2025-10-27 10:00", "2025-10-31 10:00", "2030-03-29 10:00"])(
    "in the weeks in which Europe has other clocks London opens with the pre-market (%s)",
    (time) => {
      expect(parts(time)).toEqual([
        ["Asia", "18:00"], ["US pre-market", "04:00"], ["RTH morning", "09:30"], ["RTH midday", "12:00"], ["RTH afternoon", "14:00"], ["post", "16:00"],
      ]);
    },
  );

  test.each([["2025-03-07", "03:00"], ["2025-03-10", "04:00"], ["2025-03-31", "03:00"], ["2025-10-24", "03:00"], ["2025-10-27", "04:00"], ["2025-11-03", "03:00"]])(
    "London opens on %s at %s Eastern",
    (date, time) => {
      expect(tradingDayOf(et(`${date} 10:00`)).londonOpenSec).toBe(et(`${date} ${time}`));
      expect(tradingDayOf(et(`${date} 10:00`)).londonOpenSec).toBe(wallSec(date, "08:00", "Europe/London"));
    },
  );

  test("London opens at 04:00 Eastern in exactly the spans between the clock changes", () => {
    const spans: readonly (readonly [string, string])[] = [
      ["2025-03-09", "2025-03-29"], ["2025-10-26", "2025-11-01"], ["2026-03-08", "2026-03-28"], ["2026-10-25", "2026-10-31"],
      ["2027-03-14", "2027-03-27"], ["2027-10-31", "2027-11-06"], ["2028-03-12", "2028-03-25"], ["2028-10-29", "2028-11-04"],
      ["2029-03-11", "2029-03-24"], ["2029-10-28", "2029-11-03"], ["2030-03-10", "2030-03-30"], ["2030-10-27", "2030-11-02"],
    ];
    for (let sec = at("2025-01-02T12:00:00Z"); sec < at("2030-12-31T00:00:00Z"); sec += 86_400) {
      const date = new Date(sec * 1000).toISOString().slice(0, 10);
      const { londonOpenSec, tradeDate } = tradingDayOf(sec);
      if (tradeDate !== date) continue; // a weekend or a holiday
      const isBetween = spans.some(([from, to]) => date >= from && date <= to);
      expect([date, wallText(londonOpenSec, "America/New_York").slice(11)]).toEqual([date, isBetween ? "04:00" : "03:00"]);
    }
  });

  test("Tokyo opens at 20:00 Eastern in summer, at 19:00 in winter", () => {
    expect(tradingDayOf(et("2025-06-13 10:00")).tokyoOpenSec).toBe(et("2025-06-12 20:00"));
    expect(tradingDayOf(et("2025-01-15 10:00")).tokyoOpenSec).toBe(et("2025-01-14 19:00"));
  });

  test("on shortened days", () => {
    expect(parts("2025-07-03 10:00")).toEqual([
      ["Asia", "18:00"], ["London", "03:00"], ["US pre-market", "04:00"], ["RTH morning", "09:30"], ["RTH midday", "12:00"], ["post", "13:00"],
    ]);
    expect(parts("2025-02-17 10:00")).toEqual([["Asia", "18:00"], ["London", "03:00"], ["US holiday", "09:30"]]);
    expect(parts("2026-04-03 08:00")).toEqual([["Asia", "18:00"], ["London", "03:00"]]);
  });

  test("cover every session exactly", () => {
    fc.assert(
      fc.property(anyTime, (sec) => {
        const { subSessions, openSec, closeSec, rthOpenSec, rthCloseSec } = tradingDayOf(sec);
        let reached = openSec;
        for (const { name, startSec, endSec } of subSessions) {
          expect(startSec).toBe(reached);
          expect(endSec).toBeGreaterThan(startSec);
          expect(name.startsWith("RTH")).toBe(startSec >= rthOpenSec && startSec < rthCloseSec);
          reached = endSec;
        }
        expect(reached).toBe(closeSec);
      }),
    );
  });
});

describe("phases", () => {
  const phase = (time: string): unknown => {
    const { name, kind, untilSec, next, label } = builtInCalendar.phaseAt(et(time));
    return [name, kind, wallText(untilSec, "America/New_York"), next, label];
  };

  test.each([
    // A week without a holiday.
    ["2025-06-15 17:59", ["weekend", "weekend", "2025-06-15 18:00", "open", ""]],
    ["2025-06-15 18:00", ["Asia", "ETH", "2025-06-15 20:00", "Tokyo", ""]],
    ["2025-06-15 20:00", ["Asia", "ETH", "2025-06-16 03:00", "London", ""]],
    ["2025-06-16 03:59", ["London", "ETH", "2025-06-16 04:00", "US pre-market", ""]],
    ["2025-06-16 09:29", ["US pre-market", "ETH", "2025-06-16 09:30", "RTH morning", ""]],
    ["2025-06-16 09:30", ["RTH morning", "RTH", "2025-06-16 12:00", "RTH midday", ""]],
    ["2025-06-16 15:59", ["RTH afternoon", "RTH", "2025-06-16 16:00", "post", ""]],
    ["2025-06-16 16:00", ["post", "ETH", "2025-06-16 17:00", "daily break", ""]],
    ["2025-06-16 17:00", ["daily break", "break", "2025-06-16 18:00", "open", ""]],
    ["2025-06-13 16:59", ["post", "ETH", "2025-06-13 17:00", "weekend", ""]],
    ["2025-06-13 17:00", ["weekend", "weekend", "2025-06-15 18:00", "open", ""]],
    // Holidays and what leads to them.
    ["2025-02-14 17:00", ["weekend", "weekend", "2025-02-16 18:00", "holiday session", ""]],
    ["2025-02-17 12:59", ["US holiday", "ETH", "2025-02-17 13:00", "holiday", "Presidents' Day"]],
    ["2025-02-17 13:00", ["holiday", "closed", "2025-02-17 18:00", "open", "Presidents' Day"]],
    ["2025-04-17 16:59", ["post", "ETH", "2025-04-17 17:00", "holiday", ""]],
    ["2025-04-18 12:00", ["holiday", "closed", "2025-04-20 18:00", "open", "Good Friday"]],
    ["2025-07-02 17:30", ["daily break", "break", "2025-07-02 18:00", "open, early close 13:15", ""]],
    ["2025-07-03 13:14", ["post", "ETH", "2025-07-03 13:15", "early close", "day before Independence Day"]],
    ["2025-07-03 13:15", ["early close", "closed", "2025-07-03 18:00", "holiday session", "day before Independence Day"]],
    ["2025-07-04 13:00", ["weekend", "weekend", "2025-07-06 18:00", "open", ""]],
    ["2025-11-28 13:14", ["post", "ETH", "2025-11-28 13:15", "early close, weekend", "day after Thanksgiving"]],
    ["2025-12-24 13:14", ["post", "ETH", "2025-12-24 13:15", "early close, holiday", "Christmas Eve"]],
    ["2025-12-24 13:15", ["holiday", "closed", "2025-12-25 18:00", "open", "Christmas Day"]],
    ["2025-12-31 17:00", ["holiday", "closed", "2026-01-01 18:00", "open", "New Year's Day"]],
    ["2023-12-25 17:59", ["holiday", "closed", "2023-12-25 18:00", "open", "Christmas Day"]],
    ["2025-01-09 10:00", ["early close", "closed", "2025-01-09 18:00", "open", "National Day of Mourning"]],
    // The clocks change: a weekend of 48 and one of 50 hours.
    ["2025-03-09 17:59", ["weekend", "weekend", "2025-03-09 18:00", "open", ""]],
    ["2025-11-02 17:59", ["weekend", "weekend", "2025-11-02 18:00", "open", ""]],
    ["2025-03-11 03:59", ["Asia", "ETH", "2025-03-11 04:00", "US pre-market", ""]],
  ])("at %s", (time, expected) => {
    expect(phase(time)).toEqual(expected);
  });

  test("every second of the eight years is in exactly one phase", () => {
    const seen = new Set<string>();
    let phases = 0;
    for (let sec = builtInCalendar.phaseAt(FIRST).startSec; sec < LAST; phases += 1) {
      const found = builtInCalendar.phaseAt(sec);
      if (found.startSec !== sec || found.untilSec <= sec) throw new Error(`a hole at ${wallText(sec, "America/New_York")}`);
      if (builtInCalendar.phaseAt(found.untilSec - 1) !== found) throw new Error(`two phases end at ${wallText(found.untilSec, "America/New_York")}`);
      seen.add(found.name);
      sec = found.untilSec;
    }
    expect(phases).toBeGreaterThan(8 * 250 * 8);
    expect([...seen].sort()).toEqual([
      "Asia", "London", "RTH afternoon", "RTH midday", "RTH morning", "US holiday", "US pre-market", "daily break", "early close", "holiday", "post", "weekend",
    ]);
  });

  test("agree with the hours of the session", () => {
    fc.assert(
      fc.property(anyTime, (sec) => {
        const found = builtInCalendar.phaseAt(sec);
        const [current] = referenceAround(sec);
        const isOpen = sec < current.closeSec;
        expect(found.startSec).toBeLessThanOrEqual(sec);
        expect(found.untilSec).toBeGreaterThan(sec);
        expect(found.kind === "ETH" || found.kind === "RTH").toBe(isOpen);
        expect(found.kind === "RTH").toBe(sec >= current.rthOpenSec && sec < current.rthCloseSec);
        if (isOpen) {
          const part = tradingDayOf(sec).subSessions.find(({ startSec, endSec }) => sec >= startSec && sec < endSec);
          expect(found.name).toBe(part?.name);
        } else expect(found).toMatchObject({ startSec: current.closeSec, untilSec: builtInCalendar.dayOf(found.untilSec).openSec });
      }),
    );
  });

  test("name the calendar that was used, and where it ends", () => {
    expect(builtInCalendar.phaseAt(et("2026-06-19 12:00")).source).toBe("calendar 2026.2");
    expect(builtInCalendar.phaseAt(et("2031-07-04 12:00")).source).toBe("no holidays known for 2031");
    expect(builtInCalendar.phaseAt(et("2019-07-04 12:00")).source).toBe("no holidays known for 2019");
  });
});

describe("the reader's own entries", () => {
  const own = (entry: Partial<CalendarEntry> & { date: string }): CalendarEntry => ({
    type: "closed", close: null, rthClose: null, label: "mine", confidence: "yours", source: "file", ...entry,
  });
  const calendar = createTradingCalendar(withOwnEntries(BUILT_IN_CALENDAR, [
    own({ date: "2026-12-07", type: "early", close: "13:15", rthClose: "13:00" }),
    own({ date: "2026-12-25", type: "regular" }),
    own({ date: "2026-12-09" }),
  ]));

  test("win over the built-in ones and are named as the source", () => {
    expect(calendar.dayOf(et("2026-12-07 12:00"))).toMatchObject({ kind: "early close", closeSec: et("2026-12-07 13:15"), label: "mine" });
    expect(calendar.phaseAt(et("2026-12-07 12:00")).source).toBe("your calendar");
    expect(calendar.phaseAt(et("2026-12-08 20:00"))).toMatchObject({ name: "holiday", label: "mine", source: "your calendar", untilSec: et("2026-12-09 18:00") });
    expect(calendar.dayOf(et("2026-12-25 12:00"))).toMatchObject({ tradeDate: "2026-12-25", kind: "regular", label: "", hasRth: true });
    expect(calendar.phaseAt(et("2026-12-25 12:00"))).toMatchObject({ name: "RTH midday", source: "your calendar" });
  });

  test("leave every other day as it was", () => {
    for (const time of ["2026-12-23 12:00", "2026-11-26 12:00", "2026-12-10 12:00"]) {
      expect(calendar.dayOf(et(time))).toEqual(tradingDayOf(et(time)));
      expect(calendar.phaseAt(et(time)).source).toBe("calendar 2026.2");
    }
  });

  test("say whether the cash market is open", () => {
    const dates = ["2026-12-07", "2026-12-09", "2026-12-25", "2026-12-24", "2026-06-19", "2026-06-20", "2026-06-18"];
    expect(dates.map((date) => calendar.hasRegularHours(dayNumberOfText(date)))).toEqual([true, false, true, true, false, false, true]);
  });
});
