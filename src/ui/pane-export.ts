/** A pane as a file: its values as CSV, its picture as SVG, each saying of which market, contract and time it is and what it covers. */
import { csvRow, withoutCommas } from "./csv.ts";
import { dateText } from "../market/civil-date.ts";
import { isoEastern } from "./eastern.ts";
import { clockText } from "./format.ts";
import { layoutOf } from "./layout.ts";
import { tableOfText } from "./pane-table.ts";
import type { Field, PaneTable } from "./pane-table.ts";
import { exactRows } from "./screen.ts";
import type { ScreenInput } from "./screen.ts";
import { frameRows, paneTitle } from "./shell-rows.ts";
import { statusRows } from "./status-rows.ts";
import { svgOf } from "./svg.ts";
import { fitRow, line, outside, wrapWords } from "./text.ts";
import type { Row, Size } from "./text.ts";

/** What is written, and the part of the files' names before their endings. */
export interface PaneFiles {
  readonly name: string;
  readonly csv: string;
  readonly svg: string;
}

/** Rows of sentences are taken from a picture of this size. */
const TEXT_SIZE: Size = { columns: 160, rows: 60 };
/** Smallest picture of a pane; one that has no place on the screen is drawn like this. */
const PICTURE_MIN: Size = { columns: 60, rows: 12 };

const MODE_WORDS = { LIVE: "the live market", REPLAY: "from a recording", DEMO: "simulated prices" } as const;

function tableIn({ view, shown, now }: ScreenInput): PaneTable | null {
  const open = view.open[view.focus];
  if (open === undefined) return null;
  return open.table === undefined ? tableOfText(open.draw(shown, TEXT_SIZE, now)) : open.table(shown, now);
}

/** The columns that say where a row comes from, before and behind the pane's own. */
function provenance({ shown }: ScreenInput): { readonly before: Readonly<Record<string, Field>>; readonly behind: Readonly<Record<string, Field>> } {
  const { mode, instrument, day, coverage, asOf, requested } = shown;
  return {
    before: { mode, contract: outside(instrument?.rawSymbol ?? requested, 24), trade_date: day?.tradeDate ?? null },
    behind: { as_of: asOf === null || day === null ? null : isoEastern(asOf.sec, day), coverage: outside(coverage.text, 200) },
  };
}

/** A guarded, comma-free row: the simplest reader may split it at its commas. */
function csvLine(fields: readonly Field[]): string {
  return csvRow(fields.map((field) => (typeof field === "string" ? withoutCommas(outside(field, 300)) : field)));
}

function csvRows(input: ScreenInput, { columns, rows }: PaneTable): { readonly head: string; readonly rows: readonly string[] } {
  const { before, behind } = provenance(input);
  return {
    head: csvLine([...Object.keys(before), ...columns, ...Object.keys(behind)]),
    rows: rows.map((row) => csvLine([...Object.values(before), ...row, ...Object.values(behind)])),
  };
}

/** The row that is marked in the focused pane, or matters most in it, as CSV without its head; null while there is none. Levels of one price are a line each. */
export function rowAsCsv(input: ScreenInput): string | null {
  const table = tableIn(input);
  if (table === null) return null;
  const rows = csvRows(input, table).rows.slice(table.chosen, table.chosen + table.together);
  return rows.length === 0 ? null : rows.join("\n");
}

/** What a picture says beneath: contract, trade date, time, coverage, and what kind of prices these are. */
function sourceRows({ shown, now }: ScreenInput, width: number): Row[] {
  const { mode, instrument, day, coverage, asOf, requested } = shown;
  const time = asOf === null || day === null ? "" : `at ${clockText(asOf.sec, day.easternOffsetSec)} ET`;
  const drawn = `drawn ${dateText(Math.floor(now.wallMs / 86_400_000))}`;
  const parts = [mode, outside(instrument?.rawSymbol ?? requested, 24), day === null ? "" : `trade date ${day.tradeDate}`, time, outside(coverage.text, 120), MODE_WORDS[mode], drawn];
  return wrapWords(parts.filter((part) => part !== "").join(" · "), width).map((text) => line(text, mode === "LIVE" ? "dim" : "warn"));
}

/** The focused pane in its frame, the status line above it and its source beneath. */
function pictureRows(input: ScreenInput): readonly Row[] {
  const { view, shown, latest, frozenAt, now } = input;
  const open = view.open[view.focus];
  if (open === undefined) return [];
  const placed = layoutOf(view).placed.find(({ index }) => index === view.focus);
  const width = Math.max(PICTURE_MIN.columns, placed?.rect.width ?? 0);
  const height = Math.max(PICTURE_MIN.rows, placed?.rect.height ?? 0);
  const inside = { width: width - 2, height: height - 2 };
  const frame = frameRows("box", paneTitle(open.pane, view.keys, shown.coverage), width, true);
  const drawn = exactRows(open.draw(shown, { columns: inside.width, rows: inside.height }, { ...now, flash: null }), inside);
  const side = frame.side ?? [];
  return [
    ...statusRows({ snapshot: latest, frozenAt, now, withPrice: true }, { columns: width, rows: 1 }),
    fitRow(frame.top ?? [], width),
    ...drawn.map((row): Row => [...side, ...row, ...side]),
    fitRow(frame.bottom ?? [], width),
    ...sourceRows(input, width),
  ];
}

/** `nq-tui_2025-06-13_105831_tape_DEMO`: trade date and Eastern time of the picture, pane, market. */
function nameOf({ view, shown, now }: ScreenInput): string {
  const { asOf, day, mode } = shown;
  const sec = asOf?.sec ?? Math.floor(now.wallMs / 1000);
  const time = clockText(sec, day?.easternOffsetSec ?? 0).replaceAll(":", "");
  const date = day?.tradeDate ?? dateText(Math.floor(sec / 86_400));
  return `nq-tui_${date}_${time}_${view.open[view.focus]?.pane.id ?? "pane"}_${mode}`;
}

/** The focused pane as files; null while it has nothing to show. */
export function paneAsFiles(input: ScreenInput): PaneFiles | null {
  const table = tableIn(input);
  if (table === null) return null;
  const { head, rows } = csvRows(input, table);
  const title = `nq-tui, ${input.shown.mode}: ${input.view.open[input.view.focus]?.pane.title ?? ""}`;
  return { name: nameOf(input), csv: `${[head, ...rows].join("\n")}\n`, svg: svgOf(pictureRows(input), title, input.view.theme, input.view.ownColours) };
}
