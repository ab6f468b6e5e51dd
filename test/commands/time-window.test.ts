/** `--from` and `--to`, what a report says it covers, and where a log's files go. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endOfKnown, isUnknown, reportCoverage } from "../../src/commands/report-coverage.ts";
import { logFileName } from "../../src/commands/row-sink.ts";
import { parseInterval } from "../../src/commands/options.ts";
import { parseWindowEdge, TimeWindow } from "../../src/commands/time-window.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { tradeAtEastern, tradeBytes } from "../helpers/dbn-bytes.ts";

const sec = (time: string): number => Date.parse(`${time}-04:00`) / 1000;
const FRIDAY = tradingDayOf(sec("2025-06-13T10:00"));
const window = (from: string | null, to: string | null): TimeWindow =>
  new TimeWindow(from === null ? null : parseWindowEdge(from), to === null ? null : parseWindowEdge(to), tradingDayOf);
const admits = (of: TimeWindow, time: string): boolean => of.admits(new RecordView().point(tradeBytes(tradeAtEastern(time))));

test("times of day lie in the session, from 18:00 on the evening before its date", () => {
  expect(window("18:00", "02:30").on(FRIDAY)).toEqual({ fromSec: sec("2025-06-12T18:00"), toSec: sec("2025-06-13T02:30") });
  expect(window("23:59:59", "16:59:59").on(FRIDAY)).toEqual({ fromSec: sec("2025-06-12T23:59:59"), toSec: sec("2025-06-13T16:59:59") });
  expect(window(null, null).on(FRIDAY)).toEqual({ fromSec: FRIDAY.openSec, toSec: FRIDAY.closeSec });
});

test("the start is in, the end is not, in every session", () => {
  const regular = window("09:30", "16:00");
  for (const [time, isIn] of [
    ["2025-06-13T09:29:59.999", false], ["2025-06-13T09:30:00", true], ["2025-06-13T15:59:59.999", true], ["2025-06-13T16:00:00", false],
    ["2025-06-16T09:30:00", true], ["2025-06-12T15:00:00", true], ["2025-06-12T18:00:00", false],
  ] as const) expect(admits(regular, time), time).toBe(isIn);
  const once = window("2025-06-13T13:30:00Z", null);
  expect(admits(once, "2025-06-13T09:29:59")).toBe(false);
  expect(admits(once, "2025-06-16T03:00:00")).toBe(true);
});

test("a damaged time is let through to be counted as damage", () => {
  const broken = new RecordView().point(tradeBytes({ tsEvent: 0xffff_ffff_ffff_ffffn }));
  expect(window("09:30", "16:00").admits(broken)).toBe(true);
});

test.each(["", "noon", "25:00", "2025-06-13", "2025-06-13T09:30", "2025-13-13T09:30Z"])("%j is no time", (text) => {
  expect(() => parseWindowEdge(text)).toThrow(/Expected/);
});

test("intervals", () => {
  expect(["1", "1s", "90s", "5m", "1h", "24h"].map(parseInterval)).toEqual([1, 1, 90, 300, 3600, 86_400]);
  for (const text of ["0", "0s", "25h", "1.5s", "-1s", "s", "1d"]) expect(() => parseInterval(text), text).toThrow(/Expected an interval/);
});

const at = (time: string, nanos = 0): { sec: number; nanos: number } => ({ sec: sec(time), nanos });
const ALL = window(null, null).on(FRIDAY);

test("coverage in words: what is known of the session, and what is not", () => {
  const words = (spans: Parameters<typeof reportCoverage>[1], of = ALL): string => reportCoverage(FRIDAY, spans, of).text;
  const whole = { from: at("2025-06-12T10:00"), to: at("2025-06-13T20:00") };
  expect(words([whole])).toBe("complete since 18:00");
  expect(words([{ ...whole, to: at("2025-06-13T12:00") }])).toBe("complete since 18:00 to 12:00");
  expect(words([{ from: at("2025-06-13T10:42:30", 5), to: at("2025-06-13T11:00:00", 1) }])).toBe("partial: from 10:42:30 to 11:00:01");
  expect(words([{ ...whole, to: at("2025-06-13T10:00") }, { ...whole, from: at("2025-06-13T11:00") }]))
    .toBe("partial: from 18:00 to 17:00, gap 10:00–11:00 not filled");
  expect(words([whole], window("09:30", "16:00").on(FRIDAY))).toBe("partial: from 09:30 to 16:00");
  expect(words([{ from: at("2025-06-10T10:00"), to: at("2025-06-10T11:00") }])).toBe("nothing of it is covered");
});

test("what lies outside of the known times is unknown, wholly or in part", () => {
  const spans = [{ from: at("2025-06-13T10:00:00", 7), to: at("2025-06-13T10:05:00", 9) }];
  const unknown = (from: string, to: string): boolean => isUnknown(spans, sec(from), sec(to));
  expect(unknown("2025-06-13T10:00:00", "2025-06-13T10:01:00")).toBe(false);
  expect(unknown("2025-06-13T10:04:00", "2025-06-13T10:06:00")).toBe(true);
  expect(unknown("2025-06-13T09:59:59", "2025-06-13T10:00:01")).toBe(true);
  expect(endOfKnown(FRIDAY, spans)).toBe(sec("2025-06-13T10:05:01"));
  expect(endOfKnown(FRIDAY, [])).toBe(FRIDAY.closeSec);
});

test("a file for each trade date, where the name says; a device is taken as it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "nq-tui-names-"));
  expect(logFileName(join(folder, "nq.csv"), "2025-06-13")).toBe(join(folder, "nq-2025-06-13.csv"));
  expect(logFileName(join(folder, "nq"), "2025-06-13")).toBe(join(folder, "nq-2025-06-13"));
  expect(logFileName(join(folder, "%d", "nq-%d.csv"), "2025-06-13")).toBe(join(folder, "2025-06-13", "nq-2025-06-13.csv"));
  expect(logFileName("/dev/null", "2025-06-13")).toBe("/dev/null");
  rmSync(folder, { recursive: true });
});
