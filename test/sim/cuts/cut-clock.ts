/** A clock for runs without a timeline: a few timers, moved on from one to the next. */
import type { Clock } from "../../../src/lib/clock.ts";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class CutClock implements Clock {
  readonly #startMs: number;
  #nowMs = 0;
  #timers: Timer[] = [];

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  wallMs(): number {
    return Math.floor(this.#startMs + this.#nowMs);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#nowMs + Math.max(0, delayMs), run };
    this.#timers.push(timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  /** Time passes without a timer being due. */
  advance(ms: number): void {
    this.#nowMs += ms;
  }

  /** Runs the timer that is due first; false when there is none. */
  next(): boolean {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.at < first.at) first = timer;
    if (first === undefined) return false;
    this.#timers.splice(this.#timers.indexOf(first), 1);
    this.#nowMs = Math.max(this.#nowMs, first.at);
    first.run();
    return true;
  }
}
