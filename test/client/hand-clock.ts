/** Clocks for tests: one moved by hand, and the real one. */
import type { Clock } from "../../src/lib/clock.ts";

/** Time stands still until `advance`; timers run at exactly their due time. */
export class HandClock implements Clock {
  nowMs = 1_000_000;
  #asleepMs = 0;
  #timers: { at: number; run: () => void }[] = [];

  wallMs(): number {
    return 1_700_000_000_000 + this.nowMs + this.#asleepMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Moves time forward, running what falls due on the way, in order. */
  advance(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== due);
      this.nowMs = Math.max(this.nowMs, due.at);
      due.run();
    }
    this.nowMs = end;
  }

  /** The machine sleeps: the wall clock goes on, the monotonic one and all timers stand still. */
  sleep(ms: number): void {
    this.#asleepMs += ms;
  }

  /** Moves time forward at one blow, as when the program was stopped: timers run late. */
  jump(ms: number): void {
    this.nowMs += ms;
    this.advance(0);
  }
}

/** The real clock. */
export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
