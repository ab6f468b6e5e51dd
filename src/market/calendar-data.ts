/**
 * The built-in calendar of equity-index futures on Globex: holidays, early closes and halts, as rows of plain data.
 * Rules for the years that are not published yet: New Year, Martin Luther King Day (third Monday of January),
 * Presidents' Day (third Monday of February), Good Friday, Memorial Day (last Monday of May), Juneteenth, July 4, Labor
 * Day (first Monday of September), Thanksgiving (fourth Thursday of November) and the Friday after it, Christmas Eve
 * and Day. Saturday holidays are observed on Friday, Sunday ones on Monday, but New Year on a Saturday not at all. The
 * day before July 4 ends at 13:15 when it is a business day and so is July 4; Christmas Eve from Monday to Thursday.
 * Good Friday is closed, but for 09:15 when the jobs report comes that morning (2023, 2026).
 */
import type { CalendarData, CalendarEntry } from "./calendar-entry.ts";

type Row = readonly [
  date: CalendarEntry["date"], type: CalendarEntry["type"], close: string | null, rthClose: string | null, label: string,
  confidence: CalendarEntry["confidence"], source: string,
];

const ROWS: readonly Row[] = [
  // 2023
  ["2023-01-02", "closed", null, null, "New Year's Day", "by rule", "rules"],
  ["2023-01-16", "halt", "13:00", null, "Martin Luther King Day", "by rule", "rules"],
  ["2023-02-20", "halt", "13:00", null, "Presidents' Day", "published", "DTN notice"],
  ["2023-04-07", "early", "09:15", null, "Good Friday with the jobs report", "by rule", "rules"],
  ["2023-05-29", "halt", "13:00", null, "Memorial Day", "by rule", "rules"],
  ["2023-06-19", "halt", "13:00", null, "Juneteenth", "by rule", "rules"],
  ["2023-07-03", "early", "13:15", "13:00", "day before Independence Day", "by rule", "rules"],
  ["2023-07-04", "halt", "13:00", null, "Independence Day", "by rule", "rules"],
  ["2023-09-04", "halt", "13:00", null, "Labor Day", "by rule", "rules"],
  ["2023-11-23", "halt", "13:00", null, "Thanksgiving", "by rule", "rules"],
  ["2023-11-24", "early", "13:15", "13:00", "day after Thanksgiving", "by rule", "rules"],
  ["2023-12-25", "closed", null, null, "Christmas Day", "by rule", "rules"],
  // 2024
  ["2024-01-01", "closed", null, null, "New Year's Day", "by rule", "rules"],
  ["2024-01-15", "halt", "13:00", null, "Martin Luther King Day", "by rule", "rules"],
  ["2024-02-19", "halt", "13:00", null, "Presidents' Day", "by rule", "rules"],
  ["2024-03-29", "closed", null, null, "Good Friday", "by rule", "rules"],
  ["2024-05-27", "halt", "13:00", null, "Memorial Day", "by rule", "rules"],
  ["2024-06-19", "halt", "13:00", null, "Juneteenth", "by rule", "rules"],
  ["2024-07-03", "early", "13:15", "13:00", "day before Independence Day", "by rule", "rules"],
  ["2024-07-04", "halt", "13:00", null, "Independence Day", "published", "DTN notice"],
  ["2024-09-02", "halt", "13:00", null, "Labor Day", "by rule", "rules"],
  ["2024-11-28", "halt", "13:00", null, "Thanksgiving", "by rule", "rules"],
  ["2024-11-29", "early", "13:15", "13:00", "day after Thanksgiving", "by rule", "rules"],
  ["2024-12-24", "early", "13:15", "13:00", "Christmas Eve", "by rule", "rules"],
  ["2024-12-25", "closed", null, null, "Christmas Day", "by rule", "rules"],
  // 2025
  ["2025-01-01", "closed", null, null, "New Year's Day", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-01-09", "early", "09:30", null, "National Day of Mourning", "published", "CME press release"],
  ["2025-01-20", "halt", "13:00", null, "Martin Luther King Day", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-02-17", "halt", "13:00", null, "Presidents' Day", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-04-18", "closed", null, null, "Good Friday", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-05-26", "halt", "13:00", null, "Memorial Day", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-06-19", "halt", "13:00", null, "Juneteenth", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-07-03", "early", "13:15", "13:00", "day before Independence Day", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-07-04", "halt", "13:00", null, "Independence Day", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-09-01", "halt", "13:00", null, "Labor Day", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-11-27", "halt", "13:00", null, "Thanksgiving", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-11-28", "early", "13:15", "13:00", "day after Thanksgiving", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-12-24", "early", "13:15", "13:00", "Christmas Eve", "published", "Lean, pandas_market_calendars, NYSE"],
  ["2025-12-25", "closed", null, null, "Christmas Day", "published", "Lean, pandas_market_calendars, NYSE"],
  // 2026
  ["2026-01-01", "closed", null, null, "New Year's Day", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-01-19", "halt", "13:00", null, "Martin Luther King Day", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-02-16", "halt", "13:00", null, "Presidents' Day", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-04-03", "early", "09:15", null, "Good Friday with the jobs report", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-05-25", "halt", "13:00", null, "Memorial Day", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-06-19", "halt", "13:00", null, "Juneteenth", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-07-03", "halt", "13:00", null, "Independence Day, observed", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-09-07", "halt", "13:00", null, "Labor Day", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-11-26", "halt", "13:00", null, "Thanksgiving", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-11-27", "early", "13:15", "13:00", "day after Thanksgiving", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-12-24", "early", "13:15", "13:00", "Christmas Eve", "published", "Lean 2026-08, pandas_market_calendars"],
  ["2026-12-25", "closed", null, null, "Christmas Day", "published", "Lean 2026-08, pandas_market_calendars"],
  // 2027
  ["2027-01-01", "closed", null, null, "New Year's Day", "by rule", "rules"],
  ["2027-01-18", "halt", "13:00", null, "Martin Luther King Day", "by rule", "rules"],
  ["2027-02-15", "halt", "13:00", null, "Presidents' Day", "by rule", "rules"],
  ["2027-03-26", "closed", null, null, "Good Friday", "by rule", "rules"],
  ["2027-05-31", "halt", "13:00", null, "Memorial Day", "by rule", "rules"],
  ["2027-06-18", "halt", "13:00", null, "Juneteenth, observed", "published", "Lean, NYSE"],
  ["2027-07-05", "halt", "13:00", null, "Independence Day, observed", "by rule", "rules"],
  ["2027-09-06", "halt", "13:00", null, "Labor Day", "by rule", "rules"],
  ["2027-11-25", "halt", "13:00", null, "Thanksgiving", "by rule", "rules"],
  ["2027-11-26", "early", "13:15", "13:00", "day after Thanksgiving", "by rule", "rules"],
  ["2027-12-24", "closed", null, null, "Christmas Day, observed", "by rule", "rules"],
  // 2028
  ["2028-01-17", "halt", "13:00", null, "Martin Luther King Day", "by rule", "rules"],
  ["2028-02-21", "halt", "13:00", null, "Presidents' Day", "by rule", "rules"],
  ["2028-04-14", "closed", null, null, "Good Friday", "by rule", "rules"],
  ["2028-05-29", "halt", "13:00", null, "Memorial Day", "by rule", "rules"],
  ["2028-06-19", "halt", "13:00", null, "Juneteenth", "by rule", "rules"],
  ["2028-07-03", "early", "13:15", "13:00", "day before Independence Day", "by rule", "rules"],
  ["2028-07-04", "halt", "13:00", null, "Independence Day", "by rule", "rules"],
  ["2028-09-04", "halt", "13:00", null, "Labor Day", "by rule", "rules"],
  ["2028-11-23", "halt", "13:00", null, "Thanksgiving", "by rule", "rules"],
  ["2028-11-24", "early", "13:15", "13:00", "day after Thanksgiving", "by rule", "rules"],
  ["2028-12-25", "closed", null, null, "Christmas Day", "by rule", "rules"],
  // 2029
  ["2029-01-01", "closed", null, null, "New Year's Day", "by rule", "rules"],
  ["2029-01-15", "halt", "13:00", null, "Martin Luther King Day", "by rule", "rules"],
  ["2029-02-19", "halt", "13:00", null, "Presidents' Day", "by rule", "rules"],
  ["2029-03-30", "closed", null, null, "Good Friday", "by rule", "rules"],
  ["2029-05-28", "halt", "13:00", null, "Memorial Day", "by rule", "rules"],
  ["2029-06-19", "halt", "13:00", null, "Juneteenth", "by rule", "rules"],
  ["2029-07-03", "early", "13:15", "13:00", "day before Independence Day", "by rule", "rules"],
  ["2029-07-04", "halt", "13:00", null, "Independence Day", "by rule", "rules"],
  ["2029-09-03", "halt", "13:00", null, "Labor Day", "by rule", "rules"],
  ["2029-11-22", "halt", "13:00", null, "Thanksgiving", "by rule", "rules"],
  ["2029-11-23", "early", "13:15", "13:00", "day after Thanksgiving", "by rule", "rules"],
  ["2029-12-24", "early", "13:15", "13:00", "Christmas Eve", "by rule", "rules"],
  ["2029-12-25", "closed", null, null, "Christmas Day", "by rule", "rules"],
  // 2030
  ["2030-01-01", "closed", null, null, "New Year's Day", "by rule", "rules"],
  ["2030-01-21", "halt", "13:00", null, "Martin Luther King Day", "by rule", "rules"],
  ["2030-02-18", "halt", "13:00", null, "Presidents' Day", "by rule", "rules"],
  ["2030-04-19", "closed", null, null, "Good Friday", "by rule", "rules"],
  ["2030-05-27", "halt", "13:00", null, "Memorial Day", "by rule", "rules"],
  ["2030-06-19", "halt", "13:00", null, "Juneteenth", "by rule", "rules"],
  ["2030-07-03", "early", "13:15", "13:00", "day before Independence Day", "by rule", "rules"],
  ["2030-07-04", "halt", "13:00", null, "Independence Day", "by rule", "rules"],
  ["2030-09-02", "halt", "13:00", null, "Labor Day", "by rule", "rules"],
  ["2030-11-28", "halt", "13:00", null, "Thanksgiving", "by rule", "rules"],
  ["2030-11-29", "early", "13:15", "13:00", "day after Thanksgiving", "by rule", "rules"],
  ["2030-12-24", "early", "13:15", "13:00", "Christmas Eve", "by rule", "rules"],
  ["2030-12-25", "closed", null, null, "Christmas Day", "by rule", "rules"],
  // The end of 2030 lasts until then.
  ["2031-01-01", "closed", null, null, "New Year's Day", "by rule", "rules"],
];

export const BUILT_IN_CALENDAR: CalendarData = {
  version: "2026.2",
  source: "QuantConnect/Lean market hours, pandas_market_calendars, NYSE, CME and DTN notices; else by rule",
  firstYear: 2023,
  lastYear: 2030,
  entries: ROWS.map(([date, type, close, rthClose, label, confidence, source]) => ({
    date, type, close, rthClose, label, confidence, source,
  })),
};
