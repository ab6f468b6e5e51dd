/** The volume-weighted average price and how far trades lie from it, since the session's open and since 09:30. */
import type { Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";

/** Over all trades since the anchor, those without an aggressor too. */
export interface AnchoredVwap {
  readonly anchor: Anchor;
  /** Unix seconds of the anchor. */
  readonly fromSec: number;
  readonly volume: number;
  /** Σ ticks × size / Σ size, in ticks (a fraction); null before the anchor's first trade. */
  readonly vwapTicks: number | null;
  /** Square root of Σ size × (ticks - vwap)² / Σ size, in ticks: bands lie one and two of it away. */
  readonly deviationTicks: number | null;
}

export interface VwapView {
  /** Null before the first trade. */
  readonly session: AnchoredVwap | null;
  /** Null before its first trade, and in a session without regular hours. */
  readonly rth: AnchoredVwap | null;
}

const EMPTY: VwapView = { session: null, rth: null };

export const vwapStudy: Study<null, VwapView> = { init: () => null, view: () => EMPTY };
