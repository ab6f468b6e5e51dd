/** The trading status the venue announced, in words. */
import type { UnixTime } from "../lib/time.ts";
import type { Study } from "./study.ts";

export interface StatusView {
  readonly at: UnixTime;
  /** In words: `pre-open`, `trading`, `halted`, … */
  readonly text: string;
  readonly isTrading: boolean | null;
}

/** A status record's facts; action and reason are DBN's numbers. */
export interface MarketStatus {
  readonly at: UnixTime;
  readonly action: number;
  readonly reason: number;
  /** Null when the venue did not say. */
  readonly isTrading: boolean | null;
}

const ACTIONS: readonly string[] = [
  "", "pre-open", "pre-cross", "quoting", "cross", "rotation", "new price indication", "trading", "halted", "paused",
  "suspended", "pre-close", "closed", "post-close", "short-sale restriction", "not available",
];
/** Halted, paused, suspended: the reader wants to know why. */
const EXPLAINED: ReadonlySet<number> = new Set([8, 9, 10]);
const REASONS: readonly string[] = [
  "", "scheduled", "surveillance", "market event", "instrument activation", "expiration", "recovery",
];

function words(status: MarketStatus, before: StatusView | null): string {
  const action = ACTIONS[status.action] ?? `status ${status.action}`;
  // Action 0 means "no change"; such a record may still say whether trading is allowed.
  if (action === "") {
    if (before !== null && (status.isTrading === null || status.isTrading === before.isTrading)) return before.text;
    return status.isTrading === null ? "unknown" : status.isTrading ? "trading" : "not trading";
  }
  if (!EXPLAINED.has(status.action) || status.reason === 0) return action;
  return `${action} (${REASONS[status.reason] ?? `reason ${status.reason}`})`;
}

export const statusStudy: Study<{ view: StatusView | null }, StatusView | null> = {
  init: () => ({ view: null }),
  status(state, status) {
    state.view = { at: status.at, text: words(status, state.view), isTrading: status.isTrading };
  },
  view: (state) => state.view,
};
