/** Trades of one trading day in columns, in order of arrival: what studies read in tight loops. */
import type { Trade } from "./trade.ts";

/**
 * Reused by its owner: a study that keeps something copies it. Sizes are 1 to 100,000 contracts, so that sums over a
 * batch fit an Int32.
 */
export class TradeBatch {
  /** Trades a batch takes. */
  static readonly CAPACITY = 1024;
  length = 0;
  /** Seconds since the day's `openSec`, and nanoseconds of ts_event. */
  readonly sec = new Int32Array(TradeBatch.CAPACITY);
  readonly nanos = new Int32Array(TradeBatch.CAPACITY);
  readonly ticks = new Int32Array(TradeBatch.CAPACITY);
  /** Contracts. */
  readonly size = new Int32Array(TradeBatch.CAPACITY);
  /** +1 buyer aggressed, -1 seller aggressed, 0 no aggressor. */
  readonly aggressor = new Int8Array(TradeBatch.CAPACITY);
  /** Venue sequence number. */
  readonly sequence = new Uint32Array(TradeBatch.CAPACITY);

  /** Adds a trade of the day that opened at `openSec`; the owner looks that there is room. */
  add(trade: Trade, openSec: number): void {
    const at = this.length;
    this.sec[at] = trade.sec - openSec;
    this.nanos[at] = trade.nanos;
    this.ticks[at] = trade.ticks;
    this.size[at] = trade.size;
    this.aggressor[at] = trade.aggressor;
    this.sequence[at] = trade.sequence;
    this.length = at + 1;
  }
}
