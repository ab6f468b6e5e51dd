/** The volume-weighted average price and how far trades lie from it, since the session's open and in regular hours. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { isRegular, type Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";

/** Over all trades since the anchor, those without an aggressor too. */
export interface AnchoredVwap {
  readonly anchor: Anchor;
  /** Unix seconds of the anchor. */
  readonly fromSec: number;
  readonly volume: number;
  /** Σ ticks × size / Σ size, in ticks (a fraction). */
  readonly vwapTicks: number | null;
  /** Square root of Σ size × (ticks - vwap)² / Σ size, in ticks: bands lie one and two of it away. */
  readonly deviationTicks: number | null;
}

export interface VwapView {
  /** Null before the first trade. */
  readonly session: AnchoredVwap | null;
  /** Null before its first trade, and in a session without regular hours. */
  readonly rth: AnchoredVwap | null;
}

/**
 * Sums over trades, q being a price as its distance in ticks from the session's first one. Whole numbers, exact: what a
 * double holds no longer is moved to bigints.
 */
interface Sums {
  volume: number;
  /** Σ q × size and Σ q² × size, without what is in the bigints. */
  q1: number;
  q2: number;
  more1: bigint;
  more2: bigint;
  isDirty: boolean;
}

interface VwapState {
  day: TradingDay | null;
  firstTicks: number;
  /** A trade is in one of the two; the session is their sum. */
  readonly regular: Sums;
  readonly other: Sums;
  view: VwapView;
}

const EMPTY: VwapView = { session: null, rth: null };
/** Up to here every whole number is a double. */
const EXACT = Number.MAX_SAFE_INTEGER;

function noSums(): Sums {
  return { volume: 0, q1: 0, q2: 0, more1: 0n, more2: 0n, isDirty: false };
}

function startDay(state: VwapState, firstTicks: number, day: TradingDay): void {
  state.day = day;
  state.firstTicks = firstTicks;
  Object.assign(state.regular, noSums());
  Object.assign(state.other, noSums());
  state.view = EMPTY;
}

/** The trades of a run whose prices lie so far apart that squares leave a double: no market does that, damage may. */
function addFar(sums: Sums, batch: TradeBatch, from: number, to: number, firstTicks: number): void {
  for (let at = from; at < to; at += 1) {
    const q = BigInt(batch.ticks[at]! - firstTicks);
    const size = BigInt(batch.size[at]!);
    sums.more1 += q * size;
    sums.more2 += q * q * size;
  }
}

/** Adds a run, whose own sums are of distances from its first price; that one lies `away` from the session's. */
function add(sums: Sums, batch: TradeBatch, runs: SecondRuns, run: number, firstTicks: number): void {
  const volume = runs.volume[run]!; // run < runs.length
  const offsets = runs.offsetTimesSize[run]!;
  const squares = runs.squareTimesSize[run]!;
  const away = runs.open[run]! - firstTicks;
  sums.volume += volume;
  sums.isDirty = true;
  // Σ (q + away)² × size ≤ 2 × (Σ q² × size + away² × volume): while that is exact, every step here is.
  const most = 2 * (squares + away * away * volume);
  if (most > EXACT) {
    addFar(sums, batch, runs.from[run]!, runs.from[run + 1]!, firstTicks);
    return;
  }
  if (sums.q2 + most > EXACT) {
    sums.more1 += BigInt(sums.q1);
    sums.more2 += BigInt(sums.q2);
    sums.q1 = 0;
    sums.q2 = 0;
  }
  sums.q1 += offsets + away * volume;
  sums.q2 += squares + 2 * away * offsets + away * away * volume;
}

/** Sums of all `parts` → average and deviation; null when there is no volume. */
function measure(anchor: Anchor, fromSec: number, firstTicks: number, ...parts: readonly Sums[]): AnchoredVwap | null {
  let volume = 0;
  let q1 = 0n;
  let q2 = 0n;
  for (const part of parts) {
    volume += part.volume;
    q1 += BigInt(part.q1) + part.more1;
    q2 += BigInt(part.q2) + part.more2;
  }
  if (volume === 0) return null;
  // σ² = Q2/V - (Q1/V)² = (V × Q2 - Q1²) / V²: the difference is taken of whole numbers, so nothing is lost in it.
  const spread = BigInt(volume) * q2 - q1 * q1;
  return {
    anchor,
    fromSec,
    volume,
    vwapTicks: firstTicks + Number(q1) / volume,
    deviationTicks: Math.sqrt(Number(spread)) / volume,
  };
}

export const vwapStudy: Study<VwapState, VwapView> = {
  init: () => ({ day: null, firstTicks: 0, regular: noSums(), other: noSums(), view: EMPTY }),
  steps(state, batch, from, to, day) {
    if (state.day !== day) startDay(state, batch.ticks[from] ?? 0, day);
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) {
      add(isRegular(runs.sec[run]!, day) ? state.regular : state.other, batch, runs, run, state.firstTicks);
    }
  },
  view(state) {
    const { day, firstTicks, regular, other } = state;
    if (day === null || !(regular.isDirty || other.isDirty)) return state.view;
    state.view = {
      session: measure("session", day.openSec, firstTicks, other, regular),
      rth: regular.isDirty ? measure("RTH", day.rthOpenSec, firstTicks, regular) : state.view.rth,
    };
    regular.isDirty = false;
    other.isDirty = false;
    return state.view;
  },
};
