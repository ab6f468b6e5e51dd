/** Whale alerts: large trades, newest on top, with a threshold the reader moves. */
import { dollarsOf } from "../../market/price.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { LargeTrade, LargeTradesView } from "../../studies/index.ts";
import { notice } from "../blocks.ts";
import { clockText, countText, dollarsText, millisText, priceText, signedText } from "../format.ts";
import { offsetOf, sideWords, signTone } from "../market-words.ts";
import { definePane } from "../pane.ts";
import type { PaneKey } from "../pane.ts";
import { scrollKeys } from "../scroll.ts";
import { flow, line, span } from "../text.ts";
import type { Row } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface WhalesSlice {
  readonly large: LargeTradesView;
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

/** What its keys change: the smallest size shown, in contracts, and the rows scrolled past. */
export interface WhalesLocal {
  readonly threshold: number;
  readonly skip: number;
}

const STEP = 5;
const FLOOR = 10;
const DEFAULT_THRESHOLD = 25;
const HIGHEST = 1000;

/** Sizes from which a trade belongs to the next class, and the class as a shape. */
const CLASSES: readonly { readonly from: number; readonly mark: string }[] = [
  { from: 100, mark: "████" },
  { from: 50, mark: "███ " },
  { from: 25, mark: "██  " },
  { from: 0, mark: "█   " },
];

/** The class of a size in contracts: 0 below 25, then from 25, 50 and 100. */
export function classOf(size: number): number {
  return CLASSES.length - 1 - CLASSES.findIndex(({ from }) => size >= from);
}

function toneOf(event: LargeTrade): Tone {
  const base = sideWords(event.aggressor).tone;
  const level = classOf(event.size);
  if (base === "dim") return level >= 2 ? "strong" : "plain";
  if (level === 0) return base === "up" ? "upDim" : "downDim";
  if (level === 1) return base;
  if (level === 2) return base === "up" ? "upStrong" : "downStrong";
  return base === "up" ? "upFlash" : "downFlash";
}

function eventRow(event: LargeTrade, instrument: Instrument, offsetSec: number, width: number): Row {
  const side = sideWords(event.aggressor);
  const tone = toneOf(event);
  const average = event.ticksTimesSize / event.size;
  const time = width >= 36 ? millisText(event.at, offsetSec) : clockText(event.at.sec, offsetSec);
  const head: Row = [
    span(`${time} `, "dim"),
    span(`${side.arrow} ${side.word.padEnd(4)}${countText(event.size).padStart(6)}`, tone),
    span(priceText(average, instrument).padStart(11), "plain"),
  ];
  const dollars = dollarsOf(event.ticksTimesSize, instrument);
  const notional = dollars === null ? [] : line(dollarsText(dollars).padStart(8), "dim");
  const levels = line(`${event.levels} lv`.padStart(5), "dim");
  const slip = event.lastTicks - event.firstTicks;
  const moved = line(slip === 0 ? "" : `moved ${signedText(slip)} t`, "dim");
  const mark = line(CLASSES[CLASSES.length - 1 - classOf(event.size)]?.mark ?? "", tone);
  return flow([head, mark, notional, levels, moved], width, 1);
}

function totalsRow(large: LargeTradesView, threshold: number, width: number): Row {
  const net = large.buyVolume - large.sellVolume;
  return flow(
    [
      [span(`${threshold}+ shown`, "accent")],
      [span(`day ${large.floor}+: net `, "dim"), span(signedText(net), signTone(net))],
      [span(`▲ ${countText(large.buyVolume)}`, "up")],
      [span(`▼ ${countText(large.sellVolume)}`, "down")],
      line(`${countText(large.buyEvents)} buys ${countText(large.sellEvents)} sells`, "dim"),
    ],
    width,
    1,
  );
}

function thresholdKeys(): readonly PaneKey<WhalesLocal, WhalesSlice>[] {
  const by = (step: number) => (local: WhalesLocal): WhalesLocal => {
    return { threshold: Math.min(HIGHEST, Math.max(FLOOR, local.threshold + step)), skip: 0 };
  };
  return [
    { chords: ["+", "="], label: "larger trades only", run: by(STEP) },
    { chords: ["-"], label: "smaller trades too", run: by(-STEP) },
  ];
}

function shown(large: LargeTradesView, threshold: number): LargeTrade[] {
  return large.events.filter((event) => event.size >= threshold);
}

/** The whale pane. */
export const whales = definePane({
  id: "whales",
  title: "Whale alerts",
  minSize: { columns: 28, rows: 3 },
  goodRows: 5,
  fullRows: 40,
  priority: 70,
  place: { two: 1, three: 1 },
  cumulative: true,
  initial: { threshold: DEFAULT_THRESHOLD, skip: 0 },
  keys: [
    ...thresholdKeys(),
    ...scrollKeys<WhalesLocal, WhalesSlice>((slice, local) => shown(slice.large, local.threshold).length, {
      on: "older alerts",
      back: "newer alerts",
      start: "the newest alert",
    }),
  ],
  select: {
    large: (snapshot) => snapshot.studies.large,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  view: ({ large, instrument, day }: WhalesSlice, { threshold, skip }: WhalesLocal, size) => {
    const least = Math.max(threshold, large.floor);
    const events = shown(large, least);
    const totals = totalsRow(large, least, size.columns);
    if (instrument === null) return notice("waiting for the contract…", size);
    if (events.length === 0) return [totals, line(`no trade of ${least} contracts or more yet`, "dim")];
    const rows: Row[] = [totals];
    const past = Math.min(skip, events.length - 1);
    for (let at = events.length - 1 - past; at >= 0 && rows.length < size.rows; at--) {
      const event = events[at];
      if (event !== undefined) rows.push(eventRow(event, instrument, offsetOf(day), size.columns));
    }
    return rows;
  },
});
