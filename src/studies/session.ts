/** The figures of the trading day: last, open, high, low, volume by side, average price, change against a named basis. */
import type { UnixTime } from "../lib/time.ts";
import { dayNumberOfText } from "../market/civil-date.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Aggressor } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { emptySettlementBook, noteSettlement, priorSettlement, type SettlementBook } from "./settlement.ts";
import type { Study } from "./study.ts";

/** The basis a change is measured against; always named on screen. */
export type ChangeBasis = "settlement" | "preliminary settlement" | "session open" | "first trade seen";

export interface SessionView {
  readonly last: LastTrade | null;
  readonly openTicks: number | null;
  readonly highTicks: number | null;
  readonly lowTicks: number | null;
  /** When the high and the low were first reached. */
  readonly highAt: UnixTime | null;
  readonly lowAt: UnixTime | null;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly noneVolume: number;
  readonly trades: number;
  /** Volume-weighted average price since 18:00, in ticks (a fraction); null before the first trade. */
  readonly vwapTicks: number | null;
  /** What `changeTicks` is measured against; null when there is nothing to compare with. */
  readonly basis: ChangeBasis | null;
  readonly basisTicks: number | null;
  readonly changeTicks: number | null;
}

export interface LastTrade {
  readonly at: UnixTime;
  readonly ticks: number;
  readonly size: number;
  readonly aggressor: Aggressor;
  /** +1 or -1: direction from the last different price; 0 before there was one. */
  readonly direction: 1 | -1 | 0;
  /** True when this trade's price equals the one before it. */
  readonly unchanged: boolean;
}

interface SessionState {
  day: TradingDay | null;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  highSec: number;
  highNanos: number;
  lowSec: number;
  lowNanos: number;
  volume: number;
  /** Buyers' minus sellers' contracts, and their sum: added up without a branch, because sides are random. */
  delta: number;
  sided: number;
  trades: number;
  /** Σ (ticks - open) × size: small enough to be exact over any day, where Σ price × size would not be. */
  offsetTimesSize: number;
  lastSec: number;
  lastNanos: number;
  lastTicks: number;
  lastSize: number;
  lastAggressor: number;
  direction: 1 | -1 | 0;
  unchanged: boolean;
  /** Every trade since the open of the day is known. */
  isFromOpen: boolean;
  readonly settlements: SettlementBook;
  isDirty: boolean;
  view: SessionView;
}

interface PricePoint {
  readonly sec: number;
  readonly nanos: number;
  readonly ticks: number;
}

const EMPTY: SessionView = {
  last: null,
  openTicks: null,
  highTicks: null,
  lowTicks: null,
  highAt: null,
  lowAt: null,
  volume: 0,
  buyVolume: 0,
  sellVolume: 0,
  noneVolume: 0,
  trades: 0,
  vwapTicks: null,
  basis: null,
  basisTicks: null,
  changeTicks: null,
};

function startDay(state: SessionState, { sec, nanos, ticks }: PricePoint, day: TradingDay): void {
  state.day = day;
  state.openTicks = ticks;
  state.highTicks = ticks;
  state.highSec = sec;
  state.highNanos = nanos;
  state.lowTicks = ticks;
  state.lowSec = sec;
  state.lowNanos = nanos;
  state.volume = 0;
  state.delta = 0;
  state.sided = 0;
  state.trades = 0;
  state.offsetTimesSize = 0;
  state.direction = 0;
  state.unchanged = false;
}

function stepPrice(state: SessionState, { sec, nanos, ticks }: PricePoint): void {
  if (ticks > state.highTicks) {
    state.highTicks = ticks;
    state.highSec = sec;
    state.highNanos = nanos;
  } else if (ticks < state.lowTicks) {
    state.lowTicks = ticks;
    state.lowSec = sec;
    state.lowNanos = nanos;
  }
  state.unchanged = ticks === state.lastTicks;
  if (ticks > state.lastTicks) state.direction = 1;
  else if (ticks < state.lastTicks) state.direction = -1;
}

function stepTrade(state: SessionState, batch: TradeBatch, at: number, day: TradingDay): void {
  const sec = day.openSec + (batch.sec[at] ?? 0);
  const nanos = batch.nanos[at] ?? 0;
  const ticks = batch.ticks[at] ?? 0;
  const size = batch.size[at] ?? 0;
  const aggressor = batch.aggressor[at] ?? 0;
  if (state.day === day) stepPrice(state, { sec, nanos, ticks });
  else startDay(state, { sec, nanos, ticks }, day);
  state.volume += size;
  state.delta += aggressor * size;
  state.sided += aggressor * aggressor * size;
  state.trades += 1;
  state.offsetTimesSize += (ticks - state.openTicks) * size;
  state.lastSec = sec;
  state.lastNanos = nanos;
  state.lastTicks = ticks;
  state.lastSize = size;
  state.lastAggressor = aggressor;
}

function basisOf(state: SessionState, day: TradingDay): { basis: ChangeBasis; basisTicks: number } {
  const prior = priorSettlement(state.settlements, dayNumberOfText(day.tradeDate));
  if (prior === null) {
    // The first trade that was received is the open only where everything since 18:00 was.
    return { basis: state.isFromOpen ? "session open" : "first trade seen", basisTicks: state.openTicks };
  }
  return {
    basis: prior.quality === "preliminary" ? "preliminary settlement" : "settlement",
    basisTicks: prior.ticks,
  };
}

function lastTrade(state: SessionState): LastTrade {
  return {
    at: { sec: state.lastSec, nanos: state.lastNanos },
    ticks: state.lastTicks,
    size: state.lastSize,
    aggressor: state.lastAggressor > 0 ? 1 : state.lastAggressor < 0 ? -1 : 0,
    direction: state.direction,
    unchanged: state.unchanged,
  };
}

function measure(state: SessionState): SessionView {
  const { day, view } = state;
  if (day === null) return view;
  const { volume, sided, delta, trades } = state;
  const { basis, basisTicks } = basisOf(state, day);
  return {
    last: view.trades === trades && view.last?.at.sec === state.lastSec ? view.last : lastTrade(state),
    openTicks: state.openTicks,
    highTicks: state.highTicks,
    lowTicks: state.lowTicks,
    highAt: { sec: state.highSec, nanos: state.highNanos },
    lowAt: { sec: state.lowSec, nanos: state.lowNanos },
    volume,
    buyVolume: (sided + delta) / 2,
    sellVolume: (sided - delta) / 2,
    noneVolume: volume - sided,
    trades,
    vwapTicks: state.openTicks + state.offsetTimesSize / volume,
    basis,
    basisTicks,
    changeTicks: state.lastTicks - basisTicks,
  };
}

export const sessionStudy: Study<SessionState, SessionView> = {
  init: () => ({
    day: null,
    openTicks: 0,
    highTicks: 0,
    lowTicks: 0,
    highSec: 0,
    highNanos: 0,
    lowSec: 0,
    lowNanos: 0,
    volume: 0,
    delta: 0,
    sided: 0,
    trades: 0,
    offsetTimesSize: 0,
    lastSec: 0,
    lastNanos: 0,
    lastTicks: 0,
    lastSize: 0,
    lastAggressor: 0,
    direction: 0,
    unchanged: false,
    isFromOpen: true,
    settlements: emptySettlementBook(),
    isDirty: false,
    view: EMPTY,
  }),
  steps(state, batch, from, to, day) {
    for (let at = from; at < to; at += 1) stepTrade(state, batch, at, day);
    state.isDirty = true;
  },
  coverage(state, isComplete) {
    state.isFromOpen = isComplete;
    state.isDirty = state.day !== null;
  },
  settlement(state, said) {
    noteSettlement(state.settlements, said);
    state.isDirty = state.day !== null;
  },
  view(state) {
    if (!state.isDirty) return state.view;
    state.isDirty = false;
    state.view = measure(state);
    return state.view;
  },
};
