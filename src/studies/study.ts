/** What a study is: a running calculation over the market, stepped in constant time per trade and viewed once per commit. */
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Quote } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { KnownSpan } from "./known-span.ts";
import type { Settlement } from "./settlement.ts";
import type { Statistic } from "./statistic.ts";
import type { MarketStatus } from "./status.ts";

/**
 * Laws: the inputs alone decide the state (no clock, no randomness); a step changes the state in place and keeps none
 * of its arguments but the day; where batches are cut changes nothing; `view` is immutable and the same object until
 * something changed. A study that counts a trading day starts afresh when `steps` brings another day. The functions
 * need no `this`.
 *
 * Staying cheap: every trade of a day passes every study.
 * - Ask for `batch.seconds(from, to)` first. Its sums by second are made once for all studies; whatever begins and ends
 *   at whole seconds (bars, hours, regular hours, averages, highs and lows) is counted by a few runs instead of by
 *   hundreds of trades. `bars.ts` is the example.
 * - Go to the single trades only where a run says it matters: a new high's time is looked up in that run alone; a
 *   cumulative sum cannot leave its extremes in a run whose `sided` is smaller than the way there.
 * - What truly needs each trade (volume by price) is one loop in a function of its own over the typed arrays: integers,
 *   no calls, no objects, the state's sums in local variables written back after the loop; no branch on the side.
 * - Make objects in `view`, not in `steps`; a ring keeps numbers.
 */
export interface Study<State, View> {
  init(this: void): State;
  /** The trades `from` to `to - 1` of a batch: usable trades of the instrument and of one day, in order of arrival. */
  steps?(this: void, state: State, batch: TradeBatch, from: number, to: number, day: TradingDay): void;
  /**
   * The best bid and offer have changed. Trades that came before may be handed over after it, unless the study takes
   * both: then the order is kept.
   */
  quote?(this: void, state: State, quote: Quote): void;
  /** The venue has announced a trading status. */
  status?(this: void, state: State, status: MarketStatus): void;
  /** The venue has published, corrected or withdrawn a settlement price. */
  settlement?(this: void, state: State, settlement: Settlement): void;
  /** The venue has stated, corrected or withdrawn another figure of a session. */
  statistic?(this: void, state: State, statistic: Statistic): void;
  /** Of which time every trade is known: told before a day's first trade, and when more is learnt about losses. */
  coverage?(this: void, state: State, known: KnownSpan): void;
  /** Market time has moved to another second, `sec` (unix seconds), without a trade. */
  time?(this: void, state: State, sec: number): void;
  /** Nothing has come for a while: what is only waiting for the next trade to be over may be shown as over. */
  lull?(this: void, state: State): void;
  view(this: void, state: State): View;
}
