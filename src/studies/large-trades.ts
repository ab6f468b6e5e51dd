/** Large trades: fills of one aggressor (same ts_event and side, one after the other) added up, the big ones kept. */
import type { UnixTime } from "../lib/time.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Aggressor } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { emptyHistory, readHistory, type History } from "./history.ts";
import type { Study } from "./study.ts";

/** One aggressor event: fills of the same instrument, ts_event and side. */
export interface LargeTrade {
  readonly at: UnixTime;
  readonly aggressor: Aggressor;
  readonly size: number;
  readonly fills: number;
  /** Distinct price levels. */
  readonly levels: number;
  readonly firstTicks: number;
  readonly lastTicks: number;
  /** Sum of ticks × size over the fills; divide by size for the average price. */
  readonly ticksTimesSize: number;
}

export interface LargeTradesView {
  /** Events of at least this many contracts are kept. */
  readonly floor: number;
  /** Newest last, at most 500. The last one may still be growing. */
  readonly events: readonly LargeTrade[];
  /** Number and contracts of kept events since the open of the day, by side. */
  readonly buyEvents: number;
  readonly sellEvents: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
}

export interface LargeTradesOptions {
  /** Contracts from which on an event is kept. */
  readonly floor: number;
  /** Events kept. */
  readonly capacity: number;
}

/** Numbers of one event in the ring. */
const WIDTH = 9;
/** Prices of one event that are told apart when it does not move in one direction; no real sweep comes near. */
const LEVELS_TOLD_APART = 256;

interface LargeState {
  day: TradingDay | null;
  readonly ring: Float64Array;
  /** Kept events of this day. */
  count: number;
  /** The event that the latest trade belongs to; it may still grow. */
  sec: number;
  nanos: number;
  aggressor: number;
  size: number;
  fills: number;
  levels: number;
  readonly prices: Int32Array;
  lowTicks: number;
  highTicks: number;
  firstTicks: number;
  lastTicks: number;
  ticksTimesSize: number;
  buyEvents: number;
  sellEvents: number;
  buyVolume: number;
  sellVolume: number;
  readonly history: History<LargeTrade>;
  isDirty: boolean;
  view: LargeTradesView;
}

function startDay(state: LargeState, day: TradingDay): void {
  state.day = day;
  state.count = 0;
  state.buyEvents = 0;
  state.sellEvents = 0;
  state.buyVolume = 0;
  state.sellVolume = 0;
  state.history.items = [];
  state.history.end = 0;
  state.history.open = false;
  state.isDirty = true;
}

function startEvent(state: LargeState, sec: number, batch: TradeBatch, at: number): void {
  const ticks = batch.ticks[at] ?? 0;
  const size = batch.size[at] ?? 0;
  state.sec = sec;
  state.nanos = batch.nanos[at] ?? 0;
  state.aggressor = batch.aggressor[at] ?? 0;
  state.size = size;
  state.fills = 1;
  state.levels = 1;
  state.firstTicks = ticks;
  state.lastTicks = ticks;
  state.ticksTimesSize = ticks * size;
}

/** Adds a further fill to the event. */
function grow(state: LargeState, ticks: number, size: number): void {
  if (state.fills === 1) {
    state.prices[0] = state.firstTicks;
    state.lowTicks = state.firstTicks;
    state.highTicks = state.firstTicks;
  }
  if (ticks !== state.lastTicks) noteLevel(state, ticks);
  state.lastTicks = ticks;
  state.size += size;
  state.fills += 1;
  state.ticksTimesSize += ticks * size;
}

/** Counts a price the event has not traded at. A sweep moves one way, so looking back is rare. */
function noteLevel(state: LargeState, ticks: number): void {
  const { prices, levels } = state;
  if (ticks > state.highTicks) state.highTicks = ticks;
  else if (ticks < state.lowTicks) state.lowTicks = ticks;
  else {
    const told = Math.min(levels, LEVELS_TOLD_APART);
    for (let index = 0; index < told; index += 1) if (prices[index] === ticks) return;
    if (told === LEVELS_TOLD_APART) return;
  }
  prices[levels] = ticks; // beyond its length a typed array ignores the write
  state.levels = levels + 1;
}

/** Counts the event, or what it has grown by, and writes it to the ring. */
function keepEvent(state: LargeState, grownBy: number, options: LargeTradesOptions): void {
  if (state.size - grownBy < options.floor) {
    state.count += 1;
    if (state.aggressor > 0) state.buyEvents += 1;
    else if (state.aggressor < 0) state.sellEvents += 1;
    grownBy = state.size;
  }
  if (state.aggressor > 0) state.buyVolume += grownBy;
  else if (state.aggressor < 0) state.sellVolume += grownBy;
  const { ring } = state;
  const at = ((state.count - 1) % options.capacity) * WIDTH;
  ring[at] = state.sec;
  ring[at + 1] = state.nanos;
  ring[at + 2] = state.aggressor;
  ring[at + 3] = state.size;
  ring[at + 4] = state.fills;
  ring[at + 5] = state.levels;
  ring[at + 6] = state.firstTicks;
  ring[at + 7] = state.lastTicks;
  ring[at + 8] = state.ticksTimesSize;
  state.isDirty = true;
}

function largeTrade(ring: Float64Array, at: number): LargeTrade {
  const [sec = 0, nanos = 0, side = 0, ...sums] = ring.subarray(at, at + WIDTH);
  const [size = 0, fills = 0, levels = 0, firstTicks = 0, lastTicks = 0, ticksTimesSize = 0] = sums;
  const aggressor = side > 0 ? 1 : side < 0 ? -1 : 0;
  return { at: { sec, nanos }, aggressor, size, fills, levels, firstTicks, lastTicks, ticksTimesSize };
}

function measure(state: LargeState, { floor, capacity }: LargeTradesOptions): LargeTradesView {
  const { buyEvents, sellEvents, buyVolume, sellVolume } = state;
  // Only while the latest trade belongs to the newest kept event can that one still grow.
  const open = state.size >= floor;
  const events = readHistory(state.history, { end: state.count, open: open && state.count > 0 }, (entry) =>
    largeTrade(state.ring, (entry % capacity) * WIDTH),
  );
  return { floor, events, buyEvents, sellEvents, buyVolume, sellVolume };
}

function emptyState({ floor, capacity }: LargeTradesOptions): LargeState {
  return {
    day: null,
    ring: new Float64Array(capacity * WIDTH),
    count: 0,
    sec: -1,
    nanos: 0,
    aggressor: 0,
    size: 0,
    fills: 0,
    levels: 0,
    prices: new Int32Array(LEVELS_TOLD_APART),
    lowTicks: 0,
    highTicks: 0,
    firstTicks: 0,
    lastTicks: 0,
    ticksTimesSize: 0,
    buyEvents: 0,
    sellEvents: 0,
    buyVolume: 0,
    sellVolume: 0,
    history: emptyHistory<LargeTrade>(capacity),
    isDirty: false,
    view: { floor, events: [], buyEvents: 0, sellEvents: 0, buyVolume: 0, sellVolume: 0 },
  };
}

/** Trades without an aggressor form events of their own; they are listed but belong to neither side's sums. */
export function largeTradesStudy(options: LargeTradesOptions): Study<LargeState, LargeTradesView> {
  return {
    init: () => emptyState(options),
    steps(state, batch, from, to, day) {
      if (state.day !== day) startDay(state, day);
      for (let at = from; at < to; at += 1) {
        const sec = day.openSec + (batch.sec[at] ?? 0);
        const size = batch.size[at] ?? 0;
        if (batch.nanos[at] !== state.nanos || sec !== state.sec || batch.aggressor[at] !== state.aggressor) {
          startEvent(state, sec, batch, at);
        } else grow(state, batch.ticks[at] ?? 0, size);
        if (state.size >= options.floor) keepEvent(state, size, options);
      }
    },
    view(state) {
      if (!state.isDirty) return state.view;
      state.isDirty = false;
      state.view = measure(state, options);
      return state.view;
    },
  };
}
