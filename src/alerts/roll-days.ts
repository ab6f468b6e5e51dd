/** How far a contract's last day of trading is away. */
import type { TradingCalendar } from "../market/calendar.ts";
import { dayNumberOfText } from "../market/civil-date.ts";
import { parseContract, productOf } from "../market/contract.ts";
import { contractDates } from "../market/expiry.ts";
import type { Instrument } from "../market/instrument.ts";
import type { TradingDay } from "../market/trading-day.ts";

/** Days from the trade date to the last day, negative after it; null for what is no quarterly future. */
export function daysToExpiry({ rawSymbol }: Instrument, day: TradingDay, calendar: TradingCalendar): number | null {
  const contract = parseContract(rawSymbol, day.openSec);
  if (contract === null || productOf(contract.root) === null) return null;
  return contractDates(contract, calendar).expiry - dayNumberOfText(day.tradeDate);
}
