/** Which trades of a trade date are missing from its recording, what must be asked for, and what the recording covers then. */
import { compareTime, fromNanos, toNanos, type UnixTime } from "../../lib/time.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import { formatEastern } from "../../market/wall-time.ts";
import type { KeptCoverage } from "../kept-coverage.ts";

/** From `start` on, up to and without `end`, nanoseconds since 1970. */
export interface Span {
  readonly start: bigint;
  readonly end: bigint;
}

export interface MissingSpan extends Span {
  readonly why: "nothing is recorded" | "recording began later" | "lost, not filled" | "lost, filled in part" | "recording ended before";
}

const SECOND = 1_000_000_000n;
/** Asked for beyond both ends of a hole: its ends are known by the gateway's clock, records are ordered by their own. */
const MARGIN = 60n * SECOND;
/** A recording whose last trade is this close to the end of the day may well have run to its end. */
const QUIET_END = 60n * SECOND;

const nanos = (sec: number): bigint => BigInt(sec) * SECOND;

export interface KnownOfDay {
  readonly day: TradingDay;
  /** Null: it is not known what the recording covers. */
  readonly coverage: KeptCoverage | null;
  /** The last trade recorded; null: none. */
  readonly lastAt: bigint | null;
  /** Until when there can be data at all. */
  readonly until: bigint;
}

/** In order of time; empty when every trade is recorded. */
export function missingSpans({ day, coverage, lastAt, until }: KnownOfDay): readonly MissingSpan[] {
  const open = nanos(day.openSec);
  const close = until < nanos(day.closeSec) ? until : nanos(day.closeSec);
  if (close <= open) return [];
  if (coverage === null || coverage.from === null || lastAt === null) return [{ start: open, end: close, why: "nothing is recorded" }];
  const from = toNanos(coverage.from);
  const spans: MissingSpan[] = from > open ? [{ start: open, end: from, why: "recording began later" }] : [];
  for (const { from: start, to, state } of coverage.gaps) {
    if (state === "filled") continue;
    spans.push({ start: toNanos(start), end: to === null ? close : toNanos(to), why: state === "unverified" ? "lost, filled in part" : "lost, not filled" });
  }
  if (lastAt + QUIET_END < close) spans.push({ start: lastAt, end: close, why: "recording ended before" });
  return spans
    .map((span) => ({ ...span, start: span.start < open ? open : span.start, end: span.end > close ? close : span.end }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}

/** The spans with their margins, joined where they meet, within the day and what can be had. */
export function askedSpans(missing: readonly Span[], { day, until }: Pick<KnownOfDay, "day" | "until">): readonly Span[] {
  const [first, last] = [nanos(day.openSec), until < nanos(day.endSec) ? until : nanos(day.endSec)];
  const asked: { start: bigint; end: bigint }[] = [];
  for (const { start, end } of missing) {
    const wide = { start: start - MARGIN < first ? first : start - MARGIN, end: end + MARGIN > last ? last : end + MARGIN };
    const before = asked.at(-1);
    if (before !== undefined && wide.start <= before.end) before.end = wide.end > before.end ? wide.end : before.end;
    else asked.push(wide);
  }
  return asked.filter(({ start, end }) => start < end);
}

const HOW = "filled from Databento's historical data";
const isWithin = (time: bigint, { start, end }: Span): boolean => time >= start && time <= end;

/** What the recording covers once these spans, fetched whole, are in it. */
export function coverageAfter(fetched: readonly Span[], { day, coverage, until }: KnownOfDay, contract: string): KeptCoverage {
  const open = nanos(day.openSec);
  const close = until < nanos(day.closeSec) ? until : nanos(day.closeSec);
  const whole = fetched.find(({ start, end }) => start <= open && end >= close);
  const openSpan = fetched.find(({ start }) => start <= open);
  const before: KeptCoverage = coverage ?? { contract, from: null, gaps: [] };
  if (whole !== undefined) return { ...before, from: fromNanos(open), gaps: before.gaps.map((gap) => ({ ...gap, state: "filled", how: HOW })) };
  const reaches = openSpan !== undefined && before.from !== null && isWithin(toNanos(before.from), openSpan);
  const gaps = before.gaps.map((gap) => {
    const span = fetched.find((one) => gap.state !== "filled" && isWithin(toNanos(gap.from), one));
    if (span === undefined) return gap;
    const isWhole = gap.to !== null && toNanos(gap.to) <= span.end;
    if (isWhole) return { ...gap, state: "filled" as const, how: HOW };
    const rest = fromNanos(span.end);
    return gap.to === null || compareTime(rest, gap.to) < 0 ? { ...gap, from: rest } : gap;
  });
  return { ...before, from: reaches ? fromNanos(open) : before.from, gaps };
}

/** `09:58:12–10:04:40 ET`. */
export function spanText({ start, end }: Span, day: TradingDay): string {
  const text = (at: bigint): string => formatEastern(fromNanos(at) satisfies UnixTime, day);
  return `${text(start)}–${text(end)} ET`;
}
