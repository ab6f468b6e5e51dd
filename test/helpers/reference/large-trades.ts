/** Large trades straight from their definition: runs of equal time and side, added up. */
import type { LargeClass, LargeTrade, LargeTradesView } from "../../../src/studies/index.ts";
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

function event(run: readonly DayTrade[], all: readonly DayTrade[], closed: boolean): LargeTrade {
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) throw new Error("expected a fill");
  const minute = Math.floor(first.sec / 60);
  const size = contracts(run);
  const ticksTimesSize = run.reduce((sum, trade) => sum + trade.ticks * trade.size, 0);
  const upToLast = all.slice(0, all.indexOf(last) + 1);
  return {
    at: { sec: first.sec, nanos: first.nanos },
    aggressor: first.aggressor,
    size,
    fills: run.length,
    levels: new Set(run.map(({ ticks }) => ticks)).size,
    firstTicks: first.ticks,
    lastTicks: last.ticks,
    slippageTicks: last.ticks - first.ticks,
    ticksTimesSize,
    averageTicks: ticksTimesSize / size,
    minuteVolume: contracts(upToLast.filter(({ sec }) => Math.floor(sec / 60) === minute)),
    closed,
  };
}

function classOf(from: number, events: readonly LargeTrade[]): LargeClass {
  const of = (side: number): LargeTrade[] => events.filter(({ aggressor, size }) => aggressor === side && size >= from);
  const sum = (side: number): number => of(side).reduce((total, { size }) => total + size, 0);
  return { from, buyEvents: of(1).length, sellEvents: of(-1).length, buyVolume: sum(1), sellVolume: sum(-1) };
}

/** Without the adaptive threshold, which needs more trades than a random day has. */
export function naiveLargeTrades(all: readonly DayTrade[], floor: number, capacity: number): Omit<LargeTradesView, "adaptive"> {
  const trades = newestDay(all);
  const found = runs(trades);
  const events = found
    .map((run, index) => event(run, trades, index < found.length - 1))
    .filter(({ size }) => size >= floor);
  const { from: _, ...sums } = classOf(floor, events);
  const classes = [floor, ...[10, 25, 50, 100].filter((from) => from > floor)].map((from) => classOf(from, events));
  return { floor, events: events.slice(-capacity), ...sums, classes };
}
