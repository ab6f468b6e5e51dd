/** Times and sessions as other programs read them: ISO 8601, in Eastern time with its offset or in UTC. */
import type { UnixTime } from "../lib/time.ts";
import { dateText } from "../market/civil-date.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { clockText } from "./format.ts";

/** An instant in UTC with all nine digits of its nanoseconds, e.g. `2025-06-13T13:30:00.123456789Z`. */
export function isoNanos({ sec, nanos }: UnixTime): string {
  return `${dateText(Math.floor(sec / 86_400))}T${clockText(sec, 0)}.${String(nanos).padStart(9, "0")}Z`;
}

/** A second in Eastern time with its offset, e.g. `2025-06-13T09:30:00-04:00`. */
export function isoEastern(sec: number, { easternOffsetSec: offset }: Pick<TradingDay, "easternOffsetSec">): string {
  const minutes = Math.abs(offset) / 60;
  const zone = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return `${dateText(Math.floor((sec + offset) / 86_400))}T${clockText(sec, offset)}${offset < 0 ? "-" : "+"}${zone}`;
}

/** Whether a second of a trading day lies in regular trading hours. */
export function sessionAt(sec: number, day: Pick<TradingDay, "rthOpenSec" | "rthCloseSec">): "RTH" | "ETH" {
  return sec >= day.rthOpenSec && sec < day.rthCloseSec ? "RTH" : "ETH";
}
