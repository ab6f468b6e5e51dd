/** Market time: the newest time that records have told. */
import type { UnixTime } from "../lib/time.ts";
import type { TradeBatch } from "../market/trade-batch.ts";

/** Before every time. */
const NEVER: UnixTime = { sec: -1, nanos: 0 };

export class MarketClock {
  /** `sec` -1 before the first record. */
  asOf = NEVER;

  /** Null before the first record. */
  get published(): UnixTime | null {
    return this.asOf === NEVER ? null : this.asOf;
  }

  /** Whether a time lies behind the newest record. */
  isNews(sec: number, nanos: number): boolean {
    return sec > this.asOf.sec || (sec === this.asOf.sec && nanos > this.asOf.nanos);
  }

  /** Trades of the day that opened at `openSec`. */
  noteTrades(batch: TradeBatch, openSec: number): void {
    const runs = batch.seconds(0, batch.length);
    let newest = this.asOf.sec - openSec;
    for (let run = 0; run < runs.length; run += 1) if (runs.sec[run]! > newest) newest = runs.sec[run]!; // run < runs.length
    const sec = newest + openSec;
    let nanos = sec === this.asOf.sec ? this.asOf.nanos : -1;
    for (let run = 0; run < runs.length; run += 1) {
      if (runs.sec[run] !== newest) continue;
      for (let at = runs.from[run]!; at < runs.from[run + 1]!; at += 1) nanos = Math.max(nanos, batch.nanos[at]!);
    }
    if (this.isNews(sec, nanos)) this.asOf = { sec, nanos };
  }
}
