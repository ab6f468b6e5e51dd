/** What a change is measured against, straight from the definitions, over all trades and statements so far. */
import { dateText, dayNumberOfText } from "../../../src/market/civil-date.ts";
import type { TradingDay } from "../../../src/market/trading-day.ts";
import type { ChangeBase } from "../../../src/studies/index.ts";
import type { KnownSpan } from "../../../src/studies/known-span.ts";
import type { Settlement } from "../../../src/studies/settlement.ts";
import type { DayTrade } from "../random-day.ts";
import { regular } from "../random-sessions.ts";

/** Every whole second of the span lies after `from` and outside of the holes. */
function isKnown({ from, holes }: KnownSpan, fromSec: number, toSec: number): boolean {
  if (from.sec + from.nanos / 1e9 > fromSec) return false;
  const touches = ({ from: start, to }: KnownSpan["holes"][number]): boolean =>
    start.sec < toSec && (to === null || to.sec >= fromSec);
  return !holes.some(touches);
}

/** The last statement of a date, but a preliminary one never after a final one; taken back: none. */
function settled(said: readonly Settlement[], date: number): Settlement | null {
  const withdrawnAt = said.findLastIndex((one) => one.refDay === date && one.withdrawn);
  const valid = said.slice(withdrawnAt + 1).filter(({ refDay }) => refDay === date);
  return valid.findLast(({ quality }) => quality === "final") ?? valid.at(-1) ?? null;
}

export function naiveBases(trades: readonly DayTrade[], said: readonly Settlement[], known: KnownSpan): readonly ChangeBase[] {
  const day = trades.at(-1)?.day;
  if (day === undefined) return [];
  const of = (session: TradingDay): readonly DayTrade[] => trades.filter((trade) => trade.day === session);
  const sessions = [...new Set(trades.map((trade) => trade.day))];
  const before = (session: TradingDay): TradingDay | undefined => sessions.find(({ endSec }) => endSec === session.openSec);
  const bases: (ChangeBase | null)[] = [];

  const dates = said.map(({ refDay }) => refDay).filter((date) => date < dayNumberOfText(day.tradeDate));
  const newest = dates.length === 0 ? null : settled(said, Math.max(...dates));
  const prior = before(day);
  const isOld = newest !== null && prior !== undefined && prior.tradeDate !== day.tradeDate && dateText(newest.refDay) < prior.tradeDate;
  if (newest !== null && !isOld) {
    bases.push({
      kind: newest.quality === "preliminary" ? "preliminary settlement" : "settlement", ticks: newest.ticks, date: dateText(newest.refDay),
    });
  }

  const close = prior === undefined ? undefined : of(prior).at(-1);
  if (prior !== undefined && close !== undefined && isKnown(known, close.sec, prior.closeSec)) {
    bases.push({ kind: "prior close", ticks: close.ticks, date: prior.tradeDate });
  }

  let rthDay = prior;
  while (rthDay !== undefined && !rthDay.hasRth) rthDay = before(rthDay);
  const rthTrades = rthDay === undefined ? [] : regular(of(rthDay));
  const lastSec = Math.max(...rthTrades.map(({ sec }) => sec));
  const rthClose = rthTrades.findLast(({ sec }) => sec === lastSec);
  if (rthDay !== undefined && rthClose !== undefined && isKnown(known, lastSec, rthDay.rthCloseSec)) {
    bases.push({ kind: "prior RTH close", ticks: rthClose.ticks, date: rthDay.tradeDate });
  }

  const [first] = of(day);
  const isOpen = first !== undefined && isKnown(known, day.openSec, first.sec + 1);
  if (isOpen) bases.push({ kind: "session open", ticks: first.ticks, date: null });
  const [rthFirst] = regular(of(day));
  if (rthFirst !== undefined && isKnown(known, day.rthOpenSec, rthFirst.sec + 1)) {
    bases.push({ kind: "RTH open", ticks: rthFirst.ticks, date: null });
  }
  if (first !== undefined && !isOpen) bases.push({ kind: "first trade seen", ticks: first.ticks, date: null });
  return bases.filter((base) => base !== null);
}
