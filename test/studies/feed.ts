/** Trades handed to one study as the store would. */
import { TradeBatch } from "../../src/market/trade-batch.ts";
import type { Trade } from "../../src/market/trade.ts";
import type { TradingDay } from "../../src/market/trading-day.ts";
import type { KnownSpan } from "../../src/studies/known-span.ts";
import type { Study } from "../../src/studies/study.ts";

/** A batch of these trades of one day. */
export function batchOf(trades: readonly Trade[], day: TradingDay): TradeBatch {
  const batch = new TradeBatch();
  for (const trade of trades) batch.add(trade, day.openSec);
  return batch;
}

/** Tells a study that every trade since a time is known. */
export function knowSince<State, View>(study: Study<State, View>, state: State, sec: number, holes: KnownSpan["holes"] = []): void {
  study.coverage?.(state, { from: { sec, nanos: 0 }, holes });
}

/** Hands one study trades of one day, in one batch. */
export function feed<State, View>(study: Study<State, View>, state: State, day: TradingDay, ...trades: readonly Trade[]): void {
  for (let from = 0; from < trades.length; from += TradeBatch.CAPACITY) {
    const batch = batchOf(trades.slice(from, from + TradeBatch.CAPACITY), day);
    study.steps?.(state, batch, 0, batch.length, day);
  }
}
