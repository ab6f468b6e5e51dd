/** Which settlement price a change is measured against: the venue's statements by date, and the rule that picks one. */

/** One statement of the venue about the settlement of a date. */
export interface Settlement {
  /** The date it belongs to, days since 1970-01-01. */
  readonly refDay: number;
  /** Price in ticks; not used when withdrawn. */
  readonly ticks: number;
  readonly quality: SettlementQuality;
  /** The venue takes back what it said about this date. */
  readonly withdrawn: boolean;
}

/** `unknown`: the venue did not say; good enough to use, never better than a final one. */
export type SettlementQuality = "final" | "preliminary" | "unknown";

const FINAL_BIT = 1;
const INTRADAY_BIT = 8;
const NOT_PROVIDED_BIT = 128;
const NOT_PROVIDED = 255;

/** What DBN's stat_flags say of a settlement; null when the value is marked as not provided. */
export function settlementQuality(statFlags: number): SettlementQuality | null {
  if (statFlags === NOT_PROVIDED) return "unknown";
  if ((statFlags & NOT_PROVIDED_BIT) !== 0) return null;
  return (statFlags & (FINAL_BIT | INTRADAY_BIT)) === FINAL_BIT ? "final" : "preliminary";
}

/** What holds for a date: the last final statement, else the last other one. Null: withdrawn. */
type Held = Settlement | null;

/** Dates kept; more than any holiday can lie between two trading days. */
const DATES_KEPT = 16;

export interface SettlementBook {
  readonly byDay: Map<number, Held>;
}

export function emptySettlementBook(): SettlementBook {
  return { byDay: new Map() };
}

/** Notes a statement. The last one of a date wins, but only a final one replaces a final one; withdrawing clears it. */
export function noteSettlement(book: SettlementBook, said: Settlement): void {
  const held = book.byDay.get(said.refDay) ?? null;
  if (said.withdrawn) book.byDay.set(said.refDay, null);
  else if (held?.quality !== "final" || said.quality === "final") book.byDay.set(said.refDay, said);
  if (book.byDay.size > DATES_KEPT) book.byDay.delete(Math.min(...book.byDay.keys()));
}

/**
 * The settlement of the newest known date before a trade date. If that one was withdrawn there is none: an older
 * settlement would give a change over more than one day.
 */
export function priorSettlement(book: SettlementBook, tradeDay: number): Settlement | null {
  let newest = Number.NEGATIVE_INFINITY;
  for (const day of book.byDay.keys()) if (day < tradeDay && day > newest) newest = day;
  return book.byDay.get(newest) ?? null;
}

/** What the venue has said about the settlement of a date; null: nothing, or withdrawn. */
export function settlementOf(book: SettlementBook, date: number): Settlement | null {
  return book.byDay.get(date) ?? null;
}
