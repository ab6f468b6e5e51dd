/**
 * When a simulation happens: in the middle of a session, or around its end, the break and the next open; and whether the
 * continuous symbol comes to stand for the next contract while the client is not connected. Decided from the seed.
 */
import { Prng } from "../../src/lib/prng.ts";

/** Thursday 2025-06-12 17:00 Eastern, 16.5 hours before simulated time 0, and the open an hour later: trade date Friday. */
export const CLOSE_US: number = -59_400 * 1_000_000;
export const OPEN_US: number = CLOSE_US + 3_600 * 1_000_000;
export const OPEN_DATE = "2025-06-13";

const SECOND = 1_000_000;
const BOUNDARY_SHARE = 0.06;
const ROLL_SHARE = 0.12;

export interface SessionTimes {
  /** When simulated time begins. */
  readonly startUs: number;
  readonly healUs: number;
  /** The session ends and another begins within the run. */
  readonly hasBoundary: boolean;
  /** Sessions begun from then on resolve the continuous symbols to the next contracts; Infinity: never. */
  readonly rollUs: number;
}

/** `forUs`: how long things go wrong in a run in the middle of a session. */
export function sessionTimesOf(seed: number, forUs: number): SessionTimes {
  const random = new Prng(seed, 16);
  const hasBoundary = random.chance(BOUNDARY_SHARE);
  const startUs = hasBoundary ? CLOSE_US - random.int(100, 400) * SECOND : 0;
  const healUs = hasBoundary ? OPEN_US + random.int(20, 400) * SECOND : forUs;
  const rollUs = random.chance(ROLL_SHARE) ? random.int(startUs + 60 * SECOND, healUs) : Number.POSITIVE_INFINITY;
  return { startUs, healUs, hasBoundary, rollUs };
}
