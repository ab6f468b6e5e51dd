/** What the change of the price can be measured against, in the order in which one stands in for another. */
import { dateText, dayNumberOfText } from "../market/civil-date.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { isKnown, type KnownSpan } from "./known-span.ts";
import { emptySettlementBook, priorSettlement, type SettlementBook } from "./settlement.ts";
import type { Statistic } from "./statistic.ts";

/** Named wherever a change is shown. */
export type ChangeBasis =
  | "settlement"
  | "preliminary settlement"
  | "prior close"
  | "prior RTH close"
  | "session open"
  | "RTH open"
  | "first trade seen";

export interface ChangeBase {
  readonly kind: ChangeBasis;
  readonly ticks: number;
  /** The date it is of, `2025-06-12`, where that is not the trade date that is running. */
  readonly date: string | null;
}

/** A trade that bounds a span: the span's last price if nothing after it was lost, its first if nothing before it was. */
export interface BoundTrade {
  readonly sec: number;
  readonly ticks: number;
}

/** Last trade of a session, or of its regular hours, that is over at `endSec`. */
export interface PriorClose extends BoundTrade {
  readonly endSec: number;
  readonly tradeDate: string;
}

/** What the bases are found from; changed in place. Null: not seen yet. */
export interface BaseFacts {
  /** Of the running session. */
  first: BoundTrade | null;
  rthFirst: BoundTrade | null;
  /** By time; numbers, because it moves on with every trade. -1: none yet. */
  rthLastSec: number;
  rthLastTicks: number;
  priorClose: PriorClose | null;
  priorRthClose: PriorClose | null;
  /** The venue's latest word on a session's opening price. */
  statedOpen: Statistic | null;
  readonly settlements: SettlementBook;
  known: KnownSpan | null;
}

export function noFacts(): BaseFacts {
  return {
    first: null, rthFirst: null, rthLastSec: -1, rthLastTicks: 0, priorClose: null, priorRthClose: null, statedOpen: null,
    settlements: emptySettlementBook(), known: null,
  };
}

/**
 * The session `over` leaves its closes to the next one, if it is the one before it. One without regular hours has no
 * close of them: the older one stays.
 */
export function noteSessionEnd(facts: BaseFacts, over: TradingDay, last: BoundTrade, next: TradingDay): void {
  const { tradeDate } = over;
  const isBefore = over.endSec === next.openSec;
  facts.priorClose = isBefore ? { ...last, endSec: over.closeSec, tradeDate } : null;
  if (!isBefore) facts.priorRthClose = null;
  else if (over.hasRth) {
    const { rthLastSec: sec, rthLastTicks: ticks } = facts;
    facts.priorRthClose = sec === -1 ? null : { sec, ticks, endSec: over.rthCloseSec, tradeDate };
  }
}

/** Trades of regular hours: at which price they began and ended, in unix second `sec`. */
export function noteRth(facts: BaseFacts, sec: number, openTicks: number, closeTicks: number): void {
  facts.rthFirst ??= { sec, ticks: openTicks };
  if (sec < facts.rthLastSec) return; // a late one
  facts.rthLastSec = sec;
  facts.rthLastTicks = closeTicks;
}

/** None where the newest known one is older than the trade date before: the change would be over more than one day. */
function settlementBase({ settlements, priorClose }: BaseFacts, day: TradingDay): ChangeBase | null {
  const prior = priorSettlement(settlements, dayNumberOfText(day.tradeDate));
  if (prior === null) return null;
  const dateBefore = priorClose?.tradeDate ?? "";
  if (dateBefore < day.tradeDate && dateText(prior.refDay) < dateBefore) return null;
  const kind = prior.quality === "preliminary" ? "preliminary settlement" : "settlement";
  return { kind, ticks: prior.ticks, date: dateText(prior.refDay) };
}

/** The session was seen to its end: nothing was lost between its last trade and then. */
function closeBase(kind: ChangeBasis, close: PriorClose | null, known: KnownSpan | null): ChangeBase | null {
  if (close === null || known === null || !isKnown(known, close.sec, close.endSec)) return null;
  return { kind, ticks: close.ticks, date: close.tradeDate };
}

/** The first trade at or after `fromSec`, if nothing was lost before it. */
function openBase(kind: ChangeBasis, first: BoundTrade | null, fromSec: number, known: KnownSpan | null): ChangeBase | null {
  if (first === null || known === null || !isKnown(known, fromSec, first.sec + 1)) return null;
  return { kind, ticks: first.ticks, date: null };
}

/** The opening price as the venue stated it in this session. */
function statedOpenBase(stated: Statistic | null, day: TradingDay): ChangeBase | null {
  if (stated === null || stated.ticks === null || stated.at.sec < day.openSec || stated.at.sec >= day.endSec) return null;
  if (stated.refDay !== null && stated.refDay !== dayNumberOfText(day.tradeDate)) return null;
  return { kind: "session open", ticks: stated.ticks, date: null };
}

/**
 * The known bases. A settlement counts from the open of the session after its date, not from when it is published. The
 * closes of the session before hold only where it was seen to its end, the opens only where they were covered; the first
 * trade that was received stands in where nothing else is known, and is called what it is.
 */
export function basesOf(facts: BaseFacts, day: TradingDay): readonly ChangeBase[] {
  const { first, rthFirst, priorClose, priorRthClose, known } = facts;
  const sessionOpen = openBase("session open", first, day.openSec, known) ?? statedOpenBase(facts.statedOpen, day);
  const bases = [
    settlementBase(facts, day),
    closeBase("prior close", priorClose, known),
    closeBase("prior RTH close", priorRthClose, known),
    sessionOpen,
    openBase("RTH open", rthFirst, day.rthOpenSec, known),
    first === null || sessionOpen !== null ? null : { kind: "first trade seen" as const, ticks: first.ticks, date: null },
  ];
  return bases.filter((base) => base !== null);
}
