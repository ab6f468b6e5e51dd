/** The store's published value. Immutable; parts that did not change between two commits are the same objects. */
import type { LinkState } from "../lsg/link-state.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { Instrument } from "../market/instrument.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { UnixTime } from "../lib/time.ts";
import type { StudyViews } from "../studies/index.ts";
import type { MinutesView } from "./minute-check.ts";
import type { RollView } from "./roll-watch.ts";

/** Where the numbers come from; shown on every screen and in every export. */
export type Mode = "LIVE" | "REPLAY" | "DEMO";

/** What the cumulative figures cover. */
export interface Coverage {
  /** Market time from which every trade is known: as asked for, else the first trade; null before both. */
  readonly from: UnixTime | null;
  /** True while `from` is at or before the open of the trading day and every gap since has been filled. */
  readonly complete: boolean;
  /**
   * In words: `complete since 18:00`, `partial: from 10:42`, or `since 18:00` where only gaps are missing; then the gaps,
   * e.g. `, gap 11:03:10–11:03:41 filled`.
   */
  readonly text: string;
  /** What was lost since then, oldest first, filled or not. */
  readonly gaps: readonly CoverageGap[];
}

export interface CoverageGap {
  readonly from: UnixTime;
  /** Null while it is still going on. */
  readonly to: UnixTime | null;
  /** As the link says: `filled` is complete again, all others are not or may not be. */
  readonly state: "open" | "filled" | "unverified" | "not filled";
  /** `gap 11:03:10–11:03:41 filled`, `gap since 11:03:10`. */
  readonly text: string;
}

/**
 * What became of the records. `trades` + all of `quarantined` + `otherInstrument` are the trade records seen since the
 * instrument was found (a roll to another contract begins afresh).
 */
export interface Counters {
  /** Counted in the figures. */
  readonly trades: number;
  readonly quotes: number;
  /** Trade records of other instruments (spreads, other months). */
  readonly otherInstrument: number;
  readonly quarantined: Quarantined;
  /** Counted trades whose aggressor is neither buyer nor seller. */
  readonly noAggressor: number;
  /** Settlements and other statistics without a usable price: of 0, off the tick grid, beyond any price. */
  readonly oddStatistics: number;
}

/** Trade records held back, by the first cause that applies, in this order. */
export interface Quarantined {
  /** The instrument is not known yet, or its tick is not (a product not in the table, before its definition). */
  readonly unknownInstrument: number;
  /** No price, or one too large to be read exactly. */
  readonly noPrice: number;
  /** A price between ticks, or beyond 2^31 of them. */
  readonly offGrid: number;
  /** A size of 0, or none. */
  readonly noSize: number;
  /** More than 100,000 contracts. */
  readonly absurdSize: number;
  /** A time outside the trading day that is being counted, and not at the beginning of the next one. */
  readonly badTime: number;
}

export interface Snapshot {
  /** Commits so far; for people, never for logic. */
  readonly version: number;
  readonly mode: Mode;
  /** Market time: the newest time applied; null before the first record. */
  readonly asOf: UnixTime | null;
  readonly link: LinkState | null;
  /** The resolved contract; null until the gateway has named it. */
  readonly instrument: Instrument | null;
  /** The symbol asked for, e.g. `NQ.v.0`. */
  readonly requested: string;
  readonly day: TradingDay | null;
  /** The calendar that was used: what the market does at any time, for clocks. */
  readonly calendar: TradingCalendar;
  readonly coverage: Coverage;
  readonly counters: Counters;
  /** Our minutes against the gateway's bars. */
  readonly minutes: MinutesView;
  /** The contract on screen and the next one: expiry, volumes, warnings. */
  readonly roll: RollView | null;
  readonly studies: StudyViews;
}
