/** Exact nanosecond times as two small numbers, and the way from the wire's u64 to them. */

/** A time since 1970-01-01T00:00:00Z: whole seconds and 0..999,999,999 nanoseconds. */
export interface UnixTime {
  readonly sec: number;
  readonly nanos: number;
}

const NANOS_PER_SEC = 1_000_000_000;
const TWO_32 = 4_294_967_296;
/** High halves of u64 nanoseconds, 4.3 s each, that a time may be away from another to be near it: 26 days. */
const NEAR_STEPS = 524_288;

/** u64 nanoseconds → seconds and nanoseconds, exactly. */
export function fromNanos(ns: bigint): UnixTime {
  return { sec: Number(ns / 1_000_000_000n), nanos: Number(ns % 1_000_000_000n) };
}

/** Seconds and nanoseconds → u64 nanoseconds, exactly. */
export function toNanos(time: UnixTime): bigint {
  return BigInt(time.sec) * 1_000_000_000n + BigInt(time.nanos);
}

/** Milliseconds since 1970, nanoseconds cut off. */
export function toMs(time: UnixTime): number {
  return time.sec * 1000 + Math.floor(time.nanos / 1_000_000);
}

export function fromMs(ms: number): UnixTime {
  const sec = Math.floor(ms / 1000);
  return { sec, nanos: Math.floor((ms - sec * 1000) * 1_000_000) };
}

/** Negative, 0 or positive as `a` is before, at or after `b`. */
export function compareTime(a: UnixTime, b: UnixTime): number {
  return a.sec - b.sec || a.nanos - b.nanos;
}

/**
 * Splits u64 nanoseconds given as 32-bit halves into `sec` and `nanos` without allocating. Most times fall into the second
 * of the one before: that takes a subtraction. Another second, or another high half (every 4.3 s), is computed from the
 * one before; only a time far from it needs bigints.
 */
export class NanosSplitter {
  sec = 0;
  nanos = 0;
  #hi = -1;
  /** Low half at which `sec` begins while the high half is `#hi`; may be negative. */
  #secondAt = 0;

  split(hi: number, lo: number): void {
    const nanos = lo - this.#secondAt;
    if (hi === this.#hi && nanos >= 0 && nanos < NANOS_PER_SEC) this.nanos = nanos;
    else this.#anotherSecond(hi, lo);
  }

  #anotherSecond(hi: number, lo: number): void {
    const steps = hi - this.#hi;
    if (this.#hi === -1 || steps < -NEAR_STEPS || steps > NEAR_STEPS) {
      const time = fromNanos((BigInt(hi) << 32n) + BigInt(lo));
      this.sec = time.sec;
      this.nanos = time.nanos;
    } else {
      // Near enough for exact doubles, and for a quotient that rounding cannot lift over a whole number.
      const ahead = steps * TWO_32 + (lo - this.#secondAt);
      const seconds = Math.floor(ahead / NANOS_PER_SEC);
      this.sec += seconds;
      this.nanos = ahead - seconds * NANOS_PER_SEC;
    }
    this.#hi = hi;
    this.#secondAt = lo - this.nanos;
  }
}
