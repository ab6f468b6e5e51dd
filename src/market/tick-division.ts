/** Prices in 1e-9 units to ticks in 32-bit arithmetic: the way of the hot path, for the prices that an outright has. */

const TWO_32 = 4_294_967_296;
const LARGEST_EXACT = 2 ** 53;

/**
 * Dividing by a constant without a division. A tick is m × 2^s, m odd. The low 32 bits of `ticks × tick` then say the
 * low 32 - s bits of `ticks`: shift them down by s and multiply by the inverse of m modulo 2^32. For a count that fits
 * into these bits that is the answer, if the high 32 bits agree and no bit was shifted out. (Exact division: Granlund
 * and Montgomery, "Division by Invariant Integers using Multiplication", 1994.)
 *
 * With `lo` and `hi` a price's halves: `ticks = imul(lo >>> shift, inverse) & keep`, and it holds if
 * `(lo & rest) === 0 && ((ticks * high) | 0) === hi`. Negative and huge prices do not pass; they are no error, but go
 * the general way (`ticksOf`).
 */
export interface TickDivision {
  readonly shift: number;
  readonly inverse: number;
  readonly keep: number;
  readonly rest: number;
  readonly high: number;
}

/** Null when the tick is not known, or is such that the check of the high half would not be exact. */
export function tickDivision(tickUnits: number): TickDivision | null {
  if (!Number.isSafeInteger(tickUnits) || tickUnits <= 0) return null;
  let shift = 0;
  let odd = tickUnits;
  while (odd % 2 === 0) {
    odd /= 2;
    shift += 1;
  }
  if (shift < 1 || shift > 31 || odd * 2 ** (32 - shift) > LARGEST_EXACT) return null;
  let inverse = odd | 0;
  // Newton's step doubles the number of right low bits; an odd number is its own inverse in the lowest three.
  for (let bits = 3; bits < 32; bits *= 2) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  // As 32-bit integers, so that the hot path need not convert them.
  const keep = (2 ** (32 - shift) - 1) | 0;
  const rest = (2 ** shift - 1) | 0;
  return { shift, inverse, keep, rest, high: tickUnits / TWO_32 };
}
