/** Sessions found the slow way: wall times are searched for with the platform's own time zone rules. */
import { holidaysOf, type Holiday } from "./holidays.ts";

export interface ReferenceSession {
  readonly date: string;
  readonly tradeDate: string;
  readonly openSec: number;
  readonly closeSec: number;
  readonly rthOpenSec: number;
  readonly rthCloseSec: number;
}

const DAY_MS = 86_400_000;
const plus = (date: string, days: number): string => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
const weekdayOf = (date: string): number => new Date(date).getUTCDay();

const clocks = new Map<string, Intl.DateTimeFormat>();

/** `2025-06-13 09:30` in a zone. */
export function wallText(sec: number, zone: string): string {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    });
    clocks.set(zone, clock);
  }
  return clock.format(sec * 1000);
}

/** Unix seconds of a wall time: the one guess of all whole hours around it whose clock shows it. */
export function wallSec(date: string, time: string, zone: string): number {
  const naive = Date.parse(`${date}T${time}:00Z`) / 1000;
  for (let hours = -12; hours <= 12; hours += 1) {
    if (wallText(naive + hours * 3600, zone) === `${date} ${time}`) return naive + hours * 3600;
  }
  throw new Error(`no ${time} on ${date} in ${zone}`);
}

const years = new Map<number, ReadonlyMap<string, Holiday>>();

function holidayOn(date: string): Holiday | null {
  const year = Number(date.slice(0, 4));
  let of = years.get(year);
  if (of === undefined) years.set(year, (of = holidaysOf(year)));
  return of.get(date) ?? null;
}

function hasSession(date: string): boolean {
  return weekdayOf(date) !== 0 && weekdayOf(date) !== 6 && holidayOn(date)?.type !== "closed";
}

const ET = "America/New_York";

/** The session that ends on a date; null when none does. */
function referenceSession(date: string): ReferenceSession | null {
  if (!hasSession(date)) return null;
  let tradeDate = date;
  while (!hasSession(tradeDate) || holidayOn(tradeDate)?.type === "halt") tradeDate = plus(tradeDate, 1);
  const holiday = holidayOn(date);
  const closeSec = wallSec(date, holiday?.close ?? "17:00", ET);
  const rthClose = holiday === null ? "16:00" : holiday.rthClose;
  return {
    date,
    tradeDate,
    openSec: wallSec(plus(date, -1), "18:00", ET),
    closeSec,
    rthOpenSec: rthClose === null ? closeSec : wallSec(date, "09:30", ET),
    rthCloseSec: rthClose === null ? closeSec : wallSec(date, rthClose, ET),
  };
}

/** The session a time is in, or that closed last before it, and the one after that. */
export function referenceAround(sec: number): readonly [ReferenceSession, ReferenceSession] {
  let date = plus(new Date(sec * 1000).toISOString().slice(0, 10), 1);
  let session = referenceSession(date);
  while (session === null || session.openSec > sec) session = referenceSession((date = plus(date, -1)));
  let next: ReferenceSession | null = null;
  while (next === null) next = referenceSession((date = plus(date, 1)));
  return [session, next];
}
