/** What a client asks for: one schema for a list of symbols; written as text lines and read from them. */
import { SCHEMA_CODES } from "../dbn/constants.ts";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { formatControlLine, showKey } from "./control.ts";
import { parseStart } from "./subscription-start.ts";

/** How the symbols of a subscription are written. */
export type StypeIn = "raw_symbol" | "instrument_id" | "parent" | "continuous";

/** One subscription, however many lines it takes. */
export interface Subscription {
  /** Schema word, e.g. `trades`. */
  readonly schema: string;
  readonly stypeIn: StypeIn;
  readonly symbols: readonly string[];
  /** Replay from here, nanoseconds since 1970; 0n: as early as possible; null: only what comes from now on. */
  readonly start: bigint | null;
  /** Ask for the order book as it stands first; mbo only. */
  readonly snapshot: boolean;
  /** Unsigned 32-bit number, repeated in the acknowledgement. */
  readonly id: number | null;
}

/** The one symbol that means the whole dataset. */
export const ALL_SYMBOLS = "ALL_SYMBOLS";
/** Symbols on one line, as the official clients do it. */
const SYMBOLS_PER_LINE = 500;
/** Documented limit of symbols in one request. */
const SYMBOLS_MAX = 2_000;
/** A symbol field holds 71 bytes with its end. */
const SYMBOL_LENGTH_MAX = 70;
const STYPES: readonly StypeIn[] = ["raw_symbol", "instrument_id", "parent", "continuous"];
const KEYS = new Set(["schema", "stype_in", "symbols", "start", "snapshot", "id", "is_last"]);

function refuse(sentence: string): NqError {
  return new NqError("LSG_SUBSCRIPTION", sentence);
}

function show(text: string): string {
  return `'${sanitiseText(text, 40)}'`;
}

function checkSymbol(symbol: string): void {
  if (symbol === "") throw refuse("expected symbols parted by single commas, found an empty symbol");
  if (symbol.length > SYMBOL_LENGTH_MAX) {
    throw refuse(`expected a symbol of at most ${SYMBOL_LENGTH_MAX} characters, found ${symbol.length}`);
  }
  if (!/^[\u0020-\u007E]+$/.test(symbol) || /[|,]/.test(symbol)) {
    throw refuse(`expected a symbol of printable ASCII without | and comma, found ${show(symbol)}`);
  }
}

/** Throws LSG_SUBSCRIPTION, saying what is wrong, unless the gateway's documented rules hold. */
function validateSubscription(subscription: Subscription): void {
  const { schema, stypeIn, symbols, start, snapshot, id } = subscription;
  if (!Object.hasOwn(SCHEMA_CODES, schema)) throw refuse(`expected a schema such as trades, found ${show(schema)}`);
  if (!STYPES.includes(stypeIn)) throw refuse(`expected stype_in ${STYPES.join(", ")}, found ${show(stypeIn)}`);
  if (symbols.length === 0) throw refuse("expected at least one symbol, found none");
  if (symbols.length > SYMBOLS_MAX) {
    throw refuse(`expected at most ${SYMBOLS_MAX} symbols in one subscription, found ${symbols.length}`);
  }
  for (const symbol of symbols) checkSymbol(symbol);
  if (symbols.includes(ALL_SYMBOLS)) {
    if (symbols.length > 1) throw refuse(`expected ${ALL_SYMBOLS} to stand alone, found other symbols beside it`);
    if (stypeIn !== "raw_symbol" && stypeIn !== "parent") {
      throw refuse(`expected ${ALL_SYMBOLS} with stype_in raw_symbol, found ${stypeIn}`);
    }
  }
  if (start !== null && (start < 0n || start > 0xffff_ffff_ffff_ffffn)) {
    throw refuse("expected start in nanoseconds since 1970, found a number outside 64 bits");
  }
  if (snapshot && schema !== "mbo") throw refuse(`expected snapshot with schema mbo only, found ${schema}`);
  if (snapshot && start !== null) throw refuse("expected either start or snapshot, found both");
  if (id !== null && !(Number.isInteger(id) && id >= 0 && id <= 0xffff_ffff)) {
    throw refuse("expected id as an unsigned 32-bit number");
  }
}

/** The lines that ask for it, without newlines, at most 500 symbols each. Throws LSG_SUBSCRIPTION. */
export function subscriptionLines(subscription: Subscription): string[] {
  validateSubscription(subscription);
  const { schema, stypeIn, symbols, start, snapshot, id } = subscription;
  const lines: string[] = [];
  for (let at = 0; at < symbols.length; at += SYMBOLS_PER_LINE) {
    const isLast = at + SYMBOLS_PER_LINE >= symbols.length;
    const pairs: [string, string][] = [
      ["schema", schema],
      ["stype_in", stypeIn],
      ["symbols", symbols.slice(at, at + SYMBOLS_PER_LINE).join(",")],
    ];
    if (start !== null) pairs.push(["start", String(start)]);
    pairs.push(["snapshot", snapshot ? "1" : "0"]);
    if (id !== null) pairs.push(["id", String(id)]);
    pairs.push(["is_last", isLast ? "1" : "0"]);
    lines.push(formatControlLine(pairs));
  }
  return lines;
}

function parseBit(pairs: ReadonlyMap<string, string>, key: string, absent: boolean): boolean {
  const value = pairs.get(key);
  if (value === undefined) return absent;
  if (value !== "0" && value !== "1") throw refuse(`expected ${key} to be 0 or 1, found ${show(value)}`);
  return value === "1";
}

function parseId(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,10}$/.test(text)) throw refuse(`expected id as an unsigned 32-bit number, found ${show(text)}`);
  return Number(text);
}

/** One subscription line's pairs → the subscription, and whether more lines of it follow. Throws LSG_SUBSCRIPTION. */
export function parseSubscription(pairs: ReadonlyMap<string, string>): {
  readonly subscription: Subscription;
  readonly isLast: boolean;
} {
  for (const key of pairs.keys()) if (!KEYS.has(key)) throw refuse(`Unknown subscription param ${showKey(key)}`);
  const schema = pairs.get("schema");
  const symbols = pairs.get("symbols");
  if (schema === undefined) throw refuse("expected schema in a subscription, found none");
  if (symbols === undefined) throw refuse("expected symbols in a subscription, found none");
  const stypeText = pairs.get("stype_in") ?? "raw_symbol";
  const stypeIn = STYPES.find((known) => known === stypeText);
  if (stypeIn === undefined) throw refuse(`expected stype_in ${STYPES.join(", ")}, found ${show(stypeText)}`);
  const start = pairs.get("start");
  const subscription: Subscription = {
    schema,
    stypeIn,
    symbols: symbols.split(",", SYMBOLS_MAX + 1),
    start: start === undefined ? null : parseStart(start),
    snapshot: parseBit(pairs, "snapshot", false),
    id: parseId(pairs.get("id")),
  };
  validateSubscription(subscription);
  return { subscription, isLast: parseBit(pairs, "is_last", true) };
}

/** The first lines of a chunked subscription and one more. Throws LSG_SUBSCRIPTION when they do not belong together. */
export function mergeSubscriptions(first: Subscription, next: Subscription): Subscription {
  const same =
    first.schema === next.schema &&
    first.stypeIn === next.stypeIn &&
    first.start === next.start &&
    first.snapshot === next.snapshot &&
    first.id === next.id;
  if (!same) throw refuse("expected the lines of one subscription to differ in their symbols only");
  const merged = { ...first, symbols: [...first.symbols, ...next.symbols] };
  validateSubscription(merged);
  return merged;
}
