/** When to connect again after a connection was lost, or not at all. Pure. */
import type { NqError } from "../lib/errors.ts";

/** Milliseconds before try `attempt` (1 is the first after the loss), or null to give up. `random` gives 0 to 1. */
export type RetryPolicy = (attempt: number, error: NqError, random: () => number) => number | null;

/** The gateway counts connections per second and address; one a second stays far below its limit. */
export const DIAL_GAP_MS = 1_000;
const DELAY_MAX_MS = 30_000;
/** Our own dead session may hold the slot until the gateway notices. */
const LIMIT_DELAY_MS = 30_000;

/** First within a second, then full jitter under a bound that doubles to 30 s; at the session limit 30 to 60 s. */
export const retryDelayMs: RetryPolicy = (attempt, error, random) => {
  if (!error.retry) return null;
  if (error.code === "LSG_SESSION_LIMIT") return LIMIT_DELAY_MS + random() * LIMIT_DELAY_MS;
  if (attempt <= 1) return random() * DIAL_GAP_MS;
  const boundMs = Math.min(DELAY_MAX_MS, DIAL_GAP_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.max(DIAL_GAP_MS, random() * boundMs);
};
