/** The trading day by the built-in calendar, and its Eastern hours. */
import { createTradingCalendar } from "./calendar.ts";
import { BUILT_IN_CALENDAR } from "./calendar-data.ts";
import type { TradingDay } from "./session.ts";

export type { TradingDay } from "./session.ts";
export type { SubSession, SubSessionName } from "./sub-sessions.ts";

const HOUR_SEC = 3600;
/** Eastern hours in which the market trades on a regular day: 18..23, 0..16. */
export const TRADING_HOURS = 23;

/** The calendar that comes with the program. */
export const builtInCalendar = createTradingCalendar(BUILT_IN_CALENDAR);

/** The session a time (unix seconds) belongs to by the built-in calendar; see `TradingCalendar`. */
export function tradingDayOf(sec: number): TradingDay {
  return builtInCalendar.dayOf(sec);
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
