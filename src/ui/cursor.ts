/** The marked row of a list: which one it is, where it stands on the screen, and what keys and the mouse do to it. */
import type { PaneKey } from "./pane.ts";
import { fitRow, rowText } from "./text.ts";
import type { Row, Size } from "./text.ts";

/** `key` names the row by what it shows, so that rows that come or go elsewhere do not move the mark. */
export interface Cursor {
  readonly key: unknown;
  /** Rows of the list that are shown above it, where there are as many. */
  readonly row: number;
}

/** A list as a pane of some size shows it, in the order of the screen. */
export interface ListShape {
  readonly count: number;
  readonly keyAt: (index: number) => unknown;
  /** -1: it is not in the list any more. */
  readonly indexOf: (key: unknown) => number;
  /** Rows there is room for, and rows of the pane above them. */
  readonly room: number;
  readonly above: number;
  /** While none is marked: the first row shown, and the one that is meant. With 0 the newest is on top and moving past it follows it. */
  readonly top: number;
  readonly home: number;
}

/** How a pane keeps its cursor. */
export interface ListSpec<Slice, Local> {
  readonly shape: (slice: Slice, local: Local, size: Size) => ListShape;
  readonly cursor: (local: Local) => Cursor | null;
  readonly put: (local: Local, cursor: Cursor | null, slice: Slice) => Local;
  /** The price of the marked row, in ticks; null where none is marked. */
  readonly ticks: (slice: Slice, local: Local) => number | null;
}

/** What is shown of a list: from `top` on, with the mark at `at`; -1: none. */
export interface Shown {
  readonly top: number;
  readonly at: number;
}

const PAGE_ROWS = 10;
const SIGN = "»";

/** A shape whose rows are named by values of which each is there once. */
export function keyedBy(keys: readonly unknown[]): Pick<ListShape, "count" | "keyAt" | "indexOf"> {
  return { count: keys.length, keyAt: (index) => keys[index], indexOf: (key) => keys.indexOf(key) };
}

/** See `Shown`. */
export function shownOf(shape: ListShape, cursor: Cursor | null): Shown {
  const at = cursor === null ? -1 : shape.indexOf(cursor.key);
  if (cursor === null || at < 0) return { top: shape.top, at: -1 };
  const row = Math.max(0, Math.min(cursor.row, shape.room - 1));
  return { top: Math.max(0, Math.min(at - row, shape.count - shape.room)), at };
}

function at(shape: ListShape, index: number, row: number): Cursor {
  return { key: shape.keyAt(index), row: Math.max(0, Math.min(row, shape.room - 1)) };
}

/** The mark some rows on; with `scrolls` the list moves beneath it, else it moves in the list as long as it is in sight. */
function moved(shape: ListShape, cursor: Cursor | null, by: number, scrolls: boolean): Cursor | null {
  if (shape.count === 0) return null;
  const { top, at: from } = shownOf(shape, cursor);
  const isFollowing = from < 0 && shape.home === 0;
  if (isFollowing && by < 0) return null;
  // The first step marks what was meant already.
  const wanted = from < 0 && !scrolls ? shape.home : (from < 0 ? shape.home : from) + by;
  if (wanted < 0 && shape.home === 0) return null;
  const next = Math.max(0, Math.min(wanted, shape.count - 1));
  const stood = (from < 0 ? shape.home : from) - top;
  return at(shape, next, scrolls ? stood : next - top);
}

/** The mark at the row in line `y` of the pane; none where that is marked already; as it was where no row is. */
function picked(shape: ListShape, cursor: Cursor | null, y: number): Cursor | null {
  const { top, at: marked } = shownOf(shape, cursor);
  const row = y - shape.above;
  const index = top + row;
  if (row < 0 || row >= shape.room || index >= shape.count) return cursor;
  return index === marked ? null : at(shape, index, row);
}

/** What the mouse does to a list. */
export function wheeled<Slice, Local>(list: ListSpec<Slice, Local>, slice: Slice, local: Local, size: Size, by: number): Local {
  return list.put(local, moved(list.shape(slice, local, size), list.cursor(local), by, true), slice);
}
export function clicked<Slice, Local>(list: ListSpec<Slice, Local>, slice: Slice, local: Local, size: Size, y: number): Local {
  return list.put(local, picked(list.shape(slice, local, size), list.cursor(local), y), slice);
}

/** Keys that move the mark; words for both directions. */
export function cursorKeys<Slice, Local>(
  list: ListSpec<Slice, Local>,
  words: { readonly on: string; readonly back: string; readonly start: string },
): readonly PaneKey<Local, Slice>[] {
  const by = (rows: number, scrolls: boolean): PaneKey<Local, Slice>["run"] => (local, slice, size) =>
    list.put(local, moved(list.shape(slice, local, size), list.cursor(local), rows, scrolls), slice);
  return [
    { name: "down", chords: ["down", "j"], label: words.on, run: by(1, false) },
    { name: "up", chords: ["up", "k"], label: words.back, run: by(-1, false) },
    { name: "page-down", chords: ["pagedown"], label: `${words.on}, a page`, run: by(PAGE_ROWS, true) },
    { name: "page-up", chords: ["pageup"], label: `${words.back}, a page`, run: by(-PAGE_ROWS, true) },
    { name: "start", chords: ["home"], label: words.start, run: (local, slice) => list.put(local, null, slice) },
  ];
}

/** The marked row: across the pane, with a sign in its first blank. */
export function markedRow(row: Row, width: number): Row {
  const text = rowText(fitRow(row, width));
  return [{ text: text.replace(" ", SIGN), tone: "mark" }];
}
