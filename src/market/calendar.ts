/** Market time: which session a time belongs to, and what the market does then. */
import type { CalendarData, CalendarEntry } from "./calendar-entry.ts";
import { dayNumberOfText, weekday, yearOf } from "./civil-date.ts";
import { phasesOf, type MarketPhase } from "./phases.ts";
import { sessionOf, type TradingDay } from "./session.ts";

export interface TradingCalendar {
  readonly version: string;
  readonly source: string;
  /**
   * The session a time (unix seconds) belongs to. Between two sessions: the one that closed, when the market opens again
   * the same evening; else (weekend, holiday) the one to come. The same object for the same session, while it is one of
   * the last few asked for.
   */
  dayOf(sec: number): TradingDay;
  /** What the market does at a time by the calendar. Each time is in exactly one phase; phases follow each other. */
  phaseAt(sec: number): MarketPhase;
  /** Whether the cash market has regular hours on a date (days since 1970-01-01). */
  hasRegularHours(date: number): boolean;
}

interface Session {
  /** The date it ends on, and the date the next one does; days since 1970-01-01. */
  readonly date: number;
  readonly next: number;
  readonly day: TradingDay;
  phases: readonly MarketPhase[] | null;
}

const DAY_SEC = 86_400;
const HOUR_SEC = 3600;
/** Sessions remembered; at a time only the running one and its neighbours are asked for. */
const SESSIONS_KEPT = 32;

class Calendar implements TradingCalendar {
  readonly version: string;
  readonly source: string;
  readonly #data: CalendarData;
  readonly #entries: ReadonlyMap<number, CalendarEntry>;
  readonly #sessions = new Map<number, Session>();
  #newest: Session | null = null;

  constructor(data: CalendarData) {
    this.version = data.version;
    this.source = data.source;
    this.#data = data;
    this.#entries = new Map(data.entries.map((entry) => [dayNumberOfText(entry.date), entry]));
  }

  dayOf(sec: number): TradingDay {
    const session = this.#sessionAt(sec);
    const reopensThatEvening = session.next === session.date + 1;
    return sec < session.day.closeSec || reopensThatEvening ? session.day : this.#session(session.next).day;
  }

  phaseAt(sec: number): MarketPhase {
    const session = this.#sessionAt(sec);
    const phases = (session.phases ??= this.#phasesOf(session));
    let found = phases[0]!; // a session has at least one phase, and the gap after it
    for (const phase of phases) if (phase.startSec <= sec) found = phase;
    return found;
  }

  hasRegularHours(date: number): boolean {
    const entry = this.#entries.get(date);
    const isWeekday = weekday(date) !== 0 && weekday(date) !== 6;
    return isWeekday && (entry === undefined || entry.type === "regular" || entry.rthClose !== null);
  }

  /** The session whose open is the last one at or before a time. */
  #sessionAt(sec: number): Session {
    const newest = this.#newest;
    if (newest !== null && sec >= newest.day.openSec && sec < newest.day.endSec) return newest;
    // Eastern is 4 or 5 hours behind UTC: with 5 the date is right or one too early, never too late.
    let date = Math.floor((sec - 5 * HOUR_SEC + 6 * HOUR_SEC) / DAY_SEC);
    while (!this.#hasSession(date)) date -= 1;
    let session = this.#session(date);
    while (sec >= session.day.endSec) session = this.#session(session.next);
    this.#newest = session;
    return session;
  }

  #session(date: number): Session {
    const known = this.#sessions.get(date);
    if (known !== undefined) {
      this.#sessions.delete(date); // asked for again: the last one to be forgotten
      this.#sessions.set(date, known);
      return known;
    }
    const next = this.#firstFrom(date + 1, (each) => this.#hasSession(each));
    const tradeDate = this.#firstFrom(date, (each) => this.#hasSession(each) && this.#entries.get(each)?.type !== "halt");
    const day = sessionOf({ date, tradeDate, next }, this.#entries.get(date) ?? null);
    const session: Session = { date, next, day, phases: null };
    this.#sessions.set(date, session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= SESSIONS_KEPT) break;
      this.#sessions.delete(oldest);
    }
    return session;
  }

  #hasSession(date: number): boolean {
    const day = weekday(date);
    return day !== 0 && day !== 6 && this.#entries.get(date)?.type !== "closed";
  }

  #firstFrom(from: number, isWanted: (date: number) => boolean): number {
    let date = from;
    while (!isWanted(date)) date += 1;
    return date;
  }

  #phasesOf(session: Session): readonly MarketPhase[] {
    const { date, next, day } = session;
    const closed: CalendarEntry[] = [];
    for (let each = date + 1; each < next; each += 1) {
      const entry = this.#entries.get(each);
      if (entry !== undefined && weekday(each) !== 0 && weekday(each) !== 6) closed.push(entry);
    }
    return phasesOf({
      day,
      next: this.#session(next).day,
      reopensThatEvening: next === date + 1,
      closed,
      source: this.#sourceOf(date, this.#entries.get(date)),
      gapSource: this.#sourceOf(next, closed.find(({ confidence }) => confidence === "yours") ?? closed[0] ?? this.#entries.get(date)),
    });
  }

  /** Which calendar says so, for the screen. */
  #sourceOf(date: number, entry: CalendarEntry | undefined): string {
    if (entry?.confidence === "yours") return "your calendar";
    const { version, firstYear, lastYear } = this.#data;
    const year = yearOf(date);
    const isKnown = entry !== undefined || (year >= firstYear && year <= lastYear);
    return isKnown ? `calendar ${version}` : `no holidays known for ${year}`;
  }
}

/** The calendar of a table of holidays. */
export function createTradingCalendar(data: CalendarData): TradingCalendar {
  return new Calendar(data);
}
