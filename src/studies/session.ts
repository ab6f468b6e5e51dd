/** The figures of the trading day: last, open, high, low, volume by side, average price, change against a named basis. */
import type { UnixTime } from "../lib/time.ts";
import { dayNumberOfText } from "../market/civil-date.ts";
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Aggressor } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { isRegular } from "./anchor.ts";
import { basesOf, noFacts, noteRth, noteSessionEnd, type BaseFacts, type ChangeBase, type ChangeBasis } from "./change-bases.ts";
import { noteSettlement, settlementOf, type SettlementQuality } from "./settlement.ts";
import type { Study } from "./study.ts";

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
  /** All that is known to measure a change against, the one in force first. */
  readonly bases: readonly ChangeBase[];
  /** The running trade date's own settlement, once the venue has published it; the basis of the next trade date. */
  readonly settleToday: SettledToday | null;
}

export interface SettledToday {
  readonly ticks: number;
  readonly quality: SettlementQuality;
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
  readonly facts: BaseFacts;
  isDirty: boolean;
  view: SessionView;
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
  bases: [],
  settleToday: null,
};

function startDay(state: SessionState, day: TradingDay, sec: number, ticks: number): void {
  const { facts } = state;
  if (state.day !== null) noteSessionEnd(facts, state.day, { sec: state.lastSec, ticks: state.lastTicks }, day);
  state.day = day;
  state.openTicks = ticks;
  state.highTicks = Number.NEGATIVE_INFINITY;
  state.lowTicks = Number.POSITIVE_INFINITY;
  state.volume = 0;
  state.delta = 0;
  state.sided = 0;
  state.trades = 0;
  state.offsetTimesSize = 0;
  state.direction = 0;
  state.unchanged = false;
  facts.first = { sec: day.openSec + sec, ticks };
  facts.rthFirst = null;
  facts.rthLastSec = -1;
}

/** The first of these trades at a price that one of them has. */
function firstAt(ticks: number, batch: TradeBatch, from: number): number {
  let at = from;
  while (batch.ticks[at] !== ticks) at += 1;
  return at;
}

function stepRun(state: SessionState, batch: TradeBatch, runs: SecondRuns, run: number, openSec: number): void {
  const high = runs.high[run]!; // run < runs.length
  const low = runs.low[run]!;
  const volume = runs.volume[run]!;
  if (high > state.highTicks) {
    state.highTicks = high;
    state.highSec = openSec + runs.sec[run]!;
    state.highNanos = batch.nanos[firstAt(high, batch, runs.from[run]!)]!;
  }
  if (low < state.lowTicks) {
    state.lowTicks = low;
    state.lowSec = openSec + runs.sec[run]!;
    state.lowNanos = batch.nanos[firstAt(low, batch, runs.from[run]!)]!;
  }
  state.volume += volume;
  state.delta += runs.delta[run]!;
  state.sided += runs.sided[run]!;
  state.offsetTimesSize += runs.offsetTimesSize[run]! + (runs.open[run]! - state.openTicks) * volume;
}

/** The last trade, and where it came from: found from the end, so that the others are not looked at. */
function noteLast(state: SessionState, batch: TradeBatch, from: number, to: number, openSec: number): void {
  const at = to - 1;
  const ticks = batch.ticks[at]!; // from < to
  let before = at - 1;
  while (before >= from && batch.ticks[before] === ticks) before -= 1;
  // `lastTicks` is the trade before this batch; it says nothing when the day began with it.
  const isFirst = state.trades === 0;
  const beforeTicks = before >= from ? batch.ticks[before]! : isFirst ? ticks : state.lastTicks;
  if (beforeTicks !== ticks) state.direction = ticks > beforeTicks ? 1 : -1;
  state.unchanged = at > from ? batch.ticks[at - 1] === ticks : !isFirst && state.lastTicks === ticks;
  state.trades += to - from;
  state.lastSec = openSec + batch.sec[at]!;
  state.lastNanos = batch.nanos[at]!;
  state.lastTicks = ticks;
  state.lastSize = batch.size[at]!;
  state.lastAggressor = batch.aggressor[at]!;
}

function settledToday({ facts }: SessionState, day: TradingDay): SettledToday | null {
  const settled = settlementOf(facts.settlements, dayNumberOfText(day.tradeDate));
  return settled === null ? null : { ticks: settled.ticks, quality: settled.quality };
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
  const bases = basesOf(state.facts, day);
  const [base = null] = bases;
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
    basis: base?.kind ?? null,
    basisTicks: base?.ticks ?? null,
    changeTicks: base === null ? null : state.lastTicks - base.ticks,
    bases,
    settleToday: settledToday(state, day),
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
    facts: noFacts(),
    isDirty: false,
    view: EMPTY,
  }),
  steps(state, batch, from, to, day) {
    if (state.day !== day) startDay(state, day, batch.sec[from]!, batch.ticks[from]!);
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) {
      stepRun(state, batch, runs, run, day.openSec);
      const sec = runs.sec[run]!; // run < runs.length
      if (isRegular(sec, day)) noteRth(state.facts, day.openSec + sec, runs.open[run]!, runs.close[run]!);
    }
    noteLast(state, batch, from, to, day.openSec);
    state.isDirty = true;
  },
  coverage(state, known) {
    state.facts.known = known;
    state.isDirty = state.day !== null;
  },
  settlement(state, said) {
    noteSettlement(state.facts.settlements, said);
    state.isDirty = state.day !== null;
  },
  statistic(state, stated) {
    if (stated.kind !== "open") return;
    state.facts.statedOpen = stated;
    state.isDirty = state.day !== null;
  },
  view(state) {
    if (!state.isDirty) return state.view;
    state.isDirty = false;
    state.view = measure(state);
    return state.view;
  },
};
