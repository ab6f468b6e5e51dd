/** What stands around the price: quote, day range, averages, delta, pace, each as a line or a part of one. */
import type { LinkPhase } from "../lsg/link-state.ts";
import type { Instrument } from "../market/instrument.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Coverage, Mode } from "../store/snapshot.ts";
import type { ChangeBasis, DeltaView, LastTrade, PaceView, QuoteView, SessionView, StatusView, VwapView } from "../studies/index.ts";
import { ANCHOR_WORDS, inForce } from "./anchors.ts";
import { named } from "./blocks.ts";
import { changeWays, chosenBase, shortChange } from "./change.ts";
import { PARTIAL_SIGN, isKnownSince } from "./coverage-words.ts";
import { changeText, clockText, countText, distanceText, priceText, signedText } from "./format.ts";
import { offsetOf, sideWords, signTone } from "./market-words.ts";
import { fitting, flow, flowLines, line, outside, span } from "./text.ts";
import type { Row } from "./text.ts";

/** Everything the price pane shows, once there is a price. */
export interface PriceFigures {
  readonly session: SessionView;
  readonly last: LastTrade;
  readonly quote: QuoteView | null;
  readonly pace: PaceView;
  readonly status: StatusView | null;
  readonly vwap: VwapView;
  readonly delta: DeltaView;
  readonly instrument: Instrument;
  readonly requested: string;
  readonly mode: Mode;
  readonly phase: LinkPhase | null;
  readonly coverage: Coverage;
  readonly day: TradingDay | null;
  /** The basis the reader chose; null: the one in force. */
  readonly basis: ChangeBasis | null;
}

/** While nothing comes in, or the earlier day is still being replayed, the price is one that was, and looks like that. */
export function isOld(phase: LinkPhase | null): boolean {
  return phase === "STALE" || phase === "DOWN" || phase === "REFUSED" || phase === "CATCHING_UP";
}

/** Why the price is an old one, and of when it is. */
function oldRow({ phase, last, day }: PriceFigures): Row {
  if (!isOld(phase)) return [];
  const time = clockText(last.at.sec, offsetOf(day));
  if (phase === "CATCHING_UP") return line(`catching up: price of ${time}`, "warnStrong");
  return line(`old price: link ${phase}, last trade ${time}`, "alarm");
}

export function changeRow({ session, basis, instrument }: PriceFigures, width: number): Row {
  return fitting(changeWays(session, chosenBase(session, basis), instrument), width);
}

export function quoteRow({ quote, instrument }: PriceFigures): Row {
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

export function sessionRow({ session, instrument, coverage, day, last: { ticks: last } }: PriceFigures): Row {
  const { openTicks, highTicks, lowTicks } = session;
  if (openTicks === null || highTicks === null || lowTicks === null) return line("no open, high, low yet", "dim");
  const isKnown = day === null || isKnownSince(coverage, day.openSec);
  // Where the day is not known from 18:00 on, the first trade seen is not its open; a gap later on does not matter to it.
  const isOpenSeen = isKnown || (coverage.from !== null && coverage.from.sec <= day.openSec);
  const parts = [
    named(isOpenSeen ? "O" : "first", priceText(openTicks, instrument)),
    named(isKnown ? "H" : `${PARTIAL_SIGN}H`, priceText(highTicks, instrument), last === highTicks ? "upStrong" : "plain"),
    named(isKnown ? "L" : `${PARTIAL_SIGN}L`, priceText(lowTicks, instrument), last === lowTicks ? "downStrong" : "plain"),
  ];
  return flow(parts, Number.POSITIVE_INFINITY, 1);
}

/** Where the price stands between the low and the high of the day. */
export function rangeRow({ session: { highTicks, lowTicks }, last: { ticks: last } }: PriceFigures, width: number): Row {
  const cells = Math.min(30, width - 11);
  if (highTicks === null || lowTicks === null || cells < 5) return [];
  const share = highTicks === lowTicks ? 0.5 : (last - lowTicks) / (highTicks - lowTicks);
  const at = Math.min(cells - 1, Math.max(0, Math.round(share * (cells - 1))));
  return [
    span("L", "dim"),
    span("─".repeat(at), "border"),
    span("◆", "accent"),
    span("─".repeat(cells - 1 - at), "border"),
    span("H", "dim"),
    span(` ${Math.round(share * 100)}%`, "plain"),
  ];
}

export function nameRow({ instrument, requested, mode }: PriceFigures): Row {
  const contract = outside(instrument.rawSymbol, 20);
  const asked = outside(requested, 20);
  const source: Row = mode === "LIVE" ? [] : [span(mode === "DEMO" ? "  simulated" : "  from a recording", "warn")];
  return [span(contract, "title"), span(asked === contract || /^\d+$/.test(asked) ? "" : ` (${asked})`, "dim"), ...source];
}

/** Trades a second over the last ten: the second that has just begun says nothing yet. */
function paceText(trades10s: number): string {
  return trades10s < 100 ? (trades10s / 10).toFixed(1) : countText(Math.round(trades10s / 10));
}

/** The average with its anchor and how far the price is from it. */
function vwapRow(figure: VwapView["session"], { last, instrument, coverage }: PriceFigures): Row {
  if (figure === null || figure.vwapTicks === null) return [];
  const away = last.ticks - figure.vwapTicks;
  const sign = isKnownSince(coverage, figure.fromSec) ? "" : PARTIAL_SIGN;
  return [
    ...named(`${sign}VWAP ${ANCHOR_WORDS[figure.anchor]}`, priceText(figure.vwapTicks, instrument)),
    span(` (${distanceText(away, instrument)})`, signTone(away)),
  ];
}

function deltaRow(figure: DeltaView["session"], { coverage }: PriceFigures): Row {
  if (figure === null) return [];
  const sign = isKnownSince(coverage, figure.fromSec) ? "" : PARTIAL_SIGN;
  return named(`${sign}delta ${ANCHOR_WORDS[figure.anchor]}`, signedText(figure.delta), signTone(figure.delta));
}

/** From about 16:00 on the day's own settlement is known; the change keeps its basis until 18:00. */
function settledRow({ session, last, instrument }: PriceFigures): Row {
  const { settleToday } = session;
  if (settleToday === null) return [];
  const mark = settleToday.quality === "preliminary" ? " p" : "";
  const change = last.ticks - settleToday.ticks;
  return [
    ...named(`settle today${mark}`, priceText(settleToday.ticks, instrument), "accent"),
    span(` (${changeText(change, instrument)})`, signTone(change)),
  ];
}

/**
 * What everyone looks at next, by importance; `range` where it found no place of its own. Without `anchored`: average and
 * delta are said elsewhere.
 */
export function figures(all: PriceFigures, range: Row, anchored = true): Row[] {
  const { session, pace, status, last, day } = all;
  const side = sideWords(last.aggressor);
  return [
    oldRow(all),
    status === null || status.isTrading === true ? [] : named("market", outside(status.text, 24), "warn"),
    settledRow(all),
    named("vol", countText(session.volume), "strong"),
    anchored ? vwapRow(inForce(all.vwap, day, last.at.sec), all) : [],
    anchored ? deltaRow(inForce(all.delta, day, last.at.sec), all) : [],
    [span("last ", "dim"), span(`${side.arrow} ${side.word.toLowerCase()} ${countText(last.size)}`, side.tone)],
    range,
    named("pace", `${paceText(pace.trades10s)} trades/s`),
    named("10 s", `${countText(pace.volume10s)} ct`),
    named("60 s", `${countText(pace.volume60s)} ct`),
    named("trades", countText(session.trades)),
  ];
}

/** Lines for a second column beside the digits: both anchors of each figure, and the change against every other basis. */
export function furtherLines(all: PriceFigures, width: number, rows: number): readonly Row[] {
  const { session, basis, instrument, vwap, delta } = all;
  const shown = chosenBase(session, basis);
  const others = session.bases.filter(({ kind }) => kind !== shown?.kind);
  return [
    flow([vwapRow(vwap.rth, all), vwapRow(vwap.session, all)], width),
    flow([deltaRow(delta.rth, all), deltaRow(delta.session, all)], width),
    ...flowLines(others.map((base) => shortChange(session, base, instrument)), width, rows - 2),
  ];
}
