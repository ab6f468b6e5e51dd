/** The holidays of the equity-index futures by their stated rules, written anew: what the built-in table is checked against. */

export interface Holiday {
  readonly type: "closed" | "halt" | "early";
  readonly close: string | null;
  readonly rthClose: string | null;
}

const DAY_MS = 86_400_000;
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const ms = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day);
const dow = (time: number): number => new Date(time).getUTCDay();

/** The n-th (from 1) given weekday of a month; -1: the last. */
function nth(year: number, month: number, day: number, n: number): number {
  if (n < 0) {
    let last = ms(year, month + 1, 0);
    while (dow(last) !== day) last -= DAY_MS;
    return last;
  }
  let first = ms(year, month, 1);
  while (dow(first) !== day) first += DAY_MS;
  return first + (n - 1) * 7 * DAY_MS;
}

/** Easter Sunday of the Gregorian calendar. */
function easter(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const epact = (century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * golden + 15) % 30;
  const moon = epact - Math.floor(epact / 28) * (1 - Math.floor(29 / (epact + 1)) * Math.floor((21 - golden) / 11));
  const weekday = (year + Math.floor(year / 4) + moon + 2 - century + Math.floor(century / 4)) % 7;
  const days = moon - weekday;
  const month = 3 + Math.floor((days + 40) / 44);
  return ms(year, month, days + 28 - 31 * Math.floor(month / 4));
}

/** Saturday → Friday, Sunday → Monday. */
function observed(time: number): number {
  return dow(time) === 6 ? time - DAY_MS : dow(time) === 0 ? time + DAY_MS : time;
}

const CLOSED: Holiday = { type: "closed", close: null, rthClose: null };
const HALT: Holiday = { type: "halt", close: "13:00", rthClose: null };
const EARLY: Holiday = { type: "early", close: "13:15", rthClose: "13:00" };
/** Good Fridays on which the jobs report is published. */
const REPORT_FRIDAYS = [2023, 2026];

/** Date → holiday, of one year; the late-announced ones too. */
export function holidaysOf(year: number): ReadonlyMap<string, Holiday> {
  const found = new Map<string, Holiday>();
  const newYear = ms(year, 1, 1);
  if (dow(newYear) !== 6) found.set(iso(observed(newYear)), CLOSED);
  for (const halt of [
    nth(year, 1, 1, 3), nth(year, 2, 1, 3), nth(year, 5, 1, -1), observed(ms(year, 6, 19)), observed(ms(year, 7, 4)), nth(year, 9, 1, 1),
    nth(year, 11, 4, 4),
  ]) {
    found.set(iso(halt), HALT);
  }
  found.set(iso(nth(year, 11, 4, 4) + DAY_MS), EARLY);
  const beforeFourth = ms(year, 7, 3);
  if (dow(beforeFourth) >= 1 && dow(beforeFourth) <= 4) found.set(iso(beforeFourth), EARLY);
  const goodFriday: Holiday = REPORT_FRIDAYS.includes(year) ? { type: "early", close: "09:15", rthClose: null } : CLOSED;
  found.set(iso(easter(year) - 2 * DAY_MS), goodFriday);
  const christmas = ms(year, 12, 25);
  const eve = christmas - DAY_MS;
  if (dow(eve) >= 1 && dow(eve) <= 4) found.set(iso(eve), EARLY);
  found.set(iso(observed(christmas)), CLOSED);
  if (year === 2025) found.set("2025-01-09", { type: "early", close: "09:30", rthClose: null });
  return found;
}
