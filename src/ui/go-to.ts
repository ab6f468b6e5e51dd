/** A time that the reader typed, as a place in the recording that is played; or a sentence why it is none. */
import type { UnixTime } from "../lib/time.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { clockText } from "./format.ts";
import type { PlayingNow } from "./tape-deck.ts";

/** What may be typed, for whoever does not know. */
export const GO_TO_FORMS = "09:30, 9:30:15, +5m, -30s, 2025-06-13, 2025-06-13 09:30 (Eastern)";

const RELATIVE = /^([+-])\s*(?:(\d{1,3})h)?\s*(?:(\d{1,4})m)?\s*(?:(\d{1,6})s)?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const EVENING_SEC = 18 * 3600;
const DAY_SEC = 86_400;

/** A place, or why there is none. */
export type Place = { readonly at: UnixTime } | { readonly sentence: string };

function outsideOf(what: string, { from, to }: PlayingNow, calendar: TradingCalendar): string {
  const said = ({ sec }: UnixTime): string => {
    const { tradeDate, easternOffsetSec } = calendar.dayOf(sec);
    return `${clockText(sec, easternOffsetSec)} of ${tradeDate}`;
  };
  return `${what} is not in the recording, which goes from ${said(from)} to ${said(to)}`;
}

/** Seconds since Eastern midnight; null where there is no such time. */
function clockOf(text: string): number | null {
  const [, hour, minute, second = "0"] = CLOCK.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return Number(hour) * 3600 + Number(minute) * 60 + Number(second);
}

/** The session with this trade date; null when there is none. */
function sessionOf(date: string, calendar: TradingCalendar): TradingDay | null {
  const [, year, month, day] = DATE.exec(date) ?? [];
  if (year === undefined) return null;
  const day_ = calendar.dayOf(Date.UTC(Number(year), Number(month) - 1, Number(day), 15) / 1000); // before noon, Eastern
  return day_.tradeDate === date ? day_ : null;
}

function relative(text: string, { at, from, to }: PlayingNow): Place | null {
  const [, sign, hours, minutes, seconds] = RELATIVE.exec(text) ?? [];
  if (sign === undefined || (hours ?? minutes ?? seconds) === undefined) return null;
  const by = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  const sec = at.sec + (sign === "-" ? -by : by);
  return { at: sec < from.sec ? from : sec > to.sec ? to : { sec, nanos: at.nanos } };
}

/**
 * What was typed: a step from here, a time of the session being played, or one of another trade date. As everywhere,
 * times from 18:00 on lie on the evening before the trade date.
 */
export function placeOf(text: string, playing: PlayingNow, calendar: TradingCalendar): Place {
  const typed = text.trim();
  const step = relative(typed, playing);
  if (step !== null) return step;
  const words = typed.split(/[\sT]+/);
  const hasDate = DATE.test(words[0] ?? "");
  const day = hasDate ? sessionOf(words[0] ?? "", calendar) : calendar.dayOf(playing.at.sec);
  const clock = hasDate ? words[1] : words[0];
  if (words.length > (hasDate ? 2 : 1)) return { sentence: `expected a time such as ${GO_TO_FORMS}` };
  if (day === null) return { sentence: `there is no session of trade date ${words[0] ?? ""}` };
  if (hasDate && clock === undefined) return within(typed, Math.max(day.openSec, Math.min(playing.from.sec, day.closeSec)), playing, calendar);
  const time = clockOf(clock ?? "");
  if (time === null) return { sentence: `expected a time such as ${GO_TO_FORMS}` };
  return within(typed, day.openSec + ((time - EVENING_SEC + DAY_SEC) % DAY_SEC), playing, calendar);
}

function within(typed: string, sec: number, playing: PlayingNow, calendar: TradingCalendar): Place {
  const isInside = sec >= playing.from.sec && sec <= playing.to.sec;
  if (!isInside) return { sentence: outsideOf(typed, playing, calendar) };
  return { at: sec === playing.from.sec ? playing.from : { sec, nanos: 0 } };
}
