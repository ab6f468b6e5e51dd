/** What panes are made of: bars and sparklines in eighths of a cell, named figures, the notice of an empty pane. */
import { line, outside, span } from "./text.ts";
import type { Row, Size } from "./text.ts";
import type { Tone } from "./theme.ts";

const HORIZONTAL = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;
/** Cells filled from the bottom, by eighths. */
export const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** A horizontal bar of `share` (0..1) of `width` cells, to the eighth of a cell; anything above 0 is seen. */
export function barText(share: number, width: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  const eighths = Math.max(bounded > 0 ? 1 : 0, Math.round(bounded * width * 8));
  return "█".repeat(eighths >> 3) + (HORIZONTAL[eighths & 7] ?? "");
}

/**
 * A line of values as `rows` rows of vertical eighths, lowest value one eighth high, highest full. One value a column;
 * the rows are returned top first.
 */
export function sparkRows(values: readonly number[], rows: number): string[] {
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const steps = rows * 8 - 1;
  const heightOf = (value: number): number => (range === 0 ? steps >> 1 : Math.round(((value - low) / range) * steps));
  const heights = values.map((value) => 1 + heightOf(value));
  return Array.from({ length: rows }, (_, at) => {
    const floor = (rows - 1 - at) * 8;
    return heights.map((height) => EIGHTHS[Math.min(8, Math.max(0, height - floor))] ?? " ").join("");
  });
}

/** A figure with its name before it. */
export function named(name: string, value: string, tone: Tone = "plain"): Row {
  return [span(`${name} `, "dim"), span(value, tone)];
}

/** One sentence in the middle of an empty pane. */
export function notice(text: string, size: Size): readonly Row[] {
  const words = outside(text, Math.max(1, size.columns));
  const left = Math.max(0, Math.floor((size.columns - words.length) / 2));
  const above = Math.max(0, Math.floor((size.rows - 1) / 2));
  return [...Array.from({ length: above }, (): Row => []), line(" ".repeat(left) + words, "dim")];
}
