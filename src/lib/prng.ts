/**
 * Seeded random numbers: the same seed and stream give the same numbers every time. Uniform ones are the same in every
 * engine; the others go through `Math.log` and are the same wherever that is.
 */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

const TWO_POW_MINUS_32 = 2 ** -32;

/** 32-bit finaliser with full avalanche: neighbouring inputs give unrelated outputs. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0_aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a_2d97);
  return x ^ (x >>> 15);
}

/** Four state words from the seed and the stream's numbers, so that streams of one seed are independent. */
function stateOf(seed: number, stream: readonly number[]): number[] {
  const parts = [seed, Math.floor(seed / 0x1_0000_0000), ...stream];
  const state = [1, 2, 3, 4].map((word) => parts.reduce((x, part) => mix((x + 0x9e37_79b9) ^ mix(part)), mix(word)));
  // All zeros is the generator's one forbidden state.
  return state.some((word) => word !== 0) ? state : [1, 2, 3, 4];
}

/** A stream of random numbers. Drawing changes it; make one per independent purpose. */
export class Prng {
  readonly #generator: { next(): number };
  #spareNormal = Number.NaN;

  /** `seed` and `stream` are whole numbers; other streams of the same seed are independent of this one. */
  constructor(seed: number, ...stream: number[]) {
    this.#generator = xoroshiro128plusFromState(stateOf(seed, stream));
  }

  /** Uniform in [0, 1), a multiple of 2^-32. */
  float(): number {
    return (this.#generator.next() >>> 0) * TWO_POW_MINUS_32;
  }

  /** Uniform whole number, both ends included; the range spans at most 2^32 values. */
  int(from: number, to: number): number {
    return from + Math.floor(this.float() * (to - from + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** Normal with mean 0 and standard deviation 1 (polar method, which makes two at a time). */
  normal(): number {
    if (!Number.isNaN(this.#spareNormal)) {
      const spare = this.#spareNormal;
      this.#spareNormal = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.float() - 1;
      const y = 2 * this.float() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spareNormal = y * scale;
        return x * scale;
      }
    }
  }

  /** Exponential with this mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.float());
  }

  /** Tries until the first success (1, 2, 3, …) when each succeeds with `probability` in (0, 1]; the mean is 1/p. */
  geometric(probability: number): number {
    if (probability >= 1) return 1;
    return 1 + Math.floor(Math.log(1 - this.float()) / Math.log(1 - probability));
  }

  /** An index, each with a chance in proportion to its weight; `cumulative` holds the running sums of the weights. */
  pick(cumulative: ArrayLike<number>): number {
    const last = cumulative.length - 1;
    const at = this.float() * (cumulative[last] ?? 0);
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Running sums of weights, as `Prng.pick` takes them. */
export function cumulativeOf(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += weight;
    sums[index] = sum;
  }
  return sums;
}
