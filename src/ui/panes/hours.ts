/** Volume by Eastern hour: bars in eighths of a cell, split into buyers and sellers, regular hours marked. */
import type { HourVolume, HourVolumesView } from "../../studies/index.ts";
import { barText, notice } from "../blocks.ts";
import { countText } from "../format.ts";
import { definePane } from "../pane.ts";
import { scrollKeys } from "../scroll.ts";
import type { Scrolled } from "../scroll.ts";
import { flow, line, span } from "../text.ts";
import type { Row, Size } from "../text.ts";

/** What the pane shows. */
export interface HoursSlice {
  readonly hours: HourVolumesView;
}

const LABEL_WIDTH = 15;
const PERCENT_WIDTH = 7;
const SHARE_WIDTH = 9;

/** Sold contracts as a shape of their own, so that the split is seen without colour. */
const SOLD = "▒";

function isRegular(hour: HourVolume): boolean {
  return hour.hour >= 9 && hour.hour < 16;
}

/** Regular hours have a heavy mark; 09 is both, its first half is overnight. */
function mark(hour: HourVolume): string {
  return hour.hour === 9 ? "╽" : isRegular(hour) ? "┃" : "│";
}

function bar(hour: HourVolume, max: number, width: number): Row {
  if (hour.volume === 0 || max === 0 || width <= 0) return [];
  const full = barText(hour.volume / max, width);
  const sold = hour.buyVolume + hour.sellVolume === 0 ? 0 : hour.sellVolume / (hour.buyVolume + hour.sellVolume);
  const soldCells = Math.min(full.length - 1, Math.round(full.length * sold));
  const bought = full.length - soldCells;
  // The last cell keeps its eighths; shaded cells before it show what was sold.
  const shaded = Math.max(0, soldCells - 1);
  return [
    span(full.slice(0, bought), "up"),
    span(SOLD.repeat(shaded), "down"),
    span(soldCells > 0 ? full.slice(bought + shaded) : "", "down"),
  ];
}

function percent(part: number, total: number): string {
  return total === 0 ? "" : `${((part / total) * 100).toFixed(1)}%`;
}

function hourRow(hour: HourVolume, view: HourVolumesView, width: number): Row {
  const begun = hour.volume > 0 || hour.current;
  const label = `${hour.current ? "▸" : " "}${String(hour.hour).padStart(2, "0")} `;
  const tone = hour.current ? "strong" : begun ? "plain" : "dim";
  const head: Row = [
    span(label, tone),
    span(`${mark(hour)} `, isRegular(hour) ? "accent" : "border"),
    span((begun ? countText(hour.volume) : "·").padStart(LABEL_WIDTH - 7), tone),
    span(" "),
  ];
  const part = begun ? percent(hour.volume, view.total) : "";
  const share: Row = width >= 36 ? [span(`${part.padStart(PERCENT_WIDTH - 1)} `, "dim")] : [];
  const sided = hour.buyVolume + hour.sellVolume;
  const bought = sided === 0 ? "" : `${Math.round((hour.buyVolume / sided) * 100)}% buy`;
  const split: Row = width >= 58 ? [span(`${bought.padStart(SHARE_WIDTH - 1)} `, "dim")] : [];
  const used = LABEL_WIDTH + (share.length > 0 ? PERCENT_WIDTH : 0) + (split.length > 0 ? SHARE_WIDTH : 0);
  return [...head, ...share, ...split, ...bar(hour, view.max, width - used)];
}

function sumRow(view: HourVolumesView, width: number): Row {
  const overnight = view.total - view.rth;
  return flow(
    [
      [span("total ", "dim"), span(countText(view.total), "strong")],
      [span("┃ ", "accent"), span("RTH ", "dim"), span(countText(view.rth))],
      [span("│ ", "border"), span("ETH ", "dim"), span(countText(overnight))],
      [span("█ buy ", "up"), span(`${SOLD} sell`, "down")],
      line("▸ hour so far", "dim"),
    ],
    width,
  );
}

/** The hours shown: as many as fit, those up to now first, hours to come only when there is room. */
function visible(view: HourVolumesView, skip: number, size: Size): readonly HourVolume[] {
  const rows = Math.max(1, size.rows - 1);
  const now = view.hours.findLastIndex((hour) => hour.current || hour.volume > 0);
  if (view.hours.length <= rows) return view.hours;
  const end = Math.max(Math.min(rows, now + 1), now + 1 - skip);
  return view.hours.slice(Math.max(0, end - rows), Math.max(end, rows));
}

/** The pane of hours. */
export const hours = definePane({
  id: "hours",
  title: "Volume by hour",
  minSize: { columns: 28, rows: 4 },
  fullRows: 24,
  priority: 60,
  place: { two: 0, three: 1 },
  initial: { skip: 0 },
  keys: scrollKeys<Scrolled, HoursSlice>((slice) => slice.hours.hours.length, {
    on: "earlier hours",
    back: "later hours",
    start: "the current hour",
  }),
  select: { hours: (snapshot) => snapshot.studies.hours },
  view: ({ hours: view }: HoursSlice, { skip }: Scrolled, size) => {
    if (view.total === 0) return notice("waiting for the first trade…", size);
    const rows = visible(view, skip, size).map((hour) => hourRow(hour, view, size.columns));
    return [...rows, sumRow(view, size.columns)];
  },
});
