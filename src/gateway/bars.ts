/** Counts trades into bars of one length; hands a bar out when its interval is over, as a live gateway does. */
import { encodeRecord } from "../dbn/encode.ts";
import type { RecordTimes } from "./selection.ts";

/**
 * Market nanoseconds a bar stays open after its end: bars are cut by ts_event, the stream comes by ts_recv. A trade
 * that is later still is counted in the bar that is open then, so that volume is never lost.
 */
const GRACE_NANOS = 50_000_000n;

interface Bar {
  readonly instrumentId: number;
  readonly publisherId: number;
  /** Start of the interval in seconds since 1970. */
  readonly sec: number;
  /** Prices in 1e-9 units. */
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export interface BarTrade {
  readonly instrumentId: number;
  readonly publisherId: number;
  /** ts_event, whole seconds. */
  readonly sec: number;
  /** 1e-9 units. */
  readonly price: number;
  readonly size: number;
}

/** `times.index` is the end of the bar, for that is when it can be sent. */
export type OnBar = (instrumentId: number, bytes: Uint8Array, times: RecordTimes) => void;

export class BarMaker {
  readonly #seconds: number;
  readonly #rtype: number;
  readonly #onBar: OnBar;
  readonly #bars = new Map<number, Bar>();
  /** Intervals before this were not seen from their beginning. */
  #firstSec: number;
  /** Index time at which the earliest open bar is due; the check per trade is one comparison. */
  #dueNanos: bigint | null = null;

  /** `sinceSec`: trades before this market second are not seen; 0 when all are. */
  constructor(seconds: number, rtype: number, sinceSec: number, onBar: OnBar) {
    this.#seconds = seconds;
    this.#rtype = rtype;
    this.#onBar = onBar;
    this.#firstSec = Math.ceil(sinceSec / seconds) * seconds;
  }

  /** When the next bar is to be sent, nanoseconds since 1970; null when none is open. */
  get dueNanos(): bigint | null {
    return this.#dueNanos;
  }

  take(trade: BarTrade): void {
    if (Number.isNaN(trade.price)) return;
    const sec = Math.floor(trade.sec / this.#seconds) * this.#seconds;
    if (sec < this.#firstSec) return;
    const bar = this.#bars.get(trade.instrumentId);
    if (bar !== undefined && sec <= bar.sec) {
      bar.high = Math.max(bar.high, trade.price);
      bar.low = Math.min(bar.low, trade.price);
      bar.close = trade.price;
      bar.volume += trade.size;
      return;
    }
    if (bar !== undefined) this.#emit(bar);
    const { instrumentId, publisherId, price, size } = trade;
    this.#bars.set(instrumentId, {
      instrumentId, publisherId, sec, open: price, high: price, low: price, close: price, volume: size,
    });
    this.#findDue();
  }

  /** Hands out the bars that are over at this market time; null: all of them. */
  advance(nowNanos: bigint | null): void {
    if (this.#dueNanos === null || (nowNanos !== null && nowNanos < this.#dueNanos)) return;
    for (const bar of [...this.#bars.values()].sort((a, b) => a.sec - b.sec || a.instrumentId - b.instrumentId)) {
      if (nowNanos === null || nowNanos >= this.#dueOf(bar)) this.#emit(bar);
    }
    this.#findDue();
  }

  #dueOf(bar: Bar): bigint {
    return BigInt(bar.sec + this.#seconds) * 1_000_000_000n + GRACE_NANOS;
  }

  #findDue(): void {
    this.#dueNanos = null;
    for (const bar of this.#bars.values()) {
      const due = this.#dueOf(bar);
      if (this.#dueNanos === null || due < this.#dueNanos) this.#dueNanos = due;
    }
  }

  #emit(bar: Bar): void {
    this.#bars.delete(bar.instrumentId);
    const start = BigInt(bar.sec) * 1_000_000_000n;
    const end = BigInt(bar.sec + this.#seconds) * 1_000_000_000n;
    const bytes = encodeRecord(
      {
        kind: "ohlcv",
        rtype: this.#rtype,
        publisherId: bar.publisherId,
        instrumentId: bar.instrumentId,
        tsEvent: start,
        open: BigInt(bar.open),
        high: BigInt(bar.high),
        low: BigInt(bar.low),
        close: BigInt(bar.close),
        volume: BigInt(bar.volume),
      },
      3,
    );
    this.#onBar(bar.instrumentId, bytes, {
      tsEventHi: Number(start >> 32n),
      tsEventLo: Number(start & 0xffff_ffffn),
      indexHi: Number(end >> 32n),
      indexLo: Number(end & 0xffff_ffffn),
    });
  }
}
