/** Whoever looks at every trade that is counted, beside the studies: alerts. The store tells it in the order of the records. */
import type { UnixTime } from "../lib/time.ts";
import type { LinkState } from "../lsg/link-state.ts";
import type { Instrument } from "../market/instrument.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Quote } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { StudyViews } from "../studies/index.ts";

/** The view of one study as of now; the others are not made for it. */
export type ReadView = <Name extends keyof StudyViews>(name: Name) => StudyViews[Name];

/**
 * Where batches are cut and when the store commits changes nothing of what a watcher is told but the cuts themselves. The
 * functions keep none of their arguments but day and instrument.
 */
export interface MarketWatcher {
  /** False: it is told of beginnings, instruments and the link alone, and nothing else costs anything. */
  readonly isWatching: boolean;
  /** It wants `second`: the studies are then stepped second by second. */
  readonly wantsSeconds: boolean;
  /** Everything is counted from nothing; the instrument is known by then or follows. */
  begin(): void;
  /** What is counted, or null while that is not known. `isOther`: figures so far were another contract's. */
  aim(instrument: Instrument | null, isOther: boolean): void;
  /** Trades of another second than the ones before follow; the studies hold everything before them. */
  second(sec: number, day: TradingDay, read: ReadView): void;
  /** The trades `from` to `to - 1` of a batch; the studies hold them. */
  trades(batch: TradeBatch, from: number, to: number, day: TradingDay): void;
  /** Whether this quote is something: then trades before it have to be told first. */
  isQuoteNews(quote: Quote): boolean;
  quote(quote: Quote): void;
  /** Market time has moved to another second (unix seconds) without a trade. */
  time(sec: number): void;
  /** `asOf`: market time; trades that came before have been told. */
  link(link: LinkState, asOf: UnixTime | null): void;
}
