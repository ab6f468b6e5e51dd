/** Ranges straight from their definitions: the trades whose own time lies in the span, however they came. */
import type { OpeningRange, PriceRange, PriorDay, RangesView } from "../../../src/studies/index.ts";
import { newestDay, type DayTrade } from "../random-day.ts";

const MINUTE = 60;
const LONDON = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", hour: "2-digit", hourCycle: "h23" });

function earliest(trades: readonly DayTrade[], ticks: number): { sec: number; nanos: number } {
  const [first] = trades.filter((trade) => trade.ticks === ticks).sort((a, b) => a.sec - b.sec || a.nanos - b.nanos);
  return { sec: first?.sec ?? 0, nanos: first?.nanos ?? 0 };
}

function range(trades: readonly DayTrade[], fromSec: number, toSec: number): PriceRange | null {
  const own = trades.filter(({ sec }) => sec >= fromSec && sec < toSec);
  if (own.length === 0) return null;
  const highTicks = Math.max(...own.map(({ ticks }) => ticks));
  const lowTicks = Math.min(...own.map(({ ticks }) => ticks));
  const isOver = trades.some(({ sec }) => sec >= toSec);
  return {
    fromSec, toSec, highTicks, lowTicks, highAt: earliest(own, highTicks), lowAt: earliest(own, lowTicks),
    state: isOver ? "complete" : "forming",
  };
}

function opening(trades: readonly DayTrade[], minutes: number): OpeningRange | null {
  const [first] = trades;
  if (first?.day.hasRth !== true) return null;
  const { rthOpenSec, rthCloseSec } = first.day;
  const toSec = rthOpenSec + minutes * MINUTE;
  const own = range(trades, rthOpenSec, toSec);
  if (own === null) return null;
  const after = range(trades, toSec, rthCloseSec);
  const aboveTicks = Math.max(0, (after?.highTicks ?? own.highTicks) - own.highTicks);
  const belowTicks = Math.max(0, own.lowTicks - (after?.lowTicks ?? own.lowTicks));
  const sides = { none: aboveTicks + belowTicks === 0, both: aboveTicks > 0 && belowTicks > 0 };
  return {
    ...own,
    broken: sides.none ? "none" : sides.both ? "both" : aboveTicks > 0 ? "up" : "down",
    aboveTicks,
    belowTicks,
    extension: own.highTicks === own.lowTicks ? null : Math.max(aboveTicks, belowTicks) / (own.highTicks - own.lowTicks),
  };
}

/** The last session before the newest that had regular hours and was seen past their end. */
function prior(all: readonly DayTrade[]): PriorDay | null {
  const sessions = [...Map.groupBy(all, ({ day }) => day)].slice(0, -1);
  const last = sessions.findLast(([day, trades]) => day.hasRth && trades.some(({ sec }) => sec >= day.rthCloseSec));
  if (last === undefined) return null;
  const [day, trades] = last;
  const session = range(trades, day.openSec, Number.POSITIVE_INFINITY);
  const rth = range(trades, day.rthOpenSec, day.rthCloseSec);
  const rthTrades = trades.filter(({ sec }) => sec >= day.rthOpenSec && sec < day.rthCloseSec);
  const rthLastSec = Math.max(...rthTrades.map(({ sec }) => sec));
  return {
    tradeDate: day.tradeDate,
    highTicks: session?.highTicks ?? null,
    lowTicks: session?.lowTicks ?? null,
    closeTicks: trades.at(-1)?.ticks ?? null,
    rthHighTicks: rth?.highTicks ?? null,
    rthLowTicks: rth?.lowTicks ?? null,
    rthCloseTicks: rthTrades.findLast(({ sec }) => sec === rthLastSec)?.ticks ?? null,
    source: "trades",
  };
}

export function naiveRanges(all: readonly DayTrade[]): RangesView {
  const trades = newestDay(all);
  const day = trades[0]?.day;
  if (day === undefined) throw new Error("expected a trade");
  const { openSec, closeSec, hasRth } = day;
  const london = [9, 10].map((hour) => openSec + hour * 3600).find((sec) => LONDON.format(sec * 1000) === "08") ?? openSec;
  const halfPastNine = Math.min(closeSec, openSec + 15.5 * 3600);
  return {
    overnight: hasRth ? range(trades, openSec, halfPastNine) : null,
    asia: range(trades, openSec, london),
    london: range(trades, london, halfPastNine),
    rth: hasRth ? range(trades, halfPastNine, day.rthCloseSec) : null,
    openingRange5: opening(trades, 5),
    openingRange15: opening(trades, 15),
    openingRange30: opening(trades, 30),
    initialBalance: opening(trades, 60),
    prior: prior(all),
  };
}
