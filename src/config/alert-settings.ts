/** What an alert rule may say, as plain values: kinds, names of levels, actions. */

export const ALERT_KINDS = [
  "price-above", "price-below", "price-cross", "level-touch", "large-trade", "volume-spike", "delta-spike", "spread", "feed", "roll", "session",
] as const;

/** Names as the levels pane has them; `settlement` is the preliminary one too. */
export const ALERT_LEVELS = [
  "VWAP", "VWAP +1 SD", "VWAP -1 SD", "VWAP +2 SD", "VWAP -2 SD",
  "RTH VWAP", "RTH VWAP +1 SD", "RTH VWAP -1 SD", "RTH VWAP +2 SD", "RTH VWAP -2 SD",
  "POC", "VAH", "VAL", "RTH POC", "RTH VAH", "RTH VAL", "session open",
  "ONH", "ONL", "Asia high", "Asia low", "London high", "London low",
  "OR5 high", "OR5 low", "OR15 high", "OR15 low", "OR30 high", "OR30 low", "IB high", "IB low",
  "PDH", "PDL", "PDC", "prior RTH high", "prior RTH low", "prior RTH close", "settlement", "limit up", "limit down",
] as const;

export const ALERT_SIDES = ["buy", "sell", "any"] as const;
export const FEED_EVENTS = ["any", "stale", "down", "gap"] as const;
export const SESSION_EVENTS = ["open", "RTH open", "RTH close", "close"] as const;
export const ALERT_SESSIONS = ["any", "RTH", "ETH"] as const;

/** Rules that a settings file may hold; each is looked at whenever its price or its second comes. */
export const ALERTS_MAX = 10_000;
/** A price has at most so many points. */
export const PRICE_MAX = 1_000_000;

/** What is done when a rule fires. */
export type AlertAction =
  | { readonly do: "bell" }
  /** A notification by the terminal (OSC 9 and OSC 777). */
  | { readonly do: "notify" }
  | { readonly do: "desktop" }
  | { readonly do: "webhook"; readonly url: string; readonly timeout_s: number }
  /** A program and its arguments; no shell reads them. */
  | { readonly do: "command"; readonly run: readonly string[]; readonly timeout_s: number };

/** A rule as the file has it. What belongs to which kind is checked after the types. */
export interface AlertSetting {
  readonly name: string;
  readonly when: (typeof ALERT_KINDS)[number];
  /** Points. */
  readonly price?: number | undefined;
  readonly level?: (typeof ALERT_LEVELS)[number] | undefined;
  /** Contracts. */
  readonly size?: number | undefined;
  readonly adaptive?: boolean | undefined;
  readonly side?: (typeof ALERT_SIDES)[number] | undefined;
  readonly window_s?: number | undefined;
  readonly times?: number | undefined;
  readonly average_min?: number | undefined;
  readonly ticks?: number | undefined;
  readonly on?: (typeof FEED_EVENTS)[number] | undefined;
  readonly days?: number | undefined;
  readonly at?: (typeof SESSION_EVENTS)[number] | undefined;
  readonly minutes_before?: number | undefined;
  readonly once: boolean;
  readonly cooldown_s: number;
  readonly session: (typeof ALERT_SESSIONS)[number];
  readonly muted: boolean;
  readonly actions: readonly AlertAction[];
}

/** Eastern times of day such as `22:00`; `from` after `to` is over midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

export const BELL: AlertAction = { do: "bell" };
