/** Trades of one trading day in columns, in order of arrival: what studies read in tight loops. */
import { SecondRuns } from "./second-runs.ts";
import type { Trade } from "./trade.ts";

/** Entry by entry one trade. */
export interface TradeColumns {
  /** Seconds since the day's `openSec`, and nanoseconds of ts_event. */
  readonly sec: Int32Array;
  readonly nanos: Int32Array;
  readonly ticks: Int32Array;
  /** Contracts, 1 to 100,000: the sums over a batch fit an Int32. */
  readonly size: Int32Array;
  /** +1 buyer aggressed, -1 seller aggressed, 0 no aggressor. */
  readonly aggressor: Int32Array;
  /** Venue sequence number. */
  readonly sequence: Uint32Array;
  /**
   * Contracts of the aggressor event up to and with this trade: trades behind one another with the same second,
   * nanoseconds and side are fills of one. The first trade of a batch begins anew, even where an event goes on.
   */
  readonly event: Int32Array;
}

function column(cells: Int32Array, index: number): Int32Array {
  return cells.subarray(index * TradeBatch.CAPACITY, (index + 1) * TradeBatch.CAPACITY);
}

/** Filled, read and emptied again by its owner: a study that keeps something copies it. */
export class TradeBatch implements TradeColumns {
  /** Trades a batch takes: enough that what is done once a batch does not count, few enough to stay in a near cache. */
  static readonly CAPACITY = 4096;
  length = 0;
  /** All columns behind one another, in this order, each `CAPACITY` long: the hot path writes to one array. */
  readonly cells = new Int32Array(7 * TradeBatch.CAPACITY);
  readonly sec = column(this.cells, 0);
  readonly nanos = column(this.cells, 1);
  readonly ticks = column(this.cells, 2);
  readonly size = column(this.cells, 3);
  readonly aggressor = column(this.cells, 4);
  readonly event = column(this.cells, 5);
  readonly sequence = new Uint32Array(this.cells.buffer, 6 * TradeBatch.CAPACITY * 4, TradeBatch.CAPACITY);
  readonly #runs = new SecondRuns(TradeBatch.CAPACITY);
  /** The trades that the runs were made of; -1 when there are none yet. */
  #runsFrom = -1;
  #runsTo = -1;

  /** Adds a trade of the day that opened at `openSec`; the owner looks that there is room. */
  add(trade: Trade, openSec: number): void {
    const at = this.length;
    const sec = trade.sec - openSec;
    const isFill =
      at > 0 && this.sec[at - 1] === sec && this.nanos[at - 1] === trade.nanos && this.aggressor[at - 1] === trade.aggressor;
    this.event[at] = isFill ? this.event[at - 1]! + trade.size : trade.size;
    this.sec[at] = sec;
    this.nanos[at] = trade.nanos;
    this.ticks[at] = trade.ticks;
    this.size[at] = trade.size;
    this.aggressor[at] = trade.aggressor;
    this.sequence[at] = trade.sequence;
    this.length = at + 1;
  }

  clear(): void {
    this.length = 0;
    this.#runsFrom = -1;
  }

  /** The trades `from` to `to - 1` second by second. Made by the first study that asks, the same for those after it. */
  seconds(from: number, to: number): SecondRuns {
    if (from !== this.#runsFrom || to !== this.#runsTo) {
      this.#runs.read(this, from, to);
      this.#runsFrom = from;
      this.#runsTo = to;
    }
    return this.#runs;
  }
}
