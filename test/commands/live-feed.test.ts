/** From when a live session asks for trades. */
import { expect, test } from "vitest";
import { coverageStart } from "../../src/commands/live-feed.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";

const at = (iso: string): number => Date.parse(iso) / 1000;

test.each([
  ["in the morning: last evening's open", "2026-11-18T10:00:00-05:00", "2026-11-17T18:00:00-05:00"],
  ["just after the open", "2026-11-18T18:00:00-05:00", "2026-11-18T18:00:00-05:00"],
  ["in the daily break: the session that ended", "2026-11-18T17:30:00-05:00", "2026-11-17T18:00:00-05:00"],
  ["on Sunday evening: that open", "2026-11-22T19:00:00-05:00", "2026-11-22T18:00:00-05:00"],
  ["on Friday after the close: Friday's session", "2026-11-20T17:30:00-05:00", "2026-11-19T18:00:00-05:00"],
  ["after an early close: the session that ended", "2026-11-27T14:00:00-05:00", "2026-11-26T18:00:00-05:00"],
  ["on a holiday evening: that open", "2025-02-17T18:30:00-05:00", "2025-02-17T18:00:00-05:00"],
  ["on a holiday afternoon: the holiday session", "2025-02-17T15:00:00-05:00", "2025-02-16T18:00:00-05:00"],
  ["on Christmas Eve: the session that ended", "2026-12-24T14:00:00-05:00", "2026-12-23T18:00:00-05:00"],
  ["in summer", "2026-07-15T10:00:00-04:00", "2026-07-14T18:00:00-04:00"],
])("%s", (_, now, open) => {
  expect(coverageStart(at(now), builtInCalendar)).toEqual({ sec: at(open), nanos: 0 });
});

test.each([["2026-11-21T12:00:00-05:00"], ["2026-11-22T12:00:00-05:00"], ["2026-12-25T12:00:00-05:00"]])("at %s the replay no longer reaches the last open: everything there is", (now) => {
  expect(coverageStart(at(now), builtInCalendar)).toBeNull();
});
