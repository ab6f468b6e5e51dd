/** The price the market hovers around: random walks tied to the anchors (Brownian bridges), made stretch by stretch. */
import { Prng } from "../../lib/prng.ts";
import { ANCHORS, ceilingTicks, type Anchor } from "./anchors.ts";
import { minuteAt, NANOS, secondsAt } from "./demo-day.ts";

/** Knots of the path lie half a second apart; every anchor lies on one or is near enough to share its price. */
const KNOT_NANOS = NANOS / 2;
const KNOTS_PER_MINUTE = 120;

/**
 * Standard deviation of the one-minute change, points at an index of 16,000 (late 2023, same sample as the hourly
 * shares); times from which each applies, joined by straight lines. 20:00 to 22:00 is that night's news (estimate).
 */
const VOLATILITY: readonly (readonly [seconds: number, points: number])[] = [
  [secondsAt("18:00"), 2], [secondsAt("19:59"), 1.7], [secondsAt("20:02"), 7], [secondsAt("20:20"), 5],
  [secondsAt("21:00"), 3], [secondsAt("22:00"), 1.8], [secondsAt("23:00"), 1.1], [secondsAt("02:00"), 1.3],
  [secondsAt("03:00"), 2.4], [secondsAt("05:00"), 1.8], [secondsAt("08:29"), 2], [secondsAt("08:30"), 3.6],
  [secondsAt("08:45"), 2.4], [secondsAt("09:28"), 2.6], [secondsAt("09:30"), 8.8], [secondsAt("10:00"), 7.6],
  [secondsAt("10:30"), 6.2], [secondsAt("11:00"), 5.9], [secondsAt("12:00"), 3.7], [secondsAt("14:00"), 3.7],
  [secondsAt("15:30"), 4.4], [secondsAt("16:00"), 3.7], [secondsAt("16:30"), 1.5], [secondsAt("17:00"), 1.5],
];
/** Index level and a more restless year than the sample's. */
const VOLATILITY_FACTOR = 1.6;
const TICKS_PER_POINT = 4;

/** Ticks per square root of a minute. */
function volatilityTicks(minute: number): number {
  const seconds = minute * 60;
  const next = VOLATILITY.findIndex((row) => row[0] > seconds);
  const [toSec, toPoints] = VOLATILITY[next] ?? [Number.POSITIVE_INFINITY, 1.5];
  const [fromSec, fromPoints] = VOLATILITY[Math.max(0, next - 1)] ?? [0, 2];
  const share = toSec > fromSec ? Math.min(1, (seconds - fromSec) / (toSec - fromSec)) : 0;
  return (fromPoints + (toPoints - fromPoints) * share) * VOLATILITY_FACTOR * TICKS_PER_POINT;
}

/** Folds a price that would pass the ceiling back below it. */
function fold(ticks: number, ceiling: number): number {
  return ticks > ceiling - 1 ? 2 * (ceiling - 1) - ticks : ticks;
}

/** Standard deviation of the logarithm of a minute's volatility around the table's. */
const VOLATILITY_NOISE = 0.3;

/** One stretch between two anchors. */
class Stretch {
  readonly from: Anchor;
  readonly to: Anchor;
  readonly #knots: Float64Array;

  constructor(seed: number, index: number, from: Anchor, to: Anchor) {
    this.from = from;
    this.to = to;
    const steps = Math.max(1, Math.round((to.nanos - from.nanos) / KNOT_NANOS));
    const prng = new Prng(seed, 3, index);
    const walk = new Float64Array(steps + 1);
    const variance = new Float64Array(steps + 1);
    let minute = -1;
    let sigma = 0;
    for (let step = 1; step <= steps; step += 1) {
      const now = Math.floor((from.nanos + step * KNOT_NANOS) / (60 * NANOS));
      if (now !== minute) {
        minute = now;
        sigma = volatilityTicks(now) * Math.exp(prng.normal() * VOLATILITY_NOISE) / Math.sqrt(KNOTS_PER_MINUTE);
      }
      walk[step] = (walk[step - 1] ?? 0) + prng.normal() * sigma;
      variance[step] = (variance[step - 1] ?? 0) + sigma * sigma;
    }
    // The walk's error at the end is taken out in proportion to the variance so far: quiet times move little.
    const excess = from.ticks + (walk[steps] ?? 0) - to.ticks;
    const whole = variance[steps] ?? 1;
    for (let step = 1; step < steps; step += 1) {
      const free = from.ticks + (walk[step] ?? 0) - (excess * (variance[step] ?? 0)) / whole;
      walk[step] = fold(free, ceilingTicks(from.nanos + step * KNOT_NANOS));
    }
    walk[0] = from.ticks;
    walk[steps] = to.ticks;
    this.#knots = walk;
  }

  ticksAt(nanos: number): number {
    const share = (nanos - this.from.nanos) / (this.to.nanos - this.from.nanos);
    const position = Math.max(0, share) * (this.#knots.length - 1);
    const knot = Math.min(Math.floor(position), this.#knots.length - 2);
    const left = this.#knots[knot] ?? 0;
    const right = this.#knots[knot + 1] ?? left;
    return left + (right - left) * Math.min(1, position - knot);
  }
}

/** The price around which quotes stand, in ticks with fractions. Times must be asked for in rising order. */
export class FairPath {
  readonly #seed: number;
  #index = 0;
  #stretch: Stretch;

  constructor(seed: number) {
    this.#seed = seed;
    this.#stretch = this.#make(0);
  }

  /** `nanos` since 18:00 Eastern. */
  ticksAt(nanos: number): number {
    while (nanos > this.#stretch.to.nanos && this.#index < ANCHORS.length - 2) {
      this.#index += 1;
      this.#stretch = this.#make(this.#index);
    }
    return this.#stretch.ticksAt(nanos);
  }

  #make(index: number): Stretch {
    const from = ANCHORS[index];
    const to = ANCHORS[index + 1];
    if (from === undefined || to === undefined) throw new RangeError(`no stretch ${index} between anchors`);
    return new Stretch(this.#seed, index, from, to);
  }
}

/** Whether the wide quotes of the night apply at this minute since 18:00: outside regular hours. */
export function isThinMinute(minute: number): boolean {
  return minute < minuteAt("09:30") || minute >= minuteAt("16:00");
}
