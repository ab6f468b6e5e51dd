/** The short flash of a price that has just changed: which price it came from, which way, and until when. */

/** Milliseconds for which changed digits stay highlighted. */
export const FLASH_MS = 300;

/** A fresh price change. */
export interface Flash {
  /** The price before the change, in ticks. */
  readonly fromTicks: number;
  /** +1 or -1: direction of the tick. */
  readonly direction: 1 | -1;
  /** Monotonic milliseconds at which it fades. */
  readonly untilMs: number;
}

/** What has to be kept between two frames to see a change. */
export interface FlashState {
  readonly ticks: number | null;
  readonly flash: Flash | null;
}

/** Before the first frame. */
export const NO_FLASH: FlashState = { ticks: null, flash: null };

/** The state after a frame that shows `ticks` at `monotonicMs`; the same object when nothing changed. */
export function stepFlash(state: FlashState, ticks: number | null, monotonicMs: number): FlashState {
  if (ticks !== null && state.ticks !== null && ticks !== state.ticks) {
    const direction = ticks > state.ticks ? 1 : -1;
    return { ticks, flash: { fromTicks: state.ticks, direction, untilMs: monotonicMs + FLASH_MS } };
  }
  const faded = state.flash !== null && monotonicMs >= state.flash.untilMs;
  if (ticks === state.ticks && !faded) return state;
  return { ticks, flash: faded ? null : state.flash };
}
