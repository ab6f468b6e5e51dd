/** Whale alerts: large trades, newest on top, from a threshold the reader moves or from one that follows the market. */
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { LargeTradesView } from "../../studies/index.ts";
import { notice } from "../blocks.ts";
import { countText, signedText } from "../format.ts";
import { offsetOf, signTone } from "../market-words.ts";
import { cursorKeys, keyedBy, markedRow, shownOf } from "../cursor.ts";
import type { Cursor, ListSpec } from "../cursor.ts";
import { definePane } from "../pane.ts";
import type { PaneKey } from "../pane.ts";
import { whalesTable } from "../tables/trade-tables.ts";
import { flow, line, rowWidth, span } from "../text.ts";
import type { Row } from "../text.ts";
import type { Tone } from "../theme.ts";
import { BURST_GAP_MS, whaleRow, whalesOf } from "../whale-rows.ts";
import type { Whale } from "../whale-rows.ts";

/** What the pane shows. */
export interface WhalesSlice {
  readonly large: LargeTradesView;
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

/** What its keys change. */
export interface WhalesLocal {
  /** The fixed threshold in contracts, and whether the adaptive one counts in its place. */
  readonly threshold: number;
  readonly adaptive: boolean;
  /** Put events of one side that follow each other closely together. */
  readonly bursts: boolean;
  /** Events that follow each other within so many milliseconds are a burst. */
  readonly gapMs: number;
  readonly cursor: Cursor | null;
}

const STEP = 5;
const FLOOR = 10;
const DEFAULT_THRESHOLD = 25;
const HIGHEST = 1000;

/** The threshold that counts now, and what is said of both, the longest way first. */
interface Threshold {
  readonly least: number;
  readonly ways: readonly Row[];
}

function thresholdOf({ floor, adaptive }: LargeTradesView, local: WhalesLocal): Threshold {
  const fixed = Math.max(local.threshold, floor);
  const { active } = adaptive;
  const { threshold, events, warmUp, targetPerHour } = adaptive[active];
  const isAdaptive = local.adaptive && threshold !== null;
  const least = isAdaptive ? Math.max(threshold, floor) : fixed;
  const found = threshold === null ? `warming up ${countText(events)}/${countText(warmUp)}` : `${threshold}+`;
  const tone = (on: boolean): Tone => (on ? "accent" : "dim");
  const both: Row = [span(`${fixed}+ fixed`, tone(!isAdaptive)), span(" │ ", "border")];
  const zone = active === "rth" ? "RTH" : "ETH";
  return {
    least,
    ways: [
      [...both, span(`adaptive ${zone} ${found}, ${targetPerHour} an hour`, tone(isAdaptive))],
      [...both, span(`adaptive ${found}`, tone(isAdaptive))],
      [span(`${least}+ ${isAdaptive ? "adaptive" : "fixed"}`, "accent")],
    ],
  };
}

/** Thresholds, whether bursts are put together, and bought minus sold contracts of the day from each class on. */
function headRow(large: LargeTradesView, threshold: Threshold, { bursts, gapMs }: WhalesLocal, width: number): Row {
  const merged = bursts ? line(`bursts within ${gapMs} ms`, "warn") : [];
  const nets = large.classes.map(({ from, buyVolume, sellVolume }, at): Row => {
    const net = buyVolume - sellVolume;
    return [span(`${at === 0 ? "net " : ""}${from}+ `, "dim"), span(signedText(net), signTone(net))];
  });
  const wanted = flow([merged, ...nets.slice(0, 1)], width);
  const room = width - rowWidth(wanted) - 2;
  const way = threshold.ways.find((row) => rowWidth(row) <= room) ?? threshold.ways.at(-1) ?? [];
  return flow([way, merged, ...nets], width);
}

function shown({ large }: WhalesSlice, local: WhalesLocal, most?: number): readonly Whale[] {
  return whalesOf(large, thresholdOf(large, local).least, local.bursts ? local.gapMs : 0, most);
}

/** A trade that still grows is the same one. */
function keyOf({ at, aggressor }: Whale): string {
  return `${at.sec} ${at.nanos} ${aggressor}`;
}

function markedIndex(whales: readonly Whale[], { cursor }: WhalesLocal): number {
  return cursor === null ? -1 : whales.findIndex((whale) => keyOf(whale) === cursor.key);
}

const list: ListSpec<WhalesSlice, WhalesLocal> = {
  shape: (slice, local, { rows }) => ({ ...keyedBy(shown(slice, local).map(keyOf)), room: Math.max(1, rows - 1), above: 1, top: 0, home: 0 }),
  cursor: ({ cursor }) => cursor,
  put: (local, cursor) => ({ ...local, cursor }),
  ticks: (slice, local) => {
    const whales = shown(slice, local);
    const { averageTicks = null } = whales[markedIndex(whales, local)] ?? {};
    return averageTicks === null ? null : Math.round(averageTicks);
  },
};

function thresholdKeys(): readonly PaneKey<WhalesLocal, WhalesSlice>[] {
  const by = (step: number) => (local: WhalesLocal): WhalesLocal => {
    const highest = Math.max(HIGHEST, local.threshold); // more may have been set
    const threshold = Math.min(highest, Math.max(FLOOR, local.threshold + step));
    return { ...local, threshold, adaptive: false, cursor: null };
  };
  return [
    { name: "larger", chords: ["+", "="], label: "larger trades only", run: by(STEP) },
    { name: "smaller", chords: ["-"], label: "smaller trades too", run: by(-STEP) },
    {
      name: "adaptive",
      chords: ["w"],
      label: "fixed or adaptive threshold",
      run: (local) => ({ ...local, adaptive: !local.adaptive, cursor: null }),
    },
    {
      name: "bursts",
      chords: ["m"],
      label: "put bursts together, and apart",
      run: (local) => ({ ...local, bursts: !local.bursts, cursor: null }),
    },
  ];
}

/** The whale pane. */
export const whales = definePane({
  id: "whales",
  title: "Whale alerts",
  minSize: { columns: 28, rows: 3 },
  goodRows: 5,
  fullRows: Number.POSITIVE_INFINITY,
  priority: 70,
  place: { two: 1, three: 1 },
  cumulative: true,
  initial: { threshold: DEFAULT_THRESHOLD, adaptive: false, bursts: false, gapMs: BURST_GAP_MS, cursor: null },
  configure: (local, { whales: { size, adaptive, burst_ms: gapMs } }) =>
    ({ ...local, threshold: size, adaptive, bursts: gapMs > 0, gapMs: gapMs > 0 ? gapMs : BURST_GAP_MS, cursor: null }),
  keys: [
    ...thresholdKeys(),
    ...cursorKeys(list, { on: "older alerts", back: "newer alerts", start: "the newest alert" }),
  ],
  list,
  select: {
    large: (snapshot) => snapshot.studies.large,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  view: (slice: WhalesSlice, local: WhalesLocal, size) => {
    const { large, instrument, day } = slice;
    if (instrument === null) return notice("waiting for the contract…", size);
    const threshold = thresholdOf(large, local);
    // Which rows stand around a marked one all of them say.
    const whales = shown(slice, local, local.cursor === null ? size.rows - 1 : undefined);
    const { top, at: marked } = local.cursor === null ? { top: 0, at: -1 } : shownOf(list.shape(slice, local, size), local.cursor);
    const newer = top === 0 ? [] : line(`${countText(top)} newer above`, "warn");
    const head = flow([newer, headRow(large, threshold, local, size.columns - (top === 0 ? 0 : rowWidth(newer) + 2))], size.columns);
    if (whales.length === 0) return [head, line(`no trade of ${threshold.least} contracts or more yet`, "dim")];
    const rows = whales.slice(top, top + size.rows - 1).map((whale, at) => {
      const row = whaleRow(whale, instrument, offsetOf(day), size.columns);
      return top + at === marked ? markedRow(row, size.columns) : row;
    });
    return [head, ...rows];
  },
  table: (slice: WhalesSlice, local: WhalesLocal) => {
    const whales = shown(slice, local);
    return slice.instrument === null || whales.length === 0 ? null : whalesTable(whales, slice.instrument, markedIndex(whales, local));
  },
});
