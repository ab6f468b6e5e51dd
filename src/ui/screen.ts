/** The whole screen as rows of cells, without Ink: what the tests compare with, and what pictures are made from. */
import type { Snapshot } from "../store/snapshot.ts";
import type { Arrangement } from "./arrange.ts";
import { debugRow } from "./debug-row.ts";
import { debugRect, isPriceOnly, isSmall, layoutOf } from "./layout.ts";
import type { Moment } from "./pane.ts";
import { footerRow, frameRows, overlayRows, paneTitle, playingHints } from "./shell-rows.ts";
import type { FrameRows } from "./shell-rows.ts";
import { offsetOf } from "./market-words.ts";
import { statusRows } from "./status-rows.ts";
import type { StatusInput } from "./status-rows.ts";
import { playingRow } from "./tape-deck.ts";
import { fitRow } from "./text.ts";
import type { Rect, Row } from "./text.ts";
import type { Tone } from "./theme.ts";
import type { ViewState } from "./view-state.ts";

/** A drawing board: one character and tone for each cell. */
interface Board {
  readonly put: (x: number, y: number, row: Row | null) => void;
  readonly rows: () => readonly Row[];
}

function board(width: number, height: number): Board {
  const blank = (): { text: string; tone: Tone } => ({ text: " ", tone: "plain" });
  const cells = Array.from({ length: height }, () => Array.from({ length: width }, blank));
  return {
    put: (x, y, row) => {
      let at = x;
      for (const part of row ?? []) {
        for (const text of part.text) {
          const cell = cells[y]?.[at++];
          if (cell !== undefined) Object.assign(cell, { text, tone: part.tone });
        }
      }
    },
    rows: () => cells,
  };
}

/** The rows of a pane's inside: exactly the rectangle, whatever the pane returned. */
export function exactRows(rows: readonly Row[], rect: Pick<Rect, "width" | "height">): readonly Row[] {
  return Array.from({ length: rect.height }, (_, at) => fitRow(rows[at] ?? [], rect.width));
}

function putFrame(to: Board, rect: Rect, frame: FrameRows): void {
  to.put(rect.x, rect.y, frame.top);
  if (frame.side === null || frame.bottom === null) return;
  for (let y = rect.y + 1; y < rect.y + rect.height - 1; y++) {
    to.put(rect.x, y, frame.side);
    to.put(rect.x + rect.width - 1, y, frame.side);
  }
  to.put(rect.x, rect.y + rect.height - 1, frame.bottom);
}

/** Whether the status line has the price: where no pane shows it, and before all else on a small screen. */
export function priceInStatus(layout: Arrangement, view: ViewState): StatusInput["withPrice"] {
  if (isSmall(view.size)) return "first";
  const isOverlaid = view.welcome || view.help || (view.entry !== null && view.entry.isTime !== true);
  return isOverlaid || !layout.placed.some(({ index }) => view.open[index]?.pane.place === "top");
}

/** What is drawn: the panes' snapshot (frozen or not), and the one the status row shows, which never freezes. */
export interface ScreenInput {
  readonly shown: Snapshot;
  readonly latest: Snapshot;
  readonly view: ViewState;
  /** Market time at which the picture was frozen; null while it moves. */
  readonly frozenAt: string | null;
  readonly now: Moment;
}

/** The screen, top row first; as many rows as the terminal has, each as wide as it. */
export function composeScreen({ shown, latest, view, frozenAt, now }: ScreenInput): readonly Row[] {
  const { columns, rows } = view.size;
  const layout = layoutOf(view);
  const to = board(columns, rows);
  const withPrice = priceInStatus(layout, view);
  const moment = isPriceOnly(view) ? { ...now, alone: true } : now;
  const status = statusRows({ snapshot: latest, frozenAt, now, withPrice }, { columns, rows: layout.status.height });
  status.slice(0, layout.status.height).forEach((row, at) => to.put(0, at, row));
  const isPlaying = now.playing !== undefined && view.note === "" && view.notice === null && !view.help;
  const footer = now.playing !== undefined && isPlaying ? playingRow(now.playing, offsetOf(latest.day), columns, playingHints(view, layout, now.playing.behind !== null)) : footerRow(view, layout, columns);
  if (layout.footer !== null) to.put(0, layout.footer.y, footer);
  const debug = debugRect(view);
  if (debug !== null) to.put(0, debug.y, debugRow(now.debug ?? null, columns));
  const { body } = layout;
  const overlay = overlayRows(view, { columns: body.width, rows: body.height });
  if (overlay !== null) {
    overlay.forEach((row, at) => to.put(0, body.y + at, row));
    return to.rows();
  }
  for (const { index, rect, inside } of layout.placed) {
    const open = view.open[index];
    if (open === undefined) continue;
    const title = paneTitle(open.pane, view.keys, shown.coverage);
    putFrame(to, rect, frameRows(layout.frame, title, rect.width, index === view.focus));
    const drawn = open.draw(shown, { columns: inside.width, rows: inside.height }, moment);
    exactRows(drawn, inside).forEach((row, at) => to.put(inside.x, inside.y + at, row));
  }
  return to.rows();
}
