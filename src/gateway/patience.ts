/** How long a client may take nothing before it is left, and what it is told then. */
import type { DbnVersion } from "../dbn/constants.ts";
import type { PartialRecord } from "../dbn/encode.ts";
import { ERROR_CODE, errorRecord } from "./gateway-records.ts";

/** While the market goes on, real milliseconds: a new session replays what was missed. */
const LIVE_MS = 5_000;
/** During a replay nothing grows old; who takes nothing for so long is gone, real milliseconds. */
const REPLAY_MS = 60_000;

/** Real milliseconds. At endless speed there is no now, so nothing is ever late, and a client may take its time. */
export function patienceOf(session: { readonly isEndless: boolean; readonly isReplaying: boolean }): number {
  if (session.isEndless) return Number.POSITIVE_INFINITY;
  return session.isReplaying ? REPLAY_MS : LIVE_MS;
}

/** The last record of a session that is left; `at` in nanoseconds since 1970. */
export function givenUpRecord(version: DbnVersion, at: bigint, patienceMs: number): PartialRecord {
  const text = `Slow client detected for all data. Nothing was read for ${patienceMs / 1000} s`;
  return errorRecord(version, at, ERROR_CODE.skippedRecords, text);
}
