/** A rule that fired: when, at which price, and what it saw. Data only; the words are made of it. */
import type { AlertSetting } from "../config/alert-settings.ts";
import type { UnixTime } from "../lib/time.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Aggressor } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";

/** `key`: set by a key on the screen. */
export interface AlertRule extends AlertSetting {
  readonly source: "file" | "key";
}

/** What the market did. Prices in ticks, sizes in contracts. */
export type Seen =
  /** `direction`: where the price came from: 1 from below. */
  | { readonly kind: "price"; readonly ticks: number; readonly direction: 1 | -1 }
  /** A level may lie between ticks. */
  | { readonly kind: "level"; readonly level: string; readonly ticks: number; readonly direction: 1 | -1 }
  /** Contracts of the event so far; further fills of it may follow. */
  | { readonly kind: "large"; readonly aggressor: Aggressor; readonly size: number; readonly least: number }
  /** `usual`: what windows had on average, rounded down; null for a fixed amount. Of delta: bought minus sold. */
  | { readonly kind: "spike"; readonly of: "volume" | "delta"; readonly contracts: number; readonly windowSec: number; readonly usual: number | null }
  | { readonly kind: "spread"; readonly ticks: number }
  | { readonly kind: "feed"; readonly event: "stale" | "down" | "gap"; readonly reason: string }
  /** `from` → `to` on the change; else `days` to the last day of `from`. */
  | { readonly kind: "roll"; readonly from: string; readonly to: string | null; readonly days: number | null }
  | { readonly kind: "session"; readonly at: string; readonly minutesBefore: number };

export interface Firing {
  /** Counted from 1 since everything was counted from nothing. */
  readonly number: number;
  readonly rule: AlertRule;
  /** The rule's place among all rules. */
  readonly index: number;
  /** Market time: of the trade or quote, of the session's border; of the newest record for what the feed does; null before it. */
  readonly at: UnixTime | null;
  /** The price of that trade, else the last one before; null before the first. */
  readonly ticks: number | null;
  readonly seen: Seen;
  readonly instrument: Instrument | null;
  /** Null before the first trade. */
  readonly day: TradingDay | null;
  /** Of the past: the gateway was replaying the earlier part when it fired. */
  readonly isCatchUp: boolean;
}

/** `waiting`: what it is about is not known yet. `wrong`: its price is none of the instrument's. */
export type RuleState = "armed" | "cooling" | "done" | "muted" | "waiting" | "wrong";
