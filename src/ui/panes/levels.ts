/** The trader's levels in one strip, highest first, the price among them, each with its distance from it. */
import type { Instrument } from "../../market/instrument.ts";
import { levelsOf } from "../../studies/levels.ts";
import type { Level } from "../../studies/index.ts";
import type { StudyViews } from "../../studies/index.ts";
import type { Coverage } from "../../store/snapshot.ts";
import { notice } from "../blocks.ts";
import { coverageNotes, isKnownSince, PARTIAL_SIGN } from "../coverage-words.ts";
import { distanceText, priceText, signedText } from "../format.ts";
import { cursorKeys, markedRow, shownOf } from "../cursor.ts";
import type { Cursor, ListShape, ListSpec } from "../cursor.ts";
import { definePane } from "../pane.ts";
import { levelsTable } from "../tables/level-tables.ts";
import { flow, line, rowWidth, span } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface LevelsSlice extends Pick<StudyViews, "session" | "vwap" | "profile" | "ranges" | "limits"> {
  readonly instrument: Instrument | null;
  readonly coverage: Coverage;
}

/** What its keys and the mouse change; the key of a marked row is the name of a level in it, or `LAST`. */
export interface LevelsLocal {
  readonly cursor: Cursor | null;
}

/** Stands for the last price among the levels. */
const LAST = "last price";
const FORMING_SIGN = "*";
const PRICE_WIDTH = 10;
const POINTS_WIDTH = 10;
const TICKS_WIDTH = 9;
/** From this width the distance is given in ticks too. */
const WITH_TICKS = 44;
/** From this height a legend explains the signs. */
const LEGEND_ROWS = 8;

/** Levels of one price are one line. */
interface Step {
  readonly price: number;
  /** As the studies have them, and as they are shown. */
  readonly keys: readonly string[];
  readonly names: readonly string[];
  readonly group: Level["group"];
  readonly forming: boolean;
  readonly partial: boolean;
}

const SHORT: Readonly<Record<string, string>> = {
  settlement: "settle",
  "preliminary settlement": "settle p",
  "prior RTH high": "PD RTH high",
  "prior RTH low": "PD RTH low",
  "prior RTH close": "PD RTH close",
};

function nameOf({ name }: Level): string {
  return (SHORT[name] ?? name).replace("-", "−").replace(" SD", "σ");
}

function stepsOf(levels: readonly Level[], coverage: Coverage): Step[] {
  const steps: Step[] = [];
  for (const level of levels) {
    const price = level.ticks + (level.fraction ?? 0);
    const forming = level.forming === true;
    const partial = level.fromSec !== undefined && !isKnownSince(coverage, level.fromSec);
    const last = steps.at(-1);
    if (last === undefined || last.price !== price) {
      steps.push({ price, keys: [level.name], names: [nameOf(level)], group: level.group, forming, partial });
      continue;
    }
    const names = [...last.names, nameOf(level)];
    const keys = [...last.keys, level.name];
    steps[steps.length - 1] = { ...last, keys, names, forming: last.forming || forming, partial: last.partial || partial };
  }
  return steps;
}

const TONES: Readonly<Record<Level["group"], Tone>> = {
  vwap: "accent", profile: "chart", range: "plain", prior: "plain", settlement: "warn", limit: "alarm",
};

/** As many names as fit; those left out are counted. */
function namesText(names: readonly string[], width: number): string {
  for (let kept = names.length; kept > 0; kept--) {
    const more = kept === names.length ? "" : ` +${names.length - kept}`;
    const text = names.slice(0, kept).join(", ") + more;
    if (text.length <= width) return text;
  }
  return (names[0] ?? "").slice(0, width);
}

function stepRow(step: Step, last: number, nearest: boolean, instrument: Instrument, width: number): Row {
  const withTicks = width >= WITH_TICKS;
  const pointsWidth = withTicks ? POINTS_WIDTH : POINTS_WIDTH - 1;
  const figures = PRICE_WIDTH + pointsWidth + (withTicks ? TICKS_WIDTH : 0);
  const room = width - figures - 5;
  const signs = " " + (step.partial ? PARTIAL_SIGN : " ") + (step.forming ? FORMING_SIGN : " ");
  const away = step.price - last;
  const points = distanceText(away, instrument).padStart(pointsWidth);
  // An average lies between two ticks; its distance is told in whole ones.
  const ticks = withTicks ? `${signedText(Math.round(away))} t`.padStart(TICKS_WIDTH) : "";
  const tone = TONES[step.group];
  return [
    span(nearest ? "▸ " : "  ", "accent"),
    span(namesText(step.names, room).padEnd(room), nearest ? "strong" : tone),
    span(signs, "warn"),
    span(priceText(step.price, instrument).padStart(PRICE_WIDTH), nearest ? "strong" : "plain"),
    span(points, nearest ? "strong" : away > 0 ? "up" : away < 0 ? "down" : "plain"),
    span(ticks, nearest ? "strong" : "dim"),
  ];
}

function priceRow(last: number, instrument: Instrument, width: number): Row {
  const text = `► ${priceText(last, instrument)} `;
  return [span(text, "mark"), span("─".repeat(Math.max(0, width - text.length)), "border")];
}

function legendRow(steps: readonly Step[], coverage: Coverage, width: number): Row {
  const notes = steps.some(({ partial }) => partial) ? coverageNotes(coverage) : [];
  const note = notes.find((text) => text.length <= width - 20) ?? notes.at(-1) ?? "";
  const forming = steps.some((step) => step.forming) ? `${FORMING_SIGN} still forming` : "";
  return flow([line(note, "warn"), line(forming, "dim")], width);
}

function nearestOf(steps: readonly Step[], last: number): Step | null {
  let nearest: Step | null = null;
  for (const step of steps) {
    if (nearest === null || Math.abs(step.price - last) < Math.abs(nearest.price - last)) nearest = step;
  }
  return nearest;
}

/** The steps, highest first, the last price among them, and what stands beneath. */
interface Strip {
  readonly steps: readonly (Step | typeof LAST)[];
  readonly last: number;
  readonly nearest: Step | null;
}

function stripOf(slice: LevelsSlice): Strip {
  const last = slice.session.last?.ticks ?? 0;
  const steps = stepsOf(levelsOf(slice), slice.coverage);
  const above = steps.findIndex(({ price }) => price <= last);
  const at = above < 0 ? steps.length : above;
  return { steps: [...steps.slice(0, at), LAST, ...steps.slice(at)], last, nearest: nearestOf(steps, last) };
}

function legendOf({ steps }: Strip, { coverage }: LevelsSlice, { columns, rows }: Size): Row {
  return rows >= LEGEND_ROWS ? legendRow(steps.filter((step) => step !== LAST), coverage, columns) : [];
}

/** While none is marked the price is in the middle, unless an end is near. */
function shapeOf(strip: Strip, slice: LevelsSlice, size: Size): ListShape {
  const { steps, nearest } = strip;
  const room = size.rows - (rowWidth(legendOf(strip, slice, size)) > 0 ? 1 : 0);
  const middle = steps.indexOf(LAST);
  return {
    count: steps.length,
    keyAt: (index) => {
      const step = steps[index];
      return step === undefined || step === LAST ? LAST : step.keys[0];
    },
    indexOf: (key) => steps.findIndex((step) => (step === LAST ? key === LAST : step.keys.some((one) => one === key))),
    room,
    above: 0,
    top: Math.max(0, Math.min(middle - (room >> 1), steps.length - room)),
    home: nearest === null ? middle : steps.indexOf(nearest),
  };
}

function stripRows(slice: LevelsSlice, { cursor }: LevelsLocal, instrument: Instrument, size: Size): readonly Row[] {
  const strip = stripOf(slice);
  const { steps, last, nearest } = strip;
  const shape = shapeOf(strip, slice, size);
  const { top, at: marked } = shownOf(shape, cursor);
  const shown = steps.slice(top, top + shape.room).map((step, at): Row => {
    const row = step === LAST ? priceRow(last, instrument, size.columns) : stepRow(step, last, step === nearest, instrument, size.columns);
    return top + at === marked ? markedRow(row, size.columns) : row;
  });
  return shape.room < size.rows ? [...shown, legendOf(strip, slice, size)] : shown;
}

/** The step that is marked, or else `LAST` where that is; null where neither is. */
function markedStep({ steps }: Strip, { cursor }: LevelsLocal): Step | typeof LAST | null {
  if (cursor === null) return null;
  return steps.find((step) => (step === LAST ? cursor.key === LAST : step.keys.some((one) => one === cursor.key))) ?? null;
}

const list: ListSpec<LevelsSlice, LevelsLocal> = {
  shape: (slice, _, size) => shapeOf(stripOf(slice), slice, size),
  cursor: ({ cursor }) => cursor,
  put: (_, cursor) => ({ cursor }),
  // An average lies between two ticks; an alert waits for a whole one.
  ticks: (slice, local) => {
    const strip = stripOf(slice);
    const step = markedStep(strip, local);
    return step === null ? null : step === LAST ? strip.last : Math.round(step.price);
  },
};

/** The pane of levels. */
export const levels = definePane({
  id: "levels",
  title: "Levels",
  minSize: { columns: 36, rows: 3 },
  goodRows: 7,
  fullRows: 34,
  priority: 65,
  place: { two: 1, three: 2, four: 2 },
  cumulative: true,
  calm: true,
  initial: { cursor: null },
  keys: cursorKeys(list, { on: "lower levels", back: "higher levels", start: "back to the price" }),
  list,
  select: {
    session: (snapshot) => snapshot.studies.session,
    vwap: (snapshot) => snapshot.studies.vwap,
    profile: (snapshot) => snapshot.studies.profile,
    ranges: (snapshot) => snapshot.studies.ranges,
    limits: (snapshot) => snapshot.studies.limits,
    instrument: (snapshot) => snapshot.instrument,
    coverage: (snapshot) => snapshot.coverage,
  },
  table: (slice: LevelsSlice, local: LevelsLocal) => {
    const { instrument, session: { last } } = slice;
    if (instrument === null || last === null) return null;
    const strip = stripOf(slice);
    const step = markedStep(strip, local) ?? strip.nearest;
    return levelsTable(levelsOf(slice), { lastTicks: last.ticks, meant: step === null || step === LAST ? [] : step.keys }, instrument);
  },
  view: (slice: LevelsSlice, local: LevelsLocal, size) => {
    const { instrument, session } = slice;
    if (instrument === null || session.last === null) return notice("waiting for the first trade…", size);
    return stripRows(slice, local, instrument, size);
  },
});
