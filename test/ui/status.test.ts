/** The status line: what comes first on a narrow screen, whose clock it shows, what the market does, and warnings. */
import { expect, test } from "vitest";
import { toMs } from "../../src/lib/time.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { countdownText } from "../../src/ui/market-now.ts";
import { rankedRow } from "../../src/ui/ranked.ts";
import { statusRows } from "../../src/ui/status-rows.ts";
import type { StatusInput } from "../../src/ui/status-rows.ts";
import { line, rowText, rowWidth } from "../../src/ui/text.ts";
import { emptySnapshot, SAMPLE_WALL_MS, sampleSnapshot } from "./sample-snapshot.ts";

interface At {
  readonly columns?: number;
  readonly rows?: 1 | 2;
  readonly wallMs?: number;
  readonly localOffsetSec?: number;
  readonly withPrice?: boolean;
}

function status(snapshot: Snapshot, { columns = 200, rows = 2, wallMs = SAMPLE_WALL_MS, localOffsetSec, withPrice = false }: At = {}): string {
  const now: StatusInput["now"] = { wallMs, flash: null, ...(localOffsetSec === undefined ? {} : { localOffsetSec }) };
  const drawn = statusRows({ snapshot, frozenAt: null, now, withPrice }, { columns, rows });
  expect(drawn).toHaveLength(rows);
  for (const row of drawn) expect(rowWidth(row)).toBe(columns);
  return drawn.map((row) => rowText(row).trimEnd()).join("\n");
}

/** The sample at another market time, `2025-06-13T14:58:30Z`; the venue says nothing. */
function at(utc: string, change: Partial<Snapshot> = {}): Snapshot {
  const sec = Date.parse(utc) / 1000;
  const { studies } = sampleSnapshot();
  return sampleSnapshot({ asOf: { sec, nanos: 0 }, day: builtInCalendar.dayOf(sec), studies: { ...studies, status: null }, ...change });
}

test("at 80 columns: mode, contract, session with its countdown, time, link, in this order", () => {
  expect(status(sampleSnapshot(), { columns: 80, rows: 1 })).toMatch(
    /^\[DEMO\] NQM5 RTH morning → RTH midday in 1h 01m 10:58:30 ET .* ● RUNNING$/,
  );
  expect(status(sampleSnapshot({ mode: "LIVE" }), { columns: 60, rows: 1 })).toMatch(/^\[LIVE\] NQM5 RTH morning → RTH midday in 1h 01m +● LIVE$/);
  expect(status(sampleSnapshot({ mode: "LIVE" }), { columns: 20, rows: 1 })).toMatch(/^\[LIVE\].*● LIVE/);
});

test("two rows name the contract asked for, both clocks, the trade date with its weekday and what is covered", () => {
  const text = status(sampleSnapshot());
  for (const words of ["NQM5 (NQ.v.0)", "10:58:30 ET  09:58:30 CT", "trade date Fri 2025-06-13", "complete since 18:00"]) expect(text).toContain(words);
});

test("a played market shows market time and says so; a live one shows the wall clock, and the reader's own where it differs", () => {
  const later = SAMPLE_WALL_MS + 3_600_000;
  const berlin = 7200;
  expect(status(sampleSnapshot(), { wallMs: later, localOffsetSec: berlin })).toContain("market time 10:58:30 ET  09:58:30 CT");
  expect(status(sampleSnapshot(), { wallMs: later, localOffsetSec: berlin })).not.toContain("local");
  const live = sampleSnapshot({ mode: "LIVE" });
  expect(status(live, { wallMs: later, localOffsetSec: berlin })).toContain("11:58:30 ET  10:58:30 CT  17:58:30 local");
  expect(status(live, { wallMs: later })).not.toContain("market time");
  expect(status(live, { wallMs: later, localOffsetSec: -14_400 })).not.toContain("local");
  expect(status(live, { wallMs: later, localOffsetSec: -18_000 })).not.toContain("local");
});

test.each([
  ["2025-06-12T22:30:00Z", "Asia"],
  ["2025-06-13T07:30:00Z", "London"],
  ["2025-06-13T12:00:00Z", "US pre-market → RTH morning in 1h 30m"],
  ["2025-06-13T16:00:00Z", "RTH midday → RTH afternoon in 2h 00m"],
  ["2025-06-13T20:30:00Z", "post"],
  ["2025-06-12T21:10:00Z", "daily break → open in 50m 00s"],
  ["2025-06-14T12:00:00Z", "weekend → open in 1d 10h"],
  ["2025-06-19T18:00:00Z", "holiday (Juneteenth)"],
])("at %s the market is in: %s", (utc, words) => {
  expect(status(at(utc))).toContain(words);
});

test("a holiday is named, and an early close is what is counted down to", () => {
  expect(status(at("2025-06-19T15:00:00Z"))).toContain("(Juneteenth)");
  expect(status(at("2025-07-03T17:05:00Z"))).toMatch(/→ early close.* in 10m 00s/);
});

test("the venue's halt beats the calendar, and then nothing is counted down to", () => {
  const { studies } = sampleSnapshot();
  const halt = { at: { sec: (sampleSnapshot().asOf?.sec ?? 0) - 5, nanos: 0 }, text: "halted (market event)", isTrading: false };
  const text = status(sampleSnapshot({ studies: { ...studies, status: halt } }));
  expect(text).toContain("halted (market event)");
  expect(text).not.toContain("RTH midday in");
});

test("what is not complete comes before clock and date; what is complete is quiet", () => {
  const from = { sec: (sampleSnapshot().day?.openSec ?? 0) + 60_000, nanos: 0 };
  const partial = sampleSnapshot({ mode: "LIVE", coverage: { ...sampleSnapshot().coverage, from, complete: false, text: "partial: from 10:40" } });
  expect(status(partial)).toContain("~ partial: from 10:40");
  expect(status(partial, { columns: 70, rows: 1 })).toContain("~ partial");
  expect(status(partial, { columns: 70, rows: 1 })).not.toContain("ET");
  expect(status(emptySnapshot())).not.toContain("~");
});

test("the roll: an alarm is seen even on a narrow screen, a hint where there is room, what was rolled from too", () => {
  const { roll } = sampleSnapshot();
  if (roll === null) throw new Error("the sample has no roll");
  const warning = "the market has moved to NQU5: it trades more than NQM5; NQM5 expires in 4 days; by date NQU5 leads";
  const alarm = sampleSnapshot({ mode: "LIVE", roll: { ...roll, level: "alarm", warning } });
  expect(status(alarm)).toContain(`ROLL: ${warning}`);
  expect(status(alarm, { columns: 120 })).toContain("ROLL: the market has moved to NQU5: it trades more than NQM5");
  expect(status(alarm, { columns: 70, rows: 1 })).toContain("ROLL → NQU5");
  expect(status(sampleSnapshot())).toContain("ROLL: NQM5 rolls to NQU5 on Monday 2025-06-16");
  expect(status(sampleSnapshot(), { columns: 80, rows: 1 })).not.toContain("ROLL");
  const rolled = { from: "NQM5", at: { sec: sampleSnapshot().asOf?.sec ?? 0, nanos: 0 } };
  expect(status(sampleSnapshot({ roll: { ...roll, level: "none", warning: null, rolled } }))).toContain("rolled from NQM5 at 10:58:30 ET");
});

test("without the price pane the status line has the price and its change", () => {
  expect(status(sampleSnapshot(), { columns: 80, rows: 1, withPrice: true })).toContain("21,742.50 ▲");
  expect(status(sampleSnapshot(), { withPrice: true })).toContain("21,742.50 ▲ −186.50");
  expect(status(sampleSnapshot())).not.toContain("21,742.50");
});

test("before the first byte the line is there, with what was asked for", () => {
  expect(status(emptySnapshot(), { columns: 80, rows: 1 })).toMatch(/^\[DEMO.* NQ\.v\.0 .*NO LINK YET/);
  const live = { ...emptySnapshot(), mode: "LIVE" as const };
  expect(status(live, { columns: 80, rows: 1, wallMs: toMs({ sec: Date.parse("2025-06-14T12:00:00Z") / 1000, nanos: 0 }) })).toContain("weekend → open in 1d 10h");
});

test("countdowns are short", () => {
  expect([-3, 0.2, 59, 60, 3599, 3600, 86_399, 86_400, 183_600].map(countdownText)).toEqual(
    ["0s", "1s", "59s", "1m 00s", "59m 59s", "1h 00m", "23h 59m", "1d 00h", "2d 03h"],
  );
});

test("a line of ranked parts keeps the important ones, in the order of reading, as long as there is room", () => {
  const parts = [
    { rank: 3, ways: [line("least")] },
    { rank: 1, ways: [line("the most important"), line("most")] },
    { rank: 2, ways: [line("middling"), line("mid")], least: line("m") },
  ];
  const text = (width: number): string => rowText(rankedRow(parts, width, 1));
  expect(text(40)).toBe("least the most important middling");
  expect(text(29)).toBe("least the most important mid");
  expect(text(14)).toBe("least most mid");
  expect(text(8)).toBe("most mid");
  expect(text(6)).toBe("most m");
  expect(text(4)).toBe("most");
  expect(text(3)).toBe("mid");
});
