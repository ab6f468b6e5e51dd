/** The one place that says where figures are not complete: in the status line, and in the titles of the panes. */
import type { Coverage } from "../store/snapshot.ts";
import { outside } from "./text.ts";

/** Stands before what is not complete, in titles and before single figures; a legend says what it means. */
export const PARTIAL_SIGN = "~";

/**
 * What the title of a pane adds, from the longest to the shortest; nothing where every trade is known, and before there
 * is anything to be incomplete.
 */
export function coverageNotes({ from, complete, text, gaps }: Coverage): readonly string[] {
  if (complete || (from === null && gaps.length === 0)) return [];
  const words = outside(text, 120);
  const missing = gaps.findLast(({ state }) => state !== "filled");
  const isLate = words.startsWith("partial");
  const [first = words] = words.split(", ");
  const most = isLate || missing === undefined ? first : outside(missing.text, 60);
  return [`${PARTIAL_SIGN} ${words}`, `${PARTIAL_SIGN} ${most}`, `${PARTIAL_SIGN} ${isLate ? "partial" : "gap"}`, PARTIAL_SIGN];
}

/** How much of a span is known: `all` of its trades, a `part`, or `none` because it was over before trades were seen. */
export type Known = "all" | "part" | "none";

/** How much is known of the span from `fromSec` up to `toSec` (unix seconds). */
export function knownWithin({ from, complete, gaps }: Coverage, fromSec: number, toSec: number): Known {
  if (complete) return "all";
  if (from === null || from.sec >= toSec) return "none";
  const isHole = gaps.some((gap) => gap.state !== "filled" && gap.from.sec < toSec && (gap.to === null || gap.to.sec >= fromSec));
  return from.sec > fromSec || isHole ? "part" : "all";
}

/** Whether every trade since `fromSec` (unix seconds) is known, so that a figure counted from there holds. */
export function isKnownSince({ from, complete, gaps }: Coverage, fromSec: number): boolean {
  if (complete) return true;
  const isWhole = gaps.every(({ to, state }) => state === "filled" || (to !== null && to.sec < fromSec));
  return from !== null && from.sec <= fromSec && isWhole;
}
