/** The price discovery block: pre-market, open, what the parts of regular hours reached, and how the market moves now. */
import type { UnixTime } from "../lib/time.ts";
import type { Study } from "./study.ts";

/** A price and when it traded. */
export interface PriceAt {
  readonly ticks: number;
  readonly at: UnixTime;
}

/** 04:00 to 09:30 Eastern. */
export interface PreMarket {
  readonly fromSec: number;
  readonly toSec: number;
  readonly first: PriceAt;
  readonly last: PriceAt;
  /** `last` minus `first`. */
  readonly changeTicks: number;
  readonly state: "forming" | "complete";
  /** Every trade since its start is known. */
  readonly covered: boolean;
}

/** The first trade at or after 09:30. */
export interface RthOpen extends PriceAt {
  readonly fromSec: number;
  /** Against the last trade of the pre-market; null without one. */
  readonly changeTicks: number | null;
  readonly covered: boolean;
}

/** A part of regular hours: its first trade, and the extremes it reached. */
export interface RthPart {
  readonly fromSec: number;
  readonly toSec: number;
  readonly open: PriceAt;
  readonly high: PriceAt;
  readonly low: PriceAt;
  /** The extreme farther from `open`; `both` when the nearer one is at least three quarters as far. */
  readonly reached: "high" | "low" | "both";
  readonly state: "forming" | "complete";
  readonly covered: boolean;
}

export type Movement = "consolidating" | "trending up" | "trending down" | "new high" | "new low" | "pulling back" | "rotating";

/** The latest trade, and how the last ten minutes of regular hours move. */
export interface CurrentPrice extends PriceAt {
  /** Null outside regular hours, and until three ten-minute windows (of this day, or of the same half hour of the last) are known. */
  readonly movement: Movement | null;
  /** Unix seconds at which `movement` was decided: every 5 s of market time. */
  readonly evaluatedSec: number | null;
  /** High minus low of the ten minutes before `evaluatedSec`. */
  readonly windowTicks: number | null;
  /** What is usual: the median of the ten-minute windows of these regular hours so far. */
  readonly usualTicks: number | null;
  /** How far below the high and above the low of regular hours; null before them. */
  readonly belowHighTicks: number | null;
  readonly aboveLowTicks: number | null;
}

/** Each part is null before its first trade; those of regular hours in a session without them. */
export interface DiscoveryView {
  readonly preMarket: PreMarket | null;
  readonly rthOpen: RthOpen | null;
  /** 09:30 to 12:00. */
  readonly morning: RthPart | null;
  /** 12:00 to 14:00. */
  readonly midday: RthPart | null;
  /** 14:00 to 16:00. */
  readonly afternoon: RthPart | null;
  readonly current: CurrentPrice | null;
}

const EMPTY: DiscoveryView = {
  preMarket: null,
  rthOpen: null,
  morning: null,
  midday: null,
  afternoon: null,
  current: null,
};

export const discoveryStudy: Study<null, DiscoveryView> = { init: () => null, view: () => EMPTY };
