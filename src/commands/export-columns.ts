/** The columns of an export: every field of a schema's records under its name in snake case, as the layout table has them. */
import { DBN_VERSION_MAX, SCHEMA_CODES, UNDEF_PRICE, UNDEF_TIME } from "../dbn/constants.ts";
import type { FieldType } from "../dbn/layout.ts";
import { layoutOf, type RecordKind } from "../dbn/layouts.ts";
import type { DbnRecord } from "../dbn/records.ts";
import { sanitiseText } from "../lib/sanitise.ts";

export type ColumnKind = "whole" | "large" | "price" | "time" | "text";

export interface ExportColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Null where the record says nothing: an undefined price or time. */
  readonly read: (record: DbnRecord) => number | bigint | string | null;
}

const KINDS: Readonly<Record<Exclude<FieldType, "reserved">, ColumnKind>> = {
  u8: "whole", i8: "whole", u16: "whole", i16: "whole", u32: "whole", i32: "whole", u64: "large", i64: "large", price: "price", time: "time",
  char: "text", cstr: "text",
};
const TEXT_MAX = 500;

/** Schemas that can be exported, and the record that each is made of. */
const RECORDS: Readonly<Record<string, RecordKind>> = {
  "trades": "trade", "tbbo": "mbp1", "mbp-1": "mbp1", "mbp-10": "mbp10", "mbo": "mbo", "bbo-1s": "bbo", "bbo-1m": "bbo", "ohlcv-1s": "ohlcv",
  "ohlcv-1m": "ohlcv", "ohlcv-1h": "ohlcv", "ohlcv-1d": "ohlcv", "status": "status", "statistics": "statistics", "definition": "definition",
};

export const EXPORTED_SCHEMAS: readonly string[] = Object.keys(SCHEMA_CODES).filter((schema) => Object.hasOwn(RECORDS, schema));

const snake = (name: string): string => name.replace(/([A-Z])/g, "_$1").replace(/(\d\d)$/, "_$1").toLowerCase();

function value(record: DbnRecord, name: string, kind: ColumnKind): number | bigint | string | null {
  const found = (record as unknown as Record<string, number | bigint | string>)[name];
  if (found === undefined || (kind === "price" && found === UNDEF_PRICE) || (kind === "time" && found === UNDEF_TIME)) return null;
  return typeof found === "string" ? sanitiseText(found, TEXT_MAX) : found;
}

/**
 * @param symbolOf the name of an instrument; empty when it is not known
 * @param mode said in every row: a simulated price is never taken for a live one, wherever the rows end up
 */
export function exportColumns(schema: string, symbolOf: (instrumentId: number) => string, mode: string): readonly ExportColumn[] {
  const kind = RECORDS[schema];
  if (kind === undefined) return [];
  const column = (name: string, of: ColumnKind): ExportColumn => ({ name: snake(name), kind: of, read: (record) => value(record, name, of) });
  const fields = layoutOf(kind, DBN_VERSION_MAX).flatMap(([name, , type]) => (type === "reserved" ? [] : [column(name, KINDS[type])]));
  return [
    column("tsEvent", "time"),
    column("publisherId", "whole"),
    column("instrumentId", "whole"),
    { name: "symbol", kind: "text", read: (record) => symbolOf(record.instrumentId) },
    ...fields,
    { name: "mode", kind: "text", read: () => mode },
  ];
}
