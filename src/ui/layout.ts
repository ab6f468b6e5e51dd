/** Which panes the reader sees and where: the preset, what was hidden, the order, laid out on the screen. */
import { arrange } from "./arrange.ts";
import type { Arrangement } from "./arrange.ts";
import type { Pane } from "./pane.ts";
import { PRESETS } from "./presets.ts";
import type { Rect, Size } from "./text.ts";
import type { ViewState } from "./view-state.ts";

/** What decides it. */
export type LayoutView = Pick<ViewState, "size" | "open" | "focus" | "zoomed" | "preset" | "hidden" | "order" | "debug">;

/** Below this size the first row has price, change and link state, whatever else there is. */
const SMALL: Size = { columns: 60, rows: 15 };

/** Whether the screen is too small for a layout of panes. */
export function isSmall({ columns, rows }: Size): boolean {
  return columns < SMALL.columns || rows < SMALL.rows;
}

/** Indexes of all panes, those first that the reader put in an order. */
export function orderOf({ open, order }: Pick<LayoutView, "open" | "order">): readonly number[] {
  const rank = (index: number): number => {
    const at = order.indexOf(open[index]?.pane.id ?? "");
    return at < 0 ? order.length : at;
  };
  return open.map((_, index) => index).sort((a, b) => rank(a) - rank(b) || a - b);
}

/** Indexes of the panes that belong to the screen, in order: of the preset, not hidden; and the focused one. */
export function visibleOf(view: LayoutView): readonly number[] {
  const { places } = PRESETS[view.preset];
  return orderOf(view).filter((index) => {
    const id = view.open[index]?.pane.id ?? "";
    return index === view.focus || (!view.hidden.includes(id) && (places?.has(id) ?? true));
  });
}

/** The price fills the screen and nothing else is on it. */
export function isPriceOnly(view: LayoutView): boolean {
  return view.preset === "price" && !view.zoomed && view.open[view.focus]?.pane.id === "price" && !isSmall(view.size);
}

/** The pane as the preset wants it. */
function presetPane(pane: Pane, { preset }: LayoutView): Pane {
  const { places } = PRESETS[preset];
  if (places === null) return pane;
  const place = places.get(pane.id) ?? pane.place;
  const rank = [...places.keys()].indexOf(pane.id);
  return { ...pane, place, priority: rank < 0 ? 0 : 100 - rank };
}

/** Rows from which there is one to spare for what the screen costs. */
const DEBUG_FROM_ROWS = 8;

/** Where the row of what the screen costs is; null without one. */
export function debugRect({ size: { columns, rows }, debug }: Pick<LayoutView, "size" | "debug">): Rect | null {
  return debug && rows >= DEBUG_FROM_ROWS ? { x: 0, y: rows - 1, width: columns, height: 1 } : null;
}

/** The arrangement of the view; indexes count in `open`. */
export function layoutOf(view: LayoutView): Arrangement {
  const visible = visibleOf(view);
  const panes = visible.flatMap((index) => {
    const pane = view.open[index]?.pane;
    return pane === undefined ? [] : [presetPane(pane, view)];
  });
  const back = (at: number): number => visible[at] ?? at;
  const { columns, rows } = view.size;
  const layout = arrange({ columns, rows: rows - (debugRect(view)?.height ?? 0) }, panes, { focus: visible.indexOf(view.focus), zoomed: view.zoomed });
  const placed = layout.placed.map((one) => ({ ...one, index: back(one.index) }));
  if (isPriceOnly(view)) {
    const whole = placed.map((one) => ({ ...one, rect: layout.body, inside: layout.body }));
    return { ...layout, frame: "none", placed: whole, dropped: [] };
  }
  return { ...layout, placed, dropped: layout.dropped.map(back) };
}
