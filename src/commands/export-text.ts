/** Exported values as text: exact decimals, ISO times with all nine digits, fields that no spreadsheet takes for a formula. */
import type { ExportColumn } from "./export-columns.ts";

type Value = number | bigint | string | null;

/** 1e-9 units as a decimal without useless zeros, e.g. 21742.5. */
export function decimalText(units: bigint): string {
  const size = units < 0n ? -units : units;
  const fraction = String(size % 1_000_000_000n).padStart(9, "0").replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
}

export function isoText(nanos: bigint): string {
  const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanos % 1_000_000_000n).padStart(9, "0")}Z`;
}

function plain({ kind }: ExportColumn, value: Value): string {
  if (value === null) return "";
  if (typeof value === "bigint") return kind === "price" ? decimalText(value) : kind === "time" ? isoText(value) : String(value);
  return String(value);
}

function csvField(column: ExportColumn, value: Value): string {
  const text = plain(column, value);
  if (column.kind !== "text") return text;
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvRow(columns: readonly ExportColumn[], values: readonly Value[]): string {
  return columns.map((column, at) => csvField(column, values[at] ?? null)).join(",");
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
