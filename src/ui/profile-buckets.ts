/** A volume profile put together into as many rows of equal price width as there are on screen. */
import type { VolumeProfile } from "../studies/index.ts";

/** Contracts of the prices from `lowTicks` up to, not including, `lowTicks + step`. */
export interface Bucket {
  readonly lowTicks: number;
  readonly volume: number;
}

/** Highest price first. */
export interface Buckets {
  /** Ticks of one row. */
  readonly step: number;
  readonly rows: readonly Bucket[];
  readonly max: number;
}

/** Widths of a row in ticks, for a quarter-point tick 0.25, 0.50, 1, 1.50, 2, 2.50, 3, 4, 5, 6 … points. */
const STEPS = [
  1, 2, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 60, 80, 100, 120, 160, 200, 280, 400, 600, 800, 1200, 2000, 4000,
] as const;

function rowsWith(step: number, lowTicks: number, highTicks: number): number {
  return Math.floor(highTicks / step) - Math.floor(lowTicks / step) + 1;
}

/** The finest rows of which there are at most `count`. Their borders are multiples of the width, so they stand still. */
export function bucketsOf({ lowTicks, volumes }: VolumeProfile, count: number): Buckets {
  const highTicks = lowTicks + volumes.length - 1;
  const most = Math.max(1, count);
  const step = STEPS.find((width) => rowsWith(width, lowTicks, highTicks) <= most) ?? volumes.length;
  const first = Math.floor(lowTicks / step);
  const sums = new Float64Array(rowsWith(step, lowTicks, highTicks));
  volumes.forEach((volume, at) => {
    const row = Math.floor((lowTicks + at) / step) - first;
    sums[row] = (sums[row] ?? 0) + volume;
  });
  const rows = Array.from(sums, (volume, row): Bucket => ({ lowTicks: (first + row) * step, volume })).toReversed();
  return { step, rows, max: Math.max(...sums) };
}
