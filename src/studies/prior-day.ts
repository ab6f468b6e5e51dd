/** The levels of the session before: from its trades where they were seen, else from the venue's statistics. */
import { dayNumberOfText, dateText } from "../market/civil-date.ts";
import { tradingDayOf } from "../market/trading-day.ts";
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

/** What the venue has stated of sessions, by trade date (days since 1970-01-01). */
export interface StatedRanges {
  readonly byDay: Map<number, { high: number | null; low: number | null }>;
}

/** Dates kept; more than any holiday can lie between two trading days. */
const DATES_KEPT = 16;
/** The venue may still correct a session's figures in the pause after it. */
const PAUSE_SEC = 3600;

export function noStatedRanges(): StatedRanges {
  return { byDay: new Map() };
}

/**
 * The trade date a statement belongs to. The venue often names none for a session's high and low: then it is that of
 * the session it was made in. Null for one made between sessions, or in one without regular hours.
 */
function dateOf({ refDay, at }: Statistic): number | null {
  if (refDay !== null) return refDay;
  const day = tradingDayOf(at.sec);
  const isDuring = at.sec >= day.openSec && at.sec < day.closeSec + PAUSE_SEC;
  return isDuring && day.hasRth ? dayNumberOfText(day.tradeDate) : null;
}

/** Notes a session's high or low; the last statement wins, and one without a price withdraws. */
export function noteRange(stated: StatedRanges, statistic: Statistic): void {
  const { kind, ticks } = statistic;
  if (kind !== "high" && kind !== "low") return;
  const date = dateOf(statistic);
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

/** The levels of the newest session known before a trade date. `seen`: what its trades gave, if they were seen. */
export function priorDayOf(seen: PriorDay | null, stated: StatedRanges, tradeDate: string): PriorDay | null {
  const date = newestStated(stated, dayNumberOfText(tradeDate));
  const seenDate = seen === null ? null : dayNumberOfText(seen.tradeDate);
  const isSeenNewest = seenDate !== null && (date === null || seenDate >= date);
  if (isSeenNewest && (seen?.highTicks != null || seenDate !== date)) return seen;
  if (date === null) return null;
  const { high = null, low = null } = stated.byDay.get(date) ?? {};
  const rest = isSeenNewest && seen !== null ? seen : NOTHING_SEEN;
  return { ...rest, tradeDate: dateText(date), highTicks: high, lowTicks: low, source: "statistics" };
}

const NOTHING_SEEN = { closeTicks: null, rthHighTicks: null, rthLowTicks: null, rthCloseTicks: null };
