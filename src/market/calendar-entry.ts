/** What a calendar holds: the dates on which the market does not keep its regular hours. Plain data, as in a JSON file. */

/**
 * `closed`: no session ends on that date. `halt`: a session without a trade date of its own, ending early; it counts to
 * the next trade date. `early`: its own trade date ends early. `regular`: regular hours after all, against another entry.
 */
export type CalendarEntryType = "closed" | "halt" | "early" | "regular";

/** Where an entry stands: in a published calendar, computed by the stated rules, or in the reader's own file. */
export type Confidence = "published" | "by rule" | "yours";

export interface CalendarEntry {
  /** `2025-07-03`; Monday to Friday. */
  readonly date: string;
  readonly type: CalendarEntryType;
  /** Eastern wall time at which the session ends, e.g. `13:15`; null for `closed` and `regular`. */
  readonly close: string | null;
  /** Eastern wall time at which regular trading hours end; null: the cash market is shut (or hours are regular). */
  readonly rthClose: string | null;
  /** Why, e.g. `Presidents' Day`. */
  readonly label: string;
  readonly confidence: Confidence;
  readonly source: string;
}

export interface CalendarData {
  /** E.g. `2026.2`. */
  readonly version: string;
  /** Where it comes from, in words. */
  readonly source: string;
  /** First and last year whose holidays are known; outside, every week is taken for a regular one. */
  readonly firstYear: number;
  readonly lastYear: number;
  /** At most one for a date. */
  readonly entries: readonly CalendarEntry[];
}

/** The calendar with the reader's entries over it: for a date that both have, the reader's wins. */
export function withOwnEntries(base: CalendarData, own: readonly CalendarEntry[]): CalendarData {
  const dates = new Set(own.map(({ date }) => date));
  const kept = base.entries.filter(({ date }) => !dates.has(date));
  return { ...base, entries: [...kept, ...own].sort((a, b) => (a.date < b.date ? -1 : 1)) };
}
