/** The plot of a chart as cells: a scale from values to rows, and layers laid over each other, the later ones on top. */
import { plot } from "asciichart";
import type { Column } from "./chart-columns.ts";
import { joinSpans } from "./text.ts";
import type { Row } from "./text.ts";
import type { Tone } from "./theme.ts";

/** What levels are drawn with, and in every which cell. */
const DOT = "·";
const DOT_EVERY = 4;

/** Values on rows; row 0 is the highest. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
}

/** The row of a value; outside 0..rows-1 where it is not in range. */
export function rowOf(value: number, { low, high, rows }: Scale): number {
  const top = rows - 1;
  if (high === low) return value === low ? top - (top >> 1) : value > high ? -1 : rows;
  return top - Math.round(((value - low) / (high - low)) * top);
}

/** See the head of this file. */
export interface Board {
  /** A character in a cell; outside the board it is left out. */
  readonly put: (x: number, y: number, text: string, tone: Tone) => void;
  /** Whether a text there would hide nothing but levels. */
  readonly isFree: (x: number, y: number, length: number) => boolean;
  readonly rows: () => readonly Row[];
}

export function createBoard(width: number, height: number): Board {
  const cells = Array.from({ length: height }, () => Array.from({ length: width }, (): { text: string; tone: Tone } => ({ text: " ", tone: "plain" })));
  return {
    put: (x, y, text, tone) => {
      const cell = cells[y]?.[x];
      if (cell === undefined) return;
      cell.text = text;
      cell.tone = tone;
    },
    isFree: (x, y, length) => {
      const part = cells[y]?.slice(x, x + length) ?? [];
      return x >= 0 && part.length === length && part.every(({ text }) => text === " " || text === DOT);
    },
    rows: () => cells.map((row) => joinSpans(row)),
  };
}

/** A level across the plot; to be drawn before what it must not hide. */
export function drawLevel(board: Board, width: number, y: number, tone: Tone): void {
  for (let x = width - 1; x >= 0; x -= DOT_EVERY) board.put(x, y, DOT, tone);
}

/** The name of a level on its row, where it hides nothing: at the left, at the right, or not at all. */
export function drawName(board: Board, width: number, y: number, name: string, tone: Tone): void {
  const at = [0, width - name.length - 1, Math.floor((width - name.length) / 2)].find((x) => board.isFree(x, y, name.length + 1));
  if (at === undefined) return;
  for (let x = 0; x < name.length; x++) board.put(at + x, y, name[x] ?? " ", tone);
  board.put(at + name.length, y, " ", tone);
}

/** A line of values, one a column, ending at the right edge. Values become whole rows, so asciichart scales nothing. */
export function drawLine(board: Board, width: number, values: readonly number[], scale: Scale, tone: Tone): void {
  const top = scale.rows - 1;
  const levels = values.map((value) => top - rowOf(value, scale));
  // asciichart draws one column for each step between two points, and its own axis in front of them.
  const points = [levels[0] ?? 0, ...levels];
  const drawn = plot(points, { min: 0, max: top, height: top, offset: 1, format: () => " " }).split("\n");
  drawn.forEach((text, y) => {
    const cells = text.slice(1).slice(-width).padStart(width);
    for (let x = 0; x < width; x++) if (cells[x] !== " ") board.put(x, y, cells[x] ?? " ", tone);
  });
}

/** Candles, one a column, ending at the right edge: full where the price rose, shaded where it fell. */
export function drawCandles(board: Board, width: number, columns: readonly Column[], scale: Scale): void {
  columns.forEach(({ open, high, low, close, volume }, at) => {
    const x = width - columns.length + at;
    const tone: Tone = close > open ? "up" : close < open ? "down" : "dim";
    const body = close >= open ? "█" : "▒";
    const from = rowOf(Math.max(open, close), scale);
    const to = rowOf(Math.min(open, close), scale);
    for (let y = rowOf(high, scale); y <= rowOf(low, scale); y++) {
      const isBody = y >= from && y <= to;
      board.put(x, y, !isBody ? "│" : open === close ? (volume === 0 ? "·" : "─") : body, tone);
    }
  });
}

const EIGHTHS = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** The volume of each column, from nothing up, in `rows` rows beginning at row `y`; anything above 0 is seen. */
export function drawVolume(board: Board, width: number, columns: readonly Column[], y: number, rows: number): void {
  const most = Math.max(1, ...columns.map(({ volume }) => volume));
  columns.forEach(({ volume, delta }, at) => {
    const height = volume === 0 ? 0 : Math.max(1, Math.round((volume / most) * rows * 8));
    for (let row = 0; row < rows; row++) {
      const eighths = Math.min(8, Math.max(0, height - (rows - 1 - row) * 8));
      if (eighths > 0) board.put(width - columns.length + at, y + row, EIGHTHS[eighths] ?? " ", delta === 0 ? "dim" : "chart");
    }
  });
}
