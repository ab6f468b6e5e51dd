/** Figures that are counted from an anchor: which of them is in force, and what it is called. */
import type { TradingDay } from "../market/trading-day.ts";
import type { Anchor } from "../studies/index.ts";

/** The anchor as the screen names it. */
export const ANCHOR_WORDS: Readonly<Record<Anchor, string>> = { session: "18:00", RTH: "RTH" };

/** A figure counted twice. */
export interface Anchored<Figure> {
  readonly session: Figure | null;
  readonly rth: Figure | null;
}

/** Of both figures the one traders look at: that of regular hours while they run, else that of the whole session. */
export function inForce<Figure>({ session, rth }: Anchored<Figure>, day: TradingDay | null, sec: number): Figure | null {
  const isRegular = day !== null && sec >= day.rthOpenSec && sec < day.rthCloseSec;
  return isRegular ? (rth ?? session) : session;
}
