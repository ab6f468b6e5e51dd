/** The price: last trade in large digits, change against its named basis, quote, day range, volume, pace. */
import type { LinkMessage, LinkPhase } from "../../lsg/link-state.ts";
import type { ChangeBasis, LastTrade, PaceView, QuoteView, SessionView, StatusView } from "../../studies/index.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { Coverage, Mode } from "../../store/snapshot.ts";
import { bigRows, bigText, bigWidth } from "../big-digits.ts";
import type { DigitSize } from "../big-digits.ts";
import { named, notice } from "../blocks.ts";
import type { Flash } from "../flash.ts";
import { changeText, countText, percentText, priceText } from "../format.ts";
import { sideWords, signTone } from "../market-words.ts";
import { definePane } from "../pane.ts";
import { cutRow, fitRow, flow, line, outside, rowWidth, span } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface PriceSlice {
  readonly session: SessionView;
  readonly quote: QuoteView | null;
  readonly pace: PaceView;
  readonly status: StatusView | null;
  readonly instrument: Instrument | null;
  readonly requested: string;
  readonly mode: Mode;
  readonly phase: LinkPhase | null;
  readonly coverage: Coverage;
  readonly day: TradingDay | null;
  /** What the gateway and the link have said. */
  readonly messages: readonly LinkMessage[] | null;
}

const BASIS_WORDS: Readonly<Record<ChangeBasis, string>> = {
  settlement: "settle",
  "preliminary settlement": "settle (prelim.)",
  "session open": "18:00 open",
  "first trade seen": "first trade seen",
};

/** The basis of the change as the screen names it. */
export function basisText(session: SessionView): string {
  return session.basis === null ? "" : BASIS_WORDS[session.basis];
}

/** Index of the first character that differs from the price before; everything from there on flashes. */
function firstChange(text: string, before: string): number {
  if (text.length !== before.length) return 0;
  for (let at = 0; at < text.length; at++) if (text[at] !== before[at]) return at;
  return text.length;
}

/** While nothing comes in, the price is one that was, and it looks like that. */
function isOld(phase: LinkPhase | null): boolean {
  return phase === "STALE" || phase === "DOWN" || phase === "REFUSED";
}

function digitTones(text: string, { instrument, phase }: Figures, flash: Flash | null): (index: number) => Tone {
  if (isOld(phase)) return () => "dim";
  if (flash === null) return () => "strong";
  const from = firstChange(text, priceText(flash.fromTicks, instrument));
  return (index) => (index < from ? "strong" : flash.direction === 1 ? "upStrong" : "downStrong");
}

function smallPrice(text: string, { instrument, phase }: Figures, flash: Flash | null): Row {
  if (isOld(phase)) return line(text, "dim");
  if (flash === null) return line(text, "strong");
  const from = firstChange(text, priceText(flash.fromTicks, instrument));
  const tone = flash.direction === 1 ? "upFlash" : "downFlash";
  return [span(text.slice(0, from), "strong"), span(text.slice(from), tone)];
}

/** The arrow of the last different price, dimmed while the price stands. */
function arrow({ direction, unchanged }: LastTrade): Row {
  if (direction === 0) return line(" ");
  if (direction === 1) return line("▲", unchanged ? "upDim" : "upStrong");
  return line("▼", unchanged ? "downDim" : "downStrong");
}

function changeRow(session: SessionView, instrument: Instrument): Row {
  const { changeTicks, basisTicks } = session;
  if (changeTicks === null || basisTicks === null) return line("change n/a: no settlement yet", "dim");
  const tone = signTone(changeTicks);
  const strong = tone === "up" ? "upStrong" : tone === "down" ? "downStrong" : "strong";
  const amount = `${changeText(changeTicks, instrument)}  ${percentText(changeTicks, basisTicks)}`;
  return [span(amount, strong), span(` vs ${basisText(session)} ${priceText(basisTicks, instrument)}`, "dim")];
}

function quoteRow(quote: QuoteView | null, instrument: Instrument): Row {
  if (quote === null) return line("no quote: trades only", "dim");
  const side = (ticks: number | null): string => (ticks === null ? "none" : priceText(ticks, instrument));
  const { bidTicks, askTicks } = quote;
  const spread = bidTicks === null || askTicks === null ? "" : `  spread ${priceText(askTicks - bidTicks, instrument)}`;
  return [
    span(`${countText(quote.bidSize)} × `, "dim"),
    span(side(bidTicks), "up"),
    span(" │ ", "dim"),
    span(side(askTicks), "down"),
    span(` × ${countText(quote.askSize)}`, "dim"),
    span(spread, "dim"),
  ];
}

function sessionRow({ session, instrument, coverage, day, last: { ticks: last } }: Figures): Row {
  const { openTicks, highTicks, lowTicks } = session;
  if (openTicks === null || highTicks === null || lowTicks === null) return line("no open, high, low yet", "dim");
  const isOpenKnown = coverage.from === null || day === null || coverage.from.sec <= day.openSec;
  const parts = [
    // Where the day is not known from 18:00 on, the first trade seen is not its open.
    named(isOpenKnown ? "O" : "first", priceText(openTicks, instrument)),
    named("H", priceText(highTicks, instrument), last === highTicks ? "upStrong" : "plain"),
    named("L", priceText(lowTicks, instrument), last === lowTicks ? "downStrong" : "plain"),
  ];
  return flow(parts, Number.POSITIVE_INFINITY, 1);
}

/** Where the price stands between the low and the high of the day. */
function rangeRow({ highTicks, lowTicks }: SessionView, last: number, width: number): Row {
  const cells = Math.min(30, width - 11);
  if (highTicks === null || lowTicks === null || cells < 5) return [];
  const share = highTicks === lowTicks ? 0.5 : (last - lowTicks) / (highTicks - lowTicks);
  const at = Math.min(cells - 1, Math.max(0, Math.round(share * (cells - 1))));
  const percent = `${Math.round(share * 100)}%`;
  return [
    span("L", "dim"),
    span("─".repeat(at), "border"),
    span("◆", "accent"),
    span("─".repeat(cells - 1 - at), "border"),
    span("H", "dim"),
    span(` ${percent}`, "plain"),
  ];
}

function lastRow({ size, aggressor }: LastTrade): Row {
  const side = sideWords(aggressor);
  return [span("last ", "dim"), span(`${side.arrow} ${side.word.toLowerCase()} ${countText(size)}`, side.tone)];
}

/** What everyone looks at next, by importance. */
/** Trades a second over the last ten: the second that has just begun says nothing yet. */
function paceText(trades10s: number): string {
  return trades10s < 100 ? (trades10s / 10).toFixed(1) : countText(Math.round(trades10s / 10));
}

function figures({ session, pace, instrument, status, phase }: Figures, range: Row): Row[] {
  const vwap = session.vwapTicks;
  return [
    isOld(phase) ? line(`old price: link ${phase}`, "alarm") : [],
    named("vol", countText(session.volume), "strong"),
    vwap === null ? [] : named("VWAP", priceText(vwap, instrument)),
    session.last === null ? [] : lastRow(session.last),
    range,
    named("pace", `${paceText(pace.trades10s)} trades/s`),
    status === null || status.isTrading === true ? [] : named("market", outside(status.text, 24), "warn"),
    named("10 s", `${countText(pace.volume10s)} ct`),
    named("60 s", `${countText(pace.volume60s)} ct`),
    named("trades", countText(session.trades)),
  ];
}

interface Figures extends Omit<PriceSlice, "instrument"> {
  readonly instrument: Instrument;
  readonly last: LastTrade;
}

function nameRow({ instrument, requested, mode }: Figures): Row {
  const contract = outside(instrument.rawSymbol, 20);
  const asked = outside(requested, 20);
  const source: Row = mode === "LIVE" ? [] : [span(mode === "DEMO" ? "  simulated" : "  from a recording", "warn")];
  return [span(contract, "title"), span(asked === contract ? "" : ` (${asked})`, "dim"), ...source];
}

/** All in lines of text. */
function textRows(all: Figures, size: Size, flash: Flash | null): readonly Row[] {
  const { session, instrument, last } = all;
  const width = size.columns;
  const price = smallPrice(priceText(last.ticks, instrument), all, flash);
  const head: Row = [...price, span(" "), ...arrow(last)];
  const change = changeRow(session, instrument);
  const wide: Row = [...nameRow(all), span("  "), ...head];
  const room = width - rowWidth(change) - 2;
  const rows: Row[] = [];
  if (room >= rowWidth(wide)) rows.push(flow([wide, change], width));
  else if (room >= rowWidth(head)) rows.push(flow([head, change], width));
  else rows.push(rowWidth(wide) <= width ? wide : cutRow(head, width), cutRow(change, width));
  rows.push(flow([quoteRow(all.quote, instrument), rangeRow(session, last.ticks, width)], width));
  rows.push(flow([sessionRow(all)], width));
  rows.push(flow(figures(all, []), width));
  return rows.filter((row) => rowWidth(row) > 0).slice(0, size.rows);
}

/** The price in large digits with its arrow in the middle row. */
function bigPrice(all: Figures, flash: Flash | null, digits: DigitSize): Row[] {
  const text = priceText(all.last.ticks, all.instrument);
  const middle = Math.floor(bigRows(digits) / 2);
  const tones = digitTones(text, all, flash);
  return bigText(text, digits, tones).map((row, at): Row => {
    const sign = at === middle ? arrow(all.last) : line(" ");
    return line(" ").concat(row, line(" "), sign, line("  "));
  });
}

/** Large digits at the left, lines at the right, figures beneath. */
function besideView(all: Figures, size: Size, flash: Flash | null, digits: DigitSize): readonly Row[] {
  const { session, instrument, last } = all;
  const high = bigRows(digits);
  const width = size.columns - bigWidth(priceText(last.ticks, instrument), digits) - BESIDE;
  const lines: Row[] = [
    ...(high > 3 ? [nameRow(all)] : []),
    changeRow(session, instrument),
    quoteRow(all.quote, instrument),
    sessionRow(all),
    rangeRow(session, last.ticks, width),
  ];
  const rows = bigPrice(all, flash, digits).map((row, at): Row => row.concat(cutRow(lines[at] ?? [], width)));
  // The range bar is the last line; where it found no place at the right, a short one goes beneath.
  const range = lines.length > high ? rangeRow(session, last.ticks, NARROW_RANGE) : [];
  return [...rows, [span(" "), ...flow(figures(all, range), size.columns - 1)]];
}

/** Digits as large as they get, everything else beneath. */
function aboveView(all: Figures, size: Size, flash: Flash | null, digits: DigitSize): readonly Row[] {
  const { session, instrument, last, quote } = all;
  const width = size.columns - 1;
  const lines: Row[] = [
    flow([nameRow(all), changeRow(session, instrument)], width),
    flow([quoteRow(quote, instrument), sessionRow(all)], width),
    rangeRow(session, last.ticks, width),
    flow(figures(all, []), width),
  ];
  return [[], ...bigPrice(all, flash, digits), [], ...lines.map((row): Row => line(" ").concat(row))];
}

/** Cells around large digits: margin, arrow, distance. */
const BESIDE = 5;
/** Columns of the short range bar. */
const NARROW_RANGE = 22;
/** The lines at the right of large digits need this many columns. */
const LINES_WIDTH = 40;
/** Rows that `aboveView` adds to the digits, and rows from which it is used. */
const LINES_ROWS = 6;
const ABOVE_FROM_ROWS = 12;

function layout(all: Figures, size: Size, flash: Flash | null): readonly Row[] {
  const text = priceText(all.last.ticks, all.instrument);
  const fits = (digits: DigitSize, columns: number, rows: number): boolean =>
    size.columns >= bigWidth(text, digits) + BESIDE + columns && size.rows >= bigRows(digits) + rows;
  if (size.rows >= ABOVE_FROM_ROWS) {
    const largest = ([3, 2, 1, "half"] as const).find((digits) => fits(digits, 0, LINES_ROWS));
    if (largest !== undefined) return aboveView(all, size, flash, largest);
  }
  const beside = ([1, "half"] as const).find((digits) => fits(digits, LINES_WIDTH, 1));
  return beside === undefined ? textRows(all, size, flash) : besideView(all, size, flash, beside);
}

/** The price pane. */
export const price = definePane({
  id: "price",
  title: "Price",
  minSize: { columns: 18, rows: 2 },
  goodRows: 5,
  fullRows: 6,
  priority: 100,
  place: "top",
  cumulative: true,
  follows: ["flash"],
  initial: null,
  keys: [],
  select: {
    session: (snapshot) => snapshot.studies.session,
    quote: (snapshot) => snapshot.studies.quote,
    pace: (snapshot) => snapshot.studies.pace,
    status: (snapshot) => snapshot.studies.status,
    instrument: (snapshot) => snapshot.instrument,
    requested: (snapshot) => snapshot.requested,
    mode: (snapshot) => snapshot.mode,
    phase: (snapshot) => snapshot.link?.phase ?? null,
    coverage: (snapshot) => snapshot.coverage,
    day: (snapshot) => snapshot.day,
    messages: (snapshot) => snapshot.link?.messages ?? null,
  },
  view: (slice: PriceSlice, _local: null, size, { flash }) => {
    const { instrument, requested } = slice;
    const last = slice.session.last;
    const trouble = slice.messages?.findLast(({ level }) => level !== "info");
    if (instrument === null && trouble !== undefined) return notice(`${outside(trouble.text, 200)} (see Connection)`, size);
    if (instrument === null) return notice(`waiting for the contract behind ${outside(requested, 24)}…`, size);
    if (last === null) return notice(`${outside(instrument.rawSymbol, 20)}: waiting for the first trade…`, size);
    const all: Figures = { ...slice, instrument, last };
    return layout(all, size, flash).map((row) => fitRow(row, size.columns));
  },
});
