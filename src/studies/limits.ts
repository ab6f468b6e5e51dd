/** The venue's price limits of the session: above the upper and below the lower one nothing can trade. */
import { dayNumberOfText } from "../market/civil-date.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Statistic, StatisticKind } from "./statistic.ts";
import type { Study } from "./study.ts";

/** Null: not stated, withdrawn, or stated for another session. */
export interface LimitsView {
  readonly upperTicks: number | null;
  readonly lowerTicks: number | null;
}

interface LimitsState {
  day: TradingDay | null;
  /** The latest statements, newest last. */
  stated: readonly Statistic[];
  isDirty: boolean;
  view: LimitsView;
}

const EMPTY: LimitsView = { upperTicks: null, lowerTicks: null };
/** More than the limits of two sessions, each corrected some times. */
const STATEMENTS_KEPT = 16;
/** Limits without a date may be stated in the pause before the session they are for. */
const PAUSE_SEC = 3600;

function isFor({ refDay, at }: Statistic, day: TradingDay): boolean {
  if (refDay !== null) return refDay === dayNumberOfText(day.tradeDate);
  return at.sec >= day.openSec - PAUSE_SEC && at.sec < day.closeSec;
}

function limitOf({ stated }: LimitsState, kind: StatisticKind, day: TradingDay): number | null {
  return stated.findLast((statistic) => statistic.kind === kind && isFor(statistic, day))?.ticks ?? null;
}

export const limitsStudy: Study<LimitsState, LimitsView> = {
  init: () => ({ day: null, stated: [], isDirty: false, view: EMPTY }),
  steps(state, _batch, _from, _to, day) {
    if (state.day === day) return;
    state.day = day;
    state.isDirty = true;
  },
  statistic(state, statistic) {
    if (statistic.kind !== "upper limit" && statistic.kind !== "lower limit") return;
    state.stated = [...state.stated, statistic].slice(-STATEMENTS_KEPT);
    state.isDirty = true;
  },
  view(state) {
    const { day, view } = state;
    if (!state.isDirty || day === null) return view;
    state.isDirty = false;
    const upperTicks = limitOf(state, "upper limit", day);
    const lowerTicks = limitOf(state, "lower limit", day);
    if (upperTicks !== view.upperTicks || lowerTicks !== view.lowerTicks) state.view = { upperTicks, lowerTicks };
    return state.view;
  },
};
