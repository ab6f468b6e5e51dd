/** What span the cumulative figures cover, in data and in words. */
import type { UnixTime } from "../lib/time.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { formatEastern } from "../market/wall-time.ts";
import type { Coverage } from "./snapshot.ts";

/**
 * Coverage of figures of `day` that hold every trade since `from` (null: not known, nothing has come). Complete when
 * that is at or before the day's open.
 */
export function coverageOf(from: UnixTime | null, day: TradingDay | null): Coverage {
  if (from === null || day === null) return { from, complete: false, text: "nothing yet" };
  if (from.sec <= day.openSec) return { from, complete: true, text: "complete since 18:00" };
  return { from, complete: false, text: `partial: from ${formatEastern(from, day, { minutes: true })}` };
}
