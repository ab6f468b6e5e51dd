/** The market in one line, for people and for scripts. */
import type { Snapshot } from "../store/snapshot.ts";
import { changeText, clockText, countText, percentText, priceText } from "./format.ts";
import { pointsOf } from "../market/price.ts";
import { dateText } from "../market/civil-date.ts";
import { basisText } from "./change.ts";
import { offsetOf, zoneOf } from "./market-words.ts";
import { outside } from "./text.ts";
import type { UnixTime } from "../lib/time.ts";

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

/** An instant in ISO 8601 with all nine digits of its nanoseconds. */
function isoText({ sec, nanos }: UnixTime): string {
  return `${dateText(Math.floor(sec / 86_400))}T${clockText(sec, 0)}.${String(nanos).padStart(9, "0")}Z`;
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
  /** Contracts since the open of the trading day. */
  readonly volume: number;
  readonly mode: Snapshot["mode"];
  readonly coverage: string;
}

/** The same as an object for `JSON.stringify`. */
export function oneLineJson(snapshot: Snapshot): OneLineJson {
  const { instrument, studies } = snapshot;
  const { last, changeTicks, basisTicks, basis, volume } = studies.session;
  const price = (ticks: number | null): number | null =>
    ticks === null || instrument === null ? null : pointsOf(ticks, instrument);
  const share = changeTicks === null || basisTicks === null ? null : changeTicks / Math.abs(basisTicks);
  const percent = share === null ? null : Math.round(share * 10_000) / 100;
  const side = last === null ? null : last.aggressor === 1 ? "buy" : last.aggressor === -1 ? "sell" : "none";
  return {
    ts: last === null ? null : isoText(last.at),
    trade_date: snapshot.day?.tradeDate ?? null,
    symbol: outside(instrument?.rawSymbol ?? snapshot.requested, 24),
    price: price(last?.ticks ?? null),
    change: price(changeTicks),
    change_pct: percent,
    basis,
    basis_price: price(basisTicks),
    size: last?.size ?? null,
    side,
    volume,
    mode: snapshot.mode,
    coverage: outside(snapshot.coverage.text, 120),
  };
}
