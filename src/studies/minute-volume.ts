/** Contracts by minute of the session, for the newest hour: what an event is a share of. */

/** Minutes kept; a power of two. */
const SLOTS = 64;

export interface MinuteVolumes {
  readonly minutes: Int32Array;
  readonly volumes: Float64Array;
}

export function noMinuteVolumes(): MinuteVolumes {
  return { minutes: new Int32Array(SLOTS).fill(-1), volumes: new Float64Array(SLOTS) };
}

/** Contracts of a minute so far; -Infinity for one that is not kept any more, so that no sum with it is taken for known. */
export function volumeOfMinute({ minutes, volumes }: MinuteVolumes, minute: number): number {
  const slot = minute & (SLOTS - 1);
  const held = minutes[slot] ?? -1;
  if (held > minute) return Number.NEGATIVE_INFINITY;
  return held === minute ? (volumes[slot] ?? 0) : 0;
}

/** Adds to a minute; one that is older than those kept is passed by. */
export function addToMinute({ minutes, volumes }: MinuteVolumes, minute: number, volume: number): void {
  const slot = minute & (SLOTS - 1);
  const held = minutes[slot] ?? -1;
  if (held > minute) return;
  volumes[slot] = held === minute ? (volumes[slot] ?? 0) + volume : volume;
  minutes[slot] = minute;
}
