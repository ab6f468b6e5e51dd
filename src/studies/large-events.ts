/** The running part of the large trades: events put together from fills, the large ones kept, all of them counted. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { addFills, noFills, type EventFills } from "./aggressor-event.ts";
import { isRegular } from "./anchor.ts";
import { emptyHistory, type History } from "./history.ts";
import type { LargeClass, LargeTrade, LargeTradesOptions, LargeTradesView } from "./large-trades.ts";
import { addToMinute, noMinuteVolumes, volumeOfMinute, type MinuteVolumes } from "./minute-volume.ts";
import { clearSizeWindow, emptySizeWindow, noteSize, slotOf, unnoted, type SizeWindow } from "./size-window.ts";

/** Numbers of one event in the ring. */
export const WIDTH = 10;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface LargeState {
  day: TradingDay | null;
  readonly ring: Float64Array;
  /** Kept events of this day. */
  count: number;
  /** The newest event: seconds since the open (-1: none), nanoseconds, side, contracts; it may still grow. */
  sec: number;
  nanos: number;
  aggressor: number;
  size: number;
  /** What its fills add up to, but for those of the batch at hand from `pendingFrom` on: small events are not added up. */
  readonly fills: EventFills;
  pendingFrom: number;
  /** Nothing came for a while after it. */
  isClosed: boolean;
  readonly classes: readonly Mutable<LargeClass>[];
  readonly minutes: MinuteVolumes;
  readonly rth: SizeWindow;
  readonly eth: SizeWindow;
  /** The window that the newest event belongs to, and the slot of its minute. */
  isRegular: boolean;
  slot: number;
  readonly history: History<LargeTrade>;
  /** Something kept has changed. */
  isDirty: boolean;
  view: LargeTradesView;
}

export function noClass(from: number): Mutable<LargeClass> {
  return { from, buyEvents: 0, sellEvents: 0, buyVolume: 0, sellVolume: 0 };
}

export function startDay(state: LargeState, day: TradingDay): void {
  state.day = day;
  state.count = 0;
  state.sec = -1;
  state.size = 0;
  for (const of of state.classes) Object.assign(of, noClass(of.from));
  Object.assign(state.minutes, noMinuteVolumes());
  clearSizeWindow(state.rth);
  clearSizeWindow(state.eth);
  state.history.items = [];
  state.history.end = 0;
  state.history.open = false;
  state.isDirty = true;
}

/** Minutes of regular hours, or of the rest of the session, that have passed at a second: each goes on where it left off. */
function minuteOfWindow(sec: number, day: TradingDay, isOfRth: boolean): number {
  const at = day.openSec + sec;
  if (isOfRth) return Math.floor((at - day.rthOpenSec) / 60);
  const passed = at >= day.rthCloseSec ? day.rthCloseSec - day.rthOpenSec : 0;
  return Math.floor((sec - passed) / 60);
}

function windowOf(state: LargeState): SizeWindow {
  return state.isRegular ? state.rth : state.eth;
}

/** Another event begins, so the newest one is whole: it counts for the adaptive threshold. */
function closeNewest(state: LargeState, floor: number): void {
  const window = windowOf(state);
  window.events += 1;
  noteSize(window, state.slot, state.size);
  if (state.size >= floor) state.isDirty = true;
}

/** Counts the newest event, or what it has grown by, and writes it to the ring. */
function keepNewest(state: LargeState, before: number, minuteVolume: number, openSec: number, options: LargeTradesOptions): void {
  const { aggressor, fills, ring } = state;
  const { size } = fills;
  if (before < options.floor) state.count += 1;
  for (const of of state.classes) {
    if (size < of.from) break;
    const events = before < of.from ? 1 : 0;
    const volume = events === 1 ? size : size - before;
    if (aggressor > 0) {
      of.buyEvents += events;
      of.buyVolume += volume;
    } else if (aggressor < 0) {
      of.sellEvents += events;
      of.sellVolume += volume;
    }
  }
  const at = ((state.count - 1) % options.capacity) * WIDTH;
  ring[at] = openSec + state.sec;
  ring[at + 1] = state.nanos;
  ring[at + 2] = aggressor;
  ring[at + 3] = size;
  ring[at + 4] = fills.fills;
  ring[at + 5] = fills.levels;
  ring[at + 6] = fills.firstTicks;
  ring[at + 7] = fills.lastTicks;
  ring[at + 8] = fills.ticksTimesSize;
  ring[at + 9] = minuteVolume;
  state.isDirty = true;
}

/** The window and minute that a second's events count to. */
function openSecond(state: LargeState, sec: number, day: TradingDay): void {
  state.sec = sec;
  state.isRegular = isRegular(sec, day);
  state.slot = slotOf(windowOf(state), minuteOfWindow(sec, day, state.isRegular));
  state.size = 0;
}

/** Hot path: the trades of one second. Only fills of large events are looked at closer. */
function stepRun(state: LargeState, batch: TradeBatch, runs: SecondRuns, run: number, day: TradingDay, options: LargeTradesOptions): void {
  const { nanos, size, aggressor } = batch;
  const { floor } = options;
  const sec = runs.sec[run]!; // run < runs.length
  const to = runs.from[run + 1]!;
  const minute = Math.floor(sec / 60);
  if (sec !== state.sec) {
    if (state.size > 0) closeNewest(state, floor);
    openSecond(state, sec, day);
  }
  const window = windowOf(state);
  let notedFrom = Math.min(floor, unnoted(window, state.slot) + 1);
  let contracts = state.size;
  let atNanos = contracts === 0 ? -1 : state.nanos;
  let side = state.aggressor;
  let pending = state.pendingFrom;
  let isNew = false;
  let volume = 0;
  let events = 0;
  for (let at = runs.from[run]!; at < to; at = (at + 1) | 0) {
    if (nanos[at] !== atNanos || aggressor[at] !== side) {
      if (contracts >= notedFrom) {
        noteSize(window, state.slot, contracts);
        notedFrom = Math.min(floor, unnoted(window, state.slot) + 1);
        if (contracts >= floor) state.isDirty = true; // it is closed now
      }
      if (contracts > 0) events = (events + 1) | 0;
      atNanos = nanos[at]!;
      side = aggressor[at]!;
      contracts = 0;
      pending = at;
      isNew = true;
    }
    contracts = (contracts + size[at]!) | 0;
    volume = (volume + size[at]!) | 0;
    if (contracts < floor) continue;
    if (isNew) state.fills.fills = 0;
    isNew = false;
    state.nanos = atNanos;
    state.aggressor = side;
    addFills(state.fills, batch, pending, at + 1);
    pending = at + 1;
    keepNewest(state, contracts - size[at]!, volumeOfMinute(state.minutes, minute) + volume, day.openSec, options);
  }
  if (isNew) state.fills.fills = 0;
  window.events += events;
  state.nanos = atNanos;
  state.aggressor = side;
  state.size = contracts;
  state.pendingFrom = pending;
  state.isClosed = false;
  addToMinute(state.minutes, minute, volume);
}

/** The trades `from` to `to - 1` of a batch. */
export function stepEvents(
  state: LargeState, batch: TradeBatch, from: number, to: number, day: TradingDay, options: LargeTradesOptions,
): void {
  const runs = batch.seconds(from, to);
  state.pendingFrom = from;
  for (let run = 0; run < runs.length; run += 1) stepRun(state, batch, runs, run, day, options);
  addFills(state.fills, batch, state.pendingFrom, to); // the batch will be reused before its newest event is over
  state.pendingFrom = to;
}

export function emptyState(options: LargeTradesOptions, classes: readonly number[], view: LargeTradesView): LargeState {
  return {
    day: null,
    ring: new Float64Array(options.capacity * WIDTH),
    count: 0,
    sec: -1,
    nanos: 0,
    aggressor: 0,
    size: 0,
    fills: noFills(),
    pendingFrom: 0,
    isClosed: false,
    classes: classes.map(noClass),
    minutes: noMinuteVolumes(),
    rth: emptySizeWindow(),
    eth: emptySizeWindow(),
    isRegular: false,
    slot: -1,
    history: emptyHistory<LargeTrade>(options.capacity),
    isDirty: false,
    view,
  };
}
