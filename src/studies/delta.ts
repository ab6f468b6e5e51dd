/** Cumulative delta: contracts bought minus contracts sold by aggressors, of the session and of regular hours. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { isRegular, type Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";

export interface AnchoredDelta {
  readonly anchor: Anchor;
  /** Unix seconds of the anchor. */
  readonly fromSec: number;
  /** Buyers' minus sellers' contracts since the anchor. */
  readonly delta: number;
  /** Extremes of the cumulative delta, which begins at 0: `high` is never below 0, `low` never above. */
  readonly high: number;
  readonly low: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  /** Contracts without an aggressor: in no delta. */
  readonly noneVolume: number;
}

export interface DeltaView {
  /** Null before the first trade. */
  readonly session: AnchoredDelta | null;
  /** Null before its first trade, and in a session without regular hours. */
  readonly rth: AnchoredDelta | null;
}

interface Sums {
  delta: number;
  high: number;
  low: number;
  volume: number;
  /** Contracts with an aggressor. */
  sided: number;
  isDirty: boolean;
}

interface Path {
  high: number;
  low: number;
}

interface DeltaState {
  day: TradingDay | null;
  readonly session: Sums;
  readonly rth: Sums;
  /** Of the run that is being added. */
  readonly path: Path;
  view: DeltaView;
}

const EMPTY: DeltaView = { session: null, rth: null };

function noSums(): Sums {
  return { delta: 0, high: 0, low: 0, volume: 0, sided: 0, isDirty: false };
}

function startDay(state: DeltaState, day: TradingDay): void {
  state.day = day;
  Object.assign(state.session, noSums());
  Object.assign(state.rth, noSums());
  state.view = EMPTY;
}

/** Adds a run whose own delta, from 0 on, reaches `path` on its way. */
function add(sums: Sums, runs: SecondRuns, run: number, path: Path): void {
  sums.high = Math.max(sums.high, sums.delta + path.high);
  sums.low = Math.min(sums.low, sums.delta + path.low);
  sums.delta += runs.delta[run]!; // run < runs.length
  sums.volume += runs.volume[run]!;
  sums.sided += runs.sided[run]!;
  sums.isDirty = true;
}

/** Whether so many contracts can take the cumulative delta past one of its extremes. */
function isNear({ delta, high, low }: Sums, contracts: number): boolean {
  return contracts > high - delta || contracts > delta - low;
}

/** Follows the delta of trades by themselves, from 0 on. */
function follow(path: Path, { aggressor, size }: TradeBatch, from: number, to: number): void {
  let delta = 0;
  let high = 0;
  let low = 0;
  for (let at = from; at < to; at = (at + 1) | 0) {
    delta = (delta + Math.imul(aggressor[at]!, size[at]!)) | 0;
    if (delta > high) high = delta;
    if (delta < low) low = delta;
  }
  path.high = high;
  path.low = low;
}

function anchored(anchor: Anchor, fromSec: number, { delta, high, low, volume, sided }: Sums): AnchoredDelta {
  const buyVolume = (sided + delta) / 2;
  const sellVolume = (sided - delta) / 2;
  return { anchor, fromSec, delta, high, low, buyVolume, sellVolume, noneVolume: volume - sided };
}

export const deltaStudy: Study<DeltaState, DeltaView> = {
  init: () => ({ day: null, session: noSums(), rth: noSums(), path: { high: 0, low: 0 }, view: EMPTY }),
  steps(state, batch, from, to, day) {
    if (state.day !== day) startDay(state, day);
    const { session, rth, path } = state;
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) {
      const sided = runs.sided[run]!;
      const isOfRth = isRegular(runs.sec[run]!, day);
      // Most runs stay between the extremes whatever their order of trades: then their end is enough.
      if (isNear(session, sided) || (isOfRth && isNear(rth, sided))) follow(path, batch, runs.from[run]!, runs.from[run + 1]!);
      else path.high = path.low = 0;
      add(session, runs, run, path);
      if (isOfRth) add(rth, runs, run, path);
    }
  },
  view(state) {
    const { day, session, rth } = state;
    if (day === null || !session.isDirty) return state.view;
    state.view = {
      session: anchored("session", day.openSec, session),
      rth: rth.isDirty ? anchored("RTH", day.rthOpenSec, rth) : state.view.rth,
    };
    session.isDirty = false;
    rth.isDirty = false;
    return state.view;
  },
};
