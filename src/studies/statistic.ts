/** The venue's own figures of a session, as its statistics records state them. */
import type { UnixTime } from "../lib/time.ts";

/** What a statistic is of; settlements go their own way. */
export type StatisticKind = "open" | "high" | "low" | "upper limit" | "lower limit";

export interface Statistic {
  readonly kind: StatisticKind;
  /** The date it belongs to, days since 1970-01-01; null when the venue did not say. */
  readonly refDay: number | null;
  /** Price in ticks; null when the venue took it back or gave none. */
  readonly ticks: number | null;
  /** When it was stated. */
  readonly at: UnixTime;
}

/** DBN's stat_type → what it is of. */
const KINDS: ReadonlyMap<number, StatisticKind> = new Map([
  [1, "open"], [4, "low"], [5, "high"], [17, "upper limit"], [18, "lower limit"],
]);

/** The kind of DBN's stat_type; null for one that no study reads. */
export function statisticKind(statType: number): StatisticKind | null {
  return KINDS.get(statType) ?? null;
}
