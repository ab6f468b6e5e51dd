/** A row of the price log: the market at the end of one interval. */
import { averagePointsOf, percentOf, pointsOf } from "../market/price.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Mode, Snapshot } from "../store/snapshot.ts";
import { withoutCommas } from "./csv.ts";
import { isoEastern, sessionAt } from "./eastern.ts";
import { outside } from "./text.ts";

/** Prices in points, volumes in contracts; null where it is not known. */
export interface LogRow {
  /** Start of the interval, ISO 8601 in Eastern time with its offset. */
  readonly ts: string;
  readonly trade_date: string;
  readonly session: "RTH" | "ETH";
  readonly symbol: string;
  /** The last price of the interval, or before it when nothing traded in it. */
  readonly price: number;
  /** Against `basis`. */
  readonly change: number | null;
  /** Percent with two digits. */
  readonly change_pct: number | null;
  readonly basis: string | null;
  /** Contracts, volume-weighted average price and delta since the session's open, or since what `coverage` says. */
  readonly volume: number;
  readonly vwap: number | null;
  readonly delta: number;
  readonly mode: Mode;
  readonly coverage: string;
  /** The interval lies in a time of which trades are missing, or the link was lost. */
  readonly gap: boolean;
  /** Contracts of this interval; null for the first row of a log that began within it. */
  readonly interval_volume: number | null;
  /** Whole seconds from the last trade to the end of the interval. */
  readonly age_seconds: number;
}

/** The columns in their order. */
export const LOG_COLUMNS = [
  "ts", "trade_date", "session", "symbol", "price", "change", "change_pct", "basis", "volume", "vwap", "delta", "mode",
  "coverage", "gap", "interval_volume", "age_seconds",
] as const satisfies readonly (keyof LogRow)[];

/** Where a row lies. */
export interface Interval {
  /** Unix seconds. */
  readonly startSec: number;
  readonly endSec: number;
  readonly isGap: boolean;
  /** Contracts since the session's open when the interval began; null when that is not known. */
  readonly volumeBefore: number | null;
}

/** The row of an interval of the snapshot's own day; null before the first trade. */
export function logRow(snapshot: Snapshot, day: TradingDay, interval: Interval): LogRow | null {
  const { instrument, studies, mode, coverage } = snapshot;
  const { last, changeTicks, basisTicks, basis, volume, buyVolume, sellVolume, vwapTicks } = studies.session;
  if (instrument === null || last === null) return null;
  return {
    ts: isoEastern(interval.startSec, day),
    trade_date: day.tradeDate,
    session: sessionAt(interval.startSec, day),
    symbol: outside(instrument.rawSymbol, 24),
    price: pointsOf(last.ticks, instrument),
    change: changeTicks === null ? null : pointsOf(changeTicks, instrument),
    change_pct: changeTicks === null || basisTicks === null ? null : percentOf(changeTicks, basisTicks),
    basis,
    volume,
    vwap: vwapTicks === null ? null : averagePointsOf(vwapTicks, instrument),
    delta: buyVolume - sellVolume,
    mode,
    coverage: outside(coverage.text, 200),
    gap: interval.isGap,
    interval_volume: interval.volumeBefore === null ? null : Math.max(0, volume - interval.volumeBefore),
    age_seconds: Math.max(0, interval.endSec - 1 - last.at.sec),
  };
}

/** The fields in the order of `LOG_COLUMNS`, without commas in them: the simplest reader may split a row at its commas. */
export function logFields(row: LogRow): (string | number | boolean | null)[] {
  return LOG_COLUMNS.map((column) => withoutCommas(row[column]));
}
