/**
 * The price as a line of closes or as candles, or the cumulative delta, with levels and large trades drawn in, a price axis
 * at the right, volume and times beneath; a sparkline where rows are few.
 */
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { Bar, BarsView, DeltaView, LargeTradesView, Level } from "../../studies/index.ts";
import { levelsOf } from "../../studies/levels.ts";
import type { StudyViews } from "../../studies/index.ts";
import { notice, sparkRows } from "../blocks.ts";
import { createBoard, drawCandles, drawLevel, drawLine, drawName, drawVolume, rowOf } from "../chart-board.ts";
import type { Board, Scale } from "../chart-board.ts";
import { columnsOf, deltasOf } from "../chart-columns.ts";
import type { ChartColumns } from "../chart-columns.ts";
import { clockText, minuteText, priceText, signedText } from "../format.ts";
import { offsetOf } from "../market-words.ts";
import { definePane } from "../pane.ts";
import { chartTable } from "../tables/trade-tables.ts";
import { flow, line, span } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface ChartSlice extends Pick<StudyViews, "session" | "vwap" | "profile" | "ranges" | "limits"> {
  readonly seconds: BarsView;
  readonly minutes: BarsView;
  readonly delta: DeltaView;
  readonly large: LargeTradesView;
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

/** What is drawn. */
const MODES = ["line", "candles", "delta"] as const;

/** What its keys change: indexes into `MODES` and `STEPS`; and the contracts from which a trade is marked. */
export interface ChartLocal {
  readonly mode: number;
  readonly step: number;
  readonly whaleSize: number;
}

/** Seconds of one column; those below a minute are made from second bars, the others from minute bars. */
const STEPS: readonly number[] = [1, 5, 15, 60, 300, 900];
const MINUTE_STEP = 3;
const PLOT_MIN_ROWS = 5;
const PLOT_MIN_COLUMNS = 36;
const LABEL_EVERY_ROWS = 3;
const TIME_EVERY_COLUMNS = 16;
/** Rows from which there is volume beneath, two rows of it, and three; and rows of the plot from which levels are drawn in. */
const VOLUME_FROM = 12;
const MORE_VOLUME_FROM = 22;
const LEVELS_FROM = 7;
const LEVEL_DISTANCE = 2;
const DEFAULT_WHALE = 25;
const DAY_SEC = 86_400;

function cumulative({ delta }: ChartSlice): number {
  return delta.session?.delta ?? 0;
}

type Drawn = ChartColumns & { readonly mode: (typeof MODES)[number]; readonly values: readonly number[]; readonly scale: Scale };

function stepText(sec: number): string {
  return sec < 60 ? `${sec} s` : `${sec / 60} min`;
}

const WORDS = { line: "closes", candles: "candles", delta: "cumulative delta" } as const;

function valueText({ mode }: Drawn, value: number, instrument: Instrument): string {
  return mode === "delta" ? signedText(value) : priceText(value, instrument);
}

function headRow(drawn: Drawn, instrument: Instrument, width: number): Row {
  const { low, high } = drawn.scale;
  const range = drawn.mode === "delta" ? [] : line(`range ${priceText(high - low, instrument)}`, "dim");
  return flow(
    [
      line(`${stepText(drawn.stepSec)} ${WORDS[drawn.mode]}`, "accent"),
      [span("high ", "dim"), span(valueText(drawn, high, instrument))],
      [span("low ", "dim"), span(valueText(drawn, low, instrument))],
      range,
    ],
    width,
  );
}

function axisLabel(row: number, drawn: Drawn, instrument: Instrument): string {
  const { low, high, rows } = drawn.scale;
  const range = high - low;
  if (range === 0 || (row !== 0 && row !== rows - 1 && row % LABEL_EVERY_ROWS !== 0)) return "";
  if (row > rows - LABEL_EVERY_ROWS && row !== rows - 1) return "";
  return valueText(drawn, Math.round(low + (range * (rows - 1 - row)) / (rows - 1)), instrument);
}

function timeRow({ stepSec, endSec, columns }: Drawn, width: number, offsetSec: number): Row {
  const cells = Array.from({ length: width }, () => " ");
  const text = (sec: number): string => (stepSec < 60 ? clockText(sec, offsetSec) : minuteText(sec, offsetSec));
  for (let column = width - 1; column >= 0; column -= TIME_EVERY_COLUMNS) {
    if (width - column > columns.length) break;
    const label = `${text(endSec - (width - 1 - column) * stepSec)}┘`;
    const from = column - label.length + 1;
    if (from < 0) break;
    for (let at = 0; at < label.length; at++) cells[from + at] = label[at] ?? " ";
  }
  return line(cells.join(""), "dim");
}

const LEVEL_TONES: Readonly<Record<string, Tone>> = { vwap: "accent", settlement: "warn", limit: "warn" };

/** A level on its row. */
interface Drawable {
  readonly y: number;
  readonly name: string;
  readonly tone: Tone;
}

/** Most watched first. */
const LEVEL_GROUPS: readonly string[] = ["vwap", "settlement", "profile", "prior", "range", "limit"];

/** The levels within the scale, with a row between any two, few enough to leave the price to be seen. */
function levelsWithin(slice: ChartSlice, scale: Scale): readonly Drawable[] {
  const rank = ({ group }: Level): number => LEVEL_GROUPS.indexOf(group);
  const found: Drawable[] = [];
  for (const level of levelsOf(slice).toSorted((a, b) => rank(a) - rank(b))) {
    const y = rowOf(level.ticks + (level.fraction ?? 0), scale);
    if (y < 0 || y >= scale.rows || found.some((other) => Math.abs(other.y - y) < LEVEL_DISTANCE)) continue;
    found.push({ y, name: level.name.replace("-", "−").replace(" SD", "σ"), tone: LEVEL_TONES[level.group] ?? "dim" });
  }
  return found;
}

/** Large trades at their time and average price, by side. */
function drawWhales(board: Board, { large }: ChartSlice, drawn: Drawn, width: number, whaleSize: number): void {
  const { endSec, stepSec, scale } = drawn;
  const { events } = large;
  const columnAt = (sec: number): number => width - 1 - Math.floor((endSec + stepSec - 1 - sec) / stepSec);
  // Of a day's events the newest are on the plot; later ones are drawn over earlier ones.
  let first = events.length;
  while (first > 0 && columnAt(events[first - 1]!.at.sec) >= width - drawn.columns.length) first--;
  for (; first < events.length; first++) {
    const { at, aggressor, size, averageTicks } = events[first]!;
    if (size < whaleSize || aggressor === 0) continue;
    const x = columnAt(at.sec);
    board.put(x, rowOf(averageTicks, scale), aggressor === 1 ? "▲" : "▼", aggressor === 1 ? "upStrong" : "downStrong");
  }
}

/** What is drawn, on a scale of so many rows. */
function drawnOf(columns: ChartColumns, mode: Drawn["mode"], delta: number, rows: number): Drawn {
  const closes = mode === "delta" ? deltasOf(columns.columns, delta) : columns.columns.map(({ close }) => close);
  const isCandles = mode === "candles";
  const low = Math.min(...(isCandles ? columns.columns.map((column) => column.low) : closes));
  const high = Math.max(...(isCandles ? columns.columns.map((column) => column.high) : closes));
  return { ...columns, mode, values: closes, scale: { low, high, rows } };
}

function plotRows(slice: ChartSlice, local: ChartLocal, columns: ChartColumns, instrument: Instrument, axis: number, size: Size): readonly Row[] {
  const width = size.columns - axis - 1;
  const volumeRows = size.rows >= MORE_VOLUME_FROM ? 3 : size.rows >= VOLUME_FROM ? 2 : 0;
  const rows = size.rows - 2 - volumeRows;
  const drawn = drawnOf(columns, MODES[local.mode] ?? "line", cumulative(slice), rows);
  const board = createBoard(width, rows + volumeRows);
  const { scale, mode, values } = drawn;
  const levels = mode === "delta" || rows < LEVELS_FROM ? [] : levelsWithin(slice, scale);
  for (const { y, tone } of levels) drawLevel(board, width, y, tone);
  if (mode === "candles") drawCandles(board, width, columns.columns, scale);
  else drawLine(board, width, values, scale, "chart");
  if (mode !== "delta") drawWhales(board, slice, drawn, width, local.whaleSize);
  for (const { y, name, tone } of levels) drawName(board, width, y, name, tone);
  drawVolume(board, width, columns.columns, rows, volumeRows);
  const last = values.at(-1) ?? scale.low;
  const lastRow = rowOf(last, scale);
  const price = valueText(drawn, last, instrument).padStart(axis - 1);
  let before = price;
  const lines = board.rows().map((row, at): Row => {
    if (at >= rows) return [...row, span(at === rows ? "│vol" : "│", "border")];
    const marked = at === lastRow;
    const wished = axisLabel(at, drawn, instrument).padStart(axis - 1);
    // Of a range of few ticks several rows would have the same label.
    const label = wished === before || wished === price ? " ".repeat(axis - 1) : wished;
    if (label.trim() !== "") before = label;
    return [
      ...row,
      span(marked ? "►" : label.trim() === "" ? "│" : "┤", marked ? "chart" : "border"),
      marked ? span(price, "mark") : span(label, "dim"),
    ];
  });
  return [headRow(drawn, instrument, size.columns), ...lines, timeRow(drawn, width, offsetOf(slice.day))];
}

function sparkView(drawn: Drawn, instrument: Instrument, size: Size): readonly Row[] {
  const rows = Math.max(1, size.rows - 1);
  const lines = sparkRows(drawn.values, Math.min(3, rows)).map((text) => line(text, "chart"));
  return size.rows < 2 ? lines : [headRow(drawn, instrument, size.columns), ...lines];
}

function barsOf(slice: ChartSlice, local: ChartLocal): { readonly bars: readonly Bar[]; readonly stepSec: number } {
  const stepSec = STEPS[local.step] ?? 60;
  return { bars: (stepSec < 60 ? slice.seconds : slice.minutes).bars, stepSec };
}

/** The chart pane. */
export const chart = definePane({
  id: "chart",
  title: "Chart",
  minSize: { columns: 20, rows: 2 },
  goodRows: 10,
  fullRows: Number.POSITIVE_INFINITY,
  priority: 90,
  place: { two: 0, three: 0 },
  calm: true,
  initial: { mode: 0, step: MINUTE_STEP, whaleSize: DEFAULT_WHALE },
  configure: (local: ChartLocal, { whales }) => ({ ...local, whaleSize: whales.size }),
  keys: [
    {
      name: "mode",
      chords: ["m"],
      label: "line, candles or cumulative delta",
      run: (local: ChartLocal): ChartLocal => ({ ...local, mode: (local.mode + 1) % MODES.length }),
    },
    { name: "shorter", chords: ["["], label: "shorter steps", run: (local: ChartLocal) => ({ ...local, step: Math.max(0, local.step - 1) }) },
    {
      name: "longer",
      chords: ["]"],
      label: "longer steps",
      run: (local: ChartLocal) => ({ ...local, step: Math.min(STEPS.length - 1, local.step + 1) }),
    },
  ],
  select: {
    seconds: (snapshot) => snapshot.studies.bars1s,
    minutes: (snapshot) => snapshot.studies.bars1m,
    delta: (snapshot) => snapshot.studies.delta,
    large: (snapshot) => snapshot.studies.large,
    session: (snapshot) => snapshot.studies.session,
    vwap: (snapshot) => snapshot.studies.vwap,
    profile: (snapshot) => snapshot.studies.profile,
    ranges: (snapshot) => snapshot.studies.ranges,
    limits: (snapshot) => snapshot.studies.limits,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  table: (slice: ChartSlice, local: ChartLocal) => {
    const { bars, stepSec } = barsOf(slice, local);
    // An even grid has no more columns than the day has steps.
    const columns = columnsOf(bars, stepSec, Math.ceil(DAY_SEC / stepSec));
    return slice.instrument === null || columns === null ? null : chartTable(columns, slice.instrument, slice.day);
  },
  view: (slice: ChartSlice, local: ChartLocal, size) => {
    const { instrument } = slice;
    const { bars, stepSec } = barsOf(slice, local);
    const last = bars.at(-1);
    if (instrument === null || last === undefined) return notice("waiting for the first trade…", size);
    const plotted = size.rows >= PLOT_MIN_ROWS && size.columns >= PLOT_MIN_COLUMNS;
    const axis = Math.max(priceText(last.close, instrument).length, signedText(cumulative(slice)).length + 1) + 2;
    const columns = columnsOf(bars, stepSec, plotted ? size.columns - axis - 1 : size.columns);
    if (columns === null) return notice("waiting for the first trade…", size);
    if (plotted) return plotRows(slice, local, columns, instrument, axis, size);
    return sparkView(drawnOf(columns, MODES[local.mode] ?? "line", cumulative(slice), size.rows), instrument, size);
  },
});
