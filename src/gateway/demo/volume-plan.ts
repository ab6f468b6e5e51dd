/** How many contracts trade when: blocks with exact totals, and the weight of each minute inside its block. */
import { Prng } from "../../lib/prng.ts";
import { DAY_MINUTES, minuteAt, RTH_MINUTE } from "./demo-day.ts";

/**
 * Overnight contracts of NQM5 by Eastern hour, 18 to 09 (the last is 09:00-09:29). Their sum, 69,546, is the published
 * overnight volume (same document as the anchors); the split is an estimate: a usual night plus that night's news.
 */
const OVERNIGHT_HOURS: readonly number[] = [
  2517, 2224, 9950, 5180, 3102, 1536, 1551, 1668, 2663, 5121, 4507, 3482, 3570, 5268, 10_008, 7199,
];
/** Published overnight volume, 18:00-09:30. */
const OVERNIGHT_CONTRACTS = 69_546;
/** Contracts of the whole day (estimate; days of that year had 440,000 to 700,000). */
const DAY_CONTRACTS = 500_000;

/**
 * Share of a usual day by half hour from 09:30 to 16:30, percent: mean of nine sessions of late 2023, computed from the
 * public sample in ChenLiangChong/back-test-python.
 */
const HALF_HOUR_SHARES: readonly number[] = [
  13.52, 10.6, 7.99, 6.62, 5.46, 4.01, 3.61, 4.82, 3.2, 3.57, 4.13, 3.87, 6.67, 2.12, 0.49,
];

/** Consecutive minutes whose contracts add up exactly. */
export interface VolumeBlock {
  /** First minute since 18:00 and number of minutes. */
  readonly firstMinute: number;
  readonly minutes: number;
  readonly contracts: number;
}

/** A burst of activity: `factor` times the usual at its minute, the excess halving every `halfLife` minutes. */
interface Bump {
  readonly minute: number;
  readonly factor: number;
  readonly halfLife: number;
}

/** All estimates. */
const BUMPS: readonly Bump[] = [
  { minute: minuteAt("18:00"), factor: 5, halfLife: 2 },
  { minute: minuteAt("20:02"), factor: 7, halfLife: 8 },
  { minute: minuteAt("03:00"), factor: 2, halfLife: 5 },
  { minute: minuteAt("08:30"), factor: 5, halfLife: 3 },
  { minute: RTH_MINUTE, factor: 6, halfLife: 5 },
  { minute: minuteAt("10:00"), factor: 4, halfLife: 2 },
  { minute: minuteAt("10:58"), factor: 2.5, halfLife: 2 },
  { minute: minuteAt("15:50"), factor: 2, halfLife: 2 },
  { minute: minuteAt("15:59"), factor: 5, halfLife: 1 },
];

function blocksOfDay(): readonly VolumeBlock[] {
  const blocks: VolumeBlock[] = OVERNIGHT_HOURS.map((contracts, hour) => ({
    firstMinute: hour * 60,
    minutes: Math.min(60, RTH_MINUTE - hour * 60),
    contracts,
  }));
  const shares = HALF_HOUR_SHARES.reduce((sum, share) => sum + share, 0);
  let done = 0;
  let share = 0;
  for (const [index, part] of HALF_HOUR_SHARES.entries()) {
    share += part;
    const upTo = Math.round(((DAY_CONTRACTS - OVERNIGHT_CONTRACTS) * share) / shares);
    blocks.push({ firstMinute: RTH_MINUTE + index * 30, minutes: 30, contracts: upTo - done });
    done = upTo;
  }
  return blocks;
}

/** All blocks, in order, covering the day without gaps. */
export const VOLUME_BLOCKS: readonly VolumeBlock[] = blocksOfDay();

/** Relative activity of a minute before chance has its say. */
function minuteIntensity(minute: number): number {
  let intensity = 1;
  for (const bump of BUMPS) {
    const age = minute - bump.minute;
    if (age >= 0 && age < 60) intensity += (bump.factor - 1) * 2 ** (-age / bump.halfLife);
  }
  // Traders gather before the open of regular hours.
  const ahead = RTH_MINUTE - 1 - minute;
  if (ahead >= 0 && ahead < 30) intensity += 2.4 * Math.exp(-ahead / 3);
  return intensity;
}

/** True for minutes that begin with a burst: their first seconds are the busiest. */
export function beginsWithBurst(minute: number): boolean {
  return minute < DAY_MINUTES && BUMPS.some((bump) => bump.minute === minute);
}

/** Spread of the minutes' weights around their intensity, as the standard deviation of the logarithm. */
const MINUTE_NOISE = 0.3;
/** Bursts have an expected height, so they vary less. */
const BURST_NOISE = 0.06;

/** The minutes' weights inside a block. */
export function minuteWeights(seed: number, block: VolumeBlock): readonly number[] {
  const prng = new Prng(seed, 2, block.firstMinute);
  return Array.from({ length: block.minutes }, (_, index) => {
    const intensity = minuteIntensity(block.firstMinute + index);
    return intensity * Math.exp(prng.normal() * (intensity > 2.5 ? BURST_NOISE : MINUTE_NOISE));
  });
}
