/**
 * Cuts the market into intervals: one row for each while the session is open, whether something traded in it or not.
 * Intervals are counted from the session's open; the first row is the one in which counting began.
 */
import type { RecordView } from "../dbn/record-view.ts";
import { NanosSplitter } from "../lib/time.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { TradeStore } from "../store/store.ts";
import { logRow, type LogRow } from "../ui/log-row.ts";

export interface IntervalRowsOptions {
  readonly store: TradeStore;
  /** Seconds of an interval. */
  readonly everySec: number;
  readonly onRow: (row: LogRow) => void;
  /** Whether trades of the interval (unix seconds, end exclusive) are missing. */
  readonly isGap: (startSec: number, endSec: number, snapshot: Snapshot) => boolean;
  /** Unix second from which on nothing is known of a session that another one has followed. */
  readonly endOf: (day: TradingDay) => number;
}

export class IntervalRows {
  readonly #options: IntervalRowsOptions;
  readonly #splitter = new NanosSplitter();
  #day: TradingDay | null = null;
  /** Start of the next interval to be written, unix seconds. */
  #next = 0;
  #volumeBefore: number | null = 0;
  /** Published just before a trade that may begin another session; it ends the session before. */
  #before: Snapshot | null = null;
  rows = 0;

  constructor(options: IntervalRowsOptions) {
    this.#options = options;
  }

  /**
   * The market is at `sec`. Rows that have come so far go on; else, or when the market has gone back, they begin in the
   * interval it lies in, of which only what comes from now on is known.
   */
  resume(day: TradingDay, sec: number): void {
    this.#settleBorder();
    if (this.#day?.openSec === day.openSec && sec >= this.#next - this.#options.everySec) return;
    this.#enter(day, sec);
    this.#volumeBefore = null;
  }

  /** Call before the store counts a trade: what ended before it is written. */
  beforeTrade(view: RecordView): void {
    this.#settleBorder();
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    const { sec } = this.#splitter;
    const day = this.#day;
    if (day === null || sec >= day.endSec) this.#before = this.#publish();
    else if (sec >= this.#next + this.#options.everySec) this.#write(sec, this.#publish());
  }

  /** Market time has come to `sec`: what ended at or before it is written. */
  advance(sec: number): void {
    this.#settleBorder();
    if (this.#day !== null && sec >= this.#next + this.#options.everySec) this.#write(sec, this.#publish());
  }

  /** The source is over, every trade before `sec` is known: the interval that had begun is written too. */
  finish(sec: number): void {
    this.#settleBorder();
    this.#write(sec + this.#options.everySec - 1, this.#publish());
  }

  /** The store is about to begin anew, with another session: the one before is written to its end. */
  restart(): void {
    this.#settleBorder();
    if (this.#day !== null) this.#write(this.#options.endOf(this.#day), this.#publish());
    this.#day = null;
  }

  #publish(): Snapshot {
    this.#options.store.commit();
    return this.#options.store.getSnapshot();
  }

  /** Looks whether the trade let through since has begun another session. */
  #settleBorder(): void {
    const before = this.#before;
    if (before === null) return;
    this.#before = null;
    const { day, studies } = this.#publish();
    const last = studies.session.last;
    if (day === null || last === null || day.openSec === before.day?.openSec) return;
    if (this.#day !== null) this.#write(this.#options.endOf(this.#day), before);
    this.#enter(day, last.at.sec);
  }

  #enter(day: TradingDay, sec: number): void {
    const { everySec } = this.#options;
    this.#day = day;
    this.#next = day.openSec + Math.floor((sec - day.openSec) / everySec) * everySec;
    this.#volumeBefore = 0;
  }

  /** The rows of all intervals that end at or before `sec`, but none after the session's close. */
  #write(sec: number, snapshot: Snapshot): void {
    const { everySec, onRow, isGap } = this.#options;
    const day = this.#day;
    if (day === null) return;
    while (this.#next + everySec <= sec && this.#next < day.closeSec) {
      const startSec = this.#next;
      const endSec = startSec + everySec;
      this.#next = endSec;
      const interval = { startSec, endSec, isGap: isGap(startSec, endSec, snapshot), volumeBefore: this.#volumeBefore };
      const row = logRow(snapshot, day, interval);
      if (row === null) continue;
      this.#volumeBefore = row.volume;
      this.rows += 1;
      onRow(row);
    }
  }
}
