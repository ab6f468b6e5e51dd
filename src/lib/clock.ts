/** Time as a value that is passed in. The real one is made in commands/system.ts; tests move theirs by hand. */

export interface Clock {
  /** Wall-clock time, milliseconds since 1970. For display and for exchange time only, never for intervals. */
  wallMs(): number;
  /** Monotonic time in milliseconds (fractions allowed); for intervals. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`. The returned function cancels it; cancelling twice is harmless. */
  after(delayMs: number, run: () => void): () => void;
}
