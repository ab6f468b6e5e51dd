/** The slope of a noisy series, by Theil and Sen: the median of the slopes of all pairs, with its 95 % bounds. */

export interface Slope {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Units of `y` per unit of `x`. At least three points. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const slopes: number[] = [];
  for (const [n, [x, y]] of points.entries()) {
    for (const [laterX, laterY] of points.slice(n + 1)) if (laterX !== x) slopes.push((laterY - y) / (laterX - x));
  }
  slopes.sort((a, b) => a - b);
  const n = points.length;
  // Kendall's variance; a normal distribution's 97.5 % point.
  const spread = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] ?? Number.NaN;
  return { low: at((slopes.length - spread) / 2), middle: at((slopes.length - 1) / 2), high: at((slopes.length + spread) / 2) };
}
