/** The trader's levels in one strip, highest first, the price among them, each with its distance from it. */
import type { Instrument } from "../../market/instrument.ts";
import { levelsOf } from "../../studies/levels.ts";
import type { Level } from "../../studies/index.ts";
import type { StudyViews } from "../../studies/index.ts";
import type { Coverage } from "../../store/snapshot.ts";
import { notice } from "../blocks.ts";
import { coverageNotes, isKnownSince, PARTIAL_SIGN } from "../coverage-words.ts";
import { distanceText, priceText, signedText } from "../format.ts";
import { definePane } from "../pane.ts";
import type { PaneKey } from "../pane.ts";
import { levelsTable } from "../tables/level-tables.ts";
import { flow, line, rowWidth, span } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface LevelsSlice extends Pick<StudyViews, "session" | "vwap" | "profile" | "ranges" | "limits"> {
  readonly instrument: Instrument | null;
  readonly coverage: Coverage;
}

/** What its keys change: rows the strip is moved down from where the price is in the middle. */
export interface LevelsLocal {
  readonly down: number;
}

const FORMING_SIGN = "*";
const PAGE_ROWS = 10;
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
      steps.push({ price, names: [nameOf(level)], group: level.group, forming, partial });
      continue;
    }
    const names = [...last.names, nameOf(level)];
    steps[steps.length - 1] = { ...last, names, forming: last.forming || forming, partial: last.partial || partial };
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

/** The rows of the strip that are shown: the price in the middle, unless it was moved or an end is near. */
function shownRows(rows: readonly Row[], middle: number, down: number, count: number): readonly Row[] {
  const last = Math.max(0, rows.length - count);
  const within = (top: number): number => Math.min(Math.max(0, top), last);
  // From where the strip stands at an end, so that the first key moves it.
  const top = within(within(middle - (count >> 1)) + down);
  return rows.slice(top, top + count);
}

function strip(slice: LevelsSlice, local: LevelsLocal, instrument: Instrument, size: Size): readonly Row[] {
  const last = slice.session.last?.ticks ?? 0;
  const steps = stepsOf(levelsOf(slice), slice.coverage);
  const nearest = nearestOf(steps, last);
  const above = steps.findIndex(({ price }) => price <= last);
  const at = above < 0 ? steps.length : above;
  const rows = steps.map((step): Row => stepRow(step, last, step === nearest, instrument, size.columns));
  rows.splice(at, 0, priceRow(last, instrument, size.columns));
  const legend = size.rows >= LEGEND_ROWS ? legendRow(steps, slice.coverage, size.columns) : [];
  const count = size.rows - (rowWidth(legend) > 0 ? 1 : 0);
  const shown = shownRows(rows, at, local.down, count);
  return rowWidth(legend) > 0 ? [...shown, legend] : shown;
}

function moveKeys(): readonly PaneKey<LevelsLocal, LevelsSlice>[] {
  const by = (rows: number) => (local: LevelsLocal, slice: LevelsSlice): LevelsLocal => {
    const last = slice.session.last?.ticks ?? 0;
    const prices = new Set(levelsOf(slice).map(({ ticks, fraction = 0 }) => ticks + fraction));
    const above = [...prices].filter((price) => price > last).length;
    return { down: Math.min(prices.size - above, Math.max(-above, local.down + rows)) };
  };
  return [
    { name: "down", chords: ["down", "j"], label: "lower levels", run: by(1) },
    { name: "up", chords: ["up", "k"], label: "higher levels", run: by(-1) },
    { name: "page-down", chords: ["pagedown"], label: "lower levels, a page", run: by(PAGE_ROWS) },
    { name: "page-up", chords: ["pageup"], label: "higher levels, a page", run: by(-PAGE_ROWS) },
    { name: "start", chords: ["home"], label: "back to the price", run: () => ({ down: 0 }) },
  ];
}

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
  initial: { down: 0 },
  keys: moveKeys(),
  select: {
    session: (snapshot) => snapshot.studies.session,
    vwap: (snapshot) => snapshot.studies.vwap,
    profile: (snapshot) => snapshot.studies.profile,
    ranges: (snapshot) => snapshot.studies.ranges,
    limits: (snapshot) => snapshot.studies.limits,
    instrument: (snapshot) => snapshot.instrument,
    coverage: (snapshot) => snapshot.coverage,
  },
  table: (slice: LevelsSlice) => {
    const { instrument, session: { last } } = slice;
    const all = instrument === null || last === null ? [] : levelsOf(slice);
    return instrument === null || last === null || all.length === 0 ? null : levelsTable(all, last.ticks, instrument);
  },
  view: (slice: LevelsSlice, local: LevelsLocal, size) => {
    const { instrument, session } = slice;
    if (instrument === null || session.last === null) return notice("waiting for the first trade…", size);
    return strip(slice, local, instrument, size);
  },
});
