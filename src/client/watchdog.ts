/** Watches that bytes come: says when they are overdue, when only heartbeats come, and when the link is dead. */
import type { Clock } from "../lib/clock.ts";

/** fresh: data may come. quiet: only signs of life come. overdue: not even those. */
export type Pulse = "fresh" | "quiet" | "overdue";

/** All spans in milliseconds. */
export interface WatchdogOptions {
  readonly clock: Clock;
  /** The gateway lets no longer pause than this. */
  readonly intervalMs: number;
  /** Bytes are overdue this long after the interval. */
  readonly overdueMs: number;
  /** The link is dead this long after the interval. */
  readonly marginMs: number;
  /** Data is quiet after this long with signs of life only. */
  readonly quietMs: number;
  readonly onPulse: (pulse: Pulse) => void;
  /** Called once, with how long nothing came; the watch is over then. */
  readonly onSilent: (silentMs: number) => void;
}

/** To be told what comes. */
export interface Watchdog {
  /** Any bytes came. */
  bytes(): void;
  /** A market record was among them. */
  data(): void;
  /** A record about the stream was among them, such as a heartbeat. */
  sign(): void;
  stop(): void;
}

/** A timer this late means that the program was stopped, and what came meanwhile is still unread. */
const LATE_MS = 1_000;
const EXCUSE_MS = 250;

/** Starts watching now. */
export function createWatchdog(options: WatchdogOptions): Watchdog {
  const { clock } = options;
  const overdueAfterMs = options.intervalMs + options.overdueMs;
  const silentAfterMs = options.intervalMs + options.marginMs;
  let pulse: Pulse = "fresh";
  let byteAt = clock.monotonicMs();
  let dataAt = byteAt;
  let hasSign = false;
  let isExcused = false;
  let dueAt = 0;
  let cancel = (): void => {};

  function become(next: Pulse): void {
    if (next === pulse) return;
    pulse = next;
    options.onPulse(next);
  }

  // Compared in the same form in which timers are set: a difference of fractions may fall short of what was added.
  function evaluate(now: number): void {
    if (now >= byteAt + overdueAfterMs) become("overdue");
    else become(hasSign && now >= dataAt + options.quietMs ? "quiet" : "fresh");
  }

  function arm(at: number): void {
    dueAt = at;
    cancel = clock.after(Math.max(1, at - clock.monotonicMs()), fire);
  }

  function armNext(now: number): void {
    const deadlines = [byteAt + overdueAfterMs, byteAt + silentAfterMs, dataAt + options.quietMs];
    arm(Math.min(...deadlines.filter((at) => at > now)));
  }

  function fire(): void {
    const now = clock.monotonicMs();
    if (now - dueAt > LATE_MS && !isExcused) {
      isExcused = true;
      arm(now + EXCUSE_MS);
      return;
    }
    if (now >= byteAt + silentAfterMs) {
      options.onSilent(now - byteAt);
      return;
    }
    evaluate(now);
    armNext(now);
  }

  armNext(byteAt);
  return {
    bytes() {
      byteAt = clock.monotonicMs();
      isExcused = false;
      if (pulse === "overdue") evaluate(byteAt);
    },
    data() {
      dataAt = byteAt;
      hasSign = false;
      if (pulse === "quiet") become("fresh");
    },
    sign() {
      hasSign = true;
      if (pulse === "fresh") evaluate(byteAt);
    },
    stop: () => cancel(),
  };
}
