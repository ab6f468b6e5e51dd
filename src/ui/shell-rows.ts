/** The rows around the panes: status row, footer, pane frames, help. Pure; Ink draws them, the picture export too. */
import type { Snapshot } from "../store/snapshot.ts";
import type { Arrangement, Frame } from "./arrange.ts";
import { chordText } from "./chord.ts";
import { keySections } from "./keys.ts";
import { marketTimeText, modeBadge, nextTryText, phaseWords } from "./market-words.ts";
import type { Moment, Pane } from "./pane.ts";
import { cutRow, fitRow, flow, line, outside, rowWidth, span, spread, wrapWords } from "./text.ts";
import type { Row, Size } from "./text.ts";
import type { ViewState } from "./view-state.ts";

const PRODUCT = "nq-tui";
const WIDE = 100;
const MIDDLE = 72;
const ROOMY = 120;
const HELP_COLUMN_MIN = 50;

function linkRow(snapshot: Snapshot, now: Moment, width: number): Row {
  const phase = phaseWords(snapshot.link, snapshot.mode);
  const next = nextTryText(snapshot.link, now.wallMs);
  const more = next === "" || width < MIDDLE ? "" : `, ${next}`;
  return [span(width >= WIDE ? "link " : "", "dim"), span(`${phase.sign} ${phase.word}${more}`, phase.tone)];
}

/** The row that is always there: mode, link, contract, market time, trade date, coverage. */
export function statusRow(snapshot: Snapshot, frozen: string | null, now: Moment, width: number): Row {
  const wide = width >= WIDE;
  const symbol = outside(snapshot.instrument?.rawSymbol ?? snapshot.requested, 24);
  const covered = outside(snapshot.coverage.text, 60);
  const dated = width >= ROOMY ? "trade date " : "";
  const parts: Row[] = [
    wide ? [span(PRODUCT, "title")] : [],
    modeBadge(snapshot.mode, width),
    frozen === null ? [] : [span(wide ? `[FROZEN at ${frozen}]` : "[FROZEN]", "frozen")],
    [span(symbol, "strong")],
    [span(marketTimeText(snapshot))],
    snapshot.day === null ? [] : [span(dated + snapshot.day.tradeDate, "dim")],
    covered === "" ? [] : [span(covered, snapshot.coverage.complete ? "dim" : "warn")],
  ];
  const link = linkRow(snapshot, now, width);
  if (width < rowWidth(link) + 8) return fitRow(flow([...parts.slice(1, 2), link], width, 1), width);
  return fitRow(spread(flow(parts, width - rowWidth(link) - 1, wide ? 2 : 1), link, width), width);
}

function keyHint(keys: string, label: string): Row {
  return [span(keys, "key"), span(` ${label}`, "dim")];
}

/** The last row: keys of the focused pane and of the screen; at the right, the panes that found no room. */
export function footerRow(view: ViewState, arrangement: Arrangement, width: number): Row {
  const panes = view.open.map(({ pane }) => pane);
  const focused = panes[view.focus];
  const hidden = view.zoomed || view.help ? [] : arrangement.dropped.map((index) => index + 1);
  const names = hidden.map((number) => `${number} ${panes[number - 1]?.title ?? ""}`).join(", ");
  const all = hidden.length === 0 ? [] : line(`no room for: ${names}`, "warn");
  const numbers = line(`no room: ${hidden.join(" ")}`, "warn");
  const right = rowWidth(all) * 2 <= width ? all : numbers;
  const own = (focused?.keys ?? []).map(({ chords, label }) => keyHint(chords.map(chordText).join(" "), label));
  const general = [
    keyHint("?", "help"),
    keyHint("q", "quit"),
    keyHint(panes.length > 1 ? `1-${Math.min(9, panes.length)}` : "1", "pane"),
    keyHint("z", view.zoomed ? "unzoom" : "zoom"),
    keyHint("Space", view.frozen ? "go on" : "freeze"),
  ];
  const more = [keyHint("Tab", "next"), keyHint("R", "reconnect")];
  const help = [keyHint("Esc", "close help"), keyHint("↑ ↓", "scroll"), keyHint("q", "quit")];
  const left = flow(view.help ? help : [...general, ...own, ...more], Math.max(0, width - rowWidth(right) - 1));
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

/** A frame `width` cells wide around a pane; `name` is its number and title. */
export function frameRows(frame: Frame, name: string, width: number, focused: boolean): FrameRows {
  if (frame === "none") return { top: null, side: null, bottom: null };
  const signs = focused ? HEAVY : LIGHT;
  const tone = focused ? "title" : "border";
  const [left, right, lowLeft, lowRight] = signs.corners;
  const edge = frame === "box";
  const title: Row = [span(` ${name} `, focused ? "title" : "strong")];
  const room = width - (edge ? 3 : 1);
  const shown = cutRow(title, Math.max(0, room));
  const rest = signs.top.repeat(Math.max(0, room - rowWidth(shown)));
  const top: Row = [span(edge ? left + signs.top : signs.top, tone), ...shown, span(rest + (edge ? right : ""), tone)];
  if (!edge) return { top: fitRow(top, width), side: null, bottom: null };
  const bottom = line(lowLeft + signs.top.repeat(Math.max(0, width - 2)) + lowRight, tone);
  return { top: fitRow(top, width), side: line(signs.side, tone), bottom: fitRow(bottom, width) };
}

/** Number and title of a pane as its frame shows it. */
export function paneName(pane: Pane, index: number): string {
  return index < 9 ? `${index + 1} ${pane.title}` : pane.title;
}

const READING: readonly string[] = [
  "▲ a buyer took the offer, ▼ a seller hit the bid. Times are US Eastern, prices exact to the tick.",
  "[DEMO] prices are simulated, [REPLAY] prices come from a recording; only [LIVE] is the market.",
];

/** Sections of the help, each with its heading and a blank line after it. */
function helpSections(panes: readonly Pane[], width: number): Row[][] {
  const sections = keySections(panes);
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
export function helpRows(panes: readonly Pane[], top: number, size: Size): readonly Row[] {
  const count = size.columns >= 2 * HELP_COLUMN_MIN ? 2 : 1;
  const width = Math.floor(size.columns / count);
  const columns = helpColumns(helpSections(panes, width - 1), count, size.rows);
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
