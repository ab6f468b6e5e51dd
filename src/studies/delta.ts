/** Cumulative delta: contracts bought minus contracts sold by aggressors, since the session's open and since 09:30. */
import type { Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";

export interface AnchoredDelta {
  readonly anchor: Anchor;
  /** Unix seconds of the anchor. */
  readonly fromSec: number;
  /** Buyers' minus sellers' contracts since the anchor. */
  readonly delta: number;
  /** Extremes of the cumulative delta, which begins at 0: `high` is never below 0, `low` never above. */
  readonly high: number;
  readonly low: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  /** Contracts without an aggressor: in no delta. */
  readonly noneVolume: number;
}

export interface DeltaView {
  /** Null before the first trade. */
  readonly session: AnchoredDelta | null;
  /** Null before its first trade, and in a session without regular hours. */
  readonly rth: AnchoredDelta | null;
}

const EMPTY: DeltaView = { session: null, rth: null };

export const deltaStudy: Study<null, DeltaView> = { init: () => null, view: () => EMPTY };
