/** A statistics record → what studies take, or that nothing can be made of it. */
import { UNDEF_PRICE, UNDEF_TIME } from "../dbn/constants.ts";
import type { StatisticsMsg } from "../dbn/records.ts";
import { fromNanos } from "../lib/time.ts";
import { ticksOf } from "../market/price.ts";
import { settlementQuality, type Settlement } from "../studies/settlement.ts";
import { statisticKind, type Statistic } from "../studies/statistic.ts";

/** `odd`: one that is wanted, but without a usable price or date. Null: one that nobody wants. */
export type ReadStatistic =
  | { readonly settlement: Settlement }
  | { readonly statistic: Statistic }
  | "odd"
  | null;

const STAT_SETTLEMENT = 3;
const WITHDRAWN = 2;
const DAY_NANOS = 86_400_000_000_000n;

/** Null for a price off the grid, of 0 or less, or beyond an Int32 of ticks. */
function usableTicks(price: bigint, tickUnits: number): number | null {
  // Beyond 2^53 Number() is inexact; such a price is refused.
  const units = BigInt.asIntN(54, price) === price ? Number(price) : Number.NaN;
  const ticks = ticksOf(units, tickUnits);
  return ticks === null || ticks <= 0 || ticks !== (ticks | 0) ? null : ticks;
}

/**
 * Prices in ticks of `tickUnits` (NaN: not known, then every price is odd). Without a price, or marked as not provided,
 * it is not odd: the venue said that there is none.
 */
export function readStatistics(message: StatisticsMsg, tickUnits: number): ReadStatistic {
  // A date: not shifted to any zone.
  const refDay = message.tsRef === UNDEF_TIME ? null : Number(message.tsRef / DAY_NANOS);
  const withdrawn = message.updateAction === WITHDRAWN;
  if (message.price === UNDEF_PRICE && !withdrawn) return null;
  const ticks = usableTicks(message.price, tickUnits);
  if (message.statType === STAT_SETTLEMENT) {
    const quality = settlementQuality(message.statFlags);
    if (quality === null && !withdrawn) return null;
    if (refDay === null || (!withdrawn && ticks === null)) return "odd";
    return { settlement: { refDay, ticks: ticks ?? 0, quality: quality ?? "unknown", withdrawn } };
  }
  const kind = statisticKind(message.statType);
  if (kind === null) return null;
  if (!withdrawn && ticks === null) return "odd";
  return { statistic: { kind, refDay, ticks: withdrawn ? null : ticks, at: fromNanos(message.tsEvent) } };
}
