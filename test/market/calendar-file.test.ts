/** The reader's own calendar file: what is understood, and what each mistake is called. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NqError } from "../../src/lib/errors.ts";
import { parseCalendarFile } from "../../src/market/calendar-file.ts";

const file = (...days: readonly unknown[]): string => JSON.stringify({ days });

function messageOf(text: string): string {
  try {
    parseCalendarFile(text);
  } catch (error) {
    if (error instanceof NqError && error.code === "CALENDAR_FILE") return error.message;
    throw error;
  }
  return "understood";
}

test("entries are completed and sorted", () => {
  expect(parseCalendarFile(file(
    { date: "2026-12-25", type: "regular" },
    { date: "2026-12-07", type: "early", close: "13:15", label: "Day of\u001b[31m Mourning", source: "CME notice" },
    { date: "2026-12-08", type: "early", close: "09:15" },
    { date: "2026-12-09", type: "early", close: "12:00" },
    { date: "2026-12-10", type: "early", close: "13:15", rthClose: null },
    { date: "2026-12-11", type: "halt" },
    { date: "2026-12-14", type: "halt", close: "12:00", label: "Storm" },
    { date: "2026-12-15", type: "closed" },
  ))).toEqual([
    { date: "2026-12-07", type: "early", close: "13:15", rthClose: "13:00", label: "Day of Mourning", confidence: "yours", source: "CME notice" },
    { date: "2026-12-08", type: "early", close: "09:15", rthClose: null, label: "holiday", confidence: "yours", source: "your calendar" },
    { date: "2026-12-09", type: "early", close: "12:00", rthClose: "12:00", label: "holiday", confidence: "yours", source: "your calendar" },
    { date: "2026-12-10", type: "early", close: "13:15", rthClose: null, label: "holiday", confidence: "yours", source: "your calendar" },
    { date: "2026-12-11", type: "halt", close: "13:00", rthClose: null, label: "holiday", confidence: "yours", source: "your calendar" },
    { date: "2026-12-14", type: "halt", close: "12:00", rthClose: null, label: "Storm", confidence: "yours", source: "your calendar" },
    { date: "2026-12-15", type: "closed", close: null, rthClose: null, label: "holiday", confidence: "yours", source: "your calendar" },
    { date: "2026-12-25", type: "regular", close: null, rthClose: null, label: "", confidence: "yours", source: "your calendar" },
  ]);
  expect(parseCalendarFile('{"days":[]}')).toEqual([]);
});

describe("mistakes name the entry, what was expected and what was found", () => {
  const good = { date: "2026-12-07", type: "closed" };

  test.each([
    ["{", /^expected JSON: /],
    ["", /^expected JSON: /],
    ["[]", /one object with a list "days"/],
    ["null", /one object with a list "days"/],
    ['{"days":{}}', /one object with a list "days"/],
    ['{"days":[],"version":1}', /one object with a list "days"/],
    [file(good, 5), /^day 2: expected an object, found 5$/],
    [file({ ...good, colour: "red" }), /^day 1 \(2026-12-07\): expected only date, type, .*, found "colour"$/],
    [file({ type: "closed" }), /^day 1: expected a date such as 2026-12-07, found nothing$/],
    [file({ date: 20_261_207, type: "closed" }), /^day 1: expected a date .*, found 20261207$/],
    [file({ date: "2026-02-30", type: "closed" }), /^day 1 \(2026-02-30\): expected a date .*, found "2026-02-30"$/],
    [file({ date: "2026-13-01", type: "closed" }), /expected a date/],
    [file({ date: "2026-12-06", type: "closed" }), /^day 1 \(2026-12-06\): expected a date from Monday to Friday/],
    [file({ ...good, type: "shut" }), /expected a type of closed, halt, early, regular, found "shut"$/],
    [file({ date: "2026-12-07" }), /expected a type of .*, found nothing$/],
    [file({ ...good, type: "early" }), /expected a close with type early/],
    [file({ ...good, close: "13:00" }), /expected no close and no rthClose with type closed$/],
    [file({ ...good, type: "early", close: "25:00" }), /expected a close from 00:01 to 17:00 Eastern, found "25:00"$/],
    [file({ ...good, type: "early", close: "17:30" }), /expected a close from 00:01 to 17:00/],
    [file({ ...good, type: "early", close: 13 }), /found 13$/],
    [file({ ...good, type: "early", close: "13:15", rthClose: "14:00" }), /expected an rthClose after 09:30 and not after the close/],
    [file({ ...good, type: "early", close: "13:15", rthClose: "09:00" }), /found 09:00$/],
    [file({ ...good, type: "halt", rthClose: "12:00" }), /expected no rthClose with type halt/],
    [file({ ...good, label: 7 }), /expected label to be a text, found 7$/],
    [file(good, { date: "2026-12-08", type: "closed" }, good), /^day 3 \(2026-12-07\): expected each date once, found it as day 1 too$/],
    [file(...Array.from({ length: 2001 }, () => good)), /expected at most 2000 days, found 2001/],
  ])("%#", (text, message) => {
    expect(messageOf(text)).toMatch(message);
  });

  test("whatever the text, it is understood or refused with a code", () => {
    const field = fc.oneof(fc.constantFrom("closed", "early", "halt", "2026-12-07", "13:00", "", "24:00"), fc.integer(), fc.constant(null));
    const day = fc.dictionary(fc.constantFrom("date", "type", "close", "rthClose", "label", "source", "x"), field);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(day).map((days) => file(...days)), fc.json()), (text) => {
      expect(typeof messageOf(text)).toBe("string");
    }));
  });

  test("what was found cannot steer the terminal", () => {
    expect(messageOf(file({ ...good, type: "\u001b[2J\u0007shut" }))).not.toMatch(/\p{Cc}/u);
  });
});
