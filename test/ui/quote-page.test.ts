/** The price asked for once: what it says of a closed market, of an old trade, and of a venue that goes its own way. */
import { expect, test } from "vitest";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { quoteJson, quotePage, type QuoteMoment } from "../../src/ui/quote-page.ts";
import { rowText } from "../../src/ui/text.ts";
import { emptySnapshot, sampleSnapshot } from "./sample-snapshot.ts";

function moment(time: string): QuoteMoment {
  const nowMs = Date.parse(`${time}-04:00`);
  const sec = nowMs / 1000;
  return { nowMs, market: { sec, easternOffsetSec: -14_400, phase: builtInCalendar.phaseAt(sec) } };
}

const page = (snapshot: Snapshot, time: string): string => quotePage(snapshot, moment(time), 100).map(rowText).join("\n");

test("while the market trades", () => {
  const text = page(sampleSnapshot(), "2025-06-13T10:58:31");
  expect(text).toContain("NQM5  21,742.50  −186.50  −0.85% vs settle 21,929.00");
  expect(text).toContain("last trade 10:58:30 ET, 0.6 s ago  session RTH morning (RTH)");
  expect(quoteJson(sampleSnapshot(), moment("2025-06-13T10:58:31"))).toMatchObject({ is_open: true, phase: "RTH morning", session: "RTH", age_seconds: 0.588 });
});

test("on a weekend the last trade, its age, and when the market opens", () => {
  const snapshot = { ...sampleSnapshot(), studies: { ...sampleSnapshot().studies, status: null } };
  expect(page(snapshot, "2025-06-14T12:00:00")).toContain("last trade 10:58:30 ET, 25 h 01 min ago  session closed: weekend; open Sun 2025-06-15 18:00 ET");
  expect(quoteJson(snapshot, moment("2025-06-14T12:00:00"))).toMatchObject({ is_open: false, phase: "weekend", price: 21_742.5 });
  expect(page(snapshot, "2025-06-12T17:30:00")).toContain("closed: daily break; open");
});

test("a halt that the venue announced beats the calendar", () => {
  const sample = sampleSnapshot();
  const status = { at: { sec: Date.parse("2025-06-13T10:58:30-04:00") / 1000, nanos: 0 }, text: "halted", isTrading: false };
  const halted = { ...sample, studies: { ...sample.studies, status } };
  expect(page(halted, "2025-06-13T10:58:40")).toContain("session halted (status 10:58:30)");
  expect(quoteJson(halted, moment("2025-06-13T10:58:40"))).toMatchObject({ is_open: false, phase: "halted" });
});

test("before the first trade there is no price to show", () => {
  expect(page(emptySnapshot(), "2025-06-13T10:58:40")).toBe("NQ.v.0: no trade yet");
});
