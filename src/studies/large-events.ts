/** The running part of the large trades: events put together from fills, the large ones kept, all of them counted. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { addFills, noFills, type EventFills } from "./aggressor-event.ts";
import { isRegular } from "./anchor.ts";
import { emptyHistory, type History } from "./history.ts";
import type { LargeClass, LargeTrade, LargeTradesOptions, LargeTradesView } from "./large-trades.ts";
import { addToMinute, noMinuteVolumes, volumeOfMinute, type MinuteVolumes } from "./minute-volume.ts";
import { clearSizeWindow, emptySizeWindow, isWarmingUp, noteSize, slotOf, unnoted, type SizeWindow } from "./size-window.ts";

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
  /** What its fills add up to, where that has been asked for: those of small events are not looked at. */
  readonly fills: EventFills;
  isAddedUp: boolean;
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
  if (state.size >= floor) state.isDirty = true; // it is shown as over now
}

/** Counts the newest event, or what it has grown by, and writes it to the ring. */
function keepNewest(state: LargeState, before: number, minuteVolume: number, openSec: number, options: LargeTradesOptions): void {
  const { aggressor, fills, ring, size } = state;
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
  ring[at + 9] = Math.max(0, minuteVolume);
  state.isDirty = true;
}

/** The window and minute that a second's events count to. */
function openSecond(state: LargeState, sec: number, day: TradingDay): void {
  state.sec = sec;
  state.isRegular = isRegular(sec, day);
  state.slot = slotOf(windowOf(state), minuteOfWindow(sec, day, state.isRegular));
  state.size = 0;
}

/** Fills that join the newest event, from where its second goes on in another batch; returns the trade after them. */
function growNewest(state: LargeState, batch: TradeBatch, from: number, to: number, day: TradingDay, options: LargeTradesOptions): number {
  const before = state.size;
  let at = from;
  while (at < to && batch.nanos[at] === state.nanos && batch.aggressor[at] === state.aggressor) at += 1;
  if (at === from) return at;
  addFills(state.fills, batch, from, at);
  state.size = state.fills.size;
  state.isAddedUp = true;
  const volume = volumeOfMinute(state.minutes, Math.floor(state.sec / 60)) + state.size - before;
  if (state.size >= options.floor) keepNewest(state, before, volume, day.openSec, options);
  return at;
}

/** From this size on an event matters: it is kept, or among the largest of its minute. */
function matteringFrom(state: LargeState, floor: number): number {
  return Math.min(floor, unnoted(windowOf(state), state.slot) + 1);
}

/** Hot path: the first trade that brings its event to `contracts`; `to` when none does. */
function reaching(contracts: number, event: Int32Array, from: number, to: number): number {
  let at = from;
  while (at < to && event[at]! < contracts) at = (at + 1) | 0;
  return at;
}

/** How many events begin with one of the trades. */
function eventsOf({ event, size }: TradeBatch, from: number, to: number): number {
  let events = 0;
  for (let at = from; at < to; at += 1) if (event[at] === size[at]) events += 1;
  return events;
}

/** The trade after the last fill of the event that a trade belongs to. */
function endOfEvent({ event, size }: TradeBatch, at: number, to: number): number {
  let end = at + 1;
  while (end < to && event[end] !== size[end]) end += 1;
  return end;
}

/** The first fill of the event that a trade belongs to, from `from` on. */
function startOfEvent({ event, size }: TradeBatch, at: number, from: number): number {
  let start = at;
  while (start > from && event[start] !== size[start]) start -= 1;
  return start;
}

/**
 * The trades `from` to `to - 1`, all of one second, the first of them another event than what came before: their events
 * are counted, those that matter are looked at closer. The last one may still grow. `volume`: of the minute before them.
 */
function followEvents(
  state: LargeState, batch: TradeBatch, from: number, to: number, volume: number, day: TradingDay, options: LargeTradesOptions,
): void {
  const window = windowOf(state);
  if (isWarmingUp(window)) window.events += eventsOf(batch, from, to) - 1;
  let summedTo = from;
  state.isAddedUp = false;
  for (let at = reaching(matteringFrom(state, options.floor), batch.event, from, to); at < to; ) {
    const end = endOfEvent(batch, at, to);
    const contracts = batch.event[end - 1]!; // end > at
    if (contracts >= options.floor) {
      const start = startOfEvent(batch, at, from);
      state.nanos = batch.nanos[at]!;
      state.aggressor = batch.aggressor[at]!;
      state.size = contracts;
      state.fills.fills = 0;
      addFills(state.fills, batch, start, end);
      for (; summedTo < end; summedTo += 1) volume += batch.size[summedTo]!;
      keepNewest(state, 0, volume, day.openSec, options);
      state.isAddedUp = end === to;
    }
    if (end < to) noteSize(window, state.slot, contracts);
    at = reaching(matteringFrom(state, options.floor), batch.event, end, to);
  }
  state.nanos = batch.nanos[to - 1]!;
  state.aggressor = batch.aggressor[to - 1]!;
  state.size = batch.event[to - 1]!;
}

function stepRun(state: LargeState, batch: TradeBatch, runs: SecondRuns, run: number, day: TradingDay, options: LargeTradesOptions): void {
  const sec = runs.sec[run]!; // run < runs.length
  const from = runs.from[run]!;
  const to = runs.from[run + 1]!;
  const minute = Math.floor(sec / 60);
  const rest = sec === state.sec ? growNewest(state, batch, from, to, day, options) : from;
  state.isClosed = false;
  if (rest < to) {
    if (state.size > 0) closeNewest(state, options.floor);
    if (sec !== state.sec) openSecond(state, sec, day);
    let volume = volumeOfMinute(state.minutes, minute);
    for (let at = from; at < rest; at += 1) volume += batch.size[at]!;
    followEvents(state, batch, rest, to, volume, day, options);
  }
  addToMinute(state.minutes, minute, runs.volume[run]!);
}

/** Adds up the fills of the newest event, which ends with the trade before `to`, unless that has been done. */
function addUpNewest(state: LargeState, batch: TradeBatch, to: number): void {
  if (state.isAddedUp) return;
  let start = to;
  for (let contracts = state.size; contracts > 0; contracts -= batch.size[start]!) start -= 1;
  state.fills.fills = 0;
  addFills(state.fills, batch, start, to);
  state.isAddedUp = true;
}

/** The trades `from` to `to - 1` of a batch. */
export function stepEvents(
  state: LargeState, batch: TradeBatch, from: number, to: number, day: TradingDay, options: LargeTradesOptions,
): void {
  const runs = batch.seconds(from, to);
  for (let run = 0; run < runs.length; run += 1) stepRun(state, batch, runs, run, day, options);
  addUpNewest(state, batch, to); // the batch will be reused before this event is over
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
    isAddedUp: true,
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
