/** The tape: time and sales, newest on top. */
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { TapeTrade } from "../../studies/index.ts";
import { barText, notice } from "../blocks.ts";
import { clockText, countText, millisText, priceText } from "../format.ts";
import { offsetOf, sideWords } from "../market-words.ts";
import { definePane } from "../pane.ts";
import { scrollKeys } from "../scroll.ts";
import { tapeTable } from "../tables/trade-tables.ts";
import { line, span } from "../text.ts";
import type { Row } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface TapeSlice {
  readonly tape: readonly TapeTrade[];
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
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

/** The tape pane. */
export const tape = definePane({
  id: "tape",
  title: "Tape",
  minSize: { columns: 30, rows: 3 },
  goodRows: 5,
  fullRows: Number.POSITIVE_INFINITY,
  priority: 50,
  place: { two: 1, three: 2, four: 3 },
  initial: { skip: 0 },
  keys: scrollKeys<{ readonly skip: number }, TapeSlice>((slice) => slice.tape.length, {
    on: "older trades",
    back: "newer trades",
    start: "the newest trade",
  }),
  select: {
    tape: (snapshot) => snapshot.studies.tape,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  view: ({ tape: trades, instrument, day }: TapeSlice, { skip }, size) => {
    if (instrument === null || trades.length === 0) return notice("waiting for the first trade…", size);
    const offset = offsetOf(day);
    const newest = trades.length - 1 - Math.min(skip, trades.length - 1);
    const rows: Row[] = [];
    if (skip > 0) rows.push(line(`${Math.min(skip, trades.length - 1)} newer above (Home: newest)`, "warn"));
    for (let at = newest; at >= 0 && rows.length < size.rows; at--) {
      const trade = trades[at];
      if (trade !== undefined) rows.push(tradeRow(trade, instrument, offset, size.columns));
    }
    return rows;
  },
  table: ({ tape: trades, instrument }: TapeSlice, { skip }) => (instrument === null || trades.length === 0 ? null : tapeTable(trades, instrument, skip)),
});
