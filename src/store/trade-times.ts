/** Guards against a damaged time: one wild trade must neither move the market's day nor shut out those after it. */
import type { TradingCalendar } from "../market/calendar.ts";
import type { TradingDay } from "../market/trading-day.ts";

const DAY_SEC = 86_400;
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

export class TradeTimes {
  /** Unix seconds of the newest trade let through; -1 before the first. */
  newestSec = -1;
  readonly #calendar: TradingCalendar;
  #suspectSec = -1;

  constructor(calendar: TradingCalendar) {
    this.#calendar = calendar;
  }

  /**
   * Whether a trade at `sec` may be believed; if so it is the newest when it is later. Up to a day from the newest is;
   * so are trading hours of the next trading day (a weekend lies between). Farther ahead, the first is not and the
   * second is, if it is within an hour of the first: then the market itself has moved on.
   */
  admit(sec: number): boolean {
    if (!isPossible(sec)) return false;
    const newest = this.newestSec;
    if (newest >= 0 && Math.abs(sec - newest) > DAY_SEC && !this.#isBelievable(sec)) return false;
    this.#suspectSec = -1;
    if (sec > newest) this.newestSec = sec;
    return true;
  }

  #isBelievable(sec: number): boolean {
    if (sec < this.newestSec) return false;
    // Of a late print after Friday's close the coming day is the next one already.
    const day = this.#calendar.dayOf(this.newestSec);
    const next = this.#calendar.dayOf(day.endSec);
    if (isTrading(sec, day) || isTrading(sec, next)) return true;
    const isConfirmed = this.#suspectSec >= 0 && Math.abs(sec - this.#suspectSec) <= CONFIRM_SEC;
    this.#suspectSec = sec;
    return isConfirmed;
  }
}
