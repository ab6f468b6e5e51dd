/** Screen text as data: rows of spans with tones. Every character drawn is one cell wide, so length is width. */
import { sanitiseText } from "../lib/sanitise.ts";
import { inCharset } from "./charset.ts";
import type { Charset } from "./charset.ts";
import { RESET } from "./theme.ts";
import type { Palette, Tone } from "./theme.ts";

/** A run of text in one tone. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

/** One line of cells, left to right. */
export type Row = readonly Span[];

/** Columns and rows of cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A rectangle of cells; `x` and `y` count from 0 at the top left. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One span. */
export function span(text: string, tone: Tone = "plain"): Span {
  return { text, tone };
}

/** A row of one span. */
export function line(text: string, tone: Tone = "plain"): Row {
  return [{ text, tone }];
}

/** Cells the row takes. */
export function rowWidth(row: Row): number {
  let width = 0;
  for (const { text } of row) width += text.length;
  return width;
}

/** The row's characters without tones. */
export function rowText(row: Row): string {
  let text = "";
  for (const part of row) text += part.text;
  return text;
}

/** The row cut to `width` cells; a cut ends in `…` so that no number is silently shortened. */
export function cutRow(row: Row, width: number): Row {
  if (width <= 0) return [];
  if (rowWidth(row) <= width) return row;
  const kept: Span[] = [];
  let room = width - 1;
  let tone: Tone = "dim";
  for (const part of row) {
    tone = part.tone;
    if (part.text.length > room) {
      if (room > 0) kept.push({ text: part.text.slice(0, room), tone });
      break;
    }
    kept.push(part);
    room -= part.text.length;
  }
  kept.push({ text: "…", tone });
  return kept;
}

/** The row in exactly `width` cells: cut or filled with blanks. */
export function fitRow(row: Row, width: number): Row {
  const cut = cutRow(row, width);
  const missing = width - rowWidth(cut);
  return missing > 0 ? [...cut, { text: " ".repeat(missing), tone: "plain" }] : cut;
}

/** Left part at the left edge, right part at the right edge; the right part is dropped when both do not fit. */
export function spread(left: Row, right: Row, width: number): Row {
  const gap = width - rowWidth(left) - rowWidth(right);
  if (gap < 1) return cutRow(left, width);
  return [...left, { text: " ".repeat(gap), tone: "plain" }, ...right];
}

/**
 * As many of `parts` as fit into `width`, in order, `gap` blanks between them. A part that does not fit is passed
 * over and later ones are still tried, so parts are given by importance and never shown in half.
 */
export function flow(parts: readonly Row[], width: number, gap = 2): Row {
  const out: Span[] = [];
  let used = 0;
  for (const part of parts) {
    const wide = rowWidth(part);
    if (wide === 0) continue;
    const lead = used === 0 ? 0 : gap;
    if (used + lead + wide > width) continue;
    if (lead > 0) out.push({ text: " ".repeat(lead), tone: "plain" });
    out.push(...part);
    used += lead + wide;
  }
  return out;
}

/** Parts in as many lines as are needed, at most `rows`. */
export function flowLines(parts: readonly Row[], width: number, rows: number): Row[] {
  const out: Row[] = [];
  let left = parts.filter((row) => rowWidth(row) > 0 && rowWidth(row) <= width);
  while (left.length > 0 && out.length < rows) {
    let count = 1;
    while (count < left.length && rowWidth(flow(left.slice(0, count + 1), Number.POSITIVE_INFINITY)) <= width) count += 1;
    // Where it is the last line, later and shorter parts may fill what is left of it.
    out.push(flow(out.length === rows - 1 ? left : left.slice(0, count), width));
    left = left.slice(count);
  }
  return out;
}

/** The first of several ways to say the same that fits; the last one, cut, where none does. */
export function fitting(ways: readonly Row[], width: number): Row {
  return ways.find((row) => rowWidth(row) <= width) ?? cutRow(ways.at(-1) ?? [], width);
}

/** Breaks a sentence into lines of at most `width` characters, at blanks where there are any. */
export function wrapWords(text: string, width: number): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let current = "";
  for (const word of text.split(" ")) {
    let rest = word;
    if (current !== "" && current.length + 1 + rest.length <= width) {
      current += ` ${rest}`;
      continue;
    }
    if (current !== "") lines.push(current);
    while (rest.length > width) {
      lines.push(rest.slice(0, width));
      rest = rest.slice(width);
    }
    current = rest;
  }
  if (current !== "") lines.push(current);
  return lines;
}

/** Joins neighbours of one tone, since every change of tone costs bytes. */
export function joinSpans(row: Row): Row {
  const out: { text: string; tone: Tone }[] = [];
  for (const part of row) {
    const last = out.at(-1);
    if (last !== undefined && last.tone === part.tone) last.text += part.text;
    else if (part.text !== "") out.push({ text: part.text, tone: part.tone });
  }
  return out;
}

/** The row in exactly `width` cells as text with SGR codes, ending without any tone; in characters the terminal has. */
export function encodeRow(row: Row, width: number, palette: Palette, charset: Charset = "unicode"): string {
  let out = "";
  let active = "";
  const missing = width - rowWidth(row);
  const parts = missing < 0 ? cutRow(row, width) : row;
  const turnTo = (start: string): void => {
    if (start === active) return;
    if (active !== "") out += RESET;
    out += start;
    active = start;
  };
  for (let at = 0; at < parts.length; at++) {
    const { text, tone } = parts[at]!;
    turnTo(palette[tone]);
    out += inCharset(text, charset);
  }
  if (missing > 0) {
    turnTo(palette.plain);
    out += " ".repeat(missing);
  }
  return active === "" ? out : out + RESET;
}

/** Printable ASCII and the few signs our own sentences use; anything else might not be one cell wide. */
const NOT_ONE_CELL = /[^\u0020-\u007E…−–—·×→]/gu;

/** Text from outside (symbols, messages) made safe and one cell a character, at most `max` characters. */
export function outside(text: string, max = 200): string {
  return sanitiseText(text, max).replace(NOT_ONE_CELL, "?");
}
