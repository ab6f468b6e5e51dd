/** The levels of the session before: from its trades where they were seen, else from the venue's statistics. */
import { dayNumberOfText, dateText } from "../market/civil-date.ts";
import { tradingDayOf, type TradingDay } from "../market/trading-day.ts";
import type { Extremes } from "./extremes.ts";
import { isKnown, type KnownSpan } from "./known-span.ts";
import type { Statistic } from "./statistic.ts";

export interface PriorDay {
  /** `2025-06-12`. */
  readonly tradeDate: string;
  /** Of the whole session, 18:00 to 17:00. */
  readonly highTicks: number | null;
  readonly lowTicks: number | null;
  /** Its last trade; the settlement is another figure. */
  readonly closeTicks: number | null;
  /** Of its regular hours; the close is the last trade before their end. */
  readonly rthHighTicks: number | null;
  readonly rthLowTicks: number | null;
  readonly rthCloseTicks: number | null;
  /** Where high and low come from. `statistics`: the venue's; it states none for regular hours, and no close. */
  readonly source: "trades" | "statistics";
}

/** What was seen of a session that is over and had regular hours. */
export interface SeenSession {
  readonly day: TradingDay;
  readonly session: Extremes;
  readonly rth: Extremes;
  readonly last: LastPrice;
  readonly rthLast: LastPrice;
}

/** The last price of a span and its unix second. */
export interface LastPrice {
  readonly ticks: number;
  readonly sec: number;
}

/** What the venue has stated of sessions, by trade date (days since 1970-01-01). */
export interface StatedRanges {
  /** The session a time belongs to, by the calendar in force. */
  readonly dayOf: (sec: number) => TradingDay;
  readonly byDay: Map<number, { high: number | null; low: number | null }>;
}

/** Dates kept; more than any holiday can lie between two trading days. */
const DATES_KEPT = 16;
/** The venue may still correct a session's figures in the pause after it. */
const PAUSE_SEC = 3600;

export function noStatedRanges(dayOf: StatedRanges["dayOf"] = tradingDayOf): StatedRanges {
  return { dayOf, byDay: new Map() };
}

/**
 * The trade date a statement belongs to. The venue often names none for a session's high and low: then it is that of
 * the session it was made in. Null for one made between sessions, or in one without regular hours.
 */
function dateOf({ refDay, at }: Statistic, dayOf: StatedRanges["dayOf"]): number | null {
  if (refDay !== null) return refDay;
  const next = dayOf(at.sec);
  // After the last session of a week a time belongs to the one to come.
  const day = at.sec < next.openSec ? dayOf(at.sec - PAUSE_SEC) : next;
  const isDuring = at.sec >= day.openSec && at.sec < day.closeSec + PAUSE_SEC;
  return isDuring && day.hasRth ? dayNumberOfText(day.tradeDate) : null;
}

/** Notes a session's high or low; the last statement wins, and one without a price withdraws. */
export function noteRange(stated: StatedRanges, statistic: Statistic): void {
  const { kind, ticks } = statistic;
  if (kind !== "high" && kind !== "low") return;
  const date = dateOf(statistic, stated.dayOf);
  if (date === null) return;
  const held = stated.byDay.get(date) ?? { high: null, low: null };
  stated.byDay.set(date, { ...held, [kind]: ticks });
  if (stated.byDay.size > DATES_KEPT) stated.byDay.delete(Math.min(...stated.byDay.keys()));
}

/** The newest date before a trade date of which both high and low are stated; null when there is none. */
function newestStated({ byDay }: StatedRanges, tradeDay: number): number | null {
  let newest: number | null = null;
  for (const [day, { high, low }] of byDay) {
    if (day < tradeDay && (newest === null || day > newest) && high !== null && low !== null) newest = day;
  }
  return newest;
}

/** A session's figures as far as no trade that decides them was lost; `known` null: nobody said that any was. */
function seenDay({ day, session, rth, last, rthLast }: SeenSession, known: KnownSpan | null): PriorDay {
  const isSure = (fromSec: number, toSec: number): boolean => known === null || isKnown(known, fromSec, toSec);
  const isSession = isSure(day.openSec, day.closeSec) && !session.isEmpty;
  const isRth = isSure(day.rthOpenSec, day.rthCloseSec) && !rth.isEmpty;
  return {
    tradeDate: day.tradeDate,
    highTicks: isSession ? session.high : null,
    lowTicks: isSession ? session.low : null,
    closeTicks: isSure(last.sec, day.closeSec) ? last.ticks : null,
    rthHighTicks: isRth ? rth.high : null,
    rthLowTicks: isRth ? rth.low : null,
    rthCloseTicks: !rth.isEmpty && isSure(rthLast.sec, day.rthCloseSec) ? rthLast.ticks : null,
    source: "trades",
  };
}

/** The levels of the newest session known before a trade date. */
export function priorDayOf(
  session: SeenSession | null,
  stated: StatedRanges,
  tradeDate: string,
  known: KnownSpan | null,
): PriorDay | null {
  const date = newestStated(stated, dayNumberOfText(tradeDate));
  const seen = session === null ? null : seenDay(session, known);
  const seenDate = seen === null ? Number.NEGATIVE_INFINITY : dayNumberOfText(seen.tradeDate);
  if (date === null || seenDate > date) return seen;
  if (seenDate === date && seen?.highTicks != null) return seen;
  const { high = null, low = null } = stated.byDay.get(date) ?? {};
  const rest = seenDate === date && seen !== null ? seen : NOTHING_SEEN;
  return { ...rest, tradeDate: dateText(date), highTicks: high, lowTicks: low, source: "statistics" };
}

const NOTHING_SEEN = { closeTicks: null, rthHighTicks: null, rthLowTicks: null, rthCloseTicks: null };
