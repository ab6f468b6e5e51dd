/** Cumulative delta straight from its definition: the whole path, trade by trade from 0. */
import type { AnchoredDelta, DeltaView } from "../../../src/studies/index.ts";
import { contracts, newestDay, type DayTrade } from "../random-day.ts";
import { regular } from "../random-sessions.ts";

function anchored(trades: readonly DayTrade[], anchor: "session" | "RTH"): AnchoredDelta | null {
  const [first] = trades;
  if (first === undefined) return null;
  const path = [0];
  for (const { aggressor, size } of trades) path.push((path.at(-1) ?? 0) + (aggressor === 1 ? size : aggressor === -1 ? -size : 0));
  return {
    anchor,
    fromSec: anchor === "RTH" ? first.day.rthOpenSec : first.day.openSec,
    delta: path.at(-1) ?? 0,
    high: Math.max(...path),
    low: Math.min(...path),
    buyVolume: contracts(trades, 1),
    sellVolume: contracts(trades, -1),
    noneVolume: contracts(trades, 0),
  };
}

export function naiveDelta(all: readonly DayTrade[]): DeltaView {
  const trades = newestDay(all);
  return { session: anchored(trades, "session"), rth: anchored(regular(trades), "RTH") };
}
