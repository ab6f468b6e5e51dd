/** What the market does now: the calendar's word, the venue's status over it, and whose word it is. */
import type { MarketPhase } from "../market/phases.ts";
import { formatEastern } from "../market/wall-time.ts";
import type { StatusView } from "./status.ts";

export interface SessionClock {
  /** The phase (`RTH morning`, `daily break`, …) or, where the venue says something else, its status. */
  readonly name: string;
  readonly isOpen: boolean;
  /** Unix seconds at which it is over, and what comes then; null and empty while the venue goes its own way. */
  readonly untilSec: number | null;
  readonly next: string;
  /** Whose word the name is: `calendar 2026.2`, `your calendar`, `status 09:12:03` (Eastern). */
  readonly source: string;
  /** The venue's status says the same as the calendar. */
  readonly isConfirmed: boolean;
  /** What the calendar says, where the venue says the contrary; else empty. */
  readonly calendarSays: string;
}

/** From the open of a session to its close on a regular day. */
const SESSION_SEC = 23 * 3600;
/** Words of the venue before an open; between sessions they tell more than the calendar does. */
const OPENING: ReadonlySet<string> = new Set(["pre-open", "pre-cross", "quoting", "cross", "rotation", "new price indication"]);
const UNKNOWN: ReadonlySet<string> = new Set(["", "unknown", "short-sale restriction"]);

/** Whether trading goes on by a status; null when it does not say. */
function isOpenBy({ text, isTrading }: StatusView): boolean | null {
  if (isTrading !== null) return isTrading;
  return UNKNOWN.has(text) || text.startsWith("status ") ? null : text === "trading";
}

/**
 * From when on a status speaks of the present. In a session: from its open. After the usual close of 17:00 ET: from
 * there, for the end of a session is not always told to a reader who was not there. Between an early close and 17:00 it
 * is the calendar that may be wrong: a session that the venue has opened and not closed goes on.
 */
function statusFrom({ kind, sessionOpenSec }: MarketPhase, sec: number): number {
  const usualCloseSec = sessionOpenSec + SESSION_SEC;
  return kind === "ETH" || kind === "RTH" || sec < usualCloseSec ? sessionOpenSec : usualCloseSec;
}

/**
 * The market at `sec` (unix seconds), which lies in `phase`. A status of the present session beats the calendar; an older
 * one, or one that does not say whether trading goes on, changes nothing.
 */
export function sessionClock(phase: MarketPhase, sec: number, status: StatusView | null, easternOffsetSec: number): SessionClock {
  const isOpen = phase.kind === "ETH" || phase.kind === "RTH";
  const { name, untilSec, next, source } = phase;
  const byCalendar: SessionClock = { name, isOpen, untilSec, next, source, isConfirmed: false, calendarSays: "" };
  if (status === null || status.at.sec < statusFrom(phase, sec)) return byCalendar;
  const isOpenByStatus = isOpenBy(status);
  if (isOpenByStatus === null) return byCalendar;
  const byStatus = `status ${formatEastern(status.at, { easternOffsetSec })}`;
  if (isOpenByStatus === isOpen) {
    if (!isOpen && OPENING.has(status.text)) return { ...byCalendar, name: status.text, source: byStatus, isConfirmed: true };
    return { ...byCalendar, isConfirmed: true };
  }
  return { name: status.text, isOpen: isOpenByStatus, untilSec: null, next: "", source: byStatus, isConfirmed: false, calendarSays: name };
}
