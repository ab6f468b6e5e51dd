/** What the market does, span by span: the parts of a session, and the time after it until the next one opens. */
import type { CalendarEntry } from "./calendar-entry.ts";
import type { TradingDay } from "./session.ts";

export interface MarketPhase {
  /** `Asia`, `RTH morning`, `daily break`, `early close`, `weekend`, `holiday`, … */
  readonly name: string;
  readonly kind: "ETH" | "RTH" | "break" | "weekend" | "closed";
  /** Unix seconds: it begins at the first and is over at the second. */
  readonly startSec: number;
  readonly untilSec: number;
  /** Unix seconds of the open of the session it is part of, or follows. */
  readonly sessionOpenSec: number;
  /** What comes then: the next phase's name; after a pause `open`, `holiday session` or `open, early close 13:15`. */
  readonly next: string;
  /** The holiday, e.g. `Good Friday`; empty on regular days. */
  readonly label: string;
  /** Which calendar says so: `calendar 2026.2`, `your calendar`, `no holidays known for 2031`. */
  readonly source: string;
}

export interface PhaseOptions {
  readonly day: TradingDay;
  /** The session after it. */
  readonly next: TradingDay;
  readonly reopensThatEvening: boolean;
  /** Business days between the two on which the market is closed. */
  readonly closed: readonly CalendarEntry[];
  readonly source: string;
  readonly gapSource: string;
}

/** `13:15`: a time on the clock of a session. */
function easternText(sec: number, { easternOffsetSec }: TradingDay): string {
  const minutes = Math.floor((((sec + easternOffsetSec) % 86_400) + 86_400) % 86_400 / 60);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** What is said of a session that is to come. */
function openingWords(day: TradingDay): string {
  if (day.kind === "holiday session") return "holiday session";
  return day.kind === "early close" ? `open, early close ${easternText(day.closeSec, day)}` : "open";
}

/** The time between the close and the next open. */
function gapOf({ day, next, reopensThatEvening, closed, gapSource }: PhaseOptions): MarketPhase {
  const span = { sessionOpenSec: day.openSec, startSec: day.closeSec, untilSec: day.endSec, next: openingWords(next), source: gapSource };
  if (closed.length > 0) {
    return { ...span, name: "holiday", kind: "closed", label: [...new Set(closed.map(({ label }) => label))].join(", ") };
  }
  if (!reopensThatEvening) return { ...span, name: "weekend", kind: "weekend", label: "" };
  if (day.kind === "regular") return { ...span, name: "daily break", kind: "break", label: "" };
  return { ...span, name: day.kind === "early close" ? "early close" : "holiday", kind: "closed", label: day.label };
}

/** The phases from the open of a session to the open of the next. */
export function phasesOf(options: PhaseOptions): readonly MarketPhase[] {
  const { day, source } = options;
  const gap = gapOf(options);
  const after = day.kind === "early close" && gap.name !== "early close" ? `early close, ${gap.name}` : gap.name;
  const phases: MarketPhase[] = [];
  for (const [index, { name, startSec, endSec }] of day.subSessions.entries()) {
    const isRth = startSec >= day.rthOpenSec && startSec < day.rthCloseSec;
    const next = day.subSessions[index + 1]?.name ?? after;
    const phase: MarketPhase = {
      name, kind: isRth ? "RTH" : "ETH", sessionOpenSec: day.openSec, startSec, untilSec: endSec, next, label: day.label, source,
    };
    const tokyo = day.tokyoOpenSec;
    // Tokyo opens inside the Asian part: a border that is counted down to, not a part of its own.
    if (name === "Asia" && tokyo > startSec && tokyo < endSec) {
      phases.push({ ...phase, untilSec: tokyo, next: "Tokyo" }, { ...phase, startSec: tokyo });
    } else phases.push(phase);
  }
  phases.push(gap);
  return phases;
}
