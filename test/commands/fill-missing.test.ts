/** What a recorded trade date lacks, what is asked for, and what it covers afterwards. */
import { describe, expect, test } from "vitest";
import { askedSpans, coverageAfter, missingSpans, spanText, type KnownOfDay } from "../../src/commands/fill/missing.ts";
import type { KeptCoverage } from "../../src/commands/kept-coverage.ts";
import type { LinkGap } from "../../src/lsg/link-state.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";

const DAY = tradingDayOf(1_749_821_400); // 2025-06-13, 09:30 Eastern
const S = 1_000_000_000n;
const nanos = (sec: number): bigint => BigInt(sec) * S;
const gap = (fromSec: number, toSec: number | null, state: LinkGap["state"]): LinkGap =>
  ({ from: { sec: fromSec, nanos: 0 }, to: toSec === null ? null : { sec: toSec, nanos: 0 }, state, how: "replay" });
const covered = (fromSec: number | null, ...gaps: LinkGap[]): KeptCoverage =>
  ({ contract: "NQM5", from: fromSec === null ? null : { sec: fromSec, nanos: 0 }, gaps });
const known = (coverage: KeptCoverage | null, lastSec: number | null = DAY.closeSec - 1, untilSec = DAY.closeSec + 86_400): KnownOfDay =>
  ({ day: DAY, coverage, lastAt: lastSec === null ? null : nanos(lastSec), until: nanos(untilSec) });
const texts = (all: KnownOfDay): string[] => missingSpans(all).map((span) => `${spanText(span, DAY)} ${span.why}`);

describe("missing is", () => {
  test("nothing, where every trade is recorded", () => {
    expect(texts(known(covered(DAY.openSec, gap(DAY.openSec + 100, DAY.openSec + 200, "filled"))))).toEqual([]);
  });

  test("what came before a late start, gaps that are not filled, and what came after an early end", () => {
    const coverage = covered(DAY.openSec + 3600, gap(DAY.rthOpenSec, DAY.rthOpenSec + 330, "not filled"), gap(DAY.rthOpenSec + 900, DAY.rthOpenSec + 905, "unverified"));
    expect(texts(known(coverage, DAY.rthCloseSec))).toEqual([
      "18:00:00–19:00:00 ET recording began later", "09:30:00–09:35:30 ET lost, not filled", "09:45:00–09:45:05 ET lost, filled in part",
      "16:00:00–17:00:00 ET recording ended before",
    ]);
  });

  test("all of it, where nothing is recorded or nothing is known of it", () => {
    for (const all of [known(null), known(covered(null)), known(covered(DAY.openSec), null)]) expect(texts(all)).toEqual(["18:00:00–17:00:00 ET nothing is recorded"]);
  });

  test("no more than there can be: of a running day up to what is available, of a day to come nothing", () => {
    expect(texts(known(covered(DAY.openSec, gap(DAY.rthOpenSec, null, "open")), DAY.rthOpenSec, DAY.rthOpenSec + 600))).toEqual([
      "09:30:00–09:40:00 ET lost, not filled", "09:30:00–09:40:00 ET recording ended before",
    ]);
    expect(texts(known(null, null, DAY.openSec))).toEqual([]);
  });
});

describe("asked for is", () => {
  test("a minute more at both ends, once where that meets, within the day", () => {
    const spans = [[0, 100], [180, 200], [400, 500], [DAY.closeSec - DAY.openSec - 10, DAY.closeSec - DAY.openSec]] as const;
    const asked = askedSpans(spans.map(([start, end]) => ({ start: nanos(DAY.openSec + start), end: nanos(DAY.openSec + end) })), known(null));
    expect(asked.map(({ start, end }) => [Number(start / S) - DAY.openSec, Number(end / S) - DAY.openSec])).toEqual([
      [0, 260], [340, 560], [DAY.closeSec - DAY.openSec - 70, DAY.closeSec - DAY.openSec + 60],
    ]);
  });

  test("nothing beyond what is available", () => {
    const until = DAY.openSec + 50;
    expect(askedSpans([{ start: nanos(DAY.openSec), end: nanos(until) }], known(null, null, until))).toEqual([{ start: nanos(DAY.openSec), end: nanos(until) }]);
  });
});

describe("covered afterwards is", () => {
  const span = (fromSec: number, toSec: number): { start: bigint; end: bigint } => ({ start: nanos(fromSec), end: nanos(toSec) });
  test("the day from its open on, when all of it was fetched", () => {
    expect(coverageAfter([span(DAY.openSec, DAY.closeSec)], known(null), "NQM5")).toEqual({ contract: "NQM5", from: { sec: DAY.openSec, nanos: 0 }, gaps: [] });
  });

  test("only what was fetched: a gap before, one after, one in part", () => {
    const gaps = [gap(DAY.openSec + 4000, DAY.openSec + 4100, "not filled"), gap(DAY.openSec + 5000, DAY.openSec + 5500, "not filled"), gap(DAY.openSec + 9000, DAY.openSec + 9001, "not filled")];
    const after = coverageAfter([span(DAY.openSec, DAY.openSec + 3600), span(DAY.openSec + 3900, DAY.openSec + 5200)], known(covered(DAY.openSec + 3600, ...gaps)), "NQM5");
    expect(after.from).toEqual({ sec: DAY.openSec, nanos: 0 });
    expect(after.gaps.map(({ from, state }) => [from.sec - DAY.openSec, state])).toEqual([[4000, "filled"], [5200, "not filled"], [9000, "not filled"]]);
  });

  test("no more than before, when the open is not reached", () => {
    expect(coverageAfter([span(DAY.openSec, DAY.openSec + 100)], known(covered(DAY.openSec + 3600)), "NQM5").from).toEqual({ sec: DAY.openSec + 3600, nanos: 0 });
    expect(coverageAfter([span(DAY.openSec, DAY.openSec + 100)], known(null), "NQM5").from).toBeNull();
  });
});
