/** A run of trades in one second: what most studies need of them, added up once in one loop. */
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";

/** Up to here sums of whole numbers stay whole in the kind of arithmetic used. */
const INT32_MAX = 0x7fff_ffff;
const EXACT = Number.MAX_SAFE_INTEGER;

/** Reused for every run: a study that keeps something copies it. Prices in ticks, sizes in contracts. */
export class TradeRun {
  /** Its trades are `from` to `to - 1` of the batch, in order of arrival. */
  from = 0;
  to = 0;
  /** The unix second that all its trades have, and whether that is in regular hours: a late run goes where it belongs. */
  sec = 0;
  isRegular = false;
  volume = 0;
  /** Contracts with an aggressor; the rest of the volume has none. */
  sided = 0;
  /** Buyers' minus sellers' contracts, and the extremes of that sum along the run, which begins at 0. */
  delta = 0;
  deltaHigh = 0;
  deltaLow = 0;
  firstTicks = 0;
  lastTicks = 0;
  highTicks = 0;
  lowTicks = 0;
  /** Σ q × size and Σ q² × size, where q is a price's distance from `firstTicks`. Exact unless `isFar`. */
  offsets = 0;
  squares = 0;
  /** Prices lie so far apart that the two sums above are not exact and not to be used. */
  isFar = false;

  /** Takes the trades from `from` on that share their second. Hot path: one loop over all trades, whole numbers only. */
  take(batch: TradeBatch, from: number, day: TradingDay): void {
    const { sec, ticks, size, aggressor, length } = batch;
    const second = sec[from] ?? 0;
    const first = ticks[from] ?? 0;
    let volume = 0;
    let sided = 0;
    let delta = 0;
    let deltaHigh = 0;
    let deltaLow = 0;
    let high = first;
    let low = first;
    let offsets = 0;
    let squares = 0;
    let at = from;
    for (; at < length && sec[at] === second; at += 1) {
      const contracts = size[at] ?? 0;
      const side = aggressor[at] ?? 0;
      const price = ticks[at] ?? 0;
      // Sides are random, so nothing branches on them.
      const signed = Math.imul(side, contracts);
      delta = (delta + signed) | 0;
      if (delta > deltaHigh) deltaHigh = delta;
      if (delta < deltaLow) deltaLow = delta;
      volume = (volume + contracts) | 0;
      sided = (sided + Math.imul(side, signed)) | 0;
      if (price > high) high = price;
      if (price < low) low = price;
      const offset = (price - first) | 0;
      const weighted = Math.imul(offset, contracts);
      offsets = (offsets + weighted) | 0;
      squares = (squares + Math.imul(offset, weighted)) | 0;
    }
    this.from = from;
    this.to = at;
    this.sec = day.openSec + second;
    this.isRegular = this.sec >= day.rthOpenSec && this.sec < day.rthCloseSec;
    this.volume = volume;
    this.sided = sided;
    this.delta = delta;
    this.deltaHigh = deltaHigh;
    this.deltaLow = deltaLow;
    this.firstTicks = first;
    this.lastTicks = ticks[at - 1] ?? 0;
    this.highTicks = high;
    this.lowTicks = low;
    this.offsets = offsets;
    this.squares = squares;
    const reach = Math.max(high - first, first - low);
    const most = reach * reach * volume;
    this.isFar = most > EXACT;
    // No sum was larger than `most` at any time, so below that bound none has wrapped around.
    if (most > INT32_MAX) this.#addWide(batch);
  }

  /** The sums of a second in which prices moved far: as doubles, which hold more. */
  #addWide({ ticks, size }: TradeBatch): void {
    this.offsets = 0;
    this.squares = 0;
    for (let at = this.from; at < this.to; at += 1) {
      const offset = (ticks[at] ?? 0) - this.firstTicks;
      const weighted = offset * (size[at] ?? 0);
      this.offsets += weighted;
      this.squares += offset * weighted;
    }
  }
}
