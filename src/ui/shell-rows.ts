/** The rows around the panes: footer, pane frames, help. Pure; Ink draws them, the picture export too. */
import type { Coverage } from "../store/snapshot.ts";
import type { Arrangement, Frame } from "./arrange.ts";
import { chordText } from "./chord.ts";
import { coverageNotes } from "./coverage-words.ts";
import { logRows } from "./happenings.ts";
import type { Entry } from "./entry.ts";
import { GO_TO_FORMS } from "./go-to.ts";
import { chordsOf } from "./key-map.ts";
import type { KeyMap } from "./key-map.ts";
import { keySections, keysText } from "./keys.ts";
import { paletteRows } from "./palette.ts";
import type { Pane } from "./pane.ts";
import { cutRow, fitRow, flow, line, outside, rowWidth, span, spread, wrapWords } from "./text.ts";
import type { Row, Size } from "./text.ts";
import type { ViewState } from "./view-state.ts";
import { welcomeRows } from "./welcome.ts";

const HELP_COLUMN_MIN = 50;

function keyHint(chords: readonly string[], label: string): Row {
  return chords.length === 0 ? [] : [span(keysText(chords), "key"), span(` ${label}`, "dim")];
}

/** The keys that go to a pane: a range while they are the numbers, as they are without a setting. */
function paneKeys({ open, keys }: ViewState): readonly string[] {
  const chords = open.slice(0, 9).flatMap(({ pane }) => chordsOf(keys, `go.${pane.id}`).slice(0, 1));
  const isNumbers = chords.length > 1 && chords.every((chord, at) => chord === String(at + 1));
  return isNumbers ? [`1-${chords.length}`] : chords.slice(0, 1);
}

/** A time that is being typed: what is wrong with it, or what may be typed. */
function timeRow({ text, wrong }: Entry, width: number): Row {
  const prompt: Row = [span("go to: ", "title"), span(text), span(" ", "mark"), span("  ")];
  return fitRow(cutRow([...prompt, wrong === undefined ? span(`${GO_TO_FORMS}; Esc closes`, "dim") : span(wrong, "warnStrong")], width), width);
}

/** The panes that found no room, with their keys: in words, and short. */
function droppedRows(view: ViewState, { dropped }: Arrangement): readonly [Row, Row] {
  if (view.zoomed || view.help || dropped.length === 0) return [[], []];
  const hidden = dropped.map((index) => ({ key: goKey(view.keys, view.open[index]?.pane), title: view.open[index]?.pane.title ?? "" }));
  const names = hidden.map(({ key, title }) => `${key} ${title}`.trim()).join(", ");
  return [line(`more: ${names}`, "warn"), line(`more: ${hidden.map(({ key, title }) => key || title).join(" ")}`, "warn")];
}

/** What moves a replay, in the order of its hint. */
const PLAY_KEYS = ["freeze", "play.left", "play.right", "play.second", "play.trade", "play.back", "play.ahead", "play.slower", "play.faster", "play.go", "play.large", "play.open"] as const;

/** What stands beside the bar of a replay, by importance. `isPast`: there is a now to go back to. */
export function playingHints(view: ViewState, arrangement: Arrangement, isPast: boolean): readonly Row[] {
  const key = (name: string): readonly string[] => chordsOf(view.keys, name).slice(0, 1);
  return [
    isPast ? keyHint(key("play.end"), "now") : [],
    keyHint(key("help"), "help"),
    droppedRows(view, arrangement)[1],
    line(PLAY_KEYS.flatMap(key).map(chordText).join(" "), "dim"),
    keyHint(key("quit"), "quit"),
    ...ownHints(view),
  ];
}

/** The keys of the focused pane. */
function ownHints({ keys, open, focus }: ViewState): readonly Row[] {
  const id = open[focus]?.pane.id;
  return keys.filter(({ pane, place }) => pane === id || place === id).map(({ chords, label }) => keyHint(chords, label));
}

/** The last row: keys of the focused pane and of the screen; at the right, the panes that found no room. */
export function footerRow(view: ViewState, arrangement: Arrangement, width: number): Row {
  if (view.entry?.isTime === true) return timeRow(view.entry, width);
  if (view.note !== "") return fitRow(line(outside(view.note, 300), "accent"), width);
  if (view.notice !== null) return fitRow(cutRow(line(outside(view.notice.text, 300), view.notice.tone), width), width);
  const [all, numbers] = droppedRows(view, arrangement);
  const right = rowWidth(all) * 2 <= width ? all : numbers;
  // One key for each command is enough here: the first, or the one that is a letter.
  const key = (name: string): readonly string[] => {
    const chords = chordsOf(view.keys, name);
    return chords.filter((chord) => chord.length === 1).concat(chords).slice(0, 1);
  };
  const general = [
    keyHint(key("help"), "help"),
    keyHint(key("quit"), "quit"),
    keyHint(paneKeys(view), "pane"),
    keyHint(key("zoom"), view.zoomed ? "unzoom" : "zoom"),
    keyHint(key("freeze"), view.frozen ? "go on" : "freeze"),
  ];
  const more = [keyHint(key("next"), "next"), keyHint(key("reconnect"), "reconnect")];
  const scroll = [...chordsOf(view.keys, "help.up").slice(0, 1), ...chordsOf(view.keys, "help.down").slice(0, 1)];
  const help = [keyHint(key("back"), view.log ? "close log" : "close help"), keyHint(scroll, "scroll"), keyHint(key("help.search"), "search"), keyHint(key("quit"), "quit")];
  const left = flow(view.help ? help : [...general, ...ownHints(view), ...more], Math.max(0, width - rowWidth(right) - 1));
  return fitRow(spread(left, right, width), width);
}

/** The characters of a frame. The focused one is heavy, so that it is seen without colour. */
const LIGHT = { side: "│", top: "─", corners: ["┌", "┐", "└", "┘"] } as const;
const HEAVY = { side: "┃", top: "━", corners: ["┏", "┓", "┗", "┛"] } as const;

/** The parts of a frame as text; `side` is null where there are no sides. */
export interface FrameRows {
  readonly top: Row | null;
  readonly side: Row | null;
  readonly bottom: Row | null;
}

/** What a frame says: number and title of its pane, and what is to be known of it, from the longest to the shortest. */
export interface FrameTitle {
  readonly name: string;
  readonly notes: readonly string[];
}

function titleRow({ name, notes }: FrameTitle, room: number, focused: boolean): Row {
  const title = span(` ${name} `, focused ? "title" : "strong");
  const note = notes.find((text) => title.text.length + text.length + 1 <= room);
  return cutRow(note === undefined ? [title] : [title, span(`${note} `, "warn")], Math.max(0, room));
}

/** A frame `width` cells wide around a pane. */
export function frameRows(frame: Frame, title: FrameTitle, width: number, focused: boolean): FrameRows {
  if (frame === "none") return { top: null, side: null, bottom: null };
  const signs = focused ? HEAVY : LIGHT;
  const tone = focused ? "title" : "border";
  const [left, right, lowLeft, lowRight] = signs.corners;
  const edge = frame === "box";
  const room = width - (edge ? 3 : 1);
  const shown = titleRow(title, room, focused);
  const rest = signs.top.repeat(Math.max(0, room - rowWidth(shown)));
  const top: Row = [span(edge ? left + signs.top : signs.top, tone), ...shown, span(rest + (edge ? right : ""), tone)];
  if (!edge) return { top: fitRow(top, width), side: null, bottom: null };
  const bottom = line(lowLeft + signs.top.repeat(Math.max(0, width - 2)) + lowRight, tone);
  return { top: fitRow(top, width), side: line(signs.side, tone), bottom: fitRow(bottom, width) };
}

/** The key that goes to a pane, as its title has it; empty where there is none. */
function goKey(keys: KeyMap, pane: Pane | undefined): string {
  const [chord] = pane === undefined ? [] : chordsOf(keys, `go.${pane.id}`);
  return chord === undefined ? "" : chordText(chord);
}

/** What the frame of a pane says. */
export function paneTitle(pane: Pane, keys: KeyMap, coverage: Coverage): FrameTitle {
  const name = `${goKey(keys, pane)} ${pane.title}`.trim();
  return { name, notes: pane.cumulative ? coverageNotes(coverage) : [] };
}

const READING: readonly string[] = [
  "▲ a buyer took the offer, ▼ a seller hit the bid. Times are US Eastern, prices exact to the tick.",
  "[DEMO] prices are simulated, [REPLAY] prices come from a recording; only [LIVE] is the market.",
];

/** Sections of the help, each with its heading and a blank line after it. */
function helpSections(map: KeyMap, width: number): Row[][] {
  const sections = keySections(map);
  const wide = Math.max(...sections.flatMap(({ lines }) => lines.map(({ keys }) => keys.length)));
  const keys = sections.map(({ title, lines }): Row[] => {
    const rows = lines.map((one): Row => [span(`  ${one.keys.padEnd(wide)}  `, "key"), span(one.label)]);
    rows.unshift(line(title, "title"));
    rows.push([]);
    return rows;
  });
  const reading = READING.flatMap((text) => wrapWords(text, width - 2)).map((text) => line(`  ${text}`));
  return [...keys, [line("Reading the screen", "title"), ...reading]];
}

/** The sections in one column, or in two where the first takes as many as `rows` allow. */
function helpColumns(sections: readonly Row[][], columns: 1 | 2, rows: number): Row[][] {
  const left: Row[] = [];
  const right: Row[] = [];
  for (const section of sections) {
    const fits = left.length === 0 || left.length + section.length <= rows + 1;
    if (columns === 1 || (right.length === 0 && fits)) left.push(...section);
    else right.push(...section);
  }
  return columns === 1 ? [left] : [left, right];
}

/** Help in columns of equal width where they fit, cut to the size; `top` is the first line shown. */
function helpRows({ keys, helpTop: top }: Pick<ViewState, "keys" | "helpTop">, size: Size): readonly Row[] {
  const count = size.columns >= 2 * HELP_COLUMN_MIN ? 2 : 1;
  const width = Math.floor(size.columns / count);
  const columns = helpColumns(helpSections(keys, width - 1), count, size.rows);
  const longest = Math.max(...columns.map(({ length }) => length));
  const from = Math.min(top, Math.max(0, longest - size.rows));
  const shown = Array.from({ length: size.rows }, (_, at): Row => {
    const cells = columns.flatMap((rows) => fitRow(rows[from + at] ?? [], width));
    return fitRow(cells, size.columns);
  });
  const below = longest - from - size.rows;
  const more = line(`↓ ${below + 1} more lines`, "dim");
  if (below > 0 && size.rows > 1) shown[size.rows - 1] = fitRow(more, size.columns);
  return shown;
}

/** What lies over the panes: the welcome, the palette, the help or the log, or nothing. */
export function overlayRows(view: ViewState, size: Size): readonly Row[] | null {
  if (view.welcome) return welcomeRows(view, size);
  if (view.entry !== null && view.entry.isTime !== true) return paletteRows(view, view.entry, size);
  if (view.help) return view.log ? logRows(view, size) : helpRows(view, size);
  return null;
}
