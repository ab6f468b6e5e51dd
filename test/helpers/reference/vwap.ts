/** Average price and deviation straight from their definitions: two passes, exact sums as bigint. */
import type { AnchoredVwap, VwapView } from "../../../src/studies/index.ts";
import { newestDay, type DayTrade } from "../random-day.ts";
import { regular } from "../random-sessions.ts";

function anchored(trades: readonly DayTrade[], anchor: "session" | "RTH"): AnchoredVwap | null {
  const [first] = trades;
  if (first === undefined) return null;
  let volume = 0n;
  let sum = 0n;
  for (const { ticks, size } of trades) {
    volume += BigInt(size);
    sum += BigInt(ticks) * BigInt(size);
  }
  // size × (ticks - sum / volume)², times volume² to stay whole.
  let squares = 0n;
  for (const { ticks, size } of trades) squares += BigInt(size) * (volume * BigInt(ticks) - sum) ** 2n;
  return {
    anchor,
    fromSec: anchor === "RTH" ? first.day.rthOpenSec : first.day.openSec,
    volume: Number(volume),
    vwapTicks: Number(sum / volume) + Number(sum % volume) / Number(volume),
    deviationTicks: Math.sqrt(Number(squares) / Number(volume) ** 3),
  };
}

export function naiveVwaps(all: readonly DayTrade[]): VwapView {
  const trades = newestDay(all);
  return { session: anchored(trades, "session"), rth: anchored(regular(trades), "RTH") };
}
