/** When quarterly equity-index futures stop trading, and when traders move on to the next one. */
import type { TradingCalendar } from "./calendar.ts";
import { dayNumber, weekday } from "./civil-date.ts";

/** A contract's month, 1..12 (quarterly ones: 3, 6, 9, 12), and its year with four digits. */
export interface ContractMonth {
  readonly month: number;
  readonly year: number;
}

/** Days since 1970-01-01. */
export interface ContractDates {
  /** The last day of trading, until 09:30 ET. */
  readonly expiry: number;
  /** The older convention: the Thursday eight days before the third Friday. */
  readonly rollThursday: number;
  /** CME's roll date: the Monday of the third Friday's week. */
  readonly rollMonday: number;
}

/** Days since 1970-01-01 of the third Friday of a month. */
export function thirdFriday(year: number, month: number): number {
  const first = dayNumber(year, month, 1);
  return first + ((12 - weekday(first)) % 7) + 14;
}

/**
 * By CME's rule: the third Friday, or the business day before it when the cash market is shut then. Roll dates are
 * counted from the third Friday, wherever the expiry is.
 */
export function contractDates({ year, month }: ContractMonth, calendar: TradingCalendar): ContractDates {
  const friday = thirdFriday(year, month);
  let expiry = friday;
  while (!calendar.hasRegularHours(expiry)) expiry -= 1;
  return { expiry, rollThursday: friday - 8, rollMonday: friday - 4 };
}

/** Unix seconds of 09:30 ET on an expiry day (days since 1970-01-01), when trading stops. */
export function expirySecOf(expiry: number, calendar: TradingCalendar): number {
  return calendar.dayOf(expiry * 86_400 + 43_200).rthOpenSec; // noon UTC is in the morning there
}

/** The quarterly contract after this one. */
export function nextQuarter({ year, month }: ContractMonth): ContractMonth {
  return month >= 12 ? { year: year + 1, month: 3 } : { year, month: month - (month % 3) + 3 };
}
