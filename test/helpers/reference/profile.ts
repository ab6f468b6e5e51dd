/** Volume profile, point of control and value area straight from their definitions, on a map of price to contracts. */
import type { ProfileView, VolumeProfile } from "../../../src/studies/index.ts";
import { contracts, newestDay, type DayTrade } from "../random-day.ts";
import { regular } from "../random-sessions.ts";

export interface NaiveArea {
  readonly poc: number;
  readonly high: number;
  readonly low: number;
}

/** `byPrice`: contracts at every tick from `lowest` to `highest`, those without a trade as 0 or absent. */
export function naiveValueArea(byPrice: ReadonlyMap<number, number>, lowest: number, highest: number): NaiveArea {
  const at = (ticks: number): number => byPrice.get(ticks) ?? 0;
  const prices = Array.from({ length: highest - lowest + 1 }, (_, row) => lowest + row);
  const most = Math.max(...prices.map(at));
  const fromMiddle = (ticks: number): number => Math.abs(ticks - (lowest + highest) / 2);
  const [poc = lowest] = prices.filter((ticks) => at(ticks) === most).sort((a, b) => fromMiddle(a) - fromMiddle(b) || a - b);
  const total = prices.reduce((sum, ticks) => sum + at(ticks), 0);
  const inside = new Set([poc]);
  const held = (): number => [...inside].reduce((sum, ticks) => sum + at(ticks), 0);
  const within = (ticks: number): boolean => ticks >= lowest && ticks <= highest;
  while (held() < 0.7 * total - 1e-9) {
    const above = [Math.max(...inside) + 1, Math.max(...inside) + 2].filter(within);
    const below = [Math.min(...inside) - 1, Math.min(...inside) - 2].filter(within);
    const up = above.reduce((sum, ticks) => sum + at(ticks), 0);
    const down = below.reduce((sum, ticks) => sum + at(ticks), 0);
    if (below.length === 0 || (above.length > 0 && up >= down)) for (const ticks of above) inside.add(ticks);
    if (above.length === 0 || (below.length > 0 && down >= up)) for (const ticks of below) inside.add(ticks);
  }
  return { poc, high: Math.max(...inside), low: Math.min(...inside) };
}

/** Prices within `reach` rows of the session's first: from `first - reach` to before `first + reach`. */
function anchored(all: readonly DayTrade[], anchor: "session" | "RTH", firstTicks: number, reach: number): VolumeProfile | null {
  const trades = all.filter(({ ticks }) => ticks >= firstTicks - reach && ticks < firstTicks + reach);
  const [first] = trades;
  if (first === undefined) return null;
  const byPrice = new Map([...Map.groupBy(trades, ({ ticks }) => ticks)].map(([ticks, group]) => [ticks, contracts(group)]));
  const lowTicks = Math.min(...byPrice.keys());
  const highTicks = Math.max(...byPrice.keys());
  const area = naiveValueArea(byPrice, lowTicks, highTicks);
  return {
    anchor,
    fromSec: anchor === "RTH" ? first.day.rthOpenSec : first.day.openSec,
    lowTicks,
    volumes: Array.from({ length: highTicks - lowTicks + 1 }, (_, row) => byPrice.get(lowTicks + row) ?? 0),
    total: contracts(trades),
    beyond: contracts(all) - contracts(trades),
    pocTicks: area.poc,
    valueAreaHighTicks: area.high,
    valueAreaLowTicks: area.low,
    share: 0.7,
  };
}

export function naiveProfile(all: readonly DayTrade[], reach: number): ProfileView {
  const trades = newestDay(all);
  const firstTicks = trades[0]?.ticks ?? 0;
  return {
    session: anchored(trades, "session", firstTicks, reach),
    rth: anchored(regular(trades), "RTH", firstTicks, reach),
  };
}
