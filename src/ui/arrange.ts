/**
 * Where each pane goes. Pure and total: any size gives a layout that is never larger than the screen. Panes that do not
 * fit are dropped, lowest priority first, and named; the first pane in priority is always drawn.
 */
import type { Pane } from "./pane.ts";
import type { Rect, Size } from "./text.ts";

/** A box around the pane, a title line above it, or nothing when there is no room for either. */
export type Frame = "box" | "rule" | "none";

/** A pane on screen: `rect` with its frame, `inside` without. */
export interface Placed {
  /** Index of the pane in the list that was arranged. */
  readonly index: number;
  readonly rect: Rect;
  readonly inside: Rect;
}

/** The whole screen. */
export interface Arrangement {
  readonly frame: Frame;
  readonly status: Rect;
  /** What lies between status row and footer; overlays take it as a whole. */
  readonly body: Rect;
  /** Null when the screen is too low for one. */
  readonly footer: Rect | null;
  readonly placed: readonly Placed[];
  /** Indexes of the panes that are not drawn. */
  readonly dropped: readonly number[];
}

/** What `arrange` needs to know of the view. */
export interface ArrangeOptions {
  readonly focus: number;
  readonly zoomed: boolean;
}

type Column = readonly number[];

const BOX_MIN: Size = { columns: 100, rows: 30 };
const FOOTER_MIN_ROWS = 6;
const TWO_COLUMNS_FROM = 76;
const THREE_COLUMNS_FROM = 150;
const SHARES: Readonly<Record<number, readonly number[]>> = { 1: [1], 2: [54, 46], 3: [44, 31, 25] };
/** The share of the body that panes across the top may take, in percent. */
const TOP_PERCENT = 17;
/** A pane that can use any number of rows counts as this many when rows are shared out. */
const ENDLESS_ROWS = 24;

function frameRows(frame: Frame): number {
  return frame === "box" ? 2 : frame === "rule" ? 1 : 0;
}

function insideOf(rect: Rect, frame: Frame): Rect {
  if (frame === "box") return { x: rect.x + 1, y: rect.y + 1, width: rect.width - 2, height: rect.height - 2 };
  const top = frameRows(frame);
  return { x: rect.x, y: rect.y + top, width: rect.width, height: rect.height - top };
}

/** The chosen panes by column; a column whose panes were all dropped is left out. */
function columnsOf(panes: readonly Pane[], chosen: readonly number[], wanted: number): Column[] {
  const columns: number[][] = Array.from({ length: wanted }, () => []);
  for (const index of chosen) {
    const place = panes[index]?.place;
    if (place === undefined || place === "top") continue;
    columns[wanted === 1 ? 0 : wanted === 2 ? place.two : place.three]?.push(index);
  }
  return columns.filter((column) => column.length > 0);
}

/** Splits `total` cells by the shares of the columns, `gap` cells between them. */
function widthsOf(total: number, count: number, gap: number): number[] {
  const shares = SHARES[count] ?? Array.from({ length: count }, () => 1);
  const sum = shares.reduce((all, share) => all + share, 0);
  const room = total - gap * (count - 1);
  const widths = shares.map((share) => Math.floor((room * share) / sum));
  const used = widths.reduce((all, width) => all + width, 0);
  return widths.map((width, at) => (at === 0 ? width + room - used : width));
}

interface Plan {
  readonly top: readonly number[];
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
  readonly gap: number;
}

/** The plan for a set of panes, or null when some pane would be smaller than it can be. */
function planFor(panes: readonly Pane[], chosen: readonly number[], body: Rect, frame: Frame): Plan | null {
  const wanted = body.width >= THREE_COLUMNS_FROM ? 3 : body.width >= TWO_COLUMNS_FROM ? 2 : 1;
  const inOrder = chosen.toSorted((a, b) => a - b);
  const columns = columnsOf(panes, inOrder, wanted);
  const top = inOrder.filter((index) => panes[index]?.place === "top");
  const gap = frame === "box" ? 0 : 1;
  const widths = widthsOf(body.width, columns.length, gap);
  const sides = frame === "box" ? 2 : 0;
  const tooNarrow = (index: number, width: number): boolean => (panes[index]?.minSize.columns ?? 0) > width - sides;
  if (top.some((index) => tooNarrow(index, body.width))) return null;
  if (columns.some((column, at) => column.some((index) => tooNarrow(index, widths[at] ?? 0)))) return null;
  if (minRows(panes, top, frame) + tallest(panes, columns, frame) > body.height) return null;
  return { top, columns, widths, gap };
}

function minRows(panes: readonly Pane[], indexes: readonly number[], frame: Frame): number {
  return indexes.reduce((sum, index) => sum + (panes[index]?.minSize.rows ?? 0) + frameRows(frame), 0);
}

function tallest(panes: readonly Pane[], columns: readonly Column[], frame: Frame): number {
  return columns.reduce((most, column) => Math.max(most, minRows(panes, column, frame)), 0);
}

/** Rows for each pane of a column, frames included: the least each needs, then the rest to whoever has least of his. */
function heightsOf(panes: readonly Pane[], column: Column, rows: number, frame: Frame): number[] {
  const inside = column.map((index) => panes[index]?.minSize.rows ?? 0);
  const full = column.map((index) => panes[index]?.fullRows ?? 0);
  const base = minRows(panes, column, frame);
  for (let left = rows - base; left > 0; left--) {
    let needy = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < column.length; at++) {
      const has = inside[at] ?? 0;
      const wants = full[at] ?? 0;
      const share = (has >= wants ? 1000 : 0) + has / Math.min(wants, ENDLESS_ROWS);
      if (share < least) {
        least = share;
        needy = at;
      }
    }
    if (needy >= 0) inside[needy] = (inside[needy] ?? 0) + 1;
  }
  return inside.map((height) => height + frameRows(frame));
}

type Strip = Pick<Rect, "x" | "y" | "width">;

function stack({ x, y, width }: Strip, column: Column, heights: readonly number[], frame: Frame): Placed[] {
  let at = y;
  return column.map((index, order) => {
    const rect = { x, y: at, width, height: heights[order] ?? 0 };
    at += rect.height;
    return { index, rect, inside: insideOf(rect, frame) };
  });
}

function place(panes: readonly Pane[], plan: Plan, body: Rect, frame: Frame): Placed[] {
  const room = body.height - tallest(panes, plan.columns, frame);
  const least = minRows(panes, plan.top, frame);
  const full = plan.top.reduce((sum, index) => sum + (panes[index]?.fullRows ?? 0) + frameRows(frame), 0);
  const wished = Math.round((body.height * TOP_PERCENT) / 100) + frameRows(frame) * plan.top.length;
  const noOthers = plan.columns.length === 0;
  const topRows = noOthers ? body.height : Math.min(room, Math.max(least, Math.min(full, wished)));
  const top = plan.top.length === 0 ? 0 : topRows;
  const placed = stack(body, plan.top, heightsOf(panes, plan.top, top, frame), frame);
  let x = body.x;
  plan.columns.forEach((column, at) => {
    const width = plan.widths[at] ?? 0;
    const heights = heightsOf(panes, column, body.height - top, frame);
    placed.push(...stack({ x, y: body.y + top, width }, column, heights, frame));
    x += width + plan.gap;
  });
  return placed;
}

/** Panes in the order in which they get a place: the most important one, the focused one, the others by priority. */
function byImportance(panes: readonly Pane[], focus: number): number[] {
  const order = panes.map((_, index) => index);
  order.sort((a, b) => (panes[b]?.priority ?? 0) - (panes[a]?.priority ?? 0) || a - b);
  const first = order[0];
  if (first === undefined || first === focus || panes[focus] === undefined) return order;
  return [first, focus, ...order.filter((index) => index !== first && index !== focus)];
}

/** Lays out `panes` on `screen`. */
export function arrange(screen: Size, panes: readonly Pane[], options: ArrangeOptions): Arrangement {
  const columns = Math.max(0, screen.columns);
  const rows = Math.max(0, screen.rows);
  const status: Rect = { x: 0, y: 0, width: columns, height: Math.min(1, rows) };
  const footer = rows >= FOOTER_MIN_ROWS ? { x: 0, y: rows - 1, width: columns, height: 1 } : null;
  const bodyRows = Math.max(0, rows - 1 - (footer === null ? 0 : 1));
  const body: Rect = { x: 0, y: status.height, width: columns, height: bodyRows };
  const big = columns >= BOX_MIN.columns && rows >= BOX_MIN.rows;
  const frame: Frame = big ? "box" : "rule";
  const order = byImportance(panes, options.focus);
  const rest = (kept: readonly number[]): number[] => panes.map((_, at) => at).filter((at) => !kept.includes(at));
  const alone = (index: number): Arrangement => {
    const single: Frame = body.height > frameRows(frame) ? frame : "none";
    const placed = body.height > 0 ? [{ index, rect: body, inside: insideOf(body, single) }] : [];
    return { frame: single, status, body, footer, placed, dropped: rest(placed.map((one) => one.index)) };
  };
  if (options.zoomed && panes[options.focus] !== undefined) return alone(options.focus);
  const chosen: number[] = [];
  let plan: Plan | null = null;
  for (const index of order) {
    const tried = planFor(panes, [...chosen, index], body, frame);
    if (tried === null) continue;
    plan = tried;
    chosen.push(index);
  }
  const first = order[0];
  if (first === undefined) return { frame, status, body, footer, placed: [], dropped: [] };
  if (plan === null || !chosen.includes(first)) return alone(first);
  return { frame, status, body, footer, placed: place(panes, plan, body, frame), dropped: rest(chosen) };
}
