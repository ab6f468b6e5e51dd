/** The parts of a session that the price discovery block tells of, and what each of them has traded. */
import type { UnixTime } from "../lib/time.ts";
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { noExtremes, noteRun, type Extremes } from "./extremes.ts";
import { isKnown, type KnownSpan } from "./known-span.ts";

/** A price and when it traded. */
export interface PriceAt {
  readonly ticks: number;
  readonly at: UnixTime;
}

/** 04:00 to 09:30 Eastern. */
export interface PreMarket {
  readonly fromSec: number;
  readonly toSec: number;
  readonly first: PriceAt;
  readonly last: PriceAt;
  /** `last` minus `first`. */
  readonly changeTicks: number;
  readonly state: "forming" | "complete";
  /** Every trade since its start is known. */
  readonly covered: boolean;
}

/** A part of regular hours: its first trade, and the extremes it reached. */
export interface RthPart {
  readonly fromSec: number;
  readonly toSec: number;
  readonly open: PriceAt;
  readonly high: PriceAt;
  readonly low: PriceAt;
  /** The extreme farther from `open`; `both` when the nearer one is at least three quarters as far. */
  readonly reached: "high" | "low" | "both";
  readonly state: "forming" | "complete";
  readonly covered: boolean;
}

const PARTS = ["US pre-market", "RTH morning", "RTH midday", "RTH afternoon"] as const;
export type PartName = (typeof PARTS)[number];

/** A part of the session as far as it has traded; seconds are counted from the session's open. */
export interface Part {
  readonly name: PartName;
  readonly from: number;
  readonly to: number;
  readonly first: Spot;
  readonly last: Spot;
  readonly extremes: Extremes;
}

/** A trade's price and time. */
export interface Spot {
  ticks: number;
  sec: number;
  nanos: number;
}

/** What was seen of a session so far. */
export interface SessionSeen {
  readonly parts: readonly Part[];
  /** Seconds since the open of its newest trade. */
  readonly newestSec: number;
  /** Of which time every trade is known; null where nobody said that any is not. */
  readonly known: KnownSpan | null;
}

export function partsOf(day: TradingDay): readonly Part[] {
  return PARTS.flatMap((name) => {
    const span = day.subSessions.find((part) => part.name === name);
    if (span === undefined) return [];
    const [from, to] = [span.startSec - day.openSec, span.endSec - day.openSec];
    return [{ name, from, to, first: noSpot(), last: noSpot(), extremes: noExtremes() }];
  });
}

export function noSpot(): Spot {
  return { ticks: 0, sec: 0, nanos: 0 };
}

export function setSpot(spot: Spot, batch: TradeBatch, at: number): void {
  spot.ticks = batch.ticks[at]!; // at < batch.length
  spot.sec = batch.sec[at]!;
  spot.nanos = batch.nanos[at]!;
}

/** Takes in a run of a second that lies in the part. */
export function notePart(part: Part, batch: TradeBatch, runs: SecondRuns, run: number): void {
  if (part.extremes.isEmpty) setSpot(part.first, batch, runs.from[run]!);
  // One that comes a second or more late is not the last.
  if (runs.sec[run]! >= part.last.sec) setSpot(part.last, batch, runs.from[run + 1]! - 1);
  noteRun(part.extremes, batch, runs, run);
}

/** Whether every trade of a span (seconds since the open) up to and with its last second so far is known. */
export function isCovered({ known }: SessionSeen, openSec: number, from: number, lastSec: number): boolean {
  return known === null || isKnown(known, openSec + from, openSec + lastSec + 1);
}

/** The last second of a part so far. */
function lastSecOf({ newestSec }: SessionSeen, { to }: Part): number {
  return Math.min(newestSec, to - 1);
}

export function priceAt({ ticks, sec, nanos }: Spot, openSec: number): PriceAt {
  return { ticks, at: { sec: openSec + sec, nanos } };
}

export function preMarketOf(seen: SessionSeen, openSec: number): PreMarket | null {
  const part = seen.parts.find(({ name }) => name === "US pre-market");
  if (part === undefined || part.extremes.isEmpty) return null;
  const { from, to, first, last } = part;
  return {
    fromSec: openSec + from,
    toSec: openSec + to,
    first: priceAt(first, openSec),
    last: priceAt(last, openSec),
    changeTicks: last.ticks - first.ticks,
    state: seen.newestSec >= to ? "complete" : "forming",
    covered: isCovered(seen, openSec, from, lastSecOf(seen, part)),
  };
}

export function rthPartOf(seen: SessionSeen, partName: PartName, openSec: number): RthPart | null {
  const part = seen.parts.find(({ name }) => name === partName);
  if (part === undefined || part.extremes.isEmpty) return null;
  const { from, to, first, extremes } = part;
  const up = extremes.high - first.ticks;
  const down = first.ticks - extremes.low;
  const isBoth = 4 * Math.min(up, down) >= 3 * Math.max(up, down);
  return {
    fromSec: openSec + from,
    toSec: openSec + to,
    open: priceAt(first, openSec),
    high: { ticks: extremes.high, at: { sec: openSec + extremes.highSec, nanos: extremes.highNanos } },
    low: { ticks: extremes.low, at: { sec: openSec + extremes.lowSec, nanos: extremes.lowNanos } },
    reached: isBoth ? "both" : up > down ? "high" : "low",
    state: seen.newestSec >= to ? "complete" : "forming",
    covered: isCovered(seen, openSec, from, lastSecOf(seen, part)),
  };
}

