/** Point of control and value area of a volume profile, by the rule in docs/formulas.md; every tie is decided. */

/** Row numbers of a profile, counted from its lowest price. */
export interface ValueArea {
  readonly poc: number;
  readonly high: number;
  readonly low: number;
}

/** The part of the volume that the value area holds, in tenths, so that comparing stays in whole numbers. */
const SHARE_TENTHS = 7;

/** The row with most volume; of several, the one nearest the middle of the range, then the lower one. */
function pointOfControl(volumes: readonly number[]): number {
  const middle = volumes.length - 1; // twice the row in the middle
  let poc = 0;
  let most = -1;
  for (let row = 0; row < volumes.length; row += 1) {
    const volume = volumes[row] ?? 0;
    if (volume < most) continue;
    if (volume > most || Math.abs(2 * row - middle) < Math.abs(2 * poc - middle)) poc = row;
    most = volume;
  }
  return poc;
}

/**
 * Grows from the point of control, two rows at a time: towards the side whose next two rows (at the edge the one that
 * is left) hold more; to both sides when they hold the same; until 70 % of the volume is inside. `volumes`: at least one
 * row, the first and the last of them traded.
 */
export function valueAreaOf(volumes: readonly number[]): ValueArea {
  const poc = pointOfControl(volumes);
  const last = volumes.length - 1;
  let total = 0;
  for (let row = 0; row <= last; row += 1) total += volumes[row]!;
  let held = volumes[poc] ?? 0;
  let low = poc;
  let high = poc;
  while (held * 10 < total * SHARE_TENTHS) {
    const above = (volumes[high + 1] ?? 0) + (volumes[high + 2] ?? 0);
    const below = (volumes[low - 1] ?? 0) + (volumes[low - 2] ?? 0);
    const canRise = high < last;
    const canFall = low > 0;
    const rises = canRise && (!canFall || above >= below);
    const falls = canFall && (!canRise || below >= above);
    if (rises) {
      held += above;
      high = Math.min(last, high + 2);
    }
    if (falls) {
      held += below;
      low = Math.max(0, low - 2);
    }
  }
  return { poc, high, low };
}
