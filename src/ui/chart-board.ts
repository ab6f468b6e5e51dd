/** The plot of a chart as cells: a scale from values to rows, and layers laid over each other, the later ones on top. */
import { plot } from "asciichart";
import { EIGHTHS } from "./blocks.ts";
import type { Column } from "./chart-columns.ts";
import type { Row, Span } from "./text.ts";
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
  // Two flat arrays: an object for each of some thousand cells, ten times a second, is what a chart costs.
  const texts: string[] = Array.from({ length: width * height });
  const tones: Tone[] = Array.from({ length: width * height });
  texts.fill(" ");
  tones.fill("plain");
  const isInside = (x: number, y: number): boolean => x >= 0 && x < width && y >= 0 && y < height;
  const rowAt = (y: number): Row => {
    const out: Span[] = [];
    for (let from = y * width, to = from + width; from < to; ) {
      const tone = tones[from] ?? "plain";
      let text = "";
      for (; from < to && tones[from] === tone; from++) text += texts[from];
      out.push({ text, tone });
    }
    return out;
  };
  return {
    put: (x, y, text, tone) => {
      if (!isInside(x, y)) return;
      texts[y * width + x] = text;
      tones[y * width + x] = tone;
    },
    isFree: (x, y, length) => {
      if (!isInside(x, y) || x + length > width) return false;
      for (let at = y * width + x; length > 0; at++, length--) if (texts[at] !== " " && texts[at] !== DOT) return false;
      return true;
    },
    rows: () => Array.from({ length: height }, (_, y) => rowAt(y)),
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

/** The volume of each column, from nothing up, in `rows` rows beginning at row `y`; anything above 0 is seen. */
export function drawVolume(board: Board, width: number, columns: readonly Column[], y: number, rows: number): void {
  let most = 1;
  for (const { volume } of columns) most = Math.max(most, volume);
  for (let at = 0; at < columns.length; at++) {
    const { volume = 0, delta = 0 } = columns[at] ?? {};
    const x = width - columns.length + at;
    const height = volume === 0 ? 0 : Math.max(1, Math.round((volume / most) * rows * 8));
    for (let row = 0; row < rows; row++) {
      const eighths = Math.min(8, Math.max(0, height - (rows - 1 - row) * 8));
      if (eighths > 0) board.put(x, y + row, EIGHTHS[eighths] ?? " ", delta === 0 ? "dim" : "chart");
    }
  }
}
