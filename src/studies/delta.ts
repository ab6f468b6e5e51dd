/** Cumulative delta: contracts bought minus contracts sold by aggressors, of the session and of regular hours. */
import type { TradingDay } from "../market/trading-day.ts";
import type { Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";
import type { TradeRun } from "./trade-run.ts";

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

interface DeltaState {
  day: TradingDay | null;
  readonly session: Sums;
  readonly rth: Sums;
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

/** The run's path goes on from where the sums are. */
function add(sums: Sums, run: TradeRun): void {
  sums.high = Math.max(sums.high, sums.delta + run.deltaHigh);
  sums.low = Math.min(sums.low, sums.delta + run.deltaLow);
  sums.delta += run.delta;
  sums.volume += run.volume;
  sums.sided += run.sided;
  sums.isDirty = true;
}

function anchored(anchor: Anchor, fromSec: number, { delta, high, low, volume, sided }: Sums): AnchoredDelta {
  const buyVolume = (sided + delta) / 2;
  const sellVolume = (sided - delta) / 2;
  return { anchor, fromSec, delta, high, low, buyVolume, sellVolume, noneVolume: volume - sided };
}

export const deltaStudy: Study<DeltaState, DeltaView> = {
  init: () => ({ day: null, session: noSums(), rth: noSums(), view: EMPTY }),
  steps(state, _batch, _from, _to, day, run) {
    if (state.day !== day) startDay(state, day);
    add(state.session, run);
    if (run.isRegular) add(state.rth, run);
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
