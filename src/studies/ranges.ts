/** Highs and lows of the named parts of a session, and of the day before. */
import type { UnixTime } from "../lib/time.ts";
import type { PriorDay } from "./prior-day.ts";
import type { Study } from "./study.ts";

/** The high and the low of the trades from `fromSec` to before `toSec`. */
export interface PriceRange {
  /** Unix seconds. Complete where every trade since `fromSec` is known. */
  readonly fromSec: number;
  readonly toSec: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  /** When the high and the low were first traded. */
  readonly highAt: UnixTime;
  readonly lowAt: UnixTime;
  /** `complete` once a trade at or after `toSec` has come. */
  readonly state: "forming" | "complete";
}

/** A range at the start of regular hours, and what the rest of regular hours made of it. */
export interface OpeningRange extends PriceRange {
  /** Which of its sides has been traded through since; `none` while it forms. */
  readonly broken: "none" | "up" | "down" | "both";
  /** How far trades went beyond the high and the low after `toSec`, in ticks; 0 where they did not. */
  readonly aboveTicks: number;
  readonly belowTicks: number;
  /** The larger of the two as a multiple of the range; null for a range of one price. */
  readonly extension: number | null;
}

/** Every range is null before its first trade; those of regular hours in a session without them. */
export interface RangesView {
  /** 18:00 to 09:30; null in a session without regular hours. */
  readonly overnight: PriceRange | null;
  readonly asia: PriceRange | null;
  /** From the London open to 09:30. */
  readonly london: PriceRange | null;
  readonly rth: PriceRange | null;
  readonly openingRange5: OpeningRange | null;
  readonly openingRange15: OpeningRange | null;
  readonly openingRange30: OpeningRange | null;
  /** 09:30 to 10:30. */
  readonly initialBalance: OpeningRange | null;
  /** The last session before this one that had regular hours; null when nothing is known of it. */
  readonly prior: PriorDay | null;
}

const EMPTY: RangesView = {
  overnight: null,
  asia: null,
  london: null,
  rth: null,
  openingRange5: null,
  openingRange15: null,
  openingRange30: null,
  initialBalance: null,
  prior: null,
};

export const rangesStudy: Study<null, RangesView> = { init: () => null, view: () => EMPTY };
