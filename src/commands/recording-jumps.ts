/** Where recordings skip a session or more: there the market is counted from nothing, as by a new reader. */
import type { RecordView } from "../dbn/record-view.ts";
import { NanosSplitter, type UnixTime } from "../lib/time.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { KnownSpans } from "./report-coverage.ts";

export class RecordingJumps {
  readonly #covers: KnownSpans;
  readonly #calendar: TradingCalendar;
  readonly #splitter = new NanosSplitter();
  #at = 0;
  #nextSec: number;

  constructor(covers: KnownSpans, calendar: TradingCalendar) {
    this.#covers = covers;
    this.#calendar = calendar;
    this.#nextSec = covers[1]?.from.sec ?? Number.POSITIVE_INFINITY;
  }

  /**
   * The beginning of the known time that a record is the first of, where at least one whole session lies before it of
   * which nothing is known; else null. By the time of receipt: a damaged time of a trade is no jump.
   */
  before(view: RecordView): UnixTime | null {
    this.#splitter.split(view.indexHi, view.indexLo);
    return this.#splitter.sec < this.#nextSec ? null : this.#moveOn(this.#splitter.sec);
  }

  #moveOn(sec: number): UnixTime | null {
    const left = this.#covers[this.#at]?.to.sec ?? 0;
    while (sec >= (this.#covers[this.#at + 1]?.from.sec ?? Number.POSITIVE_INFINITY)) this.#at += 1;
    this.#nextSec = this.#covers[this.#at + 1]?.from.sec ?? Number.POSITIVE_INFINITY;
    const from = this.#covers[this.#at]?.from ?? null;
    if (from === null) return null;
    const skipsSession = this.#calendar.dayOf(from.sec).openSec > this.#calendar.dayOf(left - 1).endSec;
    return skipsSession ? from : null;
  }
}
