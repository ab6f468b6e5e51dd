/** Large trades straight from their definition: runs of equal time and side, added up. */
import type { LargeTrade, LargeTradesView } from "../../../src/studies/index.ts";
import { contracts, newestDay, type DayTrade } from "../random-day.ts";

function runs(trades: readonly DayTrade[]): readonly (readonly DayTrade[])[] {
  const found: DayTrade[][] = [];
  for (const trade of trades) {
    const before = found.at(-1)?.[0];
    const isSame = before?.sec === trade.sec && before.nanos === trade.nanos && before.aggressor === trade.aggressor;
    if (isSame) found.at(-1)?.push(trade);
    else found.push([trade]);
  }
  return found;
}

function event(run: readonly DayTrade[]): LargeTrade {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) throw new Error("expected a fill");
  return {
    at: { sec: first.sec, nanos: first.nanos },
    aggressor: first.aggressor,
    size: contracts(run),
    fills: run.length,
    levels: new Set(run.map(({ ticks }) => ticks)).size,
    firstTicks: first.ticks,
    lastTicks: last.ticks,
    ticksTimesSize: run.reduce((sum, { ticks, size }) => sum + ticks * size, 0),
  };
}

export function naiveLargeTrades(all: readonly DayTrade[], floor: number, capacity: number): LargeTradesView {
  const events = runs(newestDay(all)).map(event).filter(({ size }) => size >= floor);
  const of = (side: number): LargeTrade[] => events.filter(({ aggressor }) => aggressor === side);
  const sum = (side: number): number => of(side).reduce((total, { size }) => total + size, 0);
  return {
    floor,
    events: events.slice(-capacity),
    buyEvents: of(1).length,
    sellEvents: of(-1).length,
    buyVolume: sum(1),
    sellVolume: sum(-1),
  };
}
