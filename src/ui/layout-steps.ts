/** What the keys of the layout do to the view: next preset, hide a pane, move it. */
import { layoutOf, orderOf, visibleOf } from "./layout.ts";
import { PRESETS, presetAfter } from "./presets.ts";
import type { ViewState } from "./view-state.ts";

function idOf({ open }: ViewState, index: number): string {
  return open[index]?.pane.id ?? "";
}

function titleOf({ open, focus }: ViewState): string {
  return open[focus]?.pane.title ?? "";
}

/** The preset after this one or before it; the focus goes to what it is about where the pane that had it is not there. */
export function stepPreset(view: ViewState, by: 1 | -1): ViewState {
  const preset = presetAfter(view.preset, by);
  const { title, places, main } = PRESETS[preset];
  const has = places?.has(idOf(view, view.focus)) ?? true;
  const at = view.open.findIndex(({ pane }) => pane.id === main);
  const focus = has && preset !== "price" ? view.focus : Math.max(0, at);
  return { ...view, preset, focus, zoomed: false, help: false, note: `layout ${title}` };
}

/** The view without the focused pane; the last one stays. */
export function hidePane(view: ViewState): ViewState {
  const id = idOf(view, view.focus);
  const visible = visibleOf(view);
  const at = visible.indexOf(view.focus);
  const next = visible[at + 1] ?? visible[at - 1];
  if (next === undefined) return { ...view, note: `${titleOf(view)} is the only pane, so it stays` };
  const hidden = view.hidden.includes(id) ? view.hidden : [...view.hidden, id];
  return { ...view, hidden, focus: next, zoomed: false, note: `${titleOf(view)} is hidden; go to it to have it back` };
}

/** The focused pane one place up or down in its column. */
export function movePane(view: ViewState, by: 1 | -1): ViewState {
  const { placed } = layoutOf(view);
  const own = placed.find(({ index }) => index === view.focus);
  const column = placed.filter(({ rect }) => rect.x === own?.rect.x && rect.width === own.rect.width);
  const at = column.findIndex(({ index }) => index === view.focus);
  const other = column[at + by];
  if (own === undefined || other === undefined) return { ...view, note: `${titleOf(view)} is the ${by < 0 ? "first" : "last"} of its column` };
  const order = orderOf(view).map((index) => (index === view.focus ? other.index : index === other.index ? view.focus : index));
  return { ...view, order: order.map((index) => idOf(view, index)) };
}
