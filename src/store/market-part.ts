/** What one instrument's figures are made with, and the part of a snapshot they are. */
import type { UnixTime } from "../lib/time.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { RollRule } from "../market/front-month.ts";
import type { StudiesOptions } from "../studies/index.ts";
import type { KnownInstrument } from "./focus.ts";
import type { Snapshot } from "./snapshot.ts";
import type { MarketWatcher } from "./watcher.ts";

/** The part of a snapshot that is made of records. */
export type MarketPart = Pick<Snapshot, "asOf" | "instrument" | "day" | "coverage" | "counters" | "minutes" | "roll" | "studies">;

export interface MarketStateOptions {
  readonly requested: string;
  readonly known: KnownInstrument;
  readonly coverageFrom: UnixTime | null;
  /** That is what a gateway was asked for, not what a recording is known to hold. */
  readonly isAsked: boolean;
  readonly calendar: TradingCalendar;
  readonly rollRule: RollRule | null;
  readonly studies: StudiesOptions;
  /** Null: nobody watches beside the studies. */
  readonly watcher: MarketWatcher | null;
}
