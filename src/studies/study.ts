/** What a study is: a running calculation over the market, stepped in constant time and viewed once per commit. */
import type { Quote, Trade } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Settlement } from "./settlement.ts";
import type { MarketStatus } from "./status.ts";

/**
 * Laws: the inputs alone decide the state (no clock, no randomness); a step changes the state in place, in constant
 * time, and keeps none of its arguments but the day; `view` is immutable and the same object until something changed.
 * A study that counts a trading day starts afresh when `step` brings another day. The functions need no `this`.
 */
export interface Study<State, View> {
  init(this: void): State;
  /** One usable trade of the instrument, in order of arrival. */
  step?(this: void, state: State, trade: Trade, day: TradingDay): void;
  /** The best bid and offer have changed. */
  quote?(this: void, state: State, quote: Quote): void;
  /** The venue has announced a trading status. */
  status?(this: void, state: State, status: MarketStatus): void;
  /** The venue has published, corrected or withdrawn a settlement price. */
  settlement?(this: void, state: State, settlement: Settlement): void;
  /** A trading day begins of which every trade is known from its open (`isComplete`), or only from later on. */
  coverage?(this: void, state: State, isComplete: boolean): void;
  /** Market time has moved to `sec` (unix seconds) without a trade. */
  time?(this: void, state: State, sec: number): void;
  view(this: void, state: State): View;
}
