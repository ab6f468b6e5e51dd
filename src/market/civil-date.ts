/** Calendar dates as counts of days since 1970-01-01, without any time zone. */

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a date; month 1..12. */
export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** `2025-06-13`. */
export function dateText(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** Days since 1970-01-01 of a text such as `2025-06-13`. */
export function dayNumberOfText(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** 0 Sunday … 6 Saturday. */
export function weekday(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

/** `Fri` of a Friday. */
export function weekdayText(days: number): string {
  return WEEKDAYS[weekday(days)] ?? "";
}

/** The year of a date. */
export function yearOf(days: number): number {
  return new Date(days * DAY_MS).getUTCFullYear();
}

/** The month of a date, 1..12. */
export function monthOf(days: number): number {
  return new Date(days * DAY_MS).getUTCMonth() + 1;
}
