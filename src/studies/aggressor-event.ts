/** The fills of one aggressor event added up: size, price levels, first and last price. */
import type { TradeBatch } from "../market/trade-batch.ts";

/** Prices of one event that are told apart when it does not move in one direction; no real sweep comes near. */
const LEVELS_TOLD_APART = 256;

/** Changed in place. */
export interface EventFills {
  fills: number;
  size: number;
  /** Distinct prices, the first of them. */
  levels: number;
  readonly prices: Int32Array;
  lowTicks: number;
  highTicks: number;
  firstTicks: number;
  lastTicks: number;
  /** Σ ticks × size. */
  ticksTimesSize: number;
}

export function noFills(): EventFills {
  return {
    fills: 0, size: 0, levels: 0, prices: new Int32Array(LEVELS_TOLD_APART), lowTicks: 0, highTicks: 0, firstTicks: 0, lastTicks: 0,
    ticksTimesSize: 0,
  };
}

/** Counts a price the event has not traded at. A sweep moves one way, so looking back is rare. */
function noteLevel(event: EventFills, ticks: number): void {
  const { prices, levels } = event;
  if (ticks > event.highTicks) event.highTicks = ticks;
  else if (ticks < event.lowTicks) event.lowTicks = ticks;
  else {
    const told = Math.min(levels, LEVELS_TOLD_APART);
    for (let index = 0; index < told; index += 1) if (prices[index] === ticks) return;
    if (told === LEVELS_TOLD_APART) return;
  }
  prices[levels] = ticks; // beyond its length a typed array ignores the write
  event.levels = levels + 1;
}

function begin(event: EventFills, ticks: number): void {
  event.size = 0;
  event.levels = 1;
  event.prices[0] = ticks;
  event.lowTicks = ticks;
  event.highTicks = ticks;
  event.firstTicks = ticks;
  event.lastTicks = ticks;
  event.ticksTimesSize = 0;
}

/** Adds the trades `from` to `to - 1`, all of one event; `fills` 0 makes it a new one. */
export function addFills(event: EventFills, batch: TradeBatch, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const ticks = batch.ticks[at]!; // at < batch.length
    const size = batch.size[at]!;
    if (event.fills === 0) begin(event, ticks);
    else if (ticks !== event.lastTicks) noteLevel(event, ticks);
    event.lastTicks = ticks;
    event.fills += 1;
    event.size += size;
    event.ticksTimesSize += ticks * size;
  }
}
