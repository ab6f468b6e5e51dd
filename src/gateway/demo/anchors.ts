/** The prices the demo's day must pass: published ones, and estimates that join them into a plausible day. */
import { nanosAt, RTH_NANOS, ticksOf } from "./demo-day.ts";

/**
 * `document`: printed in the public repository michael-abdo/nq-options-trading-system, in
 * docs/implementation/LIVE_STREAMING_IMPLEMENTATION.md or its 5-minute bars of NQM5.
 * `press`: derived from percentages in news reports of that night (Benzinga, Yahoo Finance, MT Newswires).
 * `estimate`: invented, to give the stretches between the others a plausible shape.
 */
type Provenance = "document" | "press" | "estimate";

/** A trade that happens at exactly this instant and price. */
export interface Anchor {
  /** Nanoseconds since 18:00 Eastern. */
  readonly nanos: number;
  readonly ticks: number;
  /** Contracts. */
  readonly size: number;
  /** Aggressor; N at the opening match only. */
  readonly side: "B" | "A" | "N";
  readonly provenance: Provenance;
}

function anchor(eastern: string, points: number, provenance: Provenance, side: "B" | "A" | "N", size = 2): Anchor {
  return { nanos: nanosAt(eastern), ticks: ticksOf(points), size, side, provenance };
}

/** In order of time. */
export const ANCHORS: readonly Anchor[] = [
  anchor("18:00:00", 21_900, "estimate", "N", 41),
  anchor("18:50:00", 21_880.25, "document", "B"),
  anchor("19:55:00", 21_870, "document", "A"),
  anchor("20:45:00", 21_600, "estimate", "A"),
  anchor("23:00:00", 21_520, "estimate", "A"),
  anchor("02:00:00", 21_560, "estimate", "B"),
  anchor("04:00:00", 21_653.75, "document", "B"),
  anchor("04:51:00", 21_644, "press", "A"),
  anchor("08:22:00", 21_666, "press", "B"),
  // The last second before the open holds only these, so that its price is the last one of the night.
  anchor("09:29:59", 21_683, "document", "B", 1),
  anchor("09:29:59.41", 21_683, "document", "B", 2),
  anchor("09:29:59.83", 21_683, "document", "B", 1),
  anchor("09:30:00", 21_680.75, "document", "A", 6),
  anchor("09:42:00", 21_640, "estimate", "A"),
  anchor("10:10:00", 21_700, "estimate", "B"),
  anchor("10:58:00.5", 21_763, "document", "B", 3),
  anchor("10:58:30", 21_742.5, "document", "A"),
  anchor("11:15:00", 21_728.5, "estimate", "A"),
  anchor("12:00:00", 21_712, "estimate", "B"),
  anchor("13:00:00", 21_690.25, "estimate", "A"),
  anchor("14:00:00", 21_668, "estimate", "A"),
  anchor("15:00:00", 21_684.5, "estimate", "B"),
  anchor("15:50:00", 21_645.75, "estimate", "A"),
  anchor("16:00:00", 21_640, "estimate", "A"),
  anchor("16:59:59", 21_632.5, "estimate", "A", 1),
];

/** In the minute of 09:29 all other trades come before this instant; 09:29:59 belongs to the anchors. */
export const NIGHT_LAST_FREE_NANOS = nanosAt("09:29:58.95");

/** Prior settlement, 2025-06-12 (press: futures at 21,580.25 were reported as -1.59 %, which implies 21,928-21,930). */
export const PRIOR_SETTLEMENT_TICKS = ticksOf(21_929);
/** Settlement of the day itself (estimate: the price of the demo's 16:00 anchor). */
export const DAY_SETTLEMENT_TICKS = ticksOf(21_640);

/** The documented high of regular trading hours. Only its anchor may print it; all other trades stay below all day. */
const RTH_HIGH_TICKS = ticksOf(21_763);

/** The highest price in ticks at which a trade that is no anchor may happen at this time. */
export function ceilingTicks(nanos: number): number {
  return nanos < RTH_NANOS ? Number.POSITIVE_INFINITY : RTH_HIGH_TICKS - 1;
}
