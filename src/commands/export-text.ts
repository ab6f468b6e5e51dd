/** Exported values as text: exact decimals, ISO times with all nine digits, fields that no spreadsheet takes for a formula. */
import { fromNanos } from "../lib/time.ts";
import { csvField } from "../ui/csv.ts";
import { isoNanos } from "../ui/eastern.ts";
import type { ExportColumn } from "./export-columns.ts";

type Value = number | bigint | string | null;

/** 1e-9 units as a decimal without useless zeros, e.g. 21742.5. */
export function decimalText(units: bigint): string {
  const size = units < 0n ? -units : units;
  const fraction = String(size % 1_000_000_000n).padStart(9, "0").replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
}

function plain({ kind }: ExportColumn, value: Value): string {
  if (value === null) return "";
  if (typeof value === "bigint") return kind === "price" ? decimalText(value) : kind === "time" ? isoNanos(fromNanos(value)) : String(value);
  return String(value);
}

export function csvRow(columns: readonly ExportColumn[], values: readonly Value[]): string {
  return columns.map((column, at) => {
    const text = plain(column, values[at] ?? null);
    return column.kind === "text" ? csvField(text) : text;
  }).join(",");
}

/** Numbers stay numbers: prices exact decimals, 64-bit counts beyond 2^53 as they are. */
export function jsonRow(columns: readonly ExportColumn[], values: readonly Value[]): string {
  const parts = columns.map((column, at) => {
    const value = values[at] ?? null;
    const isText = column.kind === "text" || column.kind === "time";
    return `${JSON.stringify(column.name)}:${value === null ? "null" : isText ? JSON.stringify(plain(column, value)) : plain(column, value)}`;
  });
  return `{${parts.join(",")}}`;
}
