/** Scrolling as a number: how many rows of a list have been scrolled past, and the keys that change it. */
import type { PaneKey } from "./pane.ts";

/** A pane state that can scroll. */
export interface Scrolled {
  /** Rows scrolled past, 0 at the start of the list. */
  readonly skip: number;
}

const PAGE_ROWS = 10;

/** Keys that scroll a list whose length `count` tells; words for both directions. */
export function scrollKeys<Local extends Scrolled, Slice>(
  count: (slice: Slice, local: Local) => number,
  words: { readonly on: string; readonly back: string; readonly start: string },
): readonly PaneKey<Local, Slice>[] {
  const by = (rows: number) => (local: Local, slice: Slice): Local => {
    const most = Math.max(0, count(slice, local) - 1);
    return { ...local, skip: Math.min(most, Math.max(0, Math.min(local.skip, most) + rows)) };
  };
  return [
    { name: "down", chords: ["down", "j"], label: words.on, run: by(1) },
    { name: "up", chords: ["up", "k"], label: words.back, run: by(-1) },
    { name: "page-down", chords: ["pagedown"], label: `${words.on}, a page`, run: by(PAGE_ROWS) },
    { name: "page-up", chords: ["pageup"], label: `${words.back}, a page`, run: by(-PAGE_ROWS) },
    { name: "start", chords: ["home"], label: words.start, run: (local) => ({ ...local, skip: 0 }) },
  ];
}
