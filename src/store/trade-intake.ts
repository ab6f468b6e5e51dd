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
const CAPACITY = TradeBatch.CAPACITY;
/** Where the columns begin in a batch's cells; the seconds are the first. */
const NANOS = CAPACITY;
const TICKS = 2 * CAPACITY;
const SIZES = 3 * CAPACITY;
const AGGRESSOR = 4 * CAPACITY;
const EVENT = 5 * CAPACITY;
const SEQUENCES = 6 * CAPACITY;
const BUYER = 66;
const SELLER = 65;
const TWO_32 = 4_294_967_296;
const NANOS_PER_SEC = 1_000_000_000;
/** A later second is opened without asking up to a day ahead of the open one, as `TradeTimes` has it. */
const AHEAD_NANOS = 86_400 * NANOS_PER_SEC;

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
  /** Where that second begins, as halves; the low one may be negative. Seconds up to `#lastSec` are of the same day. */
  #startHi = 0;
  #startLo = 0;
  #lastSec = 0;
  readonly #onSecond: (sec: number) => void;

  /** `onSecond`: a trade was taken in a later second (since the day's open) than every one before it. */
  constructor(onSecond: (sec: number) => void) {
    this.#onSecond = onSecond;
  }

  /** What is counted from now on. Without a tick every trade is unusual. */
  aim(instrumentId: number, tickUnits: number): void {
    this.#instrumentId = instrumentId;
    this.#division = tickDivision(tickUnits);
    this.#span = 0;
    this.#lastSec = -1;
  }

  /**
   * Opens the second (since the day's open) of a time whose trades belong to the day: halves of ts_event, nanoseconds.
   * Seconds after it up to `lastSec` need no look at the calendar either; -1 where that cannot be said.
   */
  openSecond(sec: number, hi: number, lo: number, nanos: number, lastSec: number): void {
    const start = lo - nanos;
    const from = Math.max(0, start);
    this.#sec = sec | 0;
    this.#startHi = hi;
    this.#startLo = start;
    this.#lastSec = lastSec;
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
    const { base } = view;
    let taken = this.#takeSecond(view, count);
    while (taken < count && this.batch.length < TradeBatch.CAPACITY) {
      view.base = base + taken * view.lengthBytes;
      const more = this.#takeFollowing(view, count - taken);
      if (more === 0) break;
      taken += more;
    }
    view.base = base;
    return taken;
  }

  /** The same where the trade at `view` may be in a second after the open one; leaves that open if it is not usual. */
  #takeFollowing(view: RecordView, count: number): number {
    const sec = this.#sec;
    const hi = this.#startHi;
    const lo = this.#startLo;
    const last = this.#lastSec;
    const { tsEventHi, tsEventLo } = view;
    const ahead = (tsEventHi - hi) * TWO_32 + (tsEventLo - lo);
    if (!(ahead >= 0 && ahead < AHEAD_NANOS)) return 0;
    const seconds = Math.floor(ahead / NANOS_PER_SEC); // exact, as in `NanosSplitter`
    if (sec + seconds > last) return 0;
    this.openSecond(sec + seconds, tsEventHi, tsEventLo, ahead - seconds * NANOS_PER_SEC, last);
    const taken = this.#takeSecond(view, count);
    if (taken === 0) this.openSecond(sec, hi, lo, 0, last);
    else if (seconds > 0) this.#onSecond(sec + seconds);
    return taken;
  }

  /**
   * Hot path. What the loop needs is in local variables, as 32-bit integers; it calls nothing and writes to one array,
   * so that the compiler need not look at any of it again with each trade.
   */
  #takeSecond(view: RecordView, count: number): number {
    const division = this.#division;
    const span = this.#span | 0;
    if (division === null || span === 0) return 0;
    const { high } = division;
    const shift = division.shift | 0;
    const inverse = division.inverse | 0;
    const keep = division.keep | 0;
    const rest = division.rest | 0;
    const { batch } = this;
    const { cells } = batch;
    const { dv } = view;
    const stride = view.lengthBytes | 0;
    const id = this.#instrumentId;
    const hi = this.#hi | 0;
    const loFrom = this.#loFrom | 0;
    const nanosFrom = this.#nanosFrom | 0;
    const second = this.#sec | 0;
    const sizeMax = SIZE_MAX;
    const first = batch.length;
    const stop = Math.min(CAPACITY, first + count);
    let base = view.base;
    let at = first;
    // The event that the trade before belongs to; it was in this second, or there is none.
    const goesOn = first > 0 && cells[first - 1] === second;
    let beforeNanos = goesOn ? cells[NANOS + first - 1]! : -1;
    let beforeSide = goesOn ? cells[AGGRESSOR + first - 1]! : 0;
    let event = goesOn ? cells[EVENT + first - 1]! : 0;
    for (; at < stop; at = (at + 1) | 0) {
      const priceLo = dv.getInt32((base + PRICE) | 0, true);
      const ticks = Math.imul(priceLo >>> shift, inverse) & keep;
      const size = dv.getInt32((base + SIZE) | 0, true);
      const into = (dv.getInt32((base + TS_EVENT) | 0, true) - loFrom) | 0; // negative: before, or far after
      if (
        (priceLo & rest) !== 0 ||
        ((ticks * high) | 0) !== dv.getInt32((base + PRICE + 4) | 0, true) ||
        size <= 0 ||
        size > sizeMax ||
        dv.getUint32((base + INSTRUMENT_ID) | 0, true) !== id ||
        dv.getInt32((base + TS_EVENT + 4) | 0, true) !== hi ||
        into < 0 ||
        into >= span
      ) break;
      const nanos = (into + nanosFrom) | 0;
      const code = dv.getUint8((base + SIDE) | 0);
      const side = (((code ^ BUYER) - 1) >>> 31) - (((code ^ SELLER) - 1) >>> 31); // as `aggressorOf`
      // All bits of it are set where another event begins: without a branch, because that is random.
      const difference = (nanos ^ beforeNanos) | (side ^ beforeSide);
      const isOther = (difference | -difference) >> 31;
      event = ((event & ~isOther) + size) | 0;
      beforeNanos = nanos;
      beforeSide = side;
      cells[at] = second;
      cells[(NANOS + at) | 0] = nanos;
      cells[(TICKS + at) | 0] = ticks;
      cells[(SIZES + at) | 0] = size;
      cells[(AGGRESSOR + at) | 0] = side;
      cells[(EVENT + at) | 0] = event;
      cells[(SEQUENCES + at) | 0] = dv.getInt32((base + SEQUENCE) | 0, true);
      base = (base + stride) | 0;
    }
    batch.length = at;
    return at - first;
  }
}
