/** Alerts for pipes and files: a firing as JSON or CSV, and the table of a back-test. */
import type { Followed, Later, NoPrice } from "../alerts/aftermath.ts";
import { HORIZONS_MIN } from "../alerts/aftermath.ts";
import type { Firing } from "../alerts/firing.ts";
import { firingText, ruleName } from "../alerts/words.ts";
import { pointsOf } from "../market/price.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Mode } from "../store/snapshot.ts";
import { csvRow, withoutCommas } from "./csv.ts";
import { isoNanos, sessionAt } from "./eastern.ts";
import { millisText, priceText, signedText } from "./format.ts";
import { outside } from "./text.ts";

/** A firing as other programs read it. Prices in points, null where there is none. */
export interface AlertRow {
  /** ISO 8601 in UTC with nine digits of nanoseconds; null when no market time is known. */
  readonly ts: string | null;
  readonly trade_date: string | null;
  readonly session: "RTH" | "ETH" | null;
  readonly symbol: string | null;
  readonly mode: Mode;
  readonly rule: string;
  readonly when: string;
  readonly what: string;
  readonly price: number | null;
}

const COLUMNS = ["ts", "trade_date", "session", "symbol", "mode", "rule", "when", "what", "price"] as const satisfies readonly (keyof AlertRow)[];

const WHY: Readonly<Record<NoPrice, string>> = {
  closed: "the session was over by then",
  ended: "the recording ends before",
  gap: "trades of the time between are missing",
  unknown: "no trade is known before",
};

function points(ticks: number | null, instrument: Instrument | null): number | null {
  return ticks === null || instrument === null ? null : pointsOf(ticks, instrument);
}

/** See `AlertRow`. */
export function alertRow(firing: Firing, mode: Mode): AlertRow {
  const { at, day, instrument, rule, ticks } = firing;
  return {
    ts: at === null ? null : isoNanos(at),
    trade_date: day?.tradeDate ?? null,
    session: at === null || day === null ? null : sessionAt(at.sec, day),
    symbol: instrument === null ? null : outside(instrument.rawSymbol, 24),
    mode,
    rule: ruleName(rule),
    when: rule.when,
    what: firingText(firing),
    price: points(ticks, instrument),
  };
}

/** Ticks from the price then; null where either is not known. */
function since({ ticks }: Firing, later: Later): number | null {
  return ticks === null || !("ticks" in later) ? null : later.ticks - ticks;
}

/** A line of NDJSON: the row, and the price at each horizon or why there is none. */
export function followedJson({ firing, later }: Followed, mode: Mode): string {
  const at = later.map((one, index) => ({
    minutes: HORIZONS_MIN[index],
    price: "ticks" in one ? points(one.ticks, firing.instrument) : null,
    ticks: since(firing, one),
    ...("reason" in one ? { reason: WHY[one.reason] } : {}),
  }));
  return JSON.stringify({ ...alertRow(firing, mode), later: at });
}

/** Header of the CSV. */
export const FOLLOWED_HEADER = csvRow([...COLUMNS, ...HORIZONS_MIN.flatMap((minutes) => [`price_${minutes}m`, `ticks_${minutes}m`, `reason_${minutes}m`])]);

/** A row of it. */
export function followedCsv({ firing, later }: Followed, mode: Mode): string {
  const row = alertRow(firing, mode);
  const after = later.flatMap((one) => [
    "ticks" in one ? points(one.ticks, firing.instrument) : null, since(firing, one), "reason" in one ? WHY[one.reason] : null,
  ]);
  return csvRow([...COLUMNS.map((column) => withoutCommas(row[column])), ...after]);
}

const RULE_WIDTH = 20;
const WHAT_WIDTH = 44;
const PRICE_WIDTH = 10;
const LATER_WIDTH = 17;

const fit = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width));

function laterCell(firing: Firing, later: Later): string {
  if ("reason" in later) return `– ${later.reason}`.padStart(LATER_WIDTH);
  const { instrument } = firing;
  const price = instrument === null ? String(later.ticks) : priceText(later.ticks, instrument);
  const change = since(firing, later);
  return `${price} ${(change === null ? "" : signedText(change)).padStart(5)}`.padStart(LATER_WIDTH);
}

/** Head of the table for one trade date. */
export function followedHead(tradeDate: string | null, symbol: string | null): readonly string[] {
  const columns = ["fired ET".padEnd(12), fit("rule", RULE_WIDTH), fit("what", WHAT_WIDTH), "price".padStart(PRICE_WIDTH)];
  const later = HORIZONS_MIN.map((minutes) => `+${minutes} min, ticks`.padStart(LATER_WIDTH));
  return [`Trade date ${tradeDate ?? "–"}, ${symbol ?? "–"}`, [...columns, ...later].join("  ").trimEnd()];
}

/** A line of the table: differences are ticks from the price then. */
export function followedLine({ firing, later }: Followed): string {
  const { at, day, ticks, instrument, rule } = firing;
  const time = at === null || day === null ? "–" : millisText(at, day.easternOffsetSec);
  const price = ticks === null || instrument === null ? "–" : priceText(ticks, instrument);
  const cells = [time.padEnd(12), fit(ruleName(rule), RULE_WIDTH), fit(firingText(firing), WHAT_WIDTH), price.padStart(PRICE_WIDTH)];
  return [...cells, ...later.map((one) => laterCell(firing, one))].join("  ").trimEnd();
}

/** What the reasons in a table mean. */
export function reasonLines(reasons: Iterable<NoPrice>): readonly string[] {
  return [...new Set(reasons)].sort().map((reason) => `– ${reason}: ${WHY[reason]}`);
}
