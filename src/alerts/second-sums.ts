/** Volume and delta of the last hours by second, as running totals: what any window within them held is one subtraction. */

/** Seconds kept: the longest average (120 min), a window before it and one behind it, and as much as is filled at once. */
const SECONDS = 16_384;

export class SecondSums {
  readonly #volume = new Float64Array(SECONDS);
  readonly #delta = new Float64Array(SECONDS);
  /** The second that is being added to, counted from the day's open; -1 before the first. */
  #sec = -1;
  #volumeNow = 0;
  #deltaNow = 0;

  get sec(): number {
    return this.#sec;
  }

  restart(): void {
    this.#volume.fill(0);
    this.#delta.fill(0);
    this.#sec = -1;
    this.#volumeNow = 0;
    this.#deltaNow = 0;
  }

  /** Ends the seconds before `sec`; at most 4096 at once, so that what they push out is not needed any more. */
  advance(sec: number): void {
    for (let at = Math.max(this.#sec, 0); at < sec; at += 1) {
      this.#volume[at % SECONDS] = this.#volumeNow;
      this.#delta[at % SECONDS] = this.#deltaNow;
    }
    this.#sec = sec;
  }

  add(contracts: number, signed: number): void {
    this.#volumeNow += contracts;
    this.#deltaNow += signed;
  }

  /** Contracts from the second `from` on until now. */
  volumeSince(from: number): number {
    return this.#volumeNow - totalBefore(this.#volume, from);
  }

  deltaSince(from: number): number {
    return this.#deltaNow - totalBefore(this.#delta, from);
  }

  /** Contracts of the seconds `from` to `to - 1`, which have ended. */
  volumeOf(from: number, to: number): number {
    return totalBefore(this.#volume, to) - totalBefore(this.#volume, from);
  }

  deltaOf(from: number, to: number): number {
    return totalBefore(this.#delta, to) - totalBefore(this.#delta, from);
  }
}

function totalBefore(totals: Float64Array, sec: number): number {
  return sec <= 0 ? 0 : totals[(sec - 1) % SECONDS]!; // an index of the ring
}
