/** The price discovery block straight from its definitions, on lists of trades. */
import type { CurrentPrice, DiscoveryView, Movement, PreMarket, PriceAt, RthOpen, RthPart } from "../../../src/studies/index.ts";
import { newestDay, type DayTrade } from "../random-day.ts";
import { regular } from "../random-sessions.ts";

const HOUR = 3600;
const TEN_MINUTES = 600;

const priceAt = ({ ticks, sec, nanos }: DayTrade): PriceAt => ({ ticks, at: { sec, nanos } });

function extreme(trades: readonly DayTrade[], better: (a: number, b: number) => number): PriceAt {
  const ticks = trades.map((trade) => trade.ticks).reduce((a, b) => better(a, b));
  const [first] = trades.filter((trade) => trade.ticks === ticks).sort((a, b) => a.sec - b.sec || a.nanos - b.nanos);
  if (first === undefined) throw new Error("expected a trade");
  return priceAt(first);
}

function part(trades: readonly DayTrade[], fromSec: number, toSec: number): RthPart | null {
  const own = trades.filter(({ sec }) => sec >= fromSec && sec < toSec);
  const [first] = own;
  if (first === undefined) return null;
  const high = extreme(own, Math.max);
  const low = extreme(own, Math.min);
  const up = high.ticks - first.ticks;
  const down = first.ticks - low.ticks;
  // The nearer one is within a quarter of the farther one.
  const isBoth = Math.abs(up - down) <= Math.max(up, down) / 4;
  return {
    fromSec, toSec, open: priceAt(first), high, low, reached: isBoth ? "both" : up > down ? "high" : "low",
    state: trades.some(({ sec }) => sec >= toSec) ? "complete" : "forming", covered: true,
  };
}

const rangeTicks = (trades: readonly DayTrade[]): number => {
  const prices = trades.map(({ ticks }) => ticks);
  return Math.max(...prices) - Math.min(...prices);
};

/** Trades of regular hours from so many seconds after their open to before so many; five seconds by five seconds. */
function between(trades: readonly DayTrade[], from: number, to: number): readonly DayTrade[] {
  const bucket = ({ sec, day }: DayTrade): number => Math.floor((sec - day.rthOpenSec) / 5);
  return trades.filter((trade) => bucket(trade) >= from / 5 && bucket(trade) < to / 5).sort((a, b) => bucket(a) - bucket(b));
}

function windows(trades: readonly DayTrade[], end: number): readonly (number | null)[] {
  return Array.from({ length: Math.floor(end / TEN_MINUTES) }, (_, index) => {
    const own = between(trades, index * TEN_MINUTES, (index + 1) * TEN_MINUTES);
    return own.length === 0 ? null : rangeTicks(own);
  });
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length < 3) return null;
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}

function usual(trades: readonly DayTrade[], before: readonly (number | null)[], end: number): number | null {
  const half = Math.floor(end / 1800);
  return median(windows(trades, end)) ?? median(before.slice(half * 3, half * 3 + 3));
}

/** w: range of the last ten minutes; m: what is usual. */
function movement(trades: readonly DayTrade[], end: number, m: number | null): Movement | null {
  const window = between(trades, end - TEN_MINUTES, end);
  const [first] = window;
  const last = window.at(-1);
  if (end < TEN_MINUTES || first === undefined || last === undefined || m === null) return null;
  const w = rangeTicks(window);
  const way = Math.abs(last.ticks - first.ticks);
  if (w * 10 < m * 6 || (way * 4 < w && w < m)) return "consolidating";
  if (way * 10 > w * 6 && w * 10 >= m * 8) return last.ticks > first.ticks ? "trending up" : "trending down";
  const day = between(trades, 0, end);
  const highest = Math.max(...day.map(({ ticks }) => ticks));
  const lowest = Math.min(...day.map(({ ticks }) => ticks));
  const isFirstSince = (ticks: number, seconds: number): boolean => !between(trades, 0, end - seconds).some((trade) => trade.ticks === ticks);
  if (isFirstSince(highest, 60)) return "new high";
  if (isFirstSince(lowest, 60)) return "new low";
  if (isFirstSince(highest, 900) && (highest - last.ticks) * 2 > m) return "pulling back";
  if (isFirstSince(lowest, 900) && (last.ticks - lowest) * 2 > m) return "pulling back";
  return "rotating";
}

function current(all: readonly DayTrade[], trades: readonly DayTrade[], last: DayTrade): CurrentPrice {
  const { day } = last;
  const newest = Math.max(...trades.map(({ sec }) => sec));
  const rth = regular(trades);
  if (!day.hasRth || newest < day.rthOpenSec || newest >= day.rthCloseSec) {
    return {
      ...priceAt(last), movement: null, windowTicks: null, usualTicks: null, evaluatedSec: null, belowHighTicks: null, aboveLowTicks: null,
    };
  }
  const end = newest - day.rthOpenSec - ((newest - day.rthOpenSec) % 5);
  const [, before = []] = [...Map.groupBy(all, (trade) => trade.day)].findLast(([other]) => other !== day && other.hasRth) ?? [];
  const beforeEnd = Math.max(...before.map((trade) => Math.min(trade.sec, trade.day.rthCloseSec) - trade.day.rthOpenSec));
  const m = usual(rth, windows(regular(before), Math.max(0, beforeEnd)), end);
  const window = between(rth, end - TEN_MINUTES, end);
  return {
    ...priceAt(last),
    movement: movement(rth, end, m),
    windowTicks: end < TEN_MINUTES || window.length === 0 ? null : rangeTicks(window),
    usualTicks: m,
    evaluatedSec: day.rthOpenSec + end,
    belowHighTicks: Math.max(...rth.map(({ ticks }) => ticks)) - last.ticks,
    aboveLowTicks: last.ticks - Math.min(...rth.map(({ ticks }) => ticks)),
  };
}

/** Every trade since the open is known. */
export function naiveDiscovery(all: readonly DayTrade[]): DiscoveryView {
  const trades = newestDay(all);
  const last = trades.at(-1);
  if (last === undefined) throw new Error("expected a trade");
  const { day } = last;
  const [open] = regular(trades);
  const four = day.openSec + 10 * HOUR;
  const early = day.hasRth ? trades.filter(({ sec }) => sec >= four && sec < day.rthOpenSec) : [];
  const [first] = early;
  const lastEarlySec = Math.max(...early.map(({ sec }) => sec));
  const lastEarly = early.findLast(({ sec }) => sec === lastEarlySec);
  const isOpen = trades.some(({ sec }) => sec >= day.rthOpenSec);
  const preMarket: PreMarket | null =
    first === undefined || lastEarly === undefined
      ? null
      : {
          fromSec: four, toSec: day.rthOpenSec, first: priceAt(first), last: priceAt(lastEarly),
          changeTicks: lastEarly.ticks - first.ticks, state: isOpen ? "complete" : "forming", covered: true,
        };
  const rthOpen: RthOpen | null =
    open === undefined
      ? null
      : { ...priceAt(open), fromSec: day.rthOpenSec, changeTicks: lastEarly === undefined ? null : open.ticks - lastEarly.ticks, covered: true };
  const at = (hours: number): number => Math.min(day.rthCloseSec, day.openSec + hours * HOUR);
  const rthPart = (from: number, to: number): RthPart | null => (day.hasRth ? part(trades, at(from), at(to)) : null);
  return {
    preMarket,
    rthOpen,
    morning: rthPart(15.5, 18),
    midday: rthPart(18, 20),
    afternoon: rthPart(20, 22),
    current: current(all, trades, last),
  };
}
