/**
 * How far gateway time has come, guarded: one damaged time stamp moves it neither far ahead nor back.
 * Law: it never goes back, and it goes ahead only in small steps, or as far as two values in a row have come.
 * Times are microseconds since 1970 as doubles, exact to a quarter; that is nothing against the margins used.
 */

/** Steps up to this, beside the real time that passed, are believed at once; a longer one when the next value is there too. */
export const STEP_US = 10e6;
/** 2000-01-01 and 2100-01-01: outside, a time is damaged whatever came before. */
const EARLIEST_US = 946_684_800e6;
const LATEST_US = 4_102_444_800e6;

/** Halves of u64 nanoseconds → microseconds. */
export function microsOf(hi: number, lo: number): number {
  return hi * 4_294_967.296 + lo * 0.001;
}

/** Microseconds → nanoseconds, cut to whole microseconds. */
export function nanosOf(us: number): bigint {
  return BigInt(Math.max(0, Math.floor(us))) * 1_000n;
}

/** Microseconds → halves of the nanoseconds. */
export function halvesOf(us: number): [hi: number, lo: number] {
  const nanos = BigInt(Math.max(0, Math.ceil(us))) * 1_000n;
  return [Number(nanos >> 32n), Number(nanos & 0xffff_ffffn)];
}

/** Nanoseconds → microseconds. */
export function microsOfNanos(nanos: bigint): number {
  return Number(nanos / 1_000n);
}

/** False for a time that no record of any market can carry, e.g. an undefined one. */
export function isPossibleMicros(us: number): boolean {
  return us >= EARLIEST_US && us < LATEST_US;
}

export class HighWater {
  /** Microseconds; -1 before two values agreed. */
  us = -1;
  /** The latest value, when it went farther than was believed at once; -1 when it did not. */
  #ahead = -1;

  /** Takes a value in the order of arrival. `allowedUs`: the largest step to believe at once. */
  take(us: number, allowedUs: number): void {
    if (this.us >= 0 && us - this.us <= allowedUs) {
      if (us > this.us) this.us = us;
      this.#ahead = -1;
      return;
    }
    if (!isPossibleMicros(us)) return;
    // As far as both have come: so the damaged one of two never counts.
    if (this.#ahead >= 0) this.us = Math.max(this.us, Math.min(us, this.#ahead));
    this.#ahead = us;
    if (this.us >= 0 && us - this.us <= allowedUs) this.us = us;
  }
}
