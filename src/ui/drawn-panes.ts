/** The encoded rows of panes: drawn anew only where what they show has changed, and those of calm panes not too often. */
import type { Snapshot } from "../store/snapshot.ts";
import type { Moment, OpenPane } from "./pane.ts";
import type { Row, Size } from "./text.ts";
import type { Palette } from "./theme.ts";

/** Encoded rows, and what they were made from. */
interface Drawn {
  readonly open: OpenPane;
  readonly slice: object;
  readonly size: Size;
  readonly second: number;
  readonly flash: object | null;
  readonly alerts: object | null;
  readonly palette: Palette;
  readonly lines: readonly string[];
  /** Monotonic milliseconds. */
  readonly atMs: number;
}

/** Between two pictures of a calm pane, unless something else than data changed. */
const CALM_MS = 250;

/** What a pane is drawn from. */
export interface PaneSight {
  readonly shown: Snapshot;
  readonly now: Moment;
  readonly palette: Palette;
  /** The row in this screen's colours, exactly `width` cells. */
  readonly encode: (row: Row, width: number) => string;
}

export class DrawnPanes {
  /** Monotonic milliseconds at which the next calm pane that shows old data is due; Infinity when none does. */
  dueAtMs = Number.POSITIVE_INFINITY;
  readonly #drawn = new Map<number, Drawn>();
  #frameMs: number;
  #isWhole = true;

  /** Monotonic milliseconds now. */
  constructor(nowMs: number) {
    this.#frameMs = nowMs;
  }

  /** `isWhole`: calm panes are drawn too, so that the picture is of one moment. */
  beginFrame(frameMs: number, isWhole: boolean): void {
    this.#frameMs = frameMs;
    this.#isWhole = isWhole;
    this.dueAtMs = Number.POSITIVE_INFINITY;
  }

  /** The rows of a pane's inside; the same array while nothing in them changed. `index`: its place on this screen. */
  lines(index: number, open: OpenPane, size: Size, { shown, now, palette, encode }: PaneSight): readonly string[] {
    const slice = open.select(shown);
    const { follows, calm } = open.pane;
    const second = follows.includes("second") ? Math.floor(now.wallMs / 1000) : 0;
    const flash = follows.includes("flash") ? now.flash : null;
    const alerts = follows.includes("alerts") ? (now.alerts ?? null) : null;
    const last = this.#drawn.get(index);
    if (last !== undefined && last.open === open && last.size.columns === size.columns && last.size.rows === size.rows) {
      const isSame = last.second === second && last.flash === flash && last.alerts === alerts && last.palette === palette;
      if (isSame && last.slice === slice) return last.lines;
      if (isSame && calm && !this.#isWhole && this.#frameMs < last.atMs + CALM_MS) {
        this.dueAtMs = Math.min(this.dueAtMs, last.atMs + CALM_MS);
        return last.lines;
      }
    }
    const rows = open.draw(shown, size, now);
    const lines = Array.from({ length: size.rows }, (_, at) => encode(rows[at] ?? [], size.columns));
    this.#drawn.set(index, { open, slice, size, second, flash, alerts, palette, lines, atMs: this.#frameMs });
    return lines;
  }
}
