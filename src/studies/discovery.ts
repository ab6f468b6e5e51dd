/** The price discovery block: pre-market, open, what the parts of regular hours reached, and how the market moves now. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import {
  isCovered, noSpot, notePart, partsOf, preMarketOf, priceAt, rthPartOf, setSpot, type PreMarket, type PriceAt, type RthPart,
  type SessionSeen, type Spot,
} from "./discovery-parts.ts";
import { mergeExtremes } from "./extremes.ts";
import { kept } from "./kept.ts";
import { isKnown, type KnownSpan } from "./known-span.ts";
import {
  BUCKET_SEC, emptyBuckets, movementAt, windowRanges, type Buckets, type KnownBuckets, type Movement, type MovementFound,
  type WindowRanges,
} from "./movement.ts";
import type { Study } from "./study.ts";

export type { PreMarket, PriceAt, RthPart } from "./discovery-parts.ts";
export type { Movement } from "./movement.ts";

/** The first trade at or after 09:30. */
export interface RthOpen extends PriceAt {
  readonly fromSec: number;
  /** Against the last trade of the pre-market; null without one. */
  readonly changeTicks: number | null;
  readonly covered: boolean;
}

/** The latest trade, and how the last ten minutes of regular hours move. */
export interface CurrentPrice extends PriceAt {
  /** Null outside regular hours, and until three ten-minute windows (of this day, or of the same half hour of the last) are known. */
  readonly movement: Movement | null;
  /** Unix seconds at which `movement` was decided: every 5 s of market time. */
  readonly evaluatedSec: number | null;
  /** High minus low of the ten minutes before `evaluatedSec`. */
  readonly windowTicks: number | null;
  /** What is usual: the median of the ten-minute windows of these regular hours so far. */
  readonly usualTicks: number | null;
  /** How far below the high and above the low of regular hours; null before them. */
  readonly belowHighTicks: number | null;
  readonly aboveLowTicks: number | null;
}

/** Each part is null before its first trade; those of regular hours in a session without them. */
export interface DiscoveryView {
  readonly preMarket: PreMarket | null;
  readonly rthOpen: RthOpen | null;
  /** 09:30 to 12:00. */
  readonly morning: RthPart | null;
  /** 12:00 to 14:00. */
  readonly midday: RthPart | null;
  /** 14:00 to 16:00. */
  readonly afternoon: RthPart | null;
  readonly current: CurrentPrice | null;
}

const EMPTY: DiscoveryView = { preMarket: null, rthOpen: null, morning: null, midday: null, afternoon: null, current: null };
const NOT_FOUND: MovementFound = { movement: null, windowTicks: null, usualTicks: null };
/** Seconds are counted from the session's open. */
interface DiscoveryState extends SessionSeen {
  day: TradingDay | null;
  parts: SessionSeen["parts"];
  newestSec: number;
  known: KnownSpan | null;
  readonly last: Spot;
  /** The first trade in regular hours. */
  rthFirst: Spot | null;
  buckets: Buckets;
  /** The ten-minute windows of the last regular hours seen. */
  before: WindowRanges;
  /** What was found at the end of so many buckets; -1 when it has to be found anew. */
  foundAt: number;
  found: MovementFound;
  isDirty: boolean;
  view: DiscoveryView;
}

/** Of which five-second buckets of regular hours every trade is known. */
function knownBuckets({ known }: DiscoveryState, { rthOpenSec }: TradingDay): KnownBuckets {
  return (from, to) => known === null || isKnown(known, rthOpenSec + from * BUCKET_SEC, rthOpenSec + to * BUCKET_SEC);
}

function startDay(state: DiscoveryState, day: TradingDay, firstSec: number): void {
  const { day: over } = state;
  if (over?.hasRth === true) {
    const from = over.rthOpenSec - over.openSec;
    const ended = Math.min(state.newestSec, over.rthCloseSec - over.openSec) - from;
    state.before = windowRanges(state.buckets, Math.floor(ended / BUCKET_SEC), knownBuckets(state, over));
  }
  state.day = day;
  state.parts = partsOf(day);
  state.newestSec = firstSec;
  state.rthFirst = null;
  state.buckets = emptyBuckets(day.rthCloseSec - day.rthOpenSec);
  state.foundAt = -1;
}

function noteBucket(state: DiscoveryState, rthSec: number, runs: SecondRuns, run: number): void {
  const { isTraded, first, last, high, low } = state.buckets;
  const at = Math.floor(rthSec / BUCKET_SEC);
  if (isTraded[at] !== 1) {
    isTraded[at] = 1;
    first[at] = runs.open[run]!;
    high[at] = runs.high[run]!;
    low[at] = runs.low[run]!;
  } else {
    if (runs.high[run]! > high[at]!) high[at] = runs.high[run]!;
    if (runs.low[run]! < low[at]!) low[at] = runs.low[run]!;
  }
  last[at] = runs.close[run]!;
  if (at < state.foundAt) state.foundAt = -1; // a late trade: what was found is no longer so
}

function stepRun(state: DiscoveryState, batch: TradeBatch, runs: SecondRuns, run: number, day: TradingDay): void {
  const sec = runs.sec[run]!; // run < runs.length
  const rthSec = day.openSec + sec - day.rthOpenSec;
  if (sec > state.newestSec) state.newestSec = sec;
  for (const part of state.parts) if (sec >= part.from && sec < part.to) notePart(part, batch, runs, run);
  if (rthSec < 0 || day.openSec + sec >= day.rthCloseSec) return;
  if (state.rthFirst === null) setSpot((state.rthFirst = noSpot()), batch, runs.from[run]!);
  noteBucket(state, rthSec, runs, run);
}

function rthOpenOf(state: DiscoveryState, day: TradingDay, preMarket: PreMarket | null): RthOpen | null {
  const { rthFirst } = state;
  if (rthFirst === null) return null;
  return {
    ...priceAt(rthFirst, day.openSec),
    fromSec: day.rthOpenSec,
    changeTicks: preMarket === null ? null : rthFirst.ticks - preMarket.last.ticks,
    covered: isCovered(state, day.openSec, day.rthOpenSec - day.openSec, rthFirst.sec),
  };
}

function currentOf(state: DiscoveryState, day: TradingDay): CurrentPrice {
  const { last } = state;
  const rthFrom = day.rthOpenSec - day.openSec;
  const isNow = day.openSec + state.newestSec >= day.rthOpenSec && day.openSec + state.newestSec < day.rthCloseSec;
  const rth = mergeExtremes(state.parts.filter(({ name }) => name !== "US pre-market").map(({ extremes }) => extremes));
  if (!isNow || rth.isEmpty) {
    return { ...priceAt(last, day.openSec), ...NOT_FOUND, evaluatedSec: null, belowHighTicks: null, aboveLowTicks: null };
  }
  const end = Math.floor((state.newestSec - rthFrom) / BUCKET_SEC);
  if (end !== state.foundAt) state.found = movementAt(state.buckets, end, knownBuckets(state, day), state.before);
  state.foundAt = end;
  return {
    ...priceAt(last, day.openSec),
    ...state.found,
    evaluatedSec: day.rthOpenSec + end * BUCKET_SEC,
    belowHighTicks: rth.high - last.ticks,
    aboveLowTicks: last.ticks - rth.low,
  };
}

function measure(state: DiscoveryState, day: TradingDay): DiscoveryView {
  const preMarket = preMarketOf(state, day.openSec);
  return {
    preMarket,
    rthOpen: rthOpenOf(state, day, preMarket),
    morning: rthPartOf(state, "RTH morning", day.openSec),
    midday: rthPartOf(state, "RTH midday", day.openSec),
    afternoon: rthPartOf(state, "RTH afternoon", day.openSec),
    current: currentOf(state, day),
  };
}

export const discoveryStudy: Study<DiscoveryState, DiscoveryView> = {
  init: () => ({
    day: null,
    parts: [],
    newestSec: 0,
    last: noSpot(),
    rthFirst: null,
    buckets: emptyBuckets(0),
    before: [],
    known: null,
    foundAt: -1,
    found: NOT_FOUND,
    isDirty: false,
    view: EMPTY,
  }),
  steps(state, batch, from, to, day) {
    if (state.day !== day) startDay(state, day, batch.sec[from]!);
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) stepRun(state, batch, runs, run, day);
    setSpot(state.last, batch, to - 1);
    state.isDirty = true;
  },
  coverage(state, known) {
    state.known = known;
    state.foundAt = -1;
    state.isDirty = true;
  },
  view(state) {
    if (!state.isDirty || state.day === null) return state.view;
    state.isDirty = false;
    state.view = kept(state.view, measure(state, state.day));
    return state.view;
  },
};
