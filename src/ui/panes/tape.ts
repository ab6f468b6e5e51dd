/** The tape: time and sales, newest on top. */
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { TapeTrade } from "../../studies/index.ts";
import { barText, notice } from "../blocks.ts";
import { clockText, countText, millisText, priceText } from "../format.ts";
import { offsetOf, sideWords } from "../market-words.ts";
import { cursorKeys, keyedBy, markedRow, shownOf } from "../cursor.ts";
import type { Cursor, ListSpec } from "../cursor.ts";
import { definePane } from "../pane.ts";
import { tapeTable } from "../tables/trade-tables.ts";
import { fitting, line, span } from "../text.ts";
import type { Row } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface TapeSlice {
  readonly tape: readonly TapeTrade[];
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

/** What its keys and the mouse change. */
interface TapeLocal {
  readonly cursor: Cursor | null;
  /** The trades as they were when a row was marked, oldest first: at a busy time they would be gone within a second. */
  readonly held: readonly TapeTrade[];
  /** Their contract. */
  readonly of: string;
}

/** Contracts from which a trade is drawn strong, and from which it carries a mark. */
const STRONG_SIZE = 10;
const MARKED_SIZE = 25;

const SIZE_WIDTH = 6;
const WITH_MILLIS = 34;
/** Cells for the bar of a trade's size; it is full at twice the marked size. */
const BAR_MIN = 8;
const BAR_MAX = 24;

function strong(tone: Tone): Tone {
  return tone === "up" ? "upStrong" : tone === "down" ? "downStrong" : "strong";
}

function tradeRow(trade: TapeTrade, instrument: Instrument, offsetSec: number, width: number): Row {
  const side = sideWords(trade.aggressor);
  const big = trade.size >= STRONG_SIZE;
  const tone = big ? strong(side.tone) : side.tone;
  const time = width >= WITH_MILLIS ? millisText(trade.at, offsetSec) : clockText(trade.at.sec, offsetSec);
  const mark = trade.size >= MARKED_SIZE ? " ◄ " : "   ";
  const head = `${time} `;
  const price = priceText(trade.ticks, instrument).padStart(10);
  const room = Math.min(BAR_MAX, width - head.length - price.length - SIZE_WIDTH - 6);
  const bar = room >= BAR_MIN ? barText(trade.size / (2 * MARKED_SIZE), room) : "";
  return [
    span(head, "dim"),
    span(price, big ? "strong" : "plain"),
    span(`${countText(trade.size).padStart(SIZE_WIDTH)} ${side.arrow}${mark}${bar}`.trimEnd(), tone),
  ];
}

/** Whether what was held is still to be shown: not of another contract, and not of a time that a replay has gone back from. */
function isHeld({ tape: trades, instrument }: TapeSlice, { cursor, held, of }: TapeLocal): boolean {
  const isAhead = (trades.at(-1)?.at.sec ?? 0) < (held.at(-1)?.at.sec ?? 0);
  return cursor !== null && of === instrument?.rawSymbol && !isAhead;
}

function shownTrades(slice: TapeSlice, local: TapeLocal): readonly TapeTrade[] {
  return isHeld(slice, local) ? local.held : slice.tape;
}

/** The last line while a row is marked is not the list's. */
const list: ListSpec<TapeSlice, TapeLocal> = {
  shape: (slice, local, { rows }) => ({
    ...keyedBy(shownTrades(slice, local).toReversed()), room: Math.max(1, rows - (isHeld(slice, local) ? 1 : 0)), above: 0, top: 0, home: 0,
  }),
  cursor: ({ cursor }) => cursor,
  put: (local, cursor, slice) => ({ cursor, held: cursor === null ? [] : shownTrades(slice, local), of: slice.instrument?.rawSymbol ?? "" }),
  ticks: (slice, local) => shownTrades(slice, local)[markedIndex(slice, local)]?.ticks ?? null,
};

function markedIndex(slice: TapeSlice, { cursor, ...local }: TapeLocal): number {
  return cursor === null ? -1 : shownTrades(slice, { cursor, ...local }).findIndex((trade) => trade === cursor.key);
}

/** Said beneath a tape that was stopped: how many are above what is shown, those that came since among them. */
function heldRow({ tape: trades }: TapeSlice, { held }: TapeLocal, top: number, width: number): Row {
  const newest = trades.findLastIndex((trade) => trade === held.at(-1));
  const newer = top + trades.length - 1 - newest;
  const said = newer === 0 ? "" : `${countText(newer)}${newest < 0 ? " or more" : ""} newer above`;
  const stands = "stands still while a row is marked";
  return fitting([line(said === "" ? stands : `${said}; ${stands}`, "warn"), line(said === "" ? "stands still" : said, "warn")], width);
}

/** The tape pane. */
export const tape = definePane({
  id: "tape",
  title: "Tape",
  minSize: { columns: 30, rows: 3 },
  goodRows: 5,
  fullRows: Number.POSITIVE_INFINITY,
  priority: 50,
  place: { two: 1, three: 2, four: 3 },
  initial: { cursor: null, held: [], of: "" },
  keys: cursorKeys(list, { on: "older trades", back: "newer trades", start: "the newest trade" }),
  list,
  select: {
    tape: (snapshot) => snapshot.studies.tape,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  view: (slice: TapeSlice, local: TapeLocal, size) => {
    const { instrument, day } = slice;
    const trades = shownTrades(slice, local);
    if (instrument === null || trades.length === 0) return notice("waiting for the first trade…", size);
    const offset = offsetOf(day);
    const stands = isHeld(slice, local);
    const { top, at: marked } = stands ? shownOf(list.shape(slice, local, size), local.cursor) : { top: 0, at: -1 };
    const last = size.rows - (stands ? 1 : 0);
    const rows: Row[] = [];
    for (let at = top; at < trades.length && rows.length < last; at++) {
      const row = tradeRow(trades[trades.length - 1 - at]!, instrument, offset, size.columns);
      rows.push(at === marked ? markedRow(row, size.columns) : row);
    }
    return stands ? [...rows, heldRow(slice, local, top, size.columns)] : rows;
  },
  table: (slice: TapeSlice, local: TapeLocal) => {
    const trades = shownTrades(slice, local);
    const marked = markedIndex(slice, local);
    return slice.instrument === null || trades.length === 0 ? null : tapeTable(trades, slice.instrument, marked < 0 ? 0 : trades.length - 1 - marked);
  },
});
