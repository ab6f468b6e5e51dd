/** The CME equity-index trading day: 18:00 Eastern of the day before to 17:00 Eastern. */
import { getTimezoneOffset } from "date-fns-tz/getTimezoneOffset";
import { dateText, weekday } from "./civil-date.ts";

export interface TradingDay {
  /** `2025-06-13`. */
  readonly tradeDate: string;
  /** Unix seconds: 18:00 ET of the evening before. */
  readonly openSec: number;
  /** Unix seconds: 17:00 ET. */
  readonly closeSec: number;
  /** Unix seconds: 09:30 and 16:00 ET, regular trading hours. */
  readonly rthOpenSec: number;
  readonly rthCloseSec: number;
  /** Unix seconds of the next 18:00 ET that starts a trading day; times from here belong to a later day. */
  readonly endSec: number;
  /** Seconds to add to UTC for Eastern wall time on this day, e.g. -14400. */
  readonly easternOffsetSec: number;
}

const ZONE = "America/New_York";
const HOUR_SEC = 3600;
const DAY_SEC = 86_400;
/** Eastern hours in which the market trades: 18..23, 0..16. */
export const TRADING_HOURS = 23;

/** Whether a calendar date (days since 1970-01-01) has a trading day of its own. Holidays belong here. */
function isTradeDate(days: number): boolean {
  const day = weekday(days);
  return day !== 0 && day !== 6;
}

/** The first trade date at or after a calendar date. */
function tradeDateFrom(days: number): number {
  let date = days;
  while (!isTradeDate(date)) date += 1;
  return date;
}

/**
 * Seconds from UTC to Eastern wall time on a date. Asked for its noon: clocks change on Sundays at 02:00, when the
 * market is closed, so one offset holds for the whole trading day, and this machine's own zone does not matter.
 */
function easternOffset(days: number): number {
  return getTimezoneOffset(ZONE, (days * DAY_SEC + 12 * HOUR_SEC) * 1000) / 1000;
}

/** Unix seconds of an Eastern hour on a calendar date. */
function easternSec(days: number, offsetSec: number, hour: number): number {
  return days * DAY_SEC + hour * HOUR_SEC - offsetSec;
}

/** The trading day of a trade date (days since 1970-01-01). */
function tradingDay(date: number): TradingDay {
  const offset = easternOffset(date);
  const next = tradeDateFrom(date + 1);
  return {
    tradeDate: dateText(date),
    openSec: easternSec(date - 1, offset, 18),
    closeSec: easternSec(date, offset, 17),
    rthOpenSec: easternSec(date, offset, 9.5),
    rthCloseSec: easternSec(date, offset, 16),
    endSec: easternSec(next - 1, easternOffset(next), 18),
    easternOffsetSec: offset,
  };
}

/**
 * The trading day a time (unix seconds) belongs to: from 18:00 ET the next one, and from Friday's close Monday, whose
 * open is still to come then. Looks up the time zone: keep the day, compare its seconds.
 */
export function tradingDayOf(sec: number): TradingDay {
  // Eastern is 4 or 5 hours behind UTC: with 5 the date is right or one too early, never too late.
  let date = tradeDateFrom(Math.floor((sec - 5 * HOUR_SEC + 6 * HOUR_SEC) / DAY_SEC));
  let day = tradingDay(date);
  const reopensLater = (of: TradingDay): boolean => of.endSec - of.closeSec > HOUR_SEC;
  while (sec >= day.endSec || (sec >= day.closeSec && reopensLater(day))) {
    date = tradeDateFrom(date + 1);
    day = tradingDay(date);
  }
  return day;
}

/** Which of the day's 23 Eastern hours a time is in: 0 is 18:00, 22 is 16:00. Outside, the nearest one. */
export function hourIndexOf(sec: number, day: TradingDay): number {
  const index = Math.floor((sec - day.openSec) / HOUR_SEC);
  return index < 0 ? 0 : index >= TRADING_HOURS ? TRADING_HOURS - 1 : index;
}

/** The Eastern hour (18..23, 0..16) that an index stands for. */
export function easternHour(index: number): number {
  return (18 + index) % 24;
}
