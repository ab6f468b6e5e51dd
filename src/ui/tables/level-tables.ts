/** Price, levels and volume profile as tables. Prices and distances in points, sizes in contracts. */
import { averagePointsOf, pointsOf } from "../../market/price.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { Level, VolumeProfile } from "../../studies/index.ts";
import { chosenBase } from "../change.ts";
import { isoNanos } from "../eastern.ts";
import type { PaneTable } from "../pane-table.ts";
import { tableOf } from "../pane-table.ts";
import type { PriceFigures } from "../price-lines.ts";

function rounded(ticks: number | null, instrument: Instrument): number | null {
  return ticks === null ? null : averagePointsOf(ticks, instrument);
}

/** One row: the price and what stands around it. */
export function priceTable({ session, last, quote, instrument, basis }: Pick<PriceFigures, "session" | "last" | "quote" | "instrument" | "basis">): PaneTable {
  const base = chosenBase(session, basis);
  const points = (ticks: number | null): number | null => (ticks === null ? null : pointsOf(ticks, instrument));
  const columns = [
    "time", "last", "size", "change", "basis", "basis_price", "bid", "bid_size", "ask", "ask_size", "open", "high", "low", "volume", "delta", "vwap",
  ] as const;
  return tableOf(columns, [{
    time: isoNanos(last.at),
    last: points(last.ticks),
    size: last.size,
    change: base === null ? null : points(last.ticks - base.ticks),
    basis: base?.kind ?? null,
    basis_price: base === null ? null : points(base.ticks),
    bid: points(quote?.bidTicks ?? null),
    bid_size: quote?.bidSize ?? null,
    ask: points(quote?.askTicks ?? null),
    ask_size: quote?.askSize ?? null,
    open: points(session.openTicks),
    high: points(session.highTicks),
    low: points(session.lowTicks),
    volume: session.volume,
    delta: session.buyVolume - session.sellVolume,
    vwap: rounded(session.vwapTicks, instrument),
  }]);
}

/** Highest first, the last price among them; the levels of the names in `meant` are meant, or the last price. */
export function levelsTable(levels: readonly Level[], { lastTicks, meant }: { readonly lastTicks: number; readonly meant: readonly string[] }, instrument: Instrument): PaneTable {
  const away = ({ ticks, fraction = 0 }: Level): number => ticks + fraction - lastTicks;
  const columns = ["level", "group", "price", "distance", "distance_ticks", "still_forming"] as const;
  const rows = levels.map((level) => ({
    level: level.name,
    group: level.group as string,
    price: rounded(level.ticks + (level.fraction ?? 0), instrument),
    distance: rounded(away(level), instrument),
    distance_ticks: Math.round(away(level)),
    still_forming: level.forming === true,
  }));
  const beneath = levels.findIndex((level) => away(level) <= 0);
  const at = beneath < 0 ? rows.length : beneath;
  rows.splice(at, 0, { level: "last price", group: "price", price: rounded(lastTicks, instrument), distance: 0, distance_ticks: 0, still_forming: false });
  const first = meant.length === 0 ? at : rows.findIndex(({ level }) => meant.includes(level));
  return tableOf(columns, rows, first, Math.max(1, meant.length));
}

/** Every price that traded, highest first; those of the marked row are meant, without one the point of control. */
export function profileTable(profile: VolumeProfile, instrument: Instrument, marked: { readonly lowTicks: number; readonly step: number } | null): PaneTable {
  const { lowTicks, volumes, pocTicks, valueAreaHighTicks: high, valueAreaLowTicks: low } = profile;
  const traded = volumes.map((volume, at) => ({ ticks: lowTicks + at, volume })).filter(({ volume }) => volume > 0).toReversed();
  const mark = (ticks: number): string | null => (ticks === pocTicks ? "POC" : ticks === high ? "VAH" : ticks === low ? "VAL" : null);
  const isMeant = (ticks: number): boolean => (marked === null ? ticks === pocTicks : ticks >= marked.lowTicks && ticks < marked.lowTicks + marked.step);
  const meant = traded.filter(({ ticks }) => isMeant(ticks)).length;
  return tableOf(["anchor", "price", "volume", "in_value_area", "mark"], traded.map(({ ticks, volume }) => ({
    anchor: profile.anchor, price: pointsOf(ticks, instrument), volume, in_value_area: ticks >= low && ticks <= high, mark: mark(ticks),
  })), traded.findIndex(({ ticks }) => isMeant(ticks)), meant);
}
