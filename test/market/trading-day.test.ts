/** The trading day: which one a time belongs to, over clock changes, weekends and year ends. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayNumberOfText, weekday } from "../../src/market/civil-date.ts";
import { easternHour, hourIndexOf, tradingDayOf } from "../../src/market/trading-day.ts";
import { formatCentral, formatEastern } from "../../src/market/wall-time.ts";

const at = (iso: string): number => Date.parse(iso) / 1000;

describe("tradingDayOf", () => {
  test.each([
    // An ordinary summer week: EDT, -04:00.
    ["2025-06-12T17:59:59-04:00", "2025-06-12"], ["2025-06-12T18:00:00-04:00", "2025-06-13"],
    ["2025-06-13T00:00:00-04:00", "2025-06-13"], ["2025-06-13T09:30:00-04:00", "2025-06-13"],
    ["2025-06-12T17:30:00-04:00", "2025-06-12"],
    // Friday's close to Sunday's open.
    ["2025-06-13T16:59:59-04:00", "2025-06-13"], ["2025-06-13T17:00:00-04:00", "2025-06-16"],
    ["2025-06-13T18:00:00-04:00", "2025-06-16"], ["2025-06-14T12:00:00-04:00", "2025-06-16"],
    ["2025-06-15T17:59:59-04:00", "2025-06-16"], ["2025-06-15T18:00:00-04:00", "2025-06-16"],
    ["2025-06-16T17:59:59-04:00", "2025-06-16"],
    // Winter: EST, -05:00.
    ["2025-01-15T17:59:59-05:00", "2025-01-15"], ["2025-01-15T18:00:00-05:00", "2025-01-16"],
    // The clocks go forward on Sunday 2025-03-09 and back on Sunday 2025-11-02.
    ["2025-03-07T16:59:59-05:00", "2025-03-07"], ["2025-03-09T01:59:59-05:00", "2025-03-10"],
    ["2025-03-09T17:59:59-04:00", "2025-03-10"], ["2025-03-09T18:00:00-04:00", "2025-03-10"],
    ["2025-03-10T17:59:59-04:00", "2025-03-10"], ["2025-03-10T18:00:00-04:00", "2025-03-11"],
    ["2025-10-31T16:59:59-04:00", "2025-10-31"], ["2025-11-02T17:59:59-05:00", "2025-11-03"],
    ["2025-11-02T18:00:00-05:00", "2025-11-03"], ["2025-11-03T17:59:59-05:00", "2025-11-03"],
    ["2025-11-03T18:00:00-05:00", "2025-11-04"],
    // Weeks in which Europe has other clocks than the United States.
    ["2025-03-20T18:00:00-04:00", "2025-03-21"], ["2025-10-28T17:59:59-04:00", "2025-10-28"],
    // The end of a year.
    ["2025-12-31T16:59:59-05:00", "2025-12-31"], ["2025-12-31T18:00:00-05:00", "2026-01-02"],
    ["2024-02-28T18:00:00-05:00", "2024-02-29"],
  ])("%s belongs to %s", (time, tradeDate) => {
    expect(tradingDayOf(at(time)).tradeDate).toBe(tradeDate);
  });

  test("its seconds are the Eastern wall times", () => {
    expect(tradingDayOf(at("2025-06-13T10:58:30-04:00"))).toMatchObject({
      tradeDate: "2025-06-13",
      openSec: at("2025-06-12T18:00:00-04:00"),
      closeSec: at("2025-06-13T17:00:00-04:00"),
      rthOpenSec: at("2025-06-13T09:30:00-04:00"),
      rthCloseSec: at("2025-06-13T16:00:00-04:00"),
      endSec: at("2025-06-15T18:00:00-04:00"),
      easternOffsetSec: -14_400,
      hasRth: true,
      kind: "regular",
      label: "",
    });
  });

  test("a Friday ends with another offset than it began when the clocks change over the weekend", () => {
    const spring = tradingDayOf(at("2025-03-07T12:00:00-05:00"));
    expect([spring.openSec, spring.endSec]).toEqual([at("2025-03-06T18:00:00-05:00"), at("2025-03-09T18:00:00-04:00")]);
    const autumn = tradingDayOf(at("2025-10-31T12:00:00-04:00"));
    expect([autumn.openSec, autumn.endSec]).toEqual([at("2025-10-30T18:00:00-04:00"), at("2025-11-02T18:00:00-05:00")]);
  });

  test("days follow each other without a gap, last 23 hours but on holidays, and hold their own times", () => {
    fc.assert(
      fc.property(fc.integer({ min: at("2010-01-01T00:00:00Z"), max: at("2040-01-01T00:00:00Z") }), (sec) => {
        const day = tradingDayOf(sec);
        expect(sec).toBeLessThan(day.endSec);
        expect([1, 2, 3, 4, 5]).toContain(weekday(dayNumberOfText(day.tradeDate)));
        expect(tradingDayOf(day.openSec)).toEqual(day);
        expect(tradingDayOf(day.closeSec - 1)).toEqual(day);
        expect(tradingDayOf(day.endSec).openSec).toBe(day.endSec);
        if (day.kind !== "regular") return;
        expect(day.closeSec - day.openSec).toBe(23 * 3600);
        expect(day.rthCloseSec - day.rthOpenSec).toBe(6.5 * 3600);
      }),
    );
  });
});

describe("hours", () => {
  const day = tradingDayOf(at("2025-06-13T12:00:00-04:00"));

  test.each([
    ["2025-06-12T18:00:00-04:00", 0, 18], ["2025-06-12T18:59:59-04:00", 0, 18], ["2025-06-12T23:59:59-04:00", 5, 23],
    ["2025-06-13T00:00:00-04:00", 6, 0], ["2025-06-13T09:30:00-04:00", 15, 9], ["2025-06-13T16:59:59-04:00", 22, 16],
    ["2025-06-13T17:00:00-04:00", 22, 16], ["2025-06-12T17:00:00-04:00", 0, 18],
  ])("%s is hour %d, %d o'clock", (time, index, hour) => {
    expect(hourIndexOf(at(time), day)).toBe(index);
    expect(easternHour(index)).toBe(hour);
  });
});

describe("wall time", () => {
  const day = tradingDayOf(at("2025-06-13T12:00:00-04:00"));
  const time = { sec: at("2025-06-13T10:58:30-04:00"), nanos: 123_999_999 };

  test("Eastern and Central", () => {
    expect(formatEastern(time, day)).toBe("10:58:30");
    expect(formatEastern(time, day, { ms: true })).toBe("10:58:30.123");
    expect(formatEastern(time, day, { minutes: true })).toBe("10:58");
    expect(formatCentral(time, day)).toBe("09:58:30");
  });

  test("around midnight", () => {
    const midnight = { sec: at("2025-06-13T00:00:00-04:00"), nanos: 0 };
    expect(formatEastern(midnight, day)).toBe("00:00:00");
    expect(formatCentral(midnight, day, { ms: true })).toBe("23:00:00.000");
    expect(formatEastern({ sec: midnight.sec - 1, nanos: 999_999_999 }, day, { ms: true })).toBe("23:59:59.999");
  });
});
