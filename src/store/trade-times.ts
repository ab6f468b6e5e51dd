/** Guards against a damaged time: one wild trade must neither move the market's day nor shut out those after it. */
import type { UnixTime } from "../lib/time.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { TradingDay } from "../market/trading-day.ts";

const DAY_SEC = 86_400;
/** No contract is without a trade for longer than from one expiry to the next. */
const QUARTER_SEC = 92 * DAY_SEC;
/** Two trades this close to each other confirm one another. */
const CONFIRM_SEC = 3600;
/** 2000-01-01 and 2100-01-01: outside, a time is damaged whatever came before. */
const EARLIEST_SEC = 946_684_800;
const LATEST_SEC = 4_102_444_800;

/** False for unix seconds that no record of this market can carry, e.g. those of an undefined time. */
export function isPossible(sec: number): boolean {
  return sec >= EARLIEST_SEC && sec < LATEST_SEC;
}

function isTrading(sec: number, day: TradingDay): boolean {
  return sec >= day.openSec && sec <= day.closeSec;
}

/** Where a trade's time lies: in the day being counted, in a later one that begins with it, or out of the question. */
export type Place = "in" | "new" | "out";

export class TradeTimes {
  /** Unix seconds of the newest trade let through; -1 before the first. */
  newestSec = -1;
  /** The day being counted, and its open and end; both 0 before the first trade, so that it always begins a day. */
  day: TradingDay | null = null;
  openSec = 0;
  endSec = 0;
  readonly #calendar: TradingCalendar;
  /** From when on trades were asked for; -1 when that is not known. */
  readonly #expectedSec: number;
  #suspectSec = -1;
  /** Nothing but one second has been let through: two trades that agree can still say that it was damaged. */
  #isAlone = false;

  constructor(calendar: TradingCalendar, from: UnixTime | null = null) {
    this.#calendar = calendar;
    this.#expectedSec = from?.sec ?? -1;
  }

  /** Places a time, and begins its day if that is a new one. A trade before the day's open is out. */
  place(sec: number): Place {
    const isBack = sec < this.openSec;
    if (isBack && !(this.#isAlone && this.newestSec - sec > DAY_SEC)) return "out";
    const isInDay = !isBack && sec < this.endSec;
    const day = isInDay ? null : this.#calendar.dayOf(sec);
    if (day !== null && sec < day.openSec) return "out"; // on a weekend, before the day opens
    if (!this.admit(sec)) return "out";
    if (day === null) return "in";
    this.day = day;
    this.openSec = day.openSec;
    this.endSec = day.endSec;
    return "new";
  }

  /** Lets through a second of the day being counted, later than all before it and not more than a day. */
  follow(sec: number): void {
    this.newestSec = sec;
    this.#suspectSec = -1;
    this.#isAlone = false;
  }

  /**
   * Whether a trade at `sec` may be believed; if so it is the newest when it is later. Up to a day from the newest is;
   * so are trading hours of the next trading day (a weekend lies between). Farther ahead, the first is not and the
   * second is, if it is within an hour of the first: then the market itself has moved on, or the only trade before them
   * was ahead of it. The very first trade is compared with when trades were asked from, where that is known.
   */
  admit(sec: number): boolean {
    if (!isPossible(sec)) return false;
    const newest = this.newestSec;
    const isFar = newest >= 0 ? Math.abs(sec - newest) > DAY_SEC : this.#isUnexpected(sec);
    if (isFar && !this.#isBelievable(sec)) return false;
    const isBack = isFar && sec < newest;
    this.#suspectSec = -1;
    this.#isAlone = newest < 0 || (this.#isAlone && sec === newest);
    if (sec > newest || isBack) this.newestSec = sec;
    return true;
  }

  #isUnexpected(sec: number): boolean {
    const expected = this.#expectedSec;
    return isPossible(expected) && (sec < expected - DAY_SEC || sec > expected + QUARTER_SEC);
  }

  #isBelievable(sec: number): boolean {
    const newest = this.newestSec;
    if (newest >= 0) {
      if (sec < newest && !this.#isAlone) return false;
      // Of a late print after Friday's close the coming day is the next one already.
      const day = this.#calendar.dayOf(newest);
      const next = this.#calendar.dayOf(day.endSec);
      if (sec > newest && (isTrading(sec, day) || isTrading(sec, next))) return true;
    }
    const isConfirmed = this.#suspectSec >= 0 && Math.abs(sec - this.#suspectSec) <= CONFIRM_SEC;
    this.#suspectSec = sec;
    return isConfirmed;
  }
}
