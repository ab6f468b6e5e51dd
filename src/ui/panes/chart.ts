/** The price as a line of closes, with a price axis at the right and times beneath; a sparkline where rows are few. */
import { plot } from "asciichart";
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { BarsView } from "../../studies/index.ts";
import { notice, sparkRows } from "../blocks.ts";
import { clockText, minuteText, priceText } from "../format.ts";
import { offsetOf } from "../market-words.ts";
import { definePane } from "../pane.ts";
import { closesOf } from "../series.ts";
import type { Series } from "../series.ts";
import { flow, line, span } from "../text.ts";
import type { Row, Size } from "../text.ts";

/** What the pane shows. */
export interface ChartSlice {
  readonly seconds: BarsView;
  readonly minutes: BarsView;
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

/** What its keys change: an index into `STEPS`. */
export interface ChartLocal {
  readonly step: number;
}

/** Seconds of one column; those below a minute are made from second bars, the others from minute bars. */
const STEPS: readonly number[] = [1, 5, 15, 60, 300, 900];
const SECOND_STEP = 0;
const MINUTE_STEP = 3;
const PLOT_MIN_ROWS = 5;
const LABEL_EVERY_ROWS = 3;
const TIME_EVERY_COLUMNS = 16;

function stepText(sec: number): string {
  return sec < 60 ? `${sec} s` : `${sec / 60} min`;
}

function headRow(series: Series, instrument: Instrument, width: number): Row {
  const high = Math.max(...series.closes);
  const low = Math.min(...series.closes);
  return flow(
    [
      line(`${stepText(series.stepSec)} closes`, "accent"),
      [span("high ", "dim"), span(priceText(high, instrument))],
      [span("low ", "dim"), span(priceText(low, instrument))],
      line(`range ${priceText(high - low, instrument)}`, "dim"),
    ],
    width,
  );
}

/** The line itself: one string a row, `width` characters each. Levels are whole rows, so asciichart scales nothing. */
function plotLines(series: Series, width: number, rows: number): string[] {
  const low = Math.min(...series.closes);
  const range = Math.max(...series.closes) - low;
  const top = rows - 1;
  const levels = series.closes.map((close) => (range === 0 ? top >> 1 : Math.round(((close - low) / range) * top)));
  // asciichart draws one column for each step between two points, and its own axis in front of them.
  const points = [levels[0] ?? 0, ...levels];
  const drawn = plot(points, { min: 0, max: top, height: top, offset: 1, format: () => " " });
  const lines = drawn.split("\n").map((text) => text.slice(1));
  return lines.map((text) => text.slice(-width).padStart(width));
}

function axisLabel(row: number, rows: number, series: Series, instrument: Instrument): string {
  const low = Math.min(...series.closes);
  const range = Math.max(...series.closes) - low;
  if (range === 0 || (row !== 0 && row !== rows - 1 && row % LABEL_EVERY_ROWS !== 0)) return "";
  if (row > rows - LABEL_EVERY_ROWS && row !== rows - 1) return "";
  return priceText(Math.round(low + (range * (rows - 1 - row)) / (rows - 1)), instrument);
}

function timeRow(series: Series, width: number, offsetSec: number): Row {
  const cells = Array.from({ length: width }, () => " ");
  const text = (sec: number): string => {
    return series.stepSec < 60 ? clockText(sec, offsetSec) : minuteText(sec, offsetSec);
  };
  for (let column = width - 1; column >= 0; column -= TIME_EVERY_COLUMNS) {
    if (width - column > series.closes.length) break;
    const label = `${text(series.endSec - (width - 1 - column) * series.stepSec)}┘`;
    const from = column - label.length + 1;
    if (from < 0) break;
    for (let at = 0; at < label.length; at++) cells[from + at] = label[at] ?? " ";
  }
  return line(cells.join(""), "dim");
}

function plotRows(series: Series, instrument: Instrument, offsetSec: number, size: Size): readonly Row[] {
  const axis = priceText(series.closes.at(-1) ?? 0, instrument).length + 2;
  const width = size.columns - axis - 1;
  const rows = size.rows - 2;
  const low = Math.min(...series.closes);
  const range = Math.max(...series.closes) - low;
  const last = series.closes.at(-1) ?? low;
  const lastLevel = range === 0 ? (rows - 1) >> 1 : Math.round(((last - low) / range) * (rows - 1));
  const lastRow = rows - 1 - lastLevel;
  const price = priceText(last, instrument).padStart(axis - 1);
  let before = price;
  const drawn = plotLines(series, width, rows).map((text, at): Row => {
    const marked = at === lastRow;
    const wished = axisLabel(at, rows, series, instrument).padStart(axis - 1);
    // Of a range of few ticks several rows would have the same label.
    const label = wished === before || wished === price ? " ".repeat(axis - 1) : wished;
    if (label.trim() !== "") before = label;
    return [
      span(text, "chart"),
      span(marked ? "►" : label.trim() === "" ? "│" : "┤", marked ? "chart" : "border"),
      marked ? span(price, "mark") : span(label, "dim"),
    ];
  });
  return [headRow(series, instrument, size.columns), ...drawn, timeRow(series, width, offsetSec)];
}

function sparkView(series: Series, instrument: Instrument, size: Size): readonly Row[] {
  const head = headRow(series, instrument, size.columns);
  const rows = Math.max(1, size.rows - 1);
  const drawn = sparkRows(series.closes, Math.min(3, rows)).map((text) => line(text, "chart"));
  return size.rows < 2 ? drawn : [head, ...drawn];
}

function barsFor({ seconds, minutes }: ChartSlice, stepSec: number): BarsView {
  return stepSec < 60 ? seconds : minutes;
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
  initial: { step: MINUTE_STEP },
  keys: [
    {
      name: "mode",
      chords: ["m"],
      label: "seconds or minutes",
      run: ({ step }: ChartLocal): ChartLocal => ({ step: step < MINUTE_STEP ? MINUTE_STEP : SECOND_STEP }),
    },
    { name: "shorter", chords: ["["], label: "shorter steps", run: ({ step }: ChartLocal) => ({ step: Math.max(0, step - 1) }) },
    {
      name: "longer",
      chords: ["]"],
      label: "longer steps",
      run: ({ step }: ChartLocal) => ({ step: Math.min(STEPS.length - 1, step + 1) }),
    },
  ],
  select: {
    seconds: (snapshot) => snapshot.studies.bars1s,
    minutes: (snapshot) => snapshot.studies.bars1m,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  view: (slice: ChartSlice, { step }: ChartLocal, size) => {
    const { instrument, day } = slice;
    const stepSec = STEPS[step] ?? 60;
    const bars = barsFor(slice, stepSec);
    const last = bars.bars.at(-1);
    if (instrument === null || last === undefined) return notice("waiting for the first trade…", size);
    const plotted = size.rows >= PLOT_MIN_ROWS && size.columns >= 36;
    const room = plotted ? size.columns - priceText(last.close, instrument).length - 3 : size.columns;
    const series = closesOf(bars.bars, stepSec, room);
    if (series === null) return notice("waiting for the first trade…", size);
    return plotted ? plotRows(series, instrument, offsetOf(day), size) : sparkView(series, instrument, size);
  },
});
