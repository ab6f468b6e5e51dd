/** One session of the market: its hours on a date, as unix seconds, from the calendar's entry and the time zones' rules. */
import { getTimezoneOffset } from "date-fns-tz/getTimezoneOffset";
import type { CalendarEntry } from "./calendar-entry.ts";
import { dateText } from "./civil-date.ts";
import { subSessionsOf, type SubSession } from "./sub-sessions.ts";

export interface TradingDay {
  /** `2025-06-13`: the trade date the session counts to. That of a holiday session is a later one. */
  readonly tradeDate: string;
  /** Unix seconds: 18:00 ET of the evening before. */
  readonly openSec: number;
  /** Unix seconds: 17:00 ET, earlier on shortened days. */
  readonly closeSec: number;
  /** Unix seconds: 09:30 and 16:00 ET, regular trading hours; both `closeSec` on a day without them. */
  readonly rthOpenSec: number;
  readonly rthCloseSec: number;
  /** Unix seconds of the next 18:00 ET that starts a session; times from here belong to a later one. */
  readonly endSec: number;
  /** Seconds to add to UTC for Eastern wall time in this session, e.g. -14400. */
  readonly easternOffsetSec: number;
  /** False: the cash market is shut. */
  readonly hasRth: boolean;
  readonly kind: "regular" | "early close" | "holiday session";
  /** Why the hours are not regular, e.g. `Presidents' Day`; else empty. */
  readonly label: string;
  /** Unix seconds: 09:00 in Tokyo and 08:00 in London, when their cash markets open (their holidays are not known). */
  readonly tokyoOpenSec: number;
  readonly londonOpenSec: number;
  /** In order of time; every second of the session is in exactly one. */
  readonly subSessions: readonly SubSession[];
}

/** The dates of a session, as days since 1970-01-01. */
export interface SessionDates {
  /** The date it ends on; it opens the evening before. */
  readonly date: number;
  readonly tradeDate: number;
  /** The date the next session ends on. */
  readonly next: number;
}

const DAY_SEC = 86_400;
const OPEN = "18:00";
const CLOSE = "17:00";
const RTH_OPEN = "09:30";
const RTH_CLOSE = "16:00";

/**
 * Seconds from UTC to wall time on a date. Asked for its noon: clocks change on Sundays in the night, when the market
 * is closed, so one offset holds for a whole session, and this machine's own zone does not matter.
 */
function offsetOf(zone: string, date: number): number {
  return getTimezoneOffset(zone, (date * DAY_SEC + DAY_SEC / 2) * 1000) / 1000;
}

/** Unix seconds of a wall time such as `13:15` on a date. */
function wallSec(date: number, offsetSec: number, time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return date * DAY_SEC + hour * 3600 + minute * 60 - offsetSec;
}

/** The session that ends on a date; `entry` null: regular hours. Looks up time zones: keep it, compare its seconds. */
export function sessionOf(dates: SessionDates, entry: CalendarEntry | null): TradingDay {
  const { date, tradeDate, next } = dates;
  const offset = offsetOf("America/New_York", date);
  const isRegular = entry === null || entry.type === "regular";
  const eastern = (time: string): number => wallSec(date, offset, time);
  const closeSec = eastern(isRegular ? CLOSE : (entry.close ?? CLOSE));
  const rthClose = isRegular ? RTH_CLOSE : entry.rthClose;
  const hours = {
    openSec: wallSec(date - 1, offset, OPEN),
    closeSec,
    rthOpenSec: rthClose === null ? closeSec : eastern(RTH_OPEN),
    rthCloseSec: rthClose === null ? closeSec : eastern(rthClose),
    tokyoOpenSec: wallSec(date, offsetOf("Asia/Tokyo", date), "09:00"),
    londonOpenSec: wallSec(date, offsetOf("Europe/London", date), "08:00"),
    hasRth: rthClose !== null,
  };
  return {
    ...hours,
    tradeDate: dateText(tradeDate),
    endSec: wallSec(next - 1, offsetOf("America/New_York", next), OPEN),
    easternOffsetSec: offset,
    kind: isRegular ? "regular" : entry.type === "halt" ? "holiday session" : "early close",
    label: isRegular ? "" : entry.label,
    subSessions: subSessionsOf(hours, eastern),
  };
}
