/**
 * How the market moves: a fixed rule over five-second buckets of regular hours, decided at the end of each. Whole numbers
 * only; the same trades give the same words. The rule, its thresholds and their source are in docs/formulas.md.
 */

export type Movement = "consolidating" | "trending up" | "trending down" | "new high" | "new low" | "pulling back" | "rotating";

export const BUCKET_SEC = 5;
/** Buckets of ten minutes, of the last minute, and of a quarter of an hour. */
const WINDOW = 120;
const MINUTE = 12;
const QUARTER_HOUR = 180;
/** Ten-minute windows that must be known to say what is usual. */
const WINDOWS_NEEDED = 3;
const WINDOWS_OF_HALF_HOUR = 3;

/** Trades of regular hours by bucket, prices in ticks; only where `isTraded` is 1 the prices mean something. */
export interface Buckets {
  readonly isTraded: Uint8Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/** Room for regular hours of so many seconds. */
export function emptyBuckets(seconds: number): Buckets {
  const count = Math.ceil(seconds / BUCKET_SEC);
  return {
    isTraded: new Uint8Array(count),
    first: new Int32Array(count),
    last: new Int32Array(count),
    high: new Int32Array(count),
    low: new Int32Array(count),
  };
}

/** Whether no trade of the buckets `from` to `to - 1` was lost. */
export type KnownBuckets = (from: number, to: number) => boolean;

/** Ranges of the ten-minute windows of regular hours, high minus low; null where a window is not known or did not trade. */
export type WindowRanges = readonly (number | null)[];

export interface MovementFound {
  readonly movement: Movement | null;
  readonly windowTicks: number | null;
  readonly usualTicks: number | null;
}

interface Span {
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
  /** The first bucket that reached the high, and the low. */
  readonly highAt: number;
  readonly lowAt: number;
}

/** The trades of the buckets `from` to `to - 1` together; null when there are none. */
function spanOf(buckets: Buckets, from: number, to: number): Span | null {
  let first: number | null = null;
  let last = 0;
  let highAt = -1;
  let lowAt = -1;
  for (let at = from; at < to; at += 1) {
    if (buckets.isTraded[at] !== 1) continue;
    first ??= buckets.first[at]!;
    last = buckets.last[at]!;
    if (highAt === -1 || buckets.high[at]! > buckets.high[highAt]!) highAt = at;
    if (lowAt === -1 || buckets.low[at]! < buckets.low[lowAt]!) lowAt = at;
  }
  if (first === null) return null;
  return { first, last, high: buckets.high[highAt]!, low: buckets.low[lowAt]!, highAt, lowAt };
}

/** The whole ten-minute windows before the bucket `end`. */
export function windowRanges(buckets: Buckets, end: number, isKnown: KnownBuckets): WindowRanges {
  const ranges: (number | null)[] = [];
  for (let from = 0; from + WINDOW <= end; from += WINDOW) {
    const span = isKnown(from, from + WINDOW) ? spanOf(buckets, from, from + WINDOW) : null;
    ranges.push(span === null ? null : span.high - span.low);
  }
  return ranges;
}

/** Twice the median, so that it is whole; null when fewer than three are known. */
function twiceMedian(ranges: WindowRanges): number | null {
  const known = ranges.filter((range) => range !== null).sort((a, b) => a - b);
  if (known.length < WINDOWS_NEEDED) return null;
  const half = known.length >> 1;
  const upper = known[half]!;
  return upper + (known.length % 2 === 1 ? upper : known[half - 1]!);
}

/** Twice what is usual at the bucket `end`: of this day, else of the same half hour of the day before. */
function twiceUsual(today: WindowRanges, before: WindowRanges, end: number): number | null {
  const from = Math.floor(end / WINDOW / WINDOWS_OF_HALF_HOUR) * WINDOWS_OF_HALF_HOUR;
  return twiceMedian(today) ?? twiceMedian(before.slice(from, from + WINDOWS_OF_HALF_HOUR));
}

/** The rule; the first line that holds decides. `usual2` is twice the usual range. */
function movementOf(window: Span, day: Span, usual2: number, end: number): Movement {
  const range = window.high - window.low;
  const move = window.last - window.first;
  const way = Math.abs(move);
  if (10 * range < 3 * usual2 || (4 * way < range && 2 * range < usual2)) return "consolidating";
  if (10 * way > 6 * range && 10 * range >= 4 * usual2) return move > 0 ? "trending up" : "trending down";
  if (day.highAt >= end - MINUTE) return "new high";
  if (day.lowAt >= end - MINUTE) return "new low";
  const isBelow = day.highAt >= end - QUARTER_HOUR && 4 * (day.high - window.last) > usual2;
  const isAbove = day.lowAt >= end - QUARTER_HOUR && 4 * (window.last - day.low) > usual2;
  return isBelow || isAbove ? "pulling back" : "rotating";
}

/**
 * What the buckets before `end` say. Nothing is said in the first ten minutes, when of the last ten not all is known or
 * nothing traded, and while it is not known what is usual. `before`: the windows of the day before.
 */
export function movementAt(buckets: Buckets, end: number, isKnown: KnownBuckets, before: WindowRanges): MovementFound {
  const from = end - WINDOW;
  const window = from >= 0 && isKnown(from, end) ? spanOf(buckets, from, end) : null;
  const day = spanOf(buckets, 0, end);
  const usual2 = twiceUsual(windowRanges(buckets, end, isKnown), before, end);
  return {
    movement: window === null || day === null || usual2 === null ? null : movementOf(window, day, usual2, end),
    windowTicks: window === null ? null : window.high - window.low,
    usualTicks: usual2 === null ? null : usual2 / 2,
  };
}
