/** What time it is for the market on screen, and what the market does at that time. */
import type { MarketPhase } from "../market/phases.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { StatusView } from "../studies/index.ts";
import { sessionClock } from "../studies/session-clock.ts";
import type { Moment } from "./pane.ts";
import type { Tone } from "./theme.ts";

/** The market's time. */
export interface MarketNow {
  /** Unix seconds; null while a played market has not begun. */
  readonly sec: number;
  /** Seconds to add to UTC for Eastern time. */
  readonly easternOffsetSec: number;
  readonly phase: MarketPhase;
}

/**
 * A live market is where the wall clock is, with or without data. A demo or a recording has a time of its own: that of
 * its newest record; null before it.
 */
export function marketNow({ mode, asOf, calendar }: Snapshot, { wallMs }: Moment): MarketNow | null {
  const sec = mode === "LIVE" ? Math.floor(wallMs / 1000) : (asOf?.sec ?? null);
  if (sec === null) return null;
  return { sec, easternOffsetSec: calendar.dayOf(sec).easternOffsetSec, phase: calendar.phaseAt(sec) };
}

/** What the market does, in words, and whose word it is. */
export interface SessionWords {
  readonly name: string;
  readonly tone: Tone;
  /** `calendar 2026.2`, `your calendar`, `status 09:12:03`; what both say `calendar + venue`, `your calendar + venue`. */
  readonly source: string;
  /** The venue goes its own way: there is nothing to count down to. */
  readonly disputed: boolean;
}

/** The venue's word beats the calendar's; what both say is said once. */
export function sessionWords({ phase, sec, easternOffsetSec }: MarketNow, status: StatusView | null): SessionWords {
  const clock = sessionClock(phase, sec, status, easternOffsetSec);
  const { name, isOpen, source, calendarSays } = clock;
  if (clock.untilSec === null) {
    const tail = isOpen ? `, calendar: ${calendarSays}` : "";
    return { name: name + tail, tone: isOpen ? "warnStrong" : "alarm", source, disputed: true };
  }
  const tone: Tone = phase.kind === "RTH" ? "accent" : isOpen ? "plain" : "warn";
  const both = clock.isConfirmed && source === phase.source;
  return { name, tone, source: both ? `${source.replace(/^calendar .*/, "calendar")} + venue` : source, disputed: false };
}

/** Seconds to come, short: `34s`, `12m 34s`, `1h 01m`, `2d 03h`. */
export function countdownText(sec: number): string {
  const left = Math.max(0, Math.ceil(sec));
  const two = (value: number): string => String(value).padStart(2, "0");
  if (left < 60) return `${left}s`;
  if (left < 3600) return `${Math.floor(left / 60)}m ${two(left % 60)}s`;
  const minutes = Math.floor(left / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  return `${Math.floor(minutes / 1440)}d ${two(Math.floor(minutes / 60) % 24)}h`;
}
