/** The hot path of a trade: from the record's bytes into the columns, for as long as nothing about it is unusual. */
import { HEADER_BYTES } from "../dbn/constants.ts";
import { offsetOf } from "../dbn/layout.ts";
import { layoutOf } from "../dbn/layouts.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { tickDivision, type TickDivision } from "../market/tick-division.ts";
import { TradeBatch } from "../market/trade-batch.ts";
import type { Aggressor } from "../market/trade.ts";
import { SIZE_MAX } from "./damage.ts";

const TRADE = layoutOf("trade", 3);
const INSTRUMENT_ID = HEADER_BYTES - 12;
const TS_EVENT = HEADER_BYTES - 8;
const PRICE = offsetOf(TRADE, "price");
const SIZE = offsetOf(TRADE, "size");
const SIDE = offsetOf(TRADE, "side");
const SEQUENCE = offsetOf(TRADE, "sequence");
const BUYER = 66;
const SELLER = 65;
const TWO_32 = 4_294_967_296;
const NANOS_PER_SEC = 1_000_000_000;

/** +1 buyer, -1 seller, 0 else, without a branch: sides are random, and one would be guessed wrong half the time. */
export function aggressorOf(side: number): Aggressor {
  return ((((side ^ BUYER) - 1) >>> 31) - (((side ^ SELLER) - 1) >>> 31)) as Aggressor; // 1 - 0, 0 - 1 or 0 - 0
}

export class TradeIntake {
  readonly batch = new TradeBatch();
  #instrumentId = -1;
  #division: TickDivision | null = null;
  /**
   * The second that is open: its trades need no look at the calendar. While ts_event's high half is `#hi`, the second
   * lasts for `#span` low halves from `#loFrom` on, which is `#nanosFrom` nanoseconds into it.
   */
  #hi = 0;
  #loFrom = 0;
  #span = 0;
  #nanosFrom = 0;
  #sec = 0;

  /** What is counted from now on. Without a tick every trade is unusual. */
  aim(instrumentId: number, tickUnits: number): void {
    this.#instrumentId = instrumentId;
    this.#division = tickDivision(tickUnits);
    this.#span = 0;
  }

  /** Opens the second (since the day's open) of a time whose trades belong to the day: halves of ts_event, nanoseconds. */
  openSecond(sec: number, hi: number, lo: number, nanos: number): void {
    const start = lo - nanos;
    const from = Math.max(0, start);
    this.#sec = sec;
    this.#hi = hi | 0;
    this.#loFrom = from | 0;
    this.#span = (Math.min(TWO_32, start + NANOS_PER_SEC) - from) | 0;
    this.#nanosFrom = (from - start) | 0;
  }

  /** Whether a time (halves of ts_event) is in the second that is open. */
  isOpen(hi: number, lo: number): boolean {
    return (hi | 0) === this.#hi && ((lo | 0) - this.#loFrom) >>> 0 < this.#span;
  }

  /** Takes trades from `view` on until one is unusual, there is no room, or `count` were taken; says how many were. */
  take(view: RecordView, count: number): number {
    const division = this.#division;
    const span = this.#span;
    if (division === null || span === 0) return 0;
    const { shift, inverse, keep, rest, high } = division;
    const { batch } = this;
    const { sec, nanos, ticks, size, aggressor, sequence, event } = batch;
    const { dv } = view;
    const stride = view.lengthBytes;
    const id = this.#instrumentId;
    const hi = this.#hi;
    const loFrom = this.#loFrom;
    const nanosFrom = this.#nanosFrom;
    const second = this.#sec;
    const first = batch.length;
    const stop = Math.min(TradeBatch.CAPACITY, first + count);
    let base = view.base;
    let at = first;
    // The event that the trade before belongs to; it was in this second, or there is none.
    const goesOn = first > 0 && sec[first - 1] === second;
    let beforeNanos = goesOn ? nanos[first - 1]! : -1;
    let beforeSide: number = goesOn ? aggressor[first - 1]! : 0;
    let contractsOfEvent = goesOn ? event[first - 1]! : 0;
    for (; at < stop; at = (at + 1) | 0) {
      const priceLo = dv.getInt32(base + PRICE, true);
      const price = Math.imul(priceLo >>> shift, inverse) & keep;
      const contracts = dv.getInt32(base + SIZE, true);
      const into = (dv.getInt32(base + TS_EVENT, true) - loFrom) >>> 0;
      if (
        (priceLo & rest) !== 0 ||
        ((price * high) | 0) !== dv.getInt32(base + PRICE + 4, true) ||
        (contracts - 1) >>> 0 >= SIZE_MAX ||
        dv.getUint32(base + INSTRUMENT_ID, true) !== id ||
        dv.getInt32(base + TS_EVENT + 4, true) !== hi ||
        into >= span
      ) break;
      const within = into + nanosFrom;
      const side = aggressorOf(dv.getUint8(base + SIDE));
      // All bits of it are set where another event begins: without a branch, because that is random.
      const difference = (within ^ beforeNanos) | (side ^ beforeSide);
      const isOther = (difference | -difference) >> 31;
      contractsOfEvent = ((contractsOfEvent & ~isOther) + contracts) | 0;
      beforeNanos = within;
      beforeSide = side;
      sec[at] = second;
      nanos[at] = within;
      ticks[at] = price;
      size[at] = contracts;
      aggressor[at] = side;
      event[at] = contractsOfEvent;
      sequence[at] = dv.getInt32(base + SEQUENCE, true);
      base += stride;
    }
    batch.length = at;
    return at - first;
  }
}
