/** How fast the market trades: trades and contracts of the last 1, 10 and 60 s of market time. */
import type { Study } from "./study.ts";

export interface PaceView {
  /** Trades and contracts in the last 1, 10 and 60 s of market time. */
  readonly trades1s: number;
  readonly trades10s: number;
  readonly trades60s: number;
  readonly volume1s: number;
  readonly volume10s: number;
  readonly volume60s: number;
  /** Trades per second of the last 60 s, oldest first, 60 entries. */
  readonly perSecond: readonly number[];
}

const WINDOW_SEC = 60;
/** Seconds in the ring; a power of two above the window. */
const SLOTS = 64;

/** "The last n seconds" are whole seconds of market time, the current one included. */
interface PaceState {
  /** The unix second each slot holds, and what traded in it. */
  readonly secs: Float64Array;
  readonly trades: Float64Array;
  readonly volumes: Float64Array;
  nowSec: number;
  isDirty: boolean;
  view: PaceView;
}

const QUIET: PaceView = {
  trades1s: 0,
  trades10s: 0,
  trades60s: 0,
  volume1s: 0,
  volume10s: 0,
  volume60s: 0,
  perSecond: Array.from({ length: WINDOW_SEC }, () => 0),
};

/** Adds to a second of the ring; one older than the ring reaches is passed by. */
function addTo(state: PaceState, sec: number, trades: number, volume: number): void {
  const slot = sec & (SLOTS - 1);
  const held = state.secs[slot] ?? -1;
  if (held > sec) return;
  state.trades[slot] = held === sec ? (state.trades[slot] ?? 0) + trades : trades;
  state.volumes[slot] = held === sec ? (state.volumes[slot] ?? 0) + volume : volume;
  state.secs[slot] = sec;
}

function measure(state: PaceState): PaceView {
  const trades = [0, 0, 0];
  const volumes = [0, 0, 0];
  const perSecond: number[] = [];
  for (let age = WINDOW_SEC - 1; age >= 0; age -= 1) {
    const sec = state.nowSec - age;
    const slot = sec & (SLOTS - 1);
    const isHeld = state.secs[slot] === sec;
    const count = isHeld ? (state.trades[slot] ?? 0) : 0;
    const volume = isHeld ? (state.volumes[slot] ?? 0) : 0;
    perSecond.push(count);
    for (const [index, seconds] of [1, 10, 60].entries()) {
      if (age >= seconds) continue;
      trades[index] = (trades[index] ?? 0) + count;
      volumes[index] = (volumes[index] ?? 0) + volume;
    }
  }
  const [trades1s = 0, trades10s = 0, trades60s = 0] = trades;
  const [volume1s = 0, volume10s = 0, volume60s = 0] = volumes;
  if (trades60s === 0) return QUIET;
  return { trades1s, trades10s, trades60s, volume1s, volume10s, volume60s, perSecond };
}

export const paceStudy: Study<PaceState, PaceView> = {
  init: () => ({
    secs: new Float64Array(SLOTS).fill(-1),
    trades: new Float64Array(SLOTS),
    volumes: new Float64Array(SLOTS),
    nowSec: 0,
    isDirty: false,
    view: QUIET,
  }),
  steps(state, batch, from, to, day) {
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) {
      const sec = day.openSec + runs.sec[run]!; // run < runs.length
      if (sec > state.nowSec) state.nowSec = sec;
      addTo(state, sec, runs.from[run + 1]! - runs.from[run]!, runs.volume[run]!);
    }
    state.isDirty = true;
  },
  time(state, sec) {
    if (sec <= state.nowSec) return;
    state.nowSec = sec;
    state.isDirty = true;
  },
  view(state) {
    if (!state.isDirty) return state.view;
    state.isDirty = false;
    state.view = measure(state);
    return state.view;
  },
};
