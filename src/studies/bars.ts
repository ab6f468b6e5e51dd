/** Bars of a fixed length: open, high, low, close and volume by side, the newest `capacity` of them. */
import type { SecondRuns } from "../market/second-runs.ts";
import { emptyHistory, readHistory, type History } from "./history.ts";
import type { Study } from "./study.ts";

/** One bar; `sec` is its start in unix seconds. Prices in ticks. */
export interface Bar {
  readonly sec: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
}

/** Oldest first; intervals without a trade have no bar. The last one may still be forming. */
export interface BarsView {
  readonly intervalSec: number;
  readonly bars: readonly Bar[];
}

export interface BarsOptions {
  readonly intervalSec: number;
  /** Bars kept. */
  readonly capacity: number;
}

/** Numbers of one bar in the ring. */
const WIDTH = 8;

interface BarsState {
  /** Finished bars, by number modulo capacity. */
  readonly ring: Float64Array;
  /** Bars begun so far; the last of them is the one below. */
  count: number;
  sec: number;
  /** Trades before this unix second belong to the current bar, late ones too. */
  endSec: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** Buyers' minus sellers' contracts, and their sum: added up without a branch, because sides are random. */
  delta: number;
  sided: number;
  readonly history: History<Bar>;
  view: BarsView;
  isDirty: boolean;
}

function keep(state: BarsState, capacity: number): void {
  const { ring } = state;
  const at = ((state.count - 1) % capacity) * WIDTH;
  ring[at] = state.sec;
  ring[at + 1] = state.open;
  ring[at + 2] = state.high;
  ring[at + 3] = state.low;
  ring[at + 4] = state.close;
  ring[at + 5] = state.volume;
  ring[at + 6] = (state.sided + state.delta) / 2;
  ring[at + 7] = (state.sided - state.delta) / 2;
}

function begin(state: BarsState, sec: number, ticks: number, options: BarsOptions): void {
  if (state.count > 0) keep(state, options.capacity);
  state.count += 1;
  state.sec = sec - (sec % options.intervalSec);
  state.endSec = state.sec + options.intervalSec;
  state.open = ticks;
  state.high = ticks;
  state.low = ticks;
  state.volume = 0;
  state.delta = 0;
  state.sided = 0;
}

/** Adds one second's trades: a bar begins and ends at whole seconds. */
function stepRun(state: BarsState, runs: SecondRuns, run: number, openSec: number, options: BarsOptions): void {
  const sec = openSec + runs.sec[run]!; // run < runs.length
  if (sec >= state.endSec) begin(state, sec, runs.open[run]!, options);
  if (runs.high[run]! > state.high) state.high = runs.high[run]!;
  if (runs.low[run]! < state.low) state.low = runs.low[run]!;
  state.close = runs.close[run]!;
  state.volume += runs.volume[run]!;
  state.delta += runs.delta[run]!;
  state.sided += runs.sided[run]!;
}

function finishedBar(ring: Float64Array, at: number): Bar {
  return {
    sec: ring[at] ?? 0,
    open: ring[at + 1] ?? 0,
    high: ring[at + 2] ?? 0,
    low: ring[at + 3] ?? 0,
    close: ring[at + 4] ?? 0,
    volume: ring[at + 5] ?? 0,
    buyVolume: ring[at + 6] ?? 0,
    sellVolume: ring[at + 7] ?? 0,
  };
}

function formingBar(state: BarsState): Bar {
  const { sec, open, high, low, close, volume, sided, delta } = state;
  return { sec, open, high, low, close, volume, buyVolume: (sided + delta) / 2, sellVolume: (sided - delta) / 2 };
}

export function barsStudy(options: BarsOptions): Study<BarsState, BarsView> {
  return {
    init: () => ({
      ring: new Float64Array(options.capacity * WIDTH),
      count: 0,
      sec: 0,
      endSec: 0,
      open: 0,
      high: 0,
      low: 0,
      close: 0,
      volume: 0,
      delta: 0,
      sided: 0,
      history: emptyHistory<Bar>(options.capacity),
      view: { intervalSec: options.intervalSec, bars: [] },
      isDirty: false,
    }),
    steps(state, batch, from, to, day) {
      const runs = batch.seconds(from, to);
      for (let run = 0; run < runs.length; run += 1) stepRun(state, runs, run, day.openSec, options);
      state.isDirty = true;
    },
    view(state) {
      if (!state.isDirty) return state.view;
      state.isDirty = false;
      const last = state.count - 1;
      const bars = readHistory(state.history, { end: state.count, open: true }, (entry) =>
        entry === last ? formingBar(state) : finishedBar(state.ring, (entry % options.capacity) * WIDTH),
      );
      state.view = { intervalSec: options.intervalSec, bars };
      return state.view;
    },
  };
}
