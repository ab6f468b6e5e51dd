/** Alerts as the screen sees them: what their owner tells, in data, and what keys ask of it. */
import type { AlertRule, Firing, RuleState } from "../alerts/firing.ts";

/** A firing in the log. */
export interface LoggedFiring {
  readonly firing: Firing;
  /** Why nothing was done: `replay`, `muted` …; null: its actions were due. */
  readonly silence: string | null;
  /** What went wrong with its actions. */
  readonly problems: readonly string[];
  /** Wall-clock milliseconds. */
  readonly atMs: number;
}

/** The same object while nothing in it changed but the states of rules, which go with market time. */
export interface AlertsNow {
  readonly rules: readonly AlertRule[];
  readonly state: (rule: number) => RuleState;
  /** The price waited for, in ticks; null where there is none, or it is not known. */
  readonly target: (rule: number) => number | null;
  readonly fired: (rule: number) => number;
  /** All that fired since everything was counted from nothing; the log has the newest of them. */
  readonly count: number;
  /** Firings of the log that are left out because the picture is of before them; absent in one of now. */
  readonly later?: number;
  /** Newest last. */
  readonly log: readonly LoggedFiring[];
  /** The rule that keys act on; 0 without rules. */
  readonly selected: number;
  /** Wall-clock milliseconds until which nothing is done; null: it is. */
  readonly snoozedUntilMs: number | null;
  /** Why nothing is done anyway, e.g. because this is a replay; empty: it is. */
  readonly silence: string;
  /** Actions that a burst left no room for, and those that failed. */
  readonly dropped: number;
  readonly failed: number;
}

/** What a key asks: an alert at the price or none, silence for a while, and of the selected rule. */
export type AlertAsk = "price" | "snooze" | "next" | "before" | "mute" | "remove";

/** For so long a firing is news. */
export const FRESH_MS = 10_000;
