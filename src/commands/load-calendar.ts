/** The calendar of a run: the built-in one, with the reader's own file over it. */
import { open, type FileHandle } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { BUILT_IN_CALENDAR } from "../market/calendar-data.ts";
import { withOwnEntries, type CalendarEntry } from "../market/calendar-entry.ts";
import { parseCalendarFile } from "../market/calendar-file.ts";
import { createTradingCalendar, type TradingCalendar } from "../market/calendar.ts";
import { builtInCalendar } from "../market/trading-day.ts";
import type { System } from "./system.ts";

const BYTES_MAX = 1_048_576;
const PART_BYTES = 65_536;
const SENTENCE_MAX = 400;

/** `$XDG_CONFIG_HOME/nq-tui/calendar.json`, else below `~/.config`; null without a home. */
export function defaultCalendarPath(env: System["env"]): string | null {
  const { XDG_CONFIG_HOME: config, HOME: home, USERPROFILE: profile } = env;
  if (config !== undefined && isAbsolute(config)) return join(config, "nq-tui", "calendar.json");
  const base = home ?? profile;
  return base === undefined || base === "" ? null : join(base, ".config", "nq-tui", "calendar.json");
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** All of a file that is not too long; of a pipe too, which has no size. */
async function readText(file: FileHandle, path: string): Promise<string> {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PART_BYTES), 0, PART_BYTES);
    if (bytesRead === 0) return Buffer.concat(parts).toString("utf8");
    total += bytesRead;
    if (total > BYTES_MAX) throw new NqError("CALENDAR_FILE", `${path}: expected at most 1 MiB`);
    parts.push(buffer.subarray(0, bytesRead));
  }
}

/** The file's entries; null when there is no such file and it `mayBeMissing`. */
async function readEntries(path: string, mayBeMissing: boolean): Promise<readonly CalendarEntry[] | null> {
  let text: string;
  try {
    const file = await open(path);
    try {
      text = await readText(file, path);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof NqError) throw error;
    if (mayBeMissing && isMissing(error)) return null;
    throw new NqError("CALENDAR_FILE", `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  try {
    return parseCalendarFile(text.replace(/^\uFEFF/, ""));
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
