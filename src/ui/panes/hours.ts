/** Volume by Eastern hour: bars split into buyers and sellers, regular hours marked, the running hour projected. */
import type { TradingDay } from "../../market/trading-day.ts";
import type { Coverage } from "../../store/snapshot.ts";
import type { HourVolumesView, LastTrade } from "../../studies/index.ts";
import { barText, notice } from "../blocks.ts";
import { PARTIAL_SIGN } from "../coverage-words.ts";
import { countText, signedText } from "../format.ts";
import { hourParts } from "../hour-parts.ts";
import type { HourPart } from "../hour-parts.ts";
import { signTone } from "../market-words.ts";
import { cursorKeys, keyedBy, markedRow, shownOf } from "../cursor.ts";
import type { Cursor, ListSpec } from "../cursor.ts";
import { definePane } from "../pane.ts";
import { hoursTable } from "../tables/trade-tables.ts";
import { flow, line, span } from "../text.ts";
import type { Row } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface HoursSlice {
  readonly hours: HourVolumesView;
  readonly day: TradingDay | null;
  readonly last: LastTrade | null;
  readonly coverage: Coverage;
}

const VOLUME_WIDTH = 10;
/** Widths from which a column is shown. */
const WITH_SHARE = 38;
const WITH_SPLIT = 60;
const WITH_DELTA = 72;

/** Sold contracts as a shape of their own, so that the split is seen without colour. */
const SOLD = "▒";
const PROJECTED = ">";
const AVERAGE = "┊";

/** What the bars are measured by. */
interface Scale {
  readonly total: number;
  /** Contracts of a bar that fills its width. */
  readonly max: number;
}

/** The bar's cells: bought, sold, and its last one, which keeps its eighths unless it is full. */
function barCells(part: HourPart, max: number, width: number): { text: string; tone: Tone }[] {
  if (part.volume === 0 || max === 0) return [];
  const full = barText(part.volume / max, width);
  const sided = part.buyVolume + part.sellVolume;
  const sold = Math.min(full.length - 1, Math.round(sided === 0 ? 0 : (full.length * part.sellVolume) / sided));
  return Array.from(full, (text, at) => {
    const isSold = at >= full.length - sold;
    return { text: isSold && (at < full.length - 1 || text === "█") ? SOLD : text, tone: sided === 0 ? "dim" : isSold ? "down" : "up" };
  });
}

/** The bar with the marks of what the hour comes to, and of what is usual. */
function bar(part: HourPart, max: number, width: number): Row {
  const cells = barCells(part, max, width);
  const mark = (amount: number | null, text: string, tone: Tone): void => {
    if (amount === null || max === 0) return;
    const at = Math.min(width - 1, Math.round((amount / max) * (width - 1)));
    while (cells.length <= at) cells.push({ text: " ", tone: "plain" });
    cells[at] = { text, tone };
  };
  if (width > 0) {
    mark(part.average, AVERAGE, "strong");
    mark(part.projected, PROJECTED, "accent");
  }
  return cells;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** The contracts; `~` before them where some may be missing, no number where none were seen, a dot where none are due. */
function volumeText({ known, volume, current }: HourPart): string {
  if (known === "none") return "not seen";
  if (known === "part") return PARTIAL_SIGN + countText(volume);
  return volume > 0 || current ? countText(volume) : "·";
}

function partRow(part: HourPart, { total, max }: Scale, width: number): Row {
  const begun = part.known !== "none" && (part.volume > 0 || part.current);
  const tone: Tone = part.current ? "strong" : begun ? "plain" : "dim";
  const sided = begun ? part.buyVolume + part.sellVolume : 0;
  const delta = part.buyVolume - part.sellVolume;
  const columns: Row[] = [
    [span(part.current ? "▸" : " ", "accent"), span(part.label, part.regular ? "accent" : tone)],
    // Regular hours have a heavy mark.
    [span(part.regular ? "┃" : "│", part.regular ? "accent" : "border")],
    [span(volumeText(part).padStart(VOLUME_WIDTH - 2), part.known === "all" ? tone : "warn")],
  ];
  if (width >= WITH_SHARE) columns.push(line((begun && total > 0 ? percent(part.volume / total) : "").padStart(6), "dim"));
  const bought = sided === 0 ? "" : `${Math.round((part.buyVolume / sided) * 100)}% buy`;
  if (width >= WITH_SPLIT) columns.push(line(bought.padStart(8), "dim"));
  if (width >= WITH_DELTA) columns.push(line((sided === 0 ? "" : signedText(delta)).padStart(8), signTone(delta)));
  const head = columns.flatMap((row): Row => [...row, span(" ")]);
  const used = head.reduce((sum, { text }) => sum + text.length, 0);
  return begun || part.average !== null ? [...head, ...bar(part, max, width - used)] : head;
}

/** Whose average it is: nobody takes one day's volume for what is usual. */
function averageWords(days: number): string {
  return days === 1 ? "recorded day before" : `average of ${days} recorded days`;
}

function sumRow(view: HourVolumesView, parts: readonly HourPart[], width: number): Row {
  const projected = parts.find((part) => part.projected !== null)?.projected ?? null;
  const isAveraged = parts.some(({ average }) => average !== null);
  return flow(
    [
      [span("total ", "dim"), span(countText(view.total), "strong")],
      [span("┃ ", "accent"), span("RTH ", "dim"), span(countText(view.rth))],
      [span("│ ", "border"), span("ETH ", "dim"), span(countText(view.total - view.rth))],
      projected === null ? [] : [span(`${PROJECTED} `, "accent"), span(countText(projected)), span(width < WITH_DELTA ? "" : " at this pace", "dim")],
      isAveraged ? [span(`${AVERAGE} `, "strong"), span(averageWords(view.averageDays), "dim")] : [],
      [span("█ buy ", "up"), span(`${SOLD} sell`, "down")],
    ],
    width,
  );
}

/** What the keys and the mouse change. */
interface HoursLocal {
  readonly cursor: Cursor | null;
}

/** The running hour, or the last one that traded. */
function nowOf(parts: readonly HourPart[]): number {
  return parts.findLastIndex((part) => part.current || part.volume > 0);
}

/** As many rows as fit: those up to now first, those to come only when there is room. The last row of the pane is the sum. */
const list: ListSpec<HoursSlice, HoursLocal> = {
  shape: (slice, _, { rows }) => {
    const parts = partsOf(slice);
    const room = Math.max(1, rows - 1);
    const now = nowOf(parts);
    return { ...keyedBy(parts.map(({ label }) => label)), room, above: 0, top: Math.max(0, Math.min(now + 1, parts.length) - room), home: Math.max(0, now) };
  },
  cursor: ({ cursor }) => cursor,
  put: (_, cursor) => ({ cursor }),
  ticks: () => null,
};

function partsOf({ hours: view, day, last, coverage }: HoursSlice): readonly HourPart[] {
  return hourParts(view.hours, { day, nowSec: last?.at.sec ?? 0, coverage });
}

/** The pane of hours. */
export const hours = definePane({
  id: "hours",
  title: "Volume by hour",
  minSize: { columns: 28, rows: 4 },
  goodRows: 8,
  fullRows: 25,
  priority: 60,
  place: { two: 0, three: 1 },
  cumulative: true,
  calm: true,
  initial: { cursor: null },
  keys: cursorKeys(list, { on: "later hours", back: "earlier hours", start: "the current hour" }),
  list,
  select: {
    hours: (snapshot) => snapshot.studies.hours,
    day: (snapshot) => snapshot.day,
    last: (snapshot) => snapshot.studies.session.last,
    coverage: (snapshot) => snapshot.coverage,
  },
  table: (slice: HoursSlice, { cursor }: HoursLocal) => {
    const parts = partsOf(slice);
    const marked = cursor === null ? -1 : parts.findIndex(({ label }) => label === cursor.key);
    return slice.hours.total === 0 ? null : hoursTable(parts, marked < 0 ? nowOf(parts) : marked);
  },
  view: (slice: HoursSlice, local: HoursLocal, size) => {
    const view = slice.hours;
    if (view.total === 0) return notice("waiting for the first trade…", size);
    const parts = partsOf(slice);
    const max = parts.reduce((most, part) => Math.max(most, part.volume, part.projected ?? 0, part.average ?? 0), 0);
    const shape = list.shape(slice, local, size);
    const { top, at: marked } = shownOf(shape, local.cursor);
    const rows = parts.slice(top, top + shape.room).map((part, at) => {
      const row = partRow(part, { total: view.total, max }, size.columns);
      return top + at === marked ? markedRow(row, size.columns) : row;
    });
    return [...rows, sumRow(view, parts, size.columns)];
  },
});
