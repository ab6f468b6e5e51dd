/**
 * The reader's own calendar, a JSON file: `{ "days": [ { "date": "2026-12-07", "type": "early", "close": "13:15",
 * "label": "National Day of Mourning" } ] }`. Types: `closed`, `halt`, `early`, `regular`. Read strictly: a holiday that
 * is silently not understood would be worse than none.
 */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { CalendarEntry, CalendarEntryType } from "./calendar-entry.ts";
import { dateText, dayNumberOfText, weekday } from "./civil-date.ts";

const TYPES: readonly CalendarEntryType[] = ["closed", "halt", "early", "regular"];
const KEYS: ReadonlySet<string> = new Set(["date", "type", "close", "rthClose", "label", "source"]);
const DAYS_MAX = 2000;
const TEXT_MAX = 60;
/** Ends where the entry names none: of a halt, and of regular hours on an early close. */
const HALT_CLOSE = "13:00";
const RTH_OPEN = "09:30";
const EARLY_RTH_CLOSE = "13:00";
const RTH_CLOSE = "16:00";
const CLOSE = "17:00";

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What was found, short enough to be quoted. */
function shown(value: unknown): string {
  return value === undefined ? "nothing" : sanitiseText(JSON.stringify(value), TEXT_MAX);
}

/** One entry, checked field by field; `where` names it in errors. */
class EntryReader {
  readonly #fields: Fields;
  readonly #where: string;

  constructor(fields: Fields, where: string) {
    this.#fields = fields;
    this.#where = where;
  }

  read(): CalendarEntry {
    for (const key of Object.keys(this.#fields)) {
      if (!KEYS.has(key)) this.#fail(`expected only ${[...KEYS].join(", ")}, found ${shown(key)}`);
    }
    const date = this.#date();
    const type = TYPES.find((each) => each === this.#fields["type"]);
    if (type === undefined) return this.#fail(`expected a type of ${TYPES.join(", ")}, found ${shown(this.#fields["type"])}`);
    return {
      date,
      type,
      ...this.#hours(type),
      label: this.#text("label") || (type === "regular" ? "" : "holiday"),
      confidence: "yours",
      source: this.#text("source") || "your calendar",
    };
  }

  #fail(what: string): never {
    throw new NqError("CALENDAR_FILE", `${this.#where}: ${what}`);
  }

  #date(): string {
    const date = this.#fields["date"];
    const isDate = typeof date === "string" && /^\d{4}-\d{2}-\d{2}$/.test(date);
    const days = isDate ? dayNumberOfText(date) : Number.NaN;
    // A day that is not in its month is moved on by some readers of dates.
    if (!isDate || Number.isNaN(days) || dateText(days) !== date) return this.#fail(`expected a date such as 2026-12-07, found ${shown(date)}`);
    if (weekday(days) === 0 || weekday(days) === 6) return this.#fail("expected a date from Monday to Friday; no session ends on others");
    return date;
  }

  #hours(type: CalendarEntryType): Pick<CalendarEntry, "close" | "rthClose"> {
    const rthClose = this.#fields["rthClose"] === null ? null : this.#time("rthClose");
    const close = this.#time("close");
    if (type === "closed" || type === "regular") {
      if (close !== undefined || rthClose !== undefined) this.#fail(`expected no close and no rthClose with type ${type}`);
      return { close: null, rthClose: null };
    }
    if (type === "halt") {
      if (rthClose !== undefined && rthClose !== null) this.#fail("expected no rthClose with type halt: its day has no regular hours");
      return { close: close ?? HALT_CLOSE, rthClose: null };
    }
    if (close === undefined) return this.#fail('expected a close with type early, such as "13:15"');
    const ends = rthClose === undefined ? (close <= RTH_OPEN ? null : close < EARLY_RTH_CLOSE ? close : EARLY_RTH_CLOSE) : rthClose;
    if (ends !== null && (ends <= RTH_OPEN || ends > close || ends > RTH_CLOSE)) {
      this.#fail(`expected an rthClose after ${RTH_OPEN} and not after the close or ${RTH_CLOSE}, found ${ends}`);
    }
    return { close, rthClose: ends };
  }

  /** An Eastern time of the date; undefined when there is none. */
  #time(key: string): string | undefined {
    const time = this.#fields[key];
    if (time === undefined) return undefined;
    const isTime = typeof time === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(time);
    if (!isTime || time < "00:01" || time > CLOSE) return this.#fail(`expected a ${key} from 00:01 to ${CLOSE} Eastern, found ${shown(time)}`);
    return time;
  }

  #text(key: string): string {
    const text = this.#fields[key];
    if (text !== undefined && typeof text !== "string") return this.#fail(`expected ${key} to be a text, found ${shown(text)}`);
    return text === undefined ? "" : sanitiseText(text, TEXT_MAX);
  }
}

/**
 * The entries of a calendar file, in order of date.
 * @throws NqError CALENDAR_FILE, naming the entry
 */
export function parseCalendarFile(text: string): readonly CalendarEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new NqError("CALENDAR_FILE", `expected JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (!isObject(value) || !Array.isArray(value["days"]) || Object.keys(value).length !== 1) {
    throw new NqError("CALENDAR_FILE", 'expected one object with a list "days", and nothing else');
  }
  const days: readonly unknown[] = value["days"];
  if (days.length > DAYS_MAX) throw new NqError("CALENDAR_FILE", `expected at most ${DAYS_MAX} days, found ${days.length}`);
  const entries = days.map((fields, index) => {
    const name = isObject(fields) && typeof fields["date"] === "string" ? ` (${sanitiseText(fields["date"], TEXT_MAX)})` : "";
    const where = `day ${index + 1}${name}`;
    if (!isObject(fields)) throw new NqError("CALENDAR_FILE", `${where}: expected an object, found ${shown(fields)}`);
    return new EntryReader(fields, where).read();
  });
  const seen = new Map<string, number>();
  for (const [index, { date }] of entries.entries()) {
    const before = seen.get(date);
    if (before !== undefined) throw new NqError("CALENDAR_FILE", `day ${index + 1} (${date}): expected each date once, found it as day ${before} too`);
    seen.set(date, index + 1);
  }
  return entries.sort((a, b) => (a.date < b.date ? -1 : 1));
}
