/** How many contracts a trade record has. */
import type { Prng } from "../../lib/prng.ts";

/**
 * Estimated chances of record sizes on NQ (model fitted to a published mean of 1.5 contracts over 42.6 million trades;
 * the buckets above 5 are estimates). Within a bucket the chance falls with size^-2.2.
 */
export const SIZE_BUCKETS: readonly (readonly [from: number, to: number, chance: number])[] = [
  [1, 1, 0.8001],
  [2, 2, 0.115],
  [3, 3, 0.03],
  [4, 4, 0.014],
  [5, 5, 0.013],
  [6, 9, 0.0175],
  [10, 19, 0.008],
  [20, 49, 0.0022],
  [50, 99, 0.00015],
  [100, 500, 0.00002],
];
const DECAY = 2.2;

/** Running sums over sizes `from`..`to`; index 0 is `from`. */
function powerLaw(from: number, to: number): Float64Array {
  const sums = new Float64Array(to - from + 1);
  let sum = 0;
  for (let size = from; size <= to; size += 1) {
    sum += size ** -DECAY;
    sums[size - from] = sum;
  }
  return sums;
}

/** Running sums over sizes 1..500. */
const RECORD_SIZES: Float64Array = (() => {
  const sums = new Float64Array(500);
  let base = 0;
  for (const [from, to, chance] of SIZE_BUCKETS) {
    const bucket = powerLaw(from, to);
    const whole = bucket[to - from] ?? 1;
    for (let size = from; size <= to; size += 1) sums[size - 1] = base + (chance * (bucket[size - from] ?? 0)) / whole;
    base += chance;
  }
  return sums;
})();
const ONE = (RECORD_SIZES[0] ?? 0) / (RECORD_SIZES[499] ?? 1);

/** Contracts of one ordinary trade record, 1 to 500. */
export function drawRecordSize(prng: Prng): number {
  // Four of five are 1: decided without the search. The second draw is made only for sizes from 2 up.
  if (prng.chance(ONE)) return 1;
  for (;;) {
    const size = 1 + prng.pick(RECORD_SIZES);
    if (size > 1) return size;
  }
}

const WHALE_FROM = 25;
const WHALE_TO = 150;
const WHALE_SIZES = powerLaw(WHALE_FROM, WHALE_TO);

/** Contracts of one large aggressor order, 25 to 150. */
export function drawWhaleSize(prng: Prng): number {
  return WHALE_FROM + prng.pick(WHALE_SIZES);
}
