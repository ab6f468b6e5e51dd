/** Rows on standard output: coloured on a terminal, plain in a pipe, ASCII where UTF-8 is not wanted. */
import { inCharset } from "../ui/charset.ts";
import { encodeRow, rowText, rowWidth, type Row } from "../ui/text.ts";
import { paletteFor } from "../ui/theme.ts";
import { chooseCharset, chooseColor, saysUtf8 } from "./color.ts";
import type { System } from "./system.ts";

const COLUMNS = { least: 60, most: 120, plain: 100 } as const;

/** Columns that a page may use. */
export function pageWidth({ stdout }: System): number {
  if (stdout.isTTY !== true) return COLUMNS.plain;
  return Math.min(COLUMNS.most, Math.max(COLUMNS.least, stdout.columns));
}

/** The rows as the lines to print. */
export function pageText(system: System, rows: readonly Row[]): string {
  if (system.stdout.isTTY === true) {
    const palette = paletteFor(chooseColor(system.env, system.stdout));
    const text = rows.map((row) => `${encodeRow(row, rowWidth(row), palette)}\n`).join("");
    return inCharset(text, chooseCharset(system.env, undefined));
  }
  const text = rows.map((row) => `${rowText(row).trimEnd()}\n`).join("");
  return inCharset(text, saysUtf8(system.env) === true ? "unicode" : "ascii");
}
