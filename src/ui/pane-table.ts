/** What a pane shows as a table of values, for CSV: named columns, rows, and the row that the reader means. */
import type { Row } from "./text.ts";
import { rowText } from "./text.ts";

/** A value of a CSV row. */
export type Field = string | number | boolean | null;

/** Rows in the order of the screen. */
export interface PaneTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Field[])[];
  /** Index of the row that is marked, or that matters most; what copying a row takes. */
  readonly chosen: number;
  /** So many rows of the table are that one row of the screen. */
  readonly together: number;
}

/** A table of records: the columns are the names of their fields. */
export function tableOf<Name extends string>(columns: readonly Name[], records: readonly Readonly<Record<Name, Field>>[], chosen = 0, together = 1): PaneTable {
  return {
    columns,
    rows: records.map((record) => columns.map((column) => record[column])),
    chosen: Math.max(0, Math.min(chosen, records.length - 1)),
    together,
  };
}

/** For a pane whose rows are sentences: each of them is a field. */
export function tableOfText(rows: readonly Row[]): PaneTable {
  const texts = rows.map((row) => rowText(row).trim()).filter((text) => text !== "");
  return tableOf(["text"], texts.map((text) => ({ text })));
}
