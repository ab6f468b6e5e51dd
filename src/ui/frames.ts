/** When to draw: on demand, at most so often, never while the terminal has not taken the last frame, and no more than the line carries. */
import type { Clock } from "../lib/clock.ts";

/** What the frame clock needs. */
export interface FramesOptions {
  readonly clock: Clock;
  /** Most frames a second that data may cause; keys are not counted. */
  readonly framesPerSecond: () => number;
  /** True while the terminal has not taken all that was written. */
  readonly isBusy: () => boolean;
  readonly draw: () => void;
  /**
   * What data may write on average, and what was written so far. What carries a slow line takes megabytes at once and hands
   * them on for half a minute: then the terminal takes everything and shows what was.
   */
  readonly line?: { readonly bytesPerSecond: number; readonly bytes: () => number };
}

/** See the head of this file. */
export interface Frames {
  /** Something changed: draws soon, at most `framesPerSecond` times a second. Cheap; call it for every batch. */
  readonly request: () => void;
  /** Draws at once, for a key or a new size; later when the terminal is busy. */
  readonly now: () => void;
  /** The terminal has taken what was written: draws the newest picture if a frame was left out. */
  readonly drained: () => void;
  /** No frame after this. */
  readonly stop: () => void;
  /** Frames that were left out because the terminal was busy. */
  readonly skipped: () => number;
}

/** So far ahead of the line frames may be, milliseconds: what one frame writes at once is not to hold up the next one. */
const AHEAD_MS = 250;

/** Makes a frame clock. */
export function createFrames({ clock, framesPerSecond, isBusy, draw, line }: FramesOptions): Frames {
  let cancel: (() => void) | null = null;
  let lastMs = Number.NEGATIVE_INFINITY;
  /** When the line will have carried everything. */
  let carriedMs = Number.NEGATIVE_INFINITY;
  let owed = false;
  let stopped = false;
  let skips = 0;

  const run = (): void => {
    cancel?.();
    cancel = null;
    if (stopped) return;
    if (isBusy()) {
      owed = true;
      skips += 1;
      return;
    }
    owed = false;
    lastMs = clock.monotonicMs();
    const before = line?.bytes() ?? 0;
    draw();
    if (line !== undefined) carriedMs = Math.max(carriedMs, lastMs) + ((line.bytes() - before) * 1000) / line.bytesPerSecond;
  };
  const request = (): void => {
    if (stopped || cancel !== null || owed) return;
    const dueMs = Math.max(lastMs + 1000 / framesPerSecond(), carriedMs - AHEAD_MS);
    cancel = clock.after(Math.max(0, dueMs - clock.monotonicMs()), run);
  };
  return {
    request,
    now: run,
    drained: () => {
      if (!owed) return;
      owed = false;
      request();
    },
    stop: () => {
      stopped = true;
      cancel?.();
      cancel = null;
    },
    skipped: () => skips,
  };
}
