/**
 * What has to be written to make the terminal show the screen: the shell's changed lines, the canvas rows on those
 * lines, and the canvas rows that changed by themselves. It remembers what the terminal shows already, so frames may be
 * left out at any time; the next one catches up.
 */
import { rowChange } from "./row-change.ts";
import { BEGIN_UPDATE, CLEAR_SCREEN, END_UPDATE, cellsOf, moveTo } from "./terminal-codes.ts";
import type { Rect, Size } from "./text.ts";
import { RESET } from "./theme.ts";
import type { Ground } from "./theme.ts";

/** Rows of exactly the rectangle's width, encoded; the same array as last time says that nothing changed. */
export type Painter = (rect: Rect) => readonly string[];

interface Region {
  readonly rect: Rect;
  readonly paint: Painter;
  /** What the terminal shows of it; null where that is not known. */
  readonly shown: (string | null)[];
  /** The array that was painted last, once all its rows are on the terminal. */
  done: readonly string[] | null;
}

/** See the head of this file. */
export interface Composer {
  /** A new size: nothing on the terminal counts any more. */
  readonly resize: (size: Size) => void;
  /** The shell's lines, top first, as Ink drew them. */
  readonly setShell: (lines: readonly string[]) => void;
  /** Hands a rectangle of the shell to a painter; the returned function takes it back. */
  readonly register: (rect: Rect, paint: Painter) => () => void;
  /** Everything to write now, as one string; empty when the terminal shows it all. */
  readonly compose: () => string;
}

/** What ends letters' colour, what ends the colour behind them, and what ends both; Ink writes the first two. */
const INK_OFF = "\u001B[39m";
const PAPER_OFF = "\u001B[49m";

/** Encoded text on ink and paper of the theme: they come back wherever a tone ends. */
function onGround(text: string, { both, ink, paper }: Ground): string {
  if (both === "") return text;
  return both + text.replaceAll(INK_OFF, ink).replaceAll(PAPER_OFF, paper).replaceAll(RESET, RESET + both);
}

const NO_GROUND: Ground = { both: "", ink: "", paper: "" };

/** Makes a composer for a terminal of this size, about which nothing is known yet; another `ground` draws all anew. */
export function createComposer(initial: Size, ground: () => Ground = () => NO_GROUND): Composer {
  let size = initial;
  let clear = true;
  let stands = ground();
  let shell: readonly string[] = [];
  let shown: (string | null)[] = [];
  const regions = new Set<Region>();

  const forget = (y: number): void => {
    for (const region of regions) {
      const at = y - region.rect.y;
      if (at < 0 || at >= region.rect.height) continue;
      region.shown[at] = null;
      region.done = null;
    }
  };

  /** Regions never lie over each other: where their widths make up the line, all of it is painted. */
  const isPainted = (y: number): boolean => {
    let cells = 0;
    for (const { rect } of regions) if (y >= rect.y && y < rect.y + rect.height) cells += rect.width;
    return cells >= size.columns;
  };

  const shellLines = (): string => {
    let out = "";
    for (let y = 0; y < size.rows; y++) {
      const text = shell[y] ?? "";
      if (text === shown[y]) continue;
      if (text.trim() !== "" || !isPainted(y)) {
        const missing = Math.max(0, size.columns - cellsOf(text));
        out += moveTo(0, y) + onGround(`${text}${RESET}${" ".repeat(missing)}`, stands);
      }
      shown[y] = text;
      forget(y);
    }
    return out;
  };

  const regionRows = (region: Region): string => {
    const rows = region.paint(region.rect);
    if (rows === region.done) return "";
    let out = "";
    for (let at = 0; at < region.rect.height; at++) {
      const text = rows[at] ?? "";
      const before = region.shown[at] ?? null;
      if (text === before) continue;
      const { cell, text: changed } = before === null ? { cell: 0, text } : rowChange(before, text);
      out += moveTo(region.rect.x + cell, region.rect.y + at) + onGround(changed, stands);
      region.shown[at] = text;
    }
    region.done = rows;
    return out;
  };

  return {
    resize: (next) => {
      size = next;
      clear = true;
    },
    setShell: (lines) => {
      shell = lines;
    },
    register: (rect, paint) => {
      const region: Region = { rect, paint, shown: Array.from({ length: rect.height }, () => null), done: null };
      regions.add(region);
      return () => {
        regions.delete(region);
        // The terminal still shows the region's cells, so those lines have to be drawn again.
        for (let y = rect.y; y < rect.y + rect.height; y++) shown[y] = null;
      };
    },
    compose: () => {
      const now = ground();
      if (now !== stands) shown = shown.map(() => null);
      stands = now;
      const head = clear ? CLEAR_SCREEN : "";
      if (clear) shown = Array.from({ length: size.rows }, () => null);
      clear = false;
      let body = shellLines();
      for (const region of regions) body += regionRows(region);
      return body === "" ? head : `${head}${BEGIN_UPDATE}${body}${stands.both === "" ? "" : RESET}${END_UPDATE}`;
    },
  };
}
