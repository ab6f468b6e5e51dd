/** What span the cumulative figures cover, in data and in words. */
import type { UnixTime } from "../lib/time.ts";
import { tradingDayOf, type TradingDay } from "../market/trading-day.ts";
import { formatEastern } from "../market/wall-time.ts";
import type { Coverage } from "./snapshot.ts";

/**
 * Coverage of figures that hold every trade since `from` (null: not known, nothing has come). Complete when that is at
 * or before the open of `day`; before the first trade the day `from` lies in is meant.
 */
export function coverageOf(from: UnixTime | null, day: TradingDay | null): Coverage {
  if (from === null) return { from, complete: false, text: "nothing yet" };
  const of = day ?? tradingDayOf(from.sec);
  if (from.sec <= of.openSec) return { from, complete: true, text: "complete since 18:00" };
  return { from, complete: false, text: `partial: from ${formatEastern(from, of, { minutes: true })}` };
}
