/** The venue's price limits of the session: above the upper and below the lower one nothing can trade. */
import type { Study } from "./study.ts";

/** Null: not stated, withdrawn, or stated for another session. */
export interface LimitsView {
  readonly upperTicks: number | null;
  readonly lowerTicks: number | null;
}

const EMPTY: LimitsView = { upperTicks: null, lowerTicks: null };

export const limitsStudy: Study<null, LimitsView> = { init: () => null, view: () => EMPTY };
