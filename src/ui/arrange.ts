/**
 * Where each pane goes. Pure and total: any size gives a layout that is never larger than the screen. Panes that do not
 * fit are dropped, lowest priority first, and named. The focused pane is always drawn, beside the most important ones
 * while there is room for them, else alone.
 */
import type { Pane, Place } from "./pane.ts";
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
const FOUR_COLUMNS_FROM = 240;
const SHARES: Readonly<Record<number, readonly number[]>> = {
  1: [1], 2: [54, 46], 3: [44, 31, 25], 4: [36, 26, 20, 18],
};
/** The share of the body that panes across the top may take beyond their good size, in percent; and of a tall body. */
const TOP_PERCENT = 11;
const TALL_TOP_PERCENT = 13;
const TALL_ROWS = 80;
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

type Columns = 1 | 2 | 3 | 4;

function columnCount(width: number): Columns {
  if (width < TWO_COLUMNS_FROM) return 1;
  return width < THREE_COLUMNS_FROM ? 2 : width < FOUR_COLUMNS_FROM ? 3 : 4;
}

function columnOf(place: Exclude<Place, "top">, count: Columns): number {
  return count === 1 ? 0 : count === 2 ? place.two : count === 3 ? place.three : (place.four ?? place.three);
}

/** The chosen panes by column; a column whose panes were all dropped is left out. */
function columnsOf(panes: readonly Pane[], chosen: readonly number[], wanted: Columns): Column[] {
  const columns: number[][] = Array.from({ length: wanted }, () => []);
  for (const index of chosen) {
    const place = panes[index]?.place;
    if (place !== undefined && place !== "top") columns[columnOf(place, wanted)]?.push(index);
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

/** A pane with the inside rows it has to get. */
interface Wish {
  readonly index: number;
  readonly rows: number;
}

/** The plan for a set of panes, or null when some pane would be smaller than it can be. */
function planFor(panes: readonly Pane[], wishes: readonly Wish[], body: Rect, frame: Frame): Plan | null {
  const wanted = columnCount(body.width);
  const chosen = wishes.map(({ index }) => index);
  const inOrder = chosen.toSorted((a, b) => a - b);
  const columns = columnsOf(panes, inOrder, wanted);
  const top = inOrder.filter((index) => panes[index]?.place === "top");
  const gap = frame === "box" ? 0 : 1;
  const widths = widthsOf(body.width, columns.length, gap);
  const sides = frame === "box" ? 2 : 0;
  const tooNarrow = (index: number, width: number): boolean => (panes[index]?.minSize.columns ?? 0) > width - sides;
  if (top.some((index) => tooNarrow(index, body.width))) return null;
  if (columns.some((column, at) => column.some((index) => tooNarrow(index, widths[at] ?? 0)))) return null;
  const wishedRows = (column: Column): number =>
    wishes.reduce((sum, { index, rows }) => sum + (column.includes(index) ? rows + frameRows(frame) : 0), 0);
  const highest = Math.max(0, ...columns.map(wishedRows));
  return wishedRows(top) + highest > body.height ? null : { top, columns, widths, gap };
}

function minRows(panes: readonly Pane[], indexes: readonly number[], frame: Frame): number {
  return indexes.reduce((sum, index) => sum + (panes[index]?.minSize.rows ?? 0) + frameRows(frame), 0);
}

function tallest(panes: readonly Pane[], columns: readonly Column[], frame: Frame): number {
  return columns.reduce((most, column) => Math.max(most, minRows(panes, column, frame)), 0);
}

/**
 * Rows for each pane of a column, frames included: the least each needs, then what each is good with, then the rest to
 * whoever has least of his.
 */
function heightsOf(panes: readonly Pane[], column: Column, rows: number, frame: Frame): number[] {
  const inside = column.map((index) => panes[index]?.minSize.rows ?? 0);
  const good = column.map((index) => panes[index]?.goodRows ?? 0);
  const full = column.map((index) => panes[index]?.fullRows ?? 0);
  const base = minRows(panes, column, frame);
  for (let left = rows - base; left > 0; left--) {
    let needy = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < column.length; at++) {
      const has = inside[at] ?? 0;
      const wants = full[at] ?? 0;
      const needs = good[at] ?? 0;
      const share = has < needs ? has / needs - 1000 : (has >= wants ? 1000 : 0) + has / Math.min(wants, ENDLESS_ROWS);
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
  const rowsOf = (rows: (pane: Pane) => number): number =>
    plan.top.reduce((sum, index) => sum + (panes[index] === undefined ? 0 : rows(panes[index])) + frameRows(frame), 0);
  const least = rowsOf((pane) => decentRows(pane, frame));
  const full = rowsOf((pane) => pane.fullRows);
  const percent = body.height >= TALL_ROWS ? TALL_TOP_PERCENT : TOP_PERCENT;
  const wished = Math.round((body.height * percent) / 100) + frameRows(frame) * plan.top.length;
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

/** Panes in the order in which they get a place: the focused one, then by priority. */
function byImportance(panes: readonly Pane[], focus: number): number[] {
  const order = panes.map((_, index) => index);
  order.sort((a, b) => (panes[b]?.priority ?? 0) - (panes[a]?.priority ?? 0) || a - b);
  return panes[focus] === undefined ? order : [focus, ...order.filter((index) => index !== focus)];
}

/** The focused pane and the two most important others are drawn however small they get. */
const KEPT = 3;

/** Inside rows without which a pane is left out rather than squeezed in; a small screen is content with less. */
function decentRows(pane: Pane | undefined, frame: Frame): number {
  const { minSize, goodRows } = pane ?? { minSize: { rows: 0 }, goodRows: 0 };
  return frame === "box" ? goodRows : Math.ceil((minSize.rows + goodRows) / 2);
}

/** The kept panes in any size, then the others that fit in decent size beside decent kept ones. */
function choose(panes: readonly Pane[], order: readonly number[], body: Rect, frame: Frame): ChosenPlan {
  let chosen: readonly Wish[] = [];
  let plan: Plan | null = null;
  const attempt = (wishes: readonly Wish[]): void => {
    const tried = planFor(panes, wishes, body, frame);
    if (tried === null) return;
    plan = tried;
    chosen = wishes;
  };
  const decent = (index: number): Wish => ({ index, rows: decentRows(panes[index], frame) });
  for (const index of order.slice(0, KEPT)) attempt([...chosen, { index, rows: panes[index]?.minSize.rows ?? 0 }]);
  for (const { index } of chosen) attempt(chosen.map((wish) => (wish.index === index ? decent(index) : wish)));
  for (const index of order.slice(KEPT)) attempt([...chosen, decent(index)]);
  return { plan, chosen: chosen.map(({ index }) => index) };
}

interface ChosenPlan {
  readonly plan: Plan | null;
  readonly chosen: readonly number[];
}

/** Rows of the status line: two where the screen has room for clocks and warnings of their own. */
function statusRows(rows: number, big: boolean): number {
  return Math.min(rows, big ? 2 : 1);
}

/** Lays out `panes` on `screen`. */
export function arrange(screen: Size, panes: readonly Pane[], options: ArrangeOptions): Arrangement {
  const columns = Math.max(0, screen.columns);
  const rows = Math.max(0, screen.rows);
  const big = columns >= BOX_MIN.columns && rows >= BOX_MIN.rows;
  const status: Rect = { x: 0, y: 0, width: columns, height: statusRows(rows, big) };
  const footer = rows >= FOOTER_MIN_ROWS ? { x: 0, y: rows - 1, width: columns, height: 1 } : null;
  const bodyRows = Math.max(0, rows - status.height - (footer === null ? 0 : 1));
  const body: Rect = { x: 0, y: status.height, width: columns, height: bodyRows };
  const frame: Frame = big ? "box" : "rule";
  const order = byImportance(panes, options.focus);
  const rest = (kept: readonly number[]): number[] => panes.map((_, at) => at).filter((at) => !kept.includes(at));
  const alone = (index: number): Arrangement => {
    const single: Frame = body.height > frameRows(frame) ? frame : "none";
    const placed = body.height > 0 ? [{ index, rect: body, inside: insideOf(body, single) }] : [];
    return { frame: single, status, body, footer, placed, dropped: rest(placed.map((one) => one.index)) };
  };
  const [first] = order;
  if (first === undefined) return { frame, status, body, footer, placed: [], dropped: [] };
  if (options.zoomed && panes[options.focus] !== undefined) return alone(options.focus);
  const { plan, chosen } = choose(panes, order, body, frame);
  if (plan === null || !chosen.includes(first)) return alone(first);
  return { frame, status, body, footer, placed: place(panes, plan, body, frame), dropped: rest(chosen) };
}
