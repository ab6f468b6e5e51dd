/** The calendar of a run: the built-in one, with the reader's own file over it. */
import { join } from "node:path";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { BUILT_IN_CALENDAR } from "../market/calendar-data.ts";
import { withOwnEntries, type CalendarEntry } from "../market/calendar-entry.ts";
import { parseCalendarFile } from "../market/calendar-file.ts";
import { createTradingCalendar, type TradingCalendar } from "../market/calendar.ts";
import { builtInCalendar } from "../market/trading-day.ts";
import { userFolder } from "./data-folder.ts";
import type { System } from "./system.ts";
import { readTextFile } from "./text-file.ts";

const BYTES_MAX = 1_048_576;
const SENTENCE_MAX = 400;

/** `$XDG_CONFIG_HOME/nq-tui/calendar.json`, else below `~/.config`; null without a home. */
export function defaultCalendarPath(env: System["env"]): string | null {
  const folder = userFolder(env, "config");
  return folder === null ? null : join(folder, "calendar.json");
}

/** The file's entries; null when there is no such file and it `mayBeMissing`. */
async function readEntries(path: string, mayBeMissing: boolean): Promise<readonly CalendarEntry[] | null> {
  let text: string | null;
  try {
    text = await readTextFile(path, BYTES_MAX, mayBeMissing);
  } catch (error) {
    throw new NqError("CALENDAR_FILE", `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (text === null) return null;
  try {
    return parseCalendarFile(text);
  } catch (error) {
    if (error instanceof NqError) throw new NqError(error.code, `${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * The calendar to use. A file that was named must be right; one in the usual place that is not is told on standard error
 * and left out.
 * @throws NqError CALENDAR_FILE when `named` cannot be read or is not a calendar
 */
export async function loadCalendar(system: System, named: string | null): Promise<TradingCalendar> {
  const path = named ?? defaultCalendarPath(system.env);
  if (path === null) return builtInCalendar;
  let own: readonly CalendarEntry[] | null;
  try {
    own = await readEntries(path, named === null);
  } catch (error) {
    if (named !== null || !(error instanceof NqError)) throw error;
    system.stderr.write(`nq-tui: ${sanitiseText(error.message, SENTENCE_MAX)}; the built-in calendar is used\n`);
    return builtInCalendar;
  }
  return own === null || own.length === 0 ? builtInCalendar : createTradingCalendar(withOwnEntries(BUILT_IN_CALENDAR, own));
}
