/** Tape, whale alerts, hours and chart as tables. Prices in points, sizes in contracts, times in UTC or Eastern. */
import { averagePointsOf, pointsOf } from "../../market/price.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { TapeTrade } from "../../studies/index.ts";
import type { ChartColumns } from "../chart-columns.ts";
import { isoEastern, isoNanos } from "../eastern.ts";
import type { HourPart } from "../hour-parts.ts";
import { sideWords } from "../market-words.ts";
import type { PaneTable } from "../pane-table.ts";
import { tableOf } from "../pane-table.ts";
import type { Whale } from "../whale-rows.ts";

/** Newest first. */
export function tapeTable(trades: readonly TapeTrade[], instrument: Instrument, chosen: number): PaneTable {
  const rows = trades.toReversed().map(({ at, ticks, size, aggressor }) => ({
    time: isoNanos(at), price: pointsOf(ticks, instrument), size, aggressor: sideWords(aggressor).word,
  }));
  return tableOf(["time", "price", "size", "aggressor"], rows, chosen);
}

/** Newest first. */
export function whalesTable(whales: readonly Whale[], instrument: Instrument, chosen: number): PaneTable {
  const columns = ["time", "aggressor", "size", "average_price", "price_levels", "slippage_ticks", "minute_share", "is_over", "burst", "net_since_open"] as const;
  return tableOf(columns, whales.map((whale) => ({
    time: isoNanos(whale.at),
    aggressor: sideWords(whale.aggressor).word,
    size: whale.size,
    average_price: averagePointsOf(whale.averageTicks, instrument),
    price_levels: whale.levels,
    slippage_ticks: whale.slippageTicks,
    minute_share: whale.minuteShare === null ? null : Math.round(whale.minuteShare * 10_000) / 10_000,
    is_over: whale.closed,
    burst: whale.label === "" ? null : whale.label,
    net_since_open: whale.net,
  })), chosen);
}

/** In order of time. */
export function hoursTable(parts: readonly HourPart[], chosen: number): PaneTable {
  const columns = ["eastern", "regular_hours", "volume", "bought", "sold", "trades", "known", "projected", "average"] as const;
  return tableOf(columns, parts.map(({ label, regular, volume, buyVolume, sellVolume, trades, known, projected, average }) => ({
    eastern: label, regular_hours: regular, volume: known === "none" ? null : volume, bought: buyVolume, sold: sellVolume, trades, known, projected, average,
  })), chosen);
}

/** The steps of the chart, oldest first; the running one is meant. */
export function chartTable({ columns: bars, endSec, stepSec }: ChartColumns, instrument: Instrument, day: TradingDay | null): PaneTable {
  const offset = { easternOffsetSec: day?.easternOffsetSec ?? 0 };
  const points = (ticks: number): number => pointsOf(ticks, instrument);
  return tableOf(["eastern", "step_seconds", "open", "high", "low", "close", "volume", "delta"], bars.map(({ open, high, low, close, volume, delta }, at) => ({
    eastern: isoEastern(endSec - (bars.length - 1 - at) * stepSec, offset),
    step_seconds: stepSec,
    open: points(open), high: points(high), low: points(low), close: points(close), volume, delta,
  })), bars.length - 1);
}
