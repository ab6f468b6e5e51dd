/** Volume by price, with the point of control and the value area, since the session's open and since 09:30. */
import type { Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";

export interface VolumeProfile {
  readonly anchor: Anchor;
  /** Unix seconds of the anchor. */
  readonly fromSec: number;
  /** The lowest price traded, in ticks. */
  readonly lowTicks: number;
  /** Contracts per tick from `lowTicks` up to the highest price traded; a tick that did not trade has 0. */
  readonly volumes: readonly number[];
  /** Sum of `volumes`. */
  readonly total: number;
  /** Contracts traded farther from the session's first price than the profile reaches: in no row and not in `total`. */
  readonly beyond: number;
  /** Point of control: the price with most volume. */
  readonly pocTicks: number;
  /** Highest and lowest price of the value area, which holds at least `share` of the volume. */
  readonly valueAreaHighTicks: number;
  readonly valueAreaLowTicks: number;
  readonly share: 0.7;
}

export interface ProfileView {
  /** Null before the first trade. */
  readonly session: VolumeProfile | null;
  /** Null before its first trade, and in a session without regular hours. */
  readonly rth: VolumeProfile | null;
}

const EMPTY: ProfileView = { session: null, rth: null };

export const profileStudy: Study<null, ProfileView> = { init: () => null, view: () => EMPTY };
