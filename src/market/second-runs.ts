/** What the trades of a batch add up to second by second: computed once, shared by every study that asks. */
import type { TradeColumns } from "./trade-batch.ts";

const INT32_MAX = 0x7fff_ffff;

/**
 * A run is trades of one second, one behind the other. Prices in ticks, sums in contracts, all exact. Anything that
 * begins or ends at a whole second (a bar, an hour, regular trading hours) can be counted by runs instead of by trades.
 */
export class SecondRuns {
  length = 0;
  /** Seconds since the day's `openSec`. A late trade begins a run of its own, so they do not always rise. */
  readonly sec: Int32Array;
  /** The run's trades are `from[run]` to `from[run + 1] - 1` of the batch. */
  readonly from: Int32Array;
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  readonly volume: Int32Array;
  /** Buyers' minus sellers' contracts, and both together; `volume - sided` had no aggressor. */
  readonly delta: Int32Array;
  readonly sided: Int32Array;
  /** Σ (ticks - open) × size and Σ (ticks - open)² × size, `open` being the run's: averages and deviations are made of them. */
  readonly offsetTimesSize: Float64Array;
  readonly squareTimesSize: Float64Array;

  constructor(capacity: number) {
    this.sec = new Int32Array(capacity);
    this.from = new Int32Array(capacity + 1);
    this.open = new Int32Array(capacity);
    this.high = new Int32Array(capacity);
    this.low = new Int32Array(capacity);
    this.close = new Int32Array(capacity);
    this.volume = new Int32Array(capacity);
    this.delta = new Int32Array(capacity);
    this.sided = new Int32Array(capacity);
    this.offsetTimesSize = new Float64Array(capacity);
    this.squareTimesSize = new Float64Array(capacity);
  }

  /** Sums up the trades `from` to `to - 1`. */
  read(trades: TradeColumns, from: number, to: number): void {
    let run = 0;
    for (let at = from; at < to; run += 1) at = this.#sum(trades, at, to, run);
    this.from[run] = to;
    this.length = run;
  }

  /** Sums up the run that begins at `from`; returns where the next one does. Hot path: 32-bit integers, few branches. */
  #sum(trades: TradeColumns, from: number, to: number, run: number): number {
    const { sec, ticks, size, aggressor } = trades;
    const second = sec[from]!; // every index here is below the batch's length
    const open = ticks[from]!;
    let high = open;
    let low = open;
    let close = open;
    let volume = 0;
    let delta = 0;
    let unsided = 0;
    let offsets = 0;
    let squares = 0;
    let at = from;
    for (; at < to && sec[at] === second; at = (at + 1) | 0) {
      close = ticks[at]!;
      const contracts = size[at]!;
      const side = aggressor[at]!;
      if (close > high) high = close;
      else if (close < low) low = close;
      // Whether bought or sold is random: a branch on it would be guessed wrong half the time. Neither is rare.
      volume = (volume + contracts) | 0;
      delta = (delta + Math.imul(side, contracts)) | 0;
      if (side === 0) unsided = (unsided + contracts) | 0;
      const offset = (close - open) | 0;
      const product = Math.imul(offset, contracts);
      offsets = (offsets + product) | 0;
      squares = (squares + Math.imul(offset, product)) | 0;
    }
    this.sec[run] = second;
    this.from[run] = from;
    this.open[run] = open;
    this.high[run] = high;
    this.low[run] = low;
    this.close[run] = close;
    this.volume[run] = volume;
    this.delta[run] = delta;
    this.sided[run] = volume - unsided;
    this.offsetTimesSize[run] = offsets;
    this.squareTimesSize[run] = squares;
    const reach = Math.max(high - open, open - low);
    // No sum was larger than this at any time, so below 2^31 none has wrapped around.
    if (reach * reach * volume > INT32_MAX) this.#sumWide(trades, from, at, run);
    return at;
  }

  /** The sums of a second in which prices moved far: as doubles, which hold more. */
  #sumWide({ ticks, size }: TradeColumns, from: number, to: number, run: number): void {
    const open = ticks[from]!;
    let offsets = 0;
    let squares = 0;
    for (let at = from; at < to; at += 1) {
      const offset = ticks[at]! - open;
      const product = offset * size[at]!;
      offsets += product;
      squares += offset * product;
    }
    this.offsetTimesSize[run] = offsets;
    this.squareTimesSize[run] = squares;
  }
}
