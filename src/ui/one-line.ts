/** The market in one line, for people and for scripts. */
import type { Snapshot } from "../store/snapshot.ts";
import { changeText, clockText, countText, percentText, priceText } from "./format.ts";
import { averagePointsOf, percentOf, pointsOf } from "../market/price.ts";
import { basisText } from "./change.ts";
import { isoNanos, sessionAt } from "./eastern.ts";
import { offsetOf, zoneOf } from "./market-words.ts";
import { outside } from "./text.ts";

/** The `stream` line, e.g. `09:30:00 ET  21,680.75  −248.25  −1.13% vs settle  size 3  vol 69,546  DEMO`. */
export function oneLine(snapshot: Snapshot): string {
  const { instrument, day, mode, studies } = snapshot;
  const { last, changeTicks, basisTicks, volume } = studies.session;
  if (instrument === null || last === null) {
    return `${outside(snapshot.requested, 24)}  waiting for the first trade…  ${mode}`;
  }
  const versus = ` vs ${basisText(studies.session)}`;
  const change =
    changeTicks === null || basisTicks === null
      ? ["change n/a"]
      : [changeText(changeTicks, instrument), percentText(changeTicks, basisTicks) + versus];
  return [
    `${clockText(last.at.sec, offsetOf(day))} ${zoneOf(day)}`,
    priceText(last.ticks, instrument),
    ...change,
    `size ${countText(last.size)}`,
    `vol ${countText(volume)}`,
    mode,
  ].join("  ");
}

/** One line of NDJSON; names follow the wire's snake case. Prices are exact for every tick; null means not known. */
export interface OneLineJson {
  readonly ts: string | null;
  readonly trade_date: string | null;
  readonly symbol: string;
  readonly price: number | null;
  readonly change: number | null;
  /** Percent with two digits. */
  readonly change_pct: number | null;
  readonly basis: string | null;
  readonly basis_price: number | null;
  /** Contracts of the last trade. */
  readonly size: number | null;
  readonly side: "buy" | "sell" | "none" | null;
  /** Contracts since the open of the trading day; volume-weighted average price and buyers' minus sellers' contracts. */
  readonly volume: number;
  readonly vwap: number | null;
  readonly delta: number;
  /** Whether the last trade was in regular trading hours. */
  readonly session: "RTH" | "ETH" | null;
  readonly mode: Snapshot["mode"];
  readonly coverage: string;
}

/** The same as an object for `JSON.stringify`. */
export function oneLineJson(snapshot: Snapshot): OneLineJson {
  const { instrument, studies, day } = snapshot;
  const { last, changeTicks, basisTicks, basis, volume, buyVolume, sellVolume, vwapTicks } = studies.session;
  const price = (ticks: number | null): number | null =>
    ticks === null || instrument === null ? null : pointsOf(ticks, instrument);
  const side = last === null ? null : last.aggressor === 1 ? "buy" : last.aggressor === -1 ? "sell" : "none";
  return {
    ts: last === null ? null : isoNanos(last.at),
    trade_date: snapshot.day?.tradeDate ?? null,
    symbol: outside(instrument?.rawSymbol ?? snapshot.requested, 24),
    price: price(last?.ticks ?? null),
    change: price(changeTicks),
    change_pct: changeTicks === null || basisTicks === null ? null : percentOf(changeTicks, basisTicks),
    basis,
    basis_price: price(basisTicks),
    size: last?.size ?? null,
    side,
    volume,
    vwap: vwapTicks === null || instrument === null ? null : averagePointsOf(vwapTicks, instrument),
    delta: buyVolume - sellVolume,
    session: last === null || day === null ? null : sessionAt(last.at.sec, day),
    mode: snapshot.mode,
    coverage: outside(snapshot.coverage.text, 120),
  };
}
