/**
 * One market time for everybody connected to a gateway: it runs from the source's start at a chosen speed, stands still
 * and goes on when told to. It never goes back: another place of the same source is another gateway.
 */
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
  readonly #listeners = new Set<() => void>();
  /** The clock read `#fromNanos` at these monotonic milliseconds and has run at `#speed` since; null before its start. */
  #fromMs: number | null = null;
  #fromNanos: bigint;
  #speed: number;
  #isPaused = false;
  /** Index time of the latest record sent, for display at speed Infinity. */
  #reached: bigint;

  constructor(options: MarketClockOptions) {
    this.#options = options;
    this.isEndless = options.speed === Number.POSITIVE_INFINITY;
    this.#startNanos = toNanos(options.startAt);
    this.#fromNanos = this.#startNanos;
    this.#speed = options.speed;
    this.#reached = this.#startNanos;
  }

  get isPaused(): boolean { return this.#isPaused; }
  /** Market seconds per real second while it runs. */
  get speed(): number { return this.#speed; }

  /** Stands still, or goes on. At speed Infinity there is nothing to hold. */
  setPaused(isPaused: boolean): void {
    this.#change(() => (this.#isPaused = isPaused));
  }

  /** From now on; more than 0 and finite. */
  setSpeed(speed: number): void {
    this.#change(() => (this.#speed = speed));
  }

  /** Jumps ahead to `time`; a time that is past changes nothing. */
  jumpTo(time: UnixTime): void {
    const nanos = toNanos(time);
    if (nanos > this.nowNanos()) this.#change(() => (this.#fromNanos = nanos));
  }

  /** Calls `run` whenever the clock was set; whoever sleeps until a market time looks again. Returns how to stop. */
  onChange(run: () => void): () => void {
    this.#listeners.add(run);
    return () => void this.#listeners.delete(run);
  }

  #change(set: () => void): void {
    if (this.isEndless) return;
    this.#fromNanos = this.nowNanos();
    if (this.#fromMs !== null) this.#fromMs = this.#options.clock.monotonicMs();
    set();
    for (const run of this.#listeners) run();
  }

  /**
   * Starts the clock if it stands still. Returns the market time at which the caller joins, nanoseconds since 1970: for
   * whoever starts the clock exactly the start, so that its first record is not missed; at speed Infinity for all.
   */
  start(): bigint {
    const isFirst = this.#fromMs === null;
    this.#fromMs ??= this.#options.clock.monotonicMs();
    return isFirst || this.isEndless ? this.#startNanos : this.nowNanos();
  }

  /** Market time, nanoseconds since 1970. */
  nowNanos(): bigint {
    if (this.isEndless) return this.#reached;
    if (this.#fromMs === null || this.#isPaused) return this.#fromNanos;
    const elapsedMs = this.#options.clock.monotonicMs() - this.#fromMs;
    return this.#fromNanos + BigInt(Math.floor(elapsedMs * this.#speed * 1e6));
  }

  now(): UnixTime {
    return fromNanos(this.nowNanos());
  }

  /** Records up to this time are due. */
  horizon(): UnixTime {
    return this.isEndless ? FAR_FUTURE : this.now();
  }

  /** Real milliseconds until `time` is due; negative when it is past, 0 at speed Infinity, Infinity while paused. */
  realMsUntil(time: UnixTime): number {
    if (this.isEndless) return 0;
    const now = this.now();
    const marketMs = (time.sec - now.sec) * 1000 + (time.nanos - now.nanos) / 1e6;
    return marketMs > 0 && this.#isPaused ? Number.POSITIVE_INFINITY : marketMs / this.#speed;
  }

  /** Tells how far a session has come; moves `now` at speed Infinity. */
  reach(nanos: bigint): void {
    if (nanos > this.#reached) this.#reached = nanos;
  }
}
