/** Highs and lows of the named parts of a session, and of the day before. */
import type { UnixTime } from "../lib/time.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { kept } from "./kept.ts";
import { mergeExtremes, noExtremes, noteRun, type Extremes } from "./extremes.ts";
import type { KnownSpan } from "./known-span.ts";
import { noStatedRanges, noteRange, priorDayOf, type PriorDay, type SeenSession, type StatedRanges } from "./prior-day.ts";
import type { Study } from "./study.ts";

/** The high and the low of the trades from `fromSec` to before `toSec`. */
export interface PriceRange {
  /** Unix seconds. Complete where every trade since `fromSec` is known. */
  readonly fromSec: number;
  readonly toSec: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  /** When the high and the low were first traded: the earliest time, however late it came. */
  readonly highAt: UnixTime;
  readonly lowAt: UnixTime;
  /** `complete` once a trade at or after `toSec` has come. */
  readonly state: "forming" | "complete";
}

/** A range at the start of regular hours, and what the rest of regular hours made of it. */
export interface OpeningRange extends PriceRange {
  /** Which of its sides has been traded through since; `none` while it forms. */
  readonly broken: "none" | "up" | "down" | "both";
  /** How far trades went beyond the high and the low after `toSec`, in ticks; 0 where they did not. */
  readonly aboveTicks: number;
  readonly belowTicks: number;
  /** The larger of the two as a multiple of the range; null for a range of one price. */
  readonly extension: number | null;
}

/** Every range is null before its first trade; those of regular hours in a session without them. */
export interface RangesView {
  /** 18:00 to 09:30; null in a session without regular hours. */
  readonly overnight: PriceRange | null;
  readonly asia: PriceRange | null;
  /** From the London open to 09:30. */
  readonly london: PriceRange | null;
  readonly rth: PriceRange | null;
  readonly openingRange5: OpeningRange | null;
  readonly openingRange15: OpeningRange | null;
  readonly openingRange30: OpeningRange | null;
  /** 09:30 to 10:30. */
  readonly initialBalance: OpeningRange | null;
  /** The last session before this one that had regular hours; null when nothing is known of it. */
  readonly prior: PriorDay | null;
}

const EMPTY: RangesView = {
  overnight: null,
  asia: null,
  london: null,
  rth: null,
  openingRange5: null,
  openingRange15: null,
  openingRange30: null,
  initialBalance: null,
  prior: null,
};
const MINUTE = 60;

/** Where the ranges of a session begin and end, in seconds since its open. */
interface Spans {
  readonly londonFrom: number;
  readonly londonTo: number;
  readonly rthFrom: number;
  readonly rthTo: number;
}

interface RangesState {
  day: TradingDay | null;
  spans: Spans;
  /** Seconds since the open at which one of the ranges begins or ends, rising; the last is beyond any session. */
  borders: readonly number[];
  /** Extremes of the trades from one border to the next. */
  parts: readonly Extremes[];
  /** The part of the latest run. */
  part: number;
  newestSec: number;
  /** The last trade to come, and the last of regular hours by its second. */
  lastTicks: number;
  lastSec: number;
  rthLastTicks: number;
  rthLastSec: number;
  /** Of which time every trade is known; null where nobody said that any is not. */
  known: KnownSpan | null;
  /** The last session that had regular hours and was seen past their end. */
  seen: SeenSession | null;
  readonly stated: StatedRanges;
  isDirty: boolean;
  view: RangesView;
}

function spansOf(day: TradingDay): Spans {
  const holiday = day.subSessions.find(({ name }) => name === "US holiday");
  const since = (sec: number): number => sec - day.openSec;
  return {
    londonFrom: since(day.londonOpenSec),
    londonTo: since(holiday?.startSec ?? day.rthOpenSec),
    rthFrom: since(day.rthOpenSec),
    rthTo: since(day.rthCloseSec),
  };
}

/** The extremes of the trades from one border to another. */
function between(state: RangesState, from: number, to: number): Extremes {
  return mergeExtremes(state.parts.filter((_, part) => state.borders[part]! >= from && state.borders[part]! < to));
}

function rangeOf(state: RangesState, openSec: number, from: number, to: number): PriceRange | null {
  const { isEmpty, high, highSec, highNanos, low, lowSec, lowNanos } = between(state, from, to);
  if (isEmpty) return null;
  return {
    fromSec: openSec + from,
    toSec: openSec + to,
    highTicks: high,
    lowTicks: low,
    highAt: { sec: openSec + highSec, nanos: highNanos },
    lowAt: { sec: openSec + lowSec, nanos: lowNanos },
    state: state.newestSec >= to ? "complete" : "forming",
  };
}

/** The range of the first `minutes` of regular hours. */
function openingRange(state: RangesState, openSec: number, minutes: number): OpeningRange | null {
  const { rthFrom, rthTo } = state.spans;
  const to = Math.min(rthTo, rthFrom + minutes * MINUTE);
  const range = rangeOf(state, openSec, rthFrom, to);
  if (range === null) return null;
  const after = between(state, to, rthTo);
  const aboveTicks = after.isEmpty ? 0 : Math.max(0, after.high - range.highTicks);
  const belowTicks = after.isEmpty ? 0 : Math.max(0, range.lowTicks - after.low);
  const broken = aboveTicks > 0 ? (belowTicks > 0 ? "both" : "up") : belowTicks > 0 ? "down" : "none";
  const ticks = range.highTicks - range.lowTicks;
  const extension = ticks === 0 ? null : Math.max(aboveTicks, belowTicks) / ticks;
  return { ...range, broken, aboveTicks, belowTicks, extension };
}

/** What was seen of the session that is over; null if it had no regular hours, or nothing came after them. */
function seenSession(state: RangesState, day: TradingDay): SeenSession | null {
  const { rthFrom, rthTo } = state.spans;
  if (!day.hasRth || state.newestSec < rthTo) return null;
  return {
    day,
    session: between(state, 0, Number.POSITIVE_INFINITY),
    rth: between(state, rthFrom, rthTo),
    last: { ticks: state.lastTicks, sec: day.openSec + state.lastSec },
    rthLast: { ticks: state.rthLastTicks, sec: day.openSec + state.rthLastSec },
  };
}

function startDay(state: RangesState, day: TradingDay, firstSec: number): void {
  if (state.day !== null) state.seen = seenSession(state, state.day) ?? state.seen;
  const spans = spansOf(day);
  const { londonFrom, londonTo, rthFrom, rthTo } = spans;
  const opening = [5, 15, 30, 60].map((minutes) => Math.min(rthTo, rthFrom + minutes * MINUTE));
  state.borders = [...new Set([0, londonFrom, londonTo, rthFrom, ...opening, rthTo, Number.POSITIVE_INFINITY])].sort((a, b) => a - b);
  state.parts = state.borders.slice(1).map(noExtremes);
  state.part = 0;
  state.day = day;
  state.spans = spans;
  state.newestSec = firstSec;
  state.rthLastSec = -1;
}

/** The part a second is in; mostly that of the one before. */
function partOf(state: RangesState, sec: number): number {
  const { borders } = state;
  let { part } = state;
  while (sec < borders[part]!) part -= 1; // the first border is 0, the last beyond any second
  while (sec >= borders[part + 1]!) part += 1;
  return part;
}

function measure(state: RangesState, day: TradingDay): RangesView {
  const { londonFrom, londonTo, rthFrom, rthTo } = state.spans;
  const range = (from: number, to: number): PriceRange | null => rangeOf(state, day.openSec, from, to);
  const opening = (minutes: number): OpeningRange | null => (day.hasRth ? openingRange(state, day.openSec, minutes) : null);
  return {
    overnight: day.hasRth ? range(0, rthFrom) : null,
    asia: range(0, londonFrom),
    london: range(londonFrom, londonTo),
    rth: day.hasRth ? range(rthFrom, rthTo) : null,
    openingRange5: opening(5),
    openingRange15: opening(15),
    openingRange30: opening(30),
    initialBalance: opening(60),
    prior: priorDayOf(state.seen, state.stated, day.tradeDate, state.known),
  };
}

export const rangesStudy: Study<RangesState, RangesView> = {
  init: () => ({
    day: null,
    spans: { londonFrom: 0, londonTo: 0, rthFrom: 0, rthTo: 0 },
    borders: [],
    parts: [],
    part: 0,
    newestSec: 0,
    lastTicks: 0,
    lastSec: 0,
    rthLastTicks: 0,
    rthLastSec: -1,
    known: null,
    seen: null,
    stated: noStatedRanges(),
    isDirty: false,
    view: EMPTY,
  }),
  steps(state, batch, from, to, day) {
    if (state.day !== day) startDay(state, day, batch.sec[from]!);
    const { rthFrom, rthTo } = state.spans;
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) {
      const sec = runs.sec[run]!; // run < runs.length
      const part = partOf(state, sec);
      if (noteRun(state.parts[part]!, batch, runs, run)) state.isDirty = true;
      // Another part: a range may be complete.
      if (part !== state.part) state.isDirty = true;
      state.part = part;
      if (sec > state.newestSec) state.newestSec = sec;
      state.lastTicks = runs.close[run]!;
      state.lastSec = sec;
      if (sec < rthFrom || sec >= rthTo || sec < state.rthLastSec) continue;
      state.rthLastTicks = state.lastTicks;
      state.rthLastSec = sec;
    }
  },
  statistic(state, statistic) {
    noteRange(state.stated, statistic);
    state.isDirty = true;
  },
  coverage(state, known) {
    state.known = known;
    state.isDirty = true;
  },
  view(state) {
    if (!state.isDirty || state.day === null) return state.view;
    state.isDirty = false;
    state.view = kept(state.view, measure(state, state.day));
    return state.view;
  },
};

/** The same with a calendar of its own for statements that name no date. */
export function rangesStudyBy(dayOf: (sec: number) => TradingDay): Study<RangesState, RangesView> {
  return { ...rangesStudy, init: () => ({ ...rangesStudy.init(), stated: noStatedRanges(dayOf) }) };
}
