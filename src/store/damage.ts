/** What makes a trade record unusable. */
import { UNDEF_SIZE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { ticksOf } from "../market/price.ts";
import type { QuarantineCause } from "./tally.ts";

/** Prices beyond an Int32 of ticks and sizes beyond this many contracts are damage, not trades. */
export const SIZE_MAX = 100_000;

/** The first thing that is wrong with a trade's price or size; `tickUnits` NaN: the tick is not known. */
export function damageOf(view: RecordView, tickUnits: number): QuarantineCause {
  const { price, size } = view;
  if (Number.isNaN(tickUnits)) return "unknownInstrument";
  if (Number.isNaN(price)) return "noPrice";
  const ticks = ticksOf(price, tickUnits);
  if (ticks === null || ticks !== (ticks | 0)) return "offGrid";
  return size === 0 || size === UNDEF_SIZE ? "noSize" : "absurdSize";
}
