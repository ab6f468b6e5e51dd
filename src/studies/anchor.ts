/** Where a cumulative figure begins: the session's open at 18:00 Eastern, or the open of regular trading hours. */
import type { TradingDay } from "../market/trading-day.ts";

/** `session`: the (re)open at 18:00 Eastern. `RTH`: regular trading hours, from 09:30 Eastern until they end. */
export type Anchor = "session" | "RTH";

/** Whether a second, counted from the day's open, is in regular hours; a late trade's own time decides, too. */
export function isRegular(sec: number, day: TradingDay): boolean {
  const at = day.openSec + sec;
  return at >= day.rthOpenSec && at < day.rthCloseSec;
}
