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

/**
 * The trades `from` to `to - 1`, all of one second: their events are counted, those that matter are looked at closer. The
 * last one may still grow. `volume`: of the minute before them.
 */
function followEvents(
  state: LargeState, batch: TradeBatch, from: number, to: number, volume: number, day: TradingDay, options: LargeTradesOptions,
): void {
  const { nanos, size, aggressor } = batch;
  let matters = matteringFrom(state, options.floor);
  let beforeNanos = -1;
  let beforeSide = 0;
  let event = 0;
  let events = 0;
  let summedTo = from;
  state.isAddedUp = false;
  for (let at = from; at < to; ) {
    // As in `SecondRuns`: no branch on whether a fill goes on with the event.
    const difference = (nanos[at]! ^ beforeNanos) | (aggressor[at]! ^ beforeSide);
    const isOther = (difference | -difference) >> 31;
    beforeNanos = nanos[at]!;
    beforeSide = aggressor[at]!;
    event = ((event & ~isOther) + size[at]!) | 0;
    events = (events - isOther) | 0;
    at = (at + 1) | 0;
    if (event < matters) continue;
    let start = at - 1;
    while (start > from && nanos[start - 1] === beforeNanos && aggressor[start - 1] === beforeSide) start -= 1;
    for (; at < to && nanos[at] === beforeNanos && aggressor[at] === beforeSide; at += 1) event += size[at]!;
    state.nanos = beforeNanos;
    state.aggressor = beforeSide;
    state.size = event;
    if (event >= options.floor) {
      state.fills.fills = 0;
      addFills(state.fills, batch, start, at);
      for (; summedTo < at; summedTo += 1) volume += size[summedTo]!;
      keepNewest(state, 0, volume, day.openSec, options);
      state.isAddedUp = at === to;
    }
    if (at === to) break;
    noteSize(windowOf(state), state.slot, event);
    matters = matteringFrom(state, options.floor);
  }
  windowOf(state).events += events - 1;
  state.nanos = beforeNanos;
  state.aggressor = beforeSide;
  state.size = event;
}

/** Passes over the events of one second of which none matters. */
function passEvents(state: LargeState, batch: TradeBatch, runs: SecondRuns, run: number): void {
  const last = runs.from[run + 1]! - 1; // run < runs.length
  windowOf(state).events += runs.events[run]! - 1;
  state.nanos = batch.nanos[last]!;
  state.aggressor = batch.aggressor[last]!;
  state.size = runs.lastEvent[run]!;
  state.isAddedUp = false;
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
    if (rest === from && runs.largestEvent[run]! < matteringFrom(state, options.floor)) passEvents(state, batch, runs, run);
    else {
      let volume = volumeOfMinute(state.minutes, minute);
      for (let at = from; at < rest; at += 1) volume += batch.size[at]!;
      followEvents(state, batch, rest, to, volume, day, options);
    }
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
