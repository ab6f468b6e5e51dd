/** One market time for everybody connected to a gateway: it runs from the source's start at a chosen speed. */
import type { Clock } from "../lib/clock.ts";
import { fromNanos, toNanos, type UnixTime } from "../lib/time.ts";

/** Later than any record. */
const FAR_FUTURE: UnixTime = { sec: 18_446_744_073, nanos: 709_551_615 };

export interface MarketClockOptions {
  readonly clock: Clock;
  /** Market time shown until the clock runs, and from which it runs. */
  readonly startAt: UnixTime;
  /** Market seconds per real second; Infinity: everything is due at once. */
  readonly speed: number;
}

export class MarketClock {
  /** True at speed Infinity: there is no shared now, every session gets the market from its start. */
  readonly isEndless: boolean;
  readonly #options: MarketClockOptions;
  readonly #startNanos: bigint;
  /** Monotonic milliseconds at which the clock was started; null before. */
  #startedMs: number | null = null;
  /** Index time of the latest record sent, for display at speed Infinity. */
  #reached: bigint;

  constructor(options: MarketClockOptions) {
    this.#options = options;
    this.isEndless = options.speed === Number.POSITIVE_INFINITY;
    this.#startNanos = toNanos(options.startAt);
    this.#reached = this.#startNanos;
  }

  /**
   * Starts the clock if it stands still. Returns the market time at which the caller joins, nanoseconds since 1970: for
   * whoever starts the clock exactly the start, so that its first record is not missed; at speed Infinity for all.
   */
  start(): bigint {
    const isFirst = this.#startedMs === null;
    this.#startedMs ??= this.#options.clock.monotonicMs();
    return isFirst || this.isEndless ? this.#startNanos : this.nowNanos();
  }

  /** Market time, nanoseconds since 1970. */
  nowNanos(): bigint {
    if (this.isEndless) return this.#reached;
    if (this.#startedMs === null) return this.#startNanos;
    const elapsedMs = this.#options.clock.monotonicMs() - this.#startedMs;
    return this.#startNanos + BigInt(Math.floor(elapsedMs * this.#options.speed * 1e6));
  }

  now(): UnixTime {
    return fromNanos(this.nowNanos());
  }

  /** Records up to this time are due. */
  horizon(): UnixTime {
    return this.isEndless ? FAR_FUTURE : this.now();
  }

  /** Real milliseconds until `time` is due; negative when it is past, 0 at speed Infinity. */
  realMsUntil(time: UnixTime): number {
    if (this.isEndless) return 0;
    const now = this.now();
    return ((time.sec - now.sec) * 1000 + (time.nanos - now.nanos) / 1e6) / this.#options.speed;
  }

  /** Tells how far a session has come; moves `now` at speed Infinity. */
  reach(nanos: bigint): void {
    if (nanos > this.#reached) this.#reached = nanos;
  }
}
