/**
 * Which size is rarely reached: the adaptive threshold of large trades, kept up to date with every event.
 *
 * The threshold is to be reached about six times an hour. Over a window of 30 minutes that is three times, so it is the
 * size of the third largest event of the last 30 minutes: an order statistic of whole numbers, no estimate of a curve.
 * The third largest of all is among the three largest of its minute, so three sizes a minute are all that is kept. The
 * window moves by whole minutes: the newest minute that had an event and the 29 before it.
 */

export interface Adaptive {
  /** Contracts; never below the floor. Null while warming up. */
  readonly threshold: number | null;
  /** Events so far, at most `warmUp`. */
  readonly events: number;
  /** Events needed before the threshold is told. */
  readonly warmUp: 500;
  readonly targetPerHour: 6;
}

const MINUTES = 30;
const TARGET_PER_HOUR = 6;
const WARM_UP = 500;
/** How many events of the window reach the threshold. */
const RANK = (TARGET_PER_HOUR * MINUTES) / 60;

export interface SizeWindow {
  /** The minute each slot holds, -1 for none, and its `RANK` largest sizes, largest first. */
  readonly minutes: Int32Array;
  readonly tops: Int32Array;
  newestMinute: number;
  /** Counted until there are enough of them. */
  events: number;
}

export function emptySizeWindow(): SizeWindow {
  return {
    minutes: new Int32Array(MINUTES).fill(-1),
    tops: new Int32Array(MINUTES * RANK),
    newestMinute: -1,
    events: 0,
  };
}

export function clearSizeWindow(window: SizeWindow): void {
  window.minutes.fill(-1);
  window.newestMinute = -1;
  window.events = 0;
}

/** False once enough events were counted: then counting on is of no use. */
export function isWarmingUp({ events }: SizeWindow): boolean {
  return events < WARM_UP;
}

/** The slot of a minute (0 or more); -1 for one that is too late for the window: its events are only counted. */
export function slotOf(window: SizeWindow, minute: number): number {
  const slot = minute % MINUTES;
  const held = window.minutes[slot] ?? -1;
  if (held > minute) return -1;
  if (held < minute) {
    window.minutes[slot] = minute;
    window.tops.fill(0, slot * RANK, (slot + 1) * RANK);
  }
  if (minute > window.newestMinute) window.newestMinute = minute;
  return slot;
}

/** Sizes up to this need not be noted: they are none of the largest of their minute. */
export function unnoted(window: SizeWindow, slot: number): number {
  return slot === -1 ? Number.POSITIVE_INFINITY : (window.tops[slot * RANK + RANK - 1] ?? 0);
}

/** Puts a size among the largest of its minute. */
export function noteSize(window: SizeWindow, slot: number, size: number): void {
  const { tops } = window;
  const first = slot * RANK;
  let at = first + RANK - 1;
  if (slot === -1 || size <= (tops[at] ?? 0)) return;
  for (; at > first && (tops[at - 1] ?? 0) < size; at -= 1) tops[at] = tops[at - 1] ?? 0;
  tops[at] = size;
}

/** The size that the third largest event of the window has, or the floor where there is none or a smaller one. */
function threshold({ minutes, tops, newestMinute }: SizeWindow, floor: number): number {
  // The largest so far, largest first; asked for with every frame, so nothing is copied or sorted.
  const largest = Array.from({ length: RANK }, () => 0);
  for (let slot = 0; slot < MINUTES; slot += 1) {
    if ((minutes[slot] ?? -1) <= newestMinute - MINUTES) continue;
    for (let rank = 0; rank < RANK; rank += 1) {
      const size = tops[slot * RANK + rank] ?? 0;
      if (size <= (largest[RANK - 1] ?? 0)) break; // those after it are no larger
      let at = RANK - 1;
      for (; at > 0 && (largest[at - 1] ?? 0) < size; at -= 1) largest[at] = largest[at - 1] ?? 0;
      largest[at] = size;
    }
  }
  return Math.max(floor, largest[RANK - 1] ?? 0);
}

/** The same object as `before` while nothing changed. */
export function adaptiveOf(window: SizeWindow, floor: number, before: Adaptive): Adaptive {
  const events = Math.min(window.events, WARM_UP);
  const now = events < WARM_UP ? null : threshold(window, floor);
  if (before.events === events && before.threshold === now) return before;
  return { threshold: now, events, warmUp: WARM_UP, targetPerHour: TARGET_PER_HOUR };
}

export const NOT_WARM: Adaptive = { threshold: null, events: 0, warmUp: WARM_UP, targetPerHour: TARGET_PER_HOUR };
