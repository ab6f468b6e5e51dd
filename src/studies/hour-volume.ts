/** Contracts by Eastern hour of the trading day, with buyers and sellers apart and regular trading hours counted. */
import { easternHour, hourIndexOf, TRADING_HOURS, type TradingDay } from "../market/trading-day.ts";
import type { Study } from "./study.ts";

export interface HourVolume {
  /** Eastern hour, 18..23 then 0..16. */
  readonly hour: number;
  readonly startSec: number;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly trades: number;
  /** What of this hour traded inside regular hours (09:30-16:00 Eastern), which begin in the middle of the 09 hour. */
  readonly rthVolume: number;
  readonly rthBuyVolume: number;
  readonly rthSellVolume: number;
  readonly rthTrades: number;
  /** The hour has begun but not ended. */
  readonly current: boolean;
  /**
   * Of the current hour, from its fifth minute on: the volume it comes to if the rest of it trades like the part that is
   * over, volume × trading seconds of the hour / seconds of it begun, rounded; else null. It knows of no opening to come.
   */
  readonly projected: number | null;
  /** What recorded days had in this hour on average; null where nobody said. */
  readonly average: number | null;
}

export interface HourVolumesOptions {
  /** Mean contracts of an Eastern hour (0..23) over recorded days; null: not known. */
  readonly average: (hour: number) => number | null;
  /** How many days that is of; asked again with every view. */
  readonly days?: () => number;
}

export interface HourVolumesView {
  /** 23 entries, 18:00 to 16:00 Eastern; hours to come have volume 0. Empty before the first trade. */
  readonly hours: readonly HourVolume[];
  readonly total: number;
  readonly rth: number;
  /** Largest hour, for scaling. */
  readonly max: number;
  /** How many recorded days the averages are of; 0: there are none. */
  readonly averageDays: number;
}

/** Numbers of one hour: volume, buyers' minus sellers' contracts, their sum, trades; then the same in regular hours. */
const HALF = 4;
const WIDTH = 2 * HALF;
const HOUR_SEC = 3600;
/** Less of an hour says nothing of the rest. */
const PROJECTED_FROM_SEC = 300;

interface HoursState {
  day: TradingDay | null;
  readonly sums: Float64Array;
  /**
   * What has traded since the last look or border: the trades from `fromSec` to `toSec`, all in one hour and on one
   * side of the borders of regular hours. Added up without a branch, because sides are random.
   */
  index: number;
  isRegular: boolean;
  fromSec: number;
  toSec: number;
  volume: number;
  delta: number;
  sided: number;
  trades: number;
  nowSec: number;
  isDirty: boolean;
  view: HourVolumesView;
}

const NO_HOURS: HourVolumesView = { hours: [], total: 0, rth: 0, max: 0, averageDays: 0 };

function addTo(state: HoursState, at: number): void {
  const { sums } = state;
  sums[at] = (sums[at] ?? 0) + state.volume;
  sums[at + 1] = (sums[at + 1] ?? 0) + state.delta;
  sums[at + 2] = (sums[at + 2] ?? 0) + state.sided;
  sums[at + 3] = (sums[at + 3] ?? 0) + state.trades;
}

/** Adds what was counted to the sums of its hour. */
function settle(state: HoursState): void {
  const at = state.index * WIDTH;
  addTo(state, at);
  if (state.isRegular) addTo(state, at + HALF);
  state.volume = 0;
  state.delta = 0;
  state.sided = 0;
  state.trades = 0;
}

/** Finds the span of a trade that is not in the span of the one before it. */
function moveTo(state: HoursState, sec: number, day: TradingDay): void {
  settle(state);
  if (state.day !== day) {
    state.day = day;
    state.sums.fill(0);
    state.nowSec = 0;
    state.view = NO_HOURS;
  }
  const index = hourIndexOf(sec, day);
  const startSec = day.openSec + index * HOUR_SEC;
  const endSec = index === TRADING_HOURS - 1 ? day.endSec : startSec + HOUR_SEC;
  const { rthOpenSec, rthCloseSec } = day;
  state.index = index;
  state.isRegular = sec >= rthOpenSec && sec < rthCloseSec;
  state.fromSec = Math.max(startSec, sec >= rthCloseSec ? rthCloseSec : sec >= rthOpenSec ? rthOpenSec : startSec);
  state.toSec = Math.min(endSec, sec < rthOpenSec ? rthOpenSec : sec < rthCloseSec ? rthCloseSec : endSec);
}

/** See `HourVolume.projected`; the second that has begun counts as over. */
function project(volume: number, startSec: number, nowSec: number, day: TradingDay): number | null {
  const length = Math.min(HOUR_SEC, day.closeSec - startSec);
  const begun = nowSec + 1 - startSec;
  return begun < PROJECTED_FROM_SEC || begun > length ? null : Math.round((volume * length) / begun);
}

function hourVolume(state: HoursState, day: TradingDay, index: number, options: HourVolumesOptions): HourVolume {
  const at = index * WIDTH;
  const { sums } = state;
  const volume = sums[at]!; // at + WIDTH <= sums.length
  const trades = sums[at + 3]!;
  const startSec = day.openSec + index * HOUR_SEC;
  const current = state.nowSec >= startSec && state.nowSec < startSec + HOUR_SEC;
  const projected = current ? project(volume, startSec, state.nowSec, day) : null;
  const hour = easternHour(index);
  const average = options.average(hour);
  const before = state.view.hours[index];
  const isSame =
    before !== undefined &&
    before.trades === trades &&
    before.current === current &&
    before.projected === projected &&
    before.average === average;
  if (isSame) return before;
  const delta = sums[at + 1]!;
  const sided = sums[at + 2]!;
  const rthVolume = sums[at + HALF]!;
  const rthDelta = sums[at + HALF + 1]!;
  const rthSided = sums[at + HALF + 2]!;
  const rthTrades = sums[at + HALF + 3]!;
  return {
    hour,
    startSec,
    volume,
    buyVolume: (sided + delta) / 2,
    sellVolume: (sided - delta) / 2,
    trades,
    rthVolume,
    rthBuyVolume: (rthSided + rthDelta) / 2,
    rthSellVolume: (rthSided - rthDelta) / 2,
    rthTrades,
    current,
    projected,
    average,
  };
}

function measure(state: HoursState, options: HourVolumesOptions): HourVolumesView {
  const { day } = state;
  if (day === null) return NO_HOURS;
  settle(state);
  const hours: HourVolume[] = [];
  let total = 0;
  let rth = 0;
  let max = 0;
  for (let index = 0; index < TRADING_HOURS; index += 1) {
    const hour = hourVolume(state, day, index, options);
    hours.push(hour);
    total += hour.volume;
    rth += hour.rthVolume;
    max = Math.max(max, hour.volume);
  }
  const before = state.view.hours;
  const averageDays = options.days?.() ?? 0;
  const isSame = averageDays === state.view.averageDays && hours.every((hour, index) => hour === before[index]);
  return isSame ? state.view : { hours, total, rth, max, averageDays };
}

const NO_AVERAGES: HourVolumesOptions = { average: () => null };

export function hourVolumeStudy(options = NO_AVERAGES): Study<HoursState, HourVolumesView> {
  return {
    init: () => ({
      day: null,
      sums: new Float64Array(TRADING_HOURS * WIDTH),
      index: 0,
      isRegular: false,
      fromSec: 0,
      toSec: 0,
      volume: 0,
      delta: 0,
      sided: 0,
      trades: 0,
      nowSec: 0,
      isDirty: false,
      view: NO_HOURS,
    }),
    steps(state, batch, from, to, day) {
      const runs = batch.seconds(from, to);
      for (let run = 0; run < runs.length; run += 1) {
        const sec = day.openSec + runs.sec[run]!; // run < runs.length
        if (sec >= state.toSec || sec < state.fromSec || state.day !== day) moveTo(state, sec, day);
        state.volume += runs.volume[run]!;
        state.delta += runs.delta[run]!;
        state.sided += runs.sided[run]!;
        state.trades += runs.from[run + 1]! - runs.from[run]!;
        if (sec > state.nowSec) state.nowSec = sec;
      }
      state.isDirty = true;
    },
    time(state, sec) {
      if (state.day === null || sec <= state.nowSec) return;
      state.nowSec = sec;
      state.isDirty = true;
    },
    view(state) {
      if (!state.isDirty) return state.view;
      state.isDirty = false;
      state.view = measure(state, options);
      return state.view;
    },
  };
}
