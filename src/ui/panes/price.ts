/** The price: last trade in large digits, change against its named basis, quote, day range, averages, volume, pace. */
import type { LinkMessage } from "../../lsg/link-state.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { ChangeBasis, LastTrade } from "../../studies/index.ts";
import { bigRows, bigText, bigWidth } from "../big-digits.ts";
import type { DigitSize } from "../big-digits.ts";
import { notice } from "../blocks.ts";
import { nextBasis } from "../change.ts";
import type { Flash } from "../flash.ts";
import { priceText } from "../format.ts";
import { definePane } from "../pane.ts";
import type { Moment } from "../pane.ts";
import { changeRow, figures, furtherLines, isOld, nameRow, quoteRow, rangeRow, sessionRow } from "../price-lines.ts";
import type { PriceFigures } from "../price-lines.ts";
import { pricePage } from "../price-page.ts";
import { priceTable } from "../tables/level-tables.ts";
import { cutRow, fitRow, flow, flowLines, line, outside, rowWidth, span } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface PriceSlice extends Omit<PriceFigures, "instrument" | "last" | "basis"> {
  readonly instrument: Instrument | null;
  /** What the gateway and the link have said. */
  readonly messages: readonly LinkMessage[] | null;
}

/** What its key changes: the basis of the change; null: the one in force. */
export interface PriceLocal {
  readonly basis: ChangeBasis | null;
}

/** Index of the first character that differs from the price before; everything from there on flashes. */
function firstChange(text: string, before: string): number {
  if (text.length !== before.length) return 0;
  for (let at = 0; at < text.length; at++) if (text[at] !== before[at]) return at;
  return text.length;
}

function digitTones(text: string, { instrument, phase }: PriceFigures, flash: Flash | null): (index: number) => Tone {
  if (isOld(phase)) return () => "dim";
  if (flash === null) return () => "strong";
  const from = firstChange(text, priceText(flash.fromTicks, instrument));
  return (index) => (index < from ? "strong" : flash.direction === 1 ? "upStrong" : "downStrong");
}

function smallPrice(text: string, { instrument, phase }: PriceFigures, flash: Flash | null): Row {
  if (isOld(phase)) return line(text, "dim");
  if (flash === null) return line(text, "strong");
  const from = firstChange(text, priceText(flash.fromTicks, instrument));
  const tone = flash.direction === 1 ? "upFlash" : "downFlash";
  return [span(text.slice(0, from), "strong"), span(text.slice(from), tone)];
}

/** The arrow of the last different price: reversed while the change is fresh, dimmed while the price stands. */
function arrow({ direction, unchanged }: LastTrade, flash: Flash | null): Row {
  if (direction === 0) return line(" ");
  if (direction === 1) return line("▲", flash === null ? (unchanged ? "upDim" : "upStrong") : "upFlash");
  return line("▼", flash === null ? (unchanged ? "downDim" : "downStrong") : "downFlash");
}

/** All in lines of text. */
function textRows(all: PriceFigures, size: Size, flash: Flash | null): readonly Row[] {
  const width = size.columns;
  const price = smallPrice(priceText(all.last.ticks, all.instrument), all, flash);
  const head: Row = [...price, span(" "), ...arrow(all.last, flash)];
  const wide: Row = [...nameRow(all), span("  "), ...head];
  const beside = (row: Row): number => width - rowWidth(row) - 2;
  const rows: Row[] = [];
  // The contract is in the status line too; the change with its basis is not.
  const first = [wide, head].find((row) => beside(row) >= CHANGE_WIDTH);
  if (first === undefined) rows.push(rowWidth(wide) <= width ? wide : cutRow(head, width), changeRow(all, width));
  else rows.push(flow([first, changeRow(all, beside(first))], width));
  rows.push(flow([quoteRow(all), rangeRow(all, width)], width));
  rows.push(flow([sessionRow(all)], width));
  rows.push(flow(figures(all, []), width));
  return rows.filter((row) => rowWidth(row) > 0).slice(0, size.rows);
}

/** What its drawing depends on besides the figures. */
type PriceMoment = Pick<Required<Moment>, "flash" | "isAscii">;

/** The price in large digits with its arrow in the middle row. */
function bigPrice(all: PriceFigures, { flash, isAscii }: PriceMoment, digits: DigitSize): Row[] {
  const text = priceText(all.last.ticks, all.instrument);
  const middle = Math.floor(bigRows(digits) / 2);
  const tones = digitTones(text, all, flash);
  return bigText(text, digits, tones, isAscii).map((row, at): Row => {
    const sign = at === middle ? arrow(all.last, flash) : line(" ");
    return line(" ").concat(row, line(" "), sign, line("  "));
  });
}

/** Large digits at the left, one or two columns of lines at the right, figures beneath. */
function besideView(all: PriceFigures, size: Size, now: PriceMoment, digits: DigitSize): readonly Row[] {
  const high = bigRows(digits);
  const room = size.columns - bigWidth(priceText(all.last.ticks, all.instrument), digits) - BESIDE;
  const isTwo = room >= 2 * LINES_WIDTH + COLUMN_GAP;
  const width = isTwo ? Math.min(FIRST_COLUMN, room - LINES_WIDTH - COLUMN_GAP) : room;
  const first: Row[] = [
    ...(high > 3 ? [nameRow(all)] : []),
    changeRow(all, width),
    quoteRow(all),
    sessionRow(all),
    rangeRow(all, width),
  ];
  const second = isTwo ? furtherLines(all, room - width - COLUMN_GAP, high) : [];
  const rows = bigPrice(all, now, digits).map((row, at): Row => {
    const further = second[at] ?? [];
    const line = isTwo ? [...fitRow(first[at] ?? [], width), span(" ".repeat(COLUMN_GAP)), ...further] : (first[at] ?? []);
    return row.concat(cutRow(line, room));
  });
  // The range bar is the last line; where it found no place at the right, a short one goes beneath.
  const range = first.length > high ? rangeRow(all, NARROW_RANGE) : [];
  const beneath = flowLines(figures(all, range, !isTwo), size.columns - 1, size.rows - high);
  return [...rows, ...beneath.map((row): Row => [span(" "), ...row])];
}

/** Digits as large as they get, everything else beneath. */
function aboveView(all: PriceFigures, size: Size, now: PriceMoment, digits: DigitSize): readonly Row[] {
  const width = size.columns - 1;
  const name = nameRow(all);
  const rows: Row[] = [
    flow([name, changeRow(all, width - rowWidth(name) - 2)], width),
    flow([quoteRow(all), sessionRow(all)], width),
    rangeRow(all, width),
  ];
  const room = size.rows - bigRows(digits) - 2 - rows.length;
  rows.push(...flowLines(figures(all, [], false), width, room));
  rows.push(...furtherLines(all, width, size.rows).filter((row) => rowWidth(row) > 0));
  return [[], ...bigPrice(all, now, digits), [], ...rows.map((row): Row => line(" ").concat(cutRow(row, width)))];
}

/** Cells for the change with per cent, basis and the basis's price. */
const CHANGE_WIDTH = 38;
/** Cells around large digits: margin, arrow, distance. */
const BESIDE = 5;
/** Columns of the short range bar. */
const NARROW_RANGE = 22;
/** The lines at the right of large digits need this many columns; the first of two columns takes at most `FIRST_COLUMN`. */
const LINES_WIDTH = 40;
const FIRST_COLUMN = 60;
const COLUMN_GAP = 2;
/** Rows that `aboveView` adds to the digits, and rows from which it is used. */
const LINES_ROWS = 6;
const ABOVE_FROM_ROWS = 14;

function layout(all: PriceFigures, size: Size, now: PriceMoment): readonly Row[] {
  const text = priceText(all.last.ticks, all.instrument);
  const fits = (digits: DigitSize, columns: number, rows: number): boolean =>
    size.columns >= bigWidth(text, digits) + BESIDE + columns && size.rows >= bigRows(digits) + rows;
  if (size.rows >= ABOVE_FROM_ROWS) {
    const largest = [6, 4, 2, 1].find((digits) => fits(digits, 0, LINES_ROWS));
    if (largest !== undefined) return aboveView(all, size, now, largest);
  }
  const beside = [4, 2, 1].find((digits) => fits(digits, LINES_WIDTH, 1));
  return beside === undefined ? textRows(all, size, now.flash) : besideView(all, size, now, beside);
}

/** The price pane. */
export const price = definePane({
  id: "price",
  title: "Price",
  minSize: { columns: 18, rows: 2 },
  goodRows: 6,
  fullRows: 11,
  priority: 100,
  place: "top",
  cumulative: true,
  follows: ["flash"],
  initial: { basis: null },
  // The settlement is what is in force by itself, with all that stands in for it while there is none.
  configure: (_, { basis }) => ({ basis: basis === "settlement" ? null : basis }),
  keys: [
    {
      name: "basis",
      chords: ["b"],
      label: "change against the next basis",
      everywhere: true,
      run: ({ basis }: PriceLocal, { session }: PriceSlice): PriceLocal => ({ basis: nextBasis(session, basis) }),
    },
  ],
  select: {
    session: (snapshot) => snapshot.studies.session,
    quote: (snapshot) => snapshot.studies.quote,
    pace: (snapshot) => snapshot.studies.pace,
    status: (snapshot) => snapshot.studies.status,
    vwap: (snapshot) => snapshot.studies.vwap,
    delta: (snapshot) => snapshot.studies.delta,
    instrument: (snapshot) => snapshot.instrument,
    requested: (snapshot) => snapshot.requested,
    mode: (snapshot) => snapshot.mode,
    phase: (snapshot) => snapshot.link?.phase ?? null,
    coverage: (snapshot) => snapshot.coverage,
    day: (snapshot) => snapshot.day,
    messages: (snapshot) => snapshot.link?.messages ?? null,
  },
  table: ({ instrument, session, quote }: PriceSlice, { basis }: PriceLocal) => {
    const { last } = session;
    return instrument === null || last === null ? null : priceTable({ session, last, quote, instrument, basis });
  },
  view: (slice: PriceSlice, { basis }: PriceLocal, size, { flash, alone, isAscii = false }) => {
    const { instrument, requested } = slice;
    const last = slice.session.last;
    const trouble = slice.messages?.findLast(({ level }) => level !== "info");
    if (instrument === null && trouble !== undefined) return notice(`${outside(trouble.text, 200)} (see Connection)`, size);
    if (instrument === null) return notice(`waiting for the contract behind ${outside(requested, 24)}…`, size);
    if (last === null) return notice(`${outside(instrument.rawSymbol, 20)}: waiting for the first trade…`, size);
    const all: PriceFigures = { ...slice, instrument, last, basis };
    if (alone === true) return pricePage(all, size, digitTones(priceText(last.ticks, instrument), all, flash), isAscii);
    return layout(all, size, { flash, isAscii }).map((row) => fitRow(row, size.columns));
  },
});
