/** How each schema can be served from what a source has: as it is, or derived from a richer schema. */
import { RTYPE, SCHEMA_CODES, schemaOfRtype } from "../dbn/constants.ts";

/**
 * `copy`: the records as they are. `tbbo`: those of them that are trades. `trade`: trade records cut out of book
 * records. `trade-of-mbo`: made from orders. `book`: quotes from a book kept by orders. `bars`: counted from trades.
 */
type ServingWay = "copy" | "tbbo" | "trade" | "trade-of-mbo" | "book" | "bars";

export interface Serving {
  readonly way: ServingWay;
  /** Record type in the source from which it is made. */
  readonly rtype: number;
}

/** Bar schemas that can be counted from trades, with their seconds. */
export const BAR_SECONDS: Readonly<Record<string, number>> = {
  "ohlcv-1s": 1, "ohlcv-1m": 60, "ohlcv-1h": 3600, "ohlcv-1d": 86_400,
};

/** Schemas whose every record carries full state, so that a slow reader may miss some of them. */
export const QUOTE_SCHEMAS: ReadonlySet<string> = new Set([
  "mbp-1", "mbp-10", "bbo-1s", "bbo-1m", "cmbp-1", "cbbo-1s", "cbbo-1m",
]);

/** Record type of a schema; tbbo records look like those of mbp-1. */
export function rtypeOfSchema(schema: string): number | null {
  if (schema === "tbbo") return RTYPE.mbp1;
  for (const rtype of Object.values(RTYPE)) if (schemaOfRtype(rtype) === schema) return rtype;
  return null;
}

function tradesFrom(has: (schema: string) => boolean): Serving | null {
  if (has("trades")) return { way: "copy", rtype: RTYPE.trade };
  if (has("tbbo") || has("mbp-1")) return { way: "trade", rtype: RTYPE.mbp1 };
  if (has("mbp-10")) return { way: "trade", rtype: RTYPE.mbp10 };
  if (has("mbo")) return { way: "trade-of-mbo", rtype: RTYPE.mbo };
  return null;
}

/** Null when the source has nothing to make it from; such a subscription is accepted and stays empty. */
export function servingOf(schema: string, sourceSchemas: readonly string[]): Serving | null {
  const has = (name: string): boolean => sourceSchemas.includes(name);
  if (!Object.hasOwn(SCHEMA_CODES, schema)) return null;
  if (schema === "trades") return tradesFrom(has);
  if (schema === "tbbo") return has("tbbo") || has("mbp-1") ? { way: "tbbo", rtype: RTYPE.mbp1 } : null;
  const rtype = rtypeOfSchema(schema);
  if (has(schema) && rtype !== null) return { way: "copy", rtype };
  if (schema === "mbp-1" && has("mbo")) return { way: "book", rtype: RTYPE.mbo };
  const trades = BAR_SECONDS[schema] === undefined ? null : tradesFrom(has);
  return trades === null ? null : { way: "bars", rtype: trades.rtype };
}
