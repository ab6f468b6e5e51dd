/** The latest trades one by one. */
import type { UnixTime } from "../lib/time.ts";
import type { Aggressor } from "../market/trade.ts";
import { emptyHistory, readHistory, type History } from "./history.ts";
import type { Study } from "./study.ts";

export interface TapeTrade {
  readonly at: UnixTime;
  readonly ticks: number;
  readonly size: number;
  readonly aggressor: Aggressor;
}

/** Numbers of one trade in the ring. */
const WIDTH = 5;

interface TapeState {
  readonly ring: Float64Array;
  count: number;
  /** Where in the ring the next trade goes. */
  next: number;
  readonly history: History<TapeTrade>;
  view: readonly TapeTrade[];
}

function tapeTrade(ring: Float64Array, at: number): TapeTrade {
  const side = ring[at + 4] ?? 0;
  return {
    at: { sec: ring[at] ?? 0, nanos: ring[at + 1] ?? 0 },
    ticks: ring[at + 2] ?? 0,
    size: ring[at + 3] ?? 0,
    aggressor: side > 0 ? 1 : side < 0 ? -1 : 0,
  };
}

/** Keeps the newest `capacity` trades; newest last. */
export function tapeStudy(capacity: number): Study<TapeState, readonly TapeTrade[]> {
  return {
    init: () => ({
      ring: new Float64Array(capacity * WIDTH),
      count: 0,
      next: 0,
      history: emptyHistory<TapeTrade>(capacity),
      view: [],
    }),
    steps(state, batch, from, to, day) {
      // Trades that the same batch pushes out again are not written at all.
      const first = Math.max(from, to - capacity);
      state.count += first - from;
      state.next = (state.count % capacity) * WIDTH;
      for (let at = first; at < to; at += 1) {
        const { ring, next } = state;
        ring[next] = day.openSec + (batch.sec[at] ?? 0);
        ring[next + 1] = batch.nanos[at] ?? 0;
        ring[next + 2] = batch.ticks[at] ?? 0;
        ring[next + 3] = batch.size[at] ?? 0;
        ring[next + 4] = batch.aggressor[at] ?? 0;
        state.count += 1;
        state.next = next + WIDTH === capacity * WIDTH ? 0 : next + WIDTH;
      }
    },
    view(state) {
      if (state.history.end === state.count) return state.view;
      state.view = readHistory(state.history, { end: state.count, open: false }, (entry) =>
        tapeTrade(state.ring, (entry % capacity) * WIDTH),
      );
      return state.view;
    },
  };
}
