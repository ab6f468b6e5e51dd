/** A clock that runs many times as fast as the machine's, so that a day of market, with every wait in it, passes in minutes. */
import type { Clock } from "../../../src/lib/clock.ts";

/** What the processes of one soak share; times in milliseconds since 1970. */
export interface FastTime {
  readonly speed: number;
  /** The market's time at the machine's time `startedMs`. */
  readonly marketMs: number;
  readonly startedMs: number;
}

export function fastClock({ speed, marketMs, startedMs }: FastTime): Clock {
  return {
    wallMs: () => marketMs + (Date.now() - startedMs) * speed,
    monotonicMs: () => performance.now() * speed,
    after(delayMs, run) {
      const timer = setTimeout(run, delayMs / speed);
      return () => clearTimeout(timer);
    },
  };
}
