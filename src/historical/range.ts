/** What is asked for: one schema of some symbols between two times; and what that costs, before it is fetched. */
import { NqError } from "../lib/errors.ts";
import { callJson, type Params } from "./call.ts";
import type { HistoricalOptions } from "./options.ts";

/** Index times (ts_recv, else ts_event) in nanoseconds since 1970: `start` included, `end` not. */
export interface HistoricalRange {
  readonly dataset: string;
  readonly schema: string;
  /** Contracts by name, e.g. `NQZ6`. */
  readonly symbols: readonly string[];
  readonly start: bigint;
  readonly end: bigint;
}

export function rangeParams({ dataset, schema, symbols, start, end }: HistoricalRange): Params {
  return { dataset, schema, symbols: symbols.join(","), stype_in: "raw_symbol", start: String(start), end: String(end) };
}

/** What fetching a range brings and costs. */
export interface HistoricalPrice {
  /** US dollars. */
  readonly dollars: number;
  readonly records: number;
  /** Uncompressed. */
  readonly bytes: number;
}

async function askNumber(options: HistoricalOptions, method: string, range: HistoricalRange): Promise<number> {
  const answer = await callJson(options, method, rangeParams(range));
  if (typeof answer !== "number" || !Number.isFinite(answer) || answer < 0) throw new NqError("HIST_CONTENT", `expected a number in the answer to ${method}, found something else`);
  return answer;
}

/** Asks for cost, count and size; none of these calls costs anything. @throws NqError HIST_* */
export async function priceOf(options: HistoricalOptions, range: HistoricalRange): Promise<HistoricalPrice> {
  const dollars = await askNumber(options, "metadata.get_cost", range);
  const records = await askNumber(options, "metadata.get_record_count", range);
  const bytes = await askNumber(options, "metadata.get_billable_size", range);
  return { dollars, records, bytes };
}

const ISO = /^(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d)?)(?:\.(\d{1,9}))?(?:Z|\+00:00)?$/;

function nanosOf(text: unknown): bigint | null {
  const [, seconds, fraction = ""] = typeof text === "string" ? (ISO.exec(text) ?? []) : [];
  if (seconds === undefined) return null;
  const ms = Date.parse(seconds.includes("T") ? `${seconds}Z` : `${seconds}T00:00:00Z`);
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** Until when data of the schema can be had with this key, nanoseconds since 1970, not included. @throws NqError HIST_* */
export async function availableUntil(options: HistoricalOptions, dataset: string, schema: string): Promise<bigint> {
  const answer = await callJson(options, "metadata.get_dataset_range", { dataset });
  const { end, schema: schemas } = (answer ?? {}) as { end?: unknown; schema?: Readonly<Record<string, { readonly end?: unknown } | undefined>> };
  const found = nanosOf(schemas?.[schema]?.end) ?? nanosOf(end);
  if (found === null) throw new NqError("HIST_CONTENT", "expected an end in the answer to metadata.get_dataset_range, found none");
  return found;
}
