/** The session figures straight from their definitions; exact sums as bigint. */
import type { SessionView } from "../../../src/studies/index.ts";
import { contracts, newestDay, type DayTrade } from "../random-day.ts";

/** What the change is measured against; found in change-bases.ts. */
export type ChangeView = Pick<SessionView, "basis" | "basisTicks" | "changeTicks" | "bases" | "settleToday">;

export function naiveSession(all: readonly DayTrade[]): Omit<SessionView, keyof ChangeView | "vwapTicks"> {
  const trades = newestDay(all);
  const prices = trades.map(({ ticks }) => ticks);
  const last = trades.at(-1);
  if (last === undefined) throw new Error("expected a trade");
  const high = Math.max(...prices);
  const low = Math.min(...prices);
  const timeOf = (ticks: number): { sec: number; nanos: number } => {
    const { sec = 0, nanos = 0 } = trades.find((trade) => trade.ticks === ticks) ?? {};
    return { sec, nanos };
  };
  const different = prices.findLast((ticks) => ticks !== last.ticks);
  return {
    last: {
      at: { sec: last.sec, nanos: last.nanos },
      ticks: last.ticks,
      size: last.size,
      aggressor: last.aggressor,
      direction: different === undefined ? 0 : last.ticks > different ? 1 : -1,
      unchanged: prices.at(-2) === last.ticks,
    },
    openTicks: prices[0] ?? null,
    highTicks: high,
    lowTicks: low,
    highAt: timeOf(high),
    lowAt: timeOf(low),
    volume: contracts(trades),
    buyVolume: contracts(trades, 1),
    sellVolume: contracts(trades, -1),
    noneVolume: contracts(trades, 0),
    trades: trades.length,
  };
}

/** Σ price × size and Σ size of the newest day, exactly. */
export function naiveVwap(all: readonly DayTrade[]): { sum: bigint; volume: bigint } {
  const trades = newestDay(all);
  const sum = trades.reduce((total, { ticks, size }) => total + BigInt(ticks) * BigInt(size), 0n);
  return { sum, volume: BigInt(contracts(trades)) };
}
