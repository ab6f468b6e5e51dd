/** Between the market being counted and whoever watches it: nobody costs nothing, and nobody is told out of order. */
import type { UnixTime } from "../lib/time.ts";
import type { LinkState } from "../lsg/link-state.ts";
import type { Instrument } from "../market/instrument.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Quote } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { StudyViews } from "../studies/index.ts";
import type { StudySet } from "../studies/study-set.ts";
import type { MarketWatcher, ReadView } from "./watcher.ts";

/**
 * Without `wantsSeconds` the watcher gets batches as a whole. With it, it hears of each second before its trades, while the
 * studies hold exactly what came before: then what it sees does not depend on where batches were cut. A second that a
 * cut divides is told of twice; the watcher knows which one it is in.
 */
function stepSeconds(studies: StudySet<StudyViews>, watcher: MarketWatcher, batch: TradeBatch, day: TradingDay): void {
  const { length, sec } = batch;
  const read: ReadView = (name) => studies.view(name);
  for (let from = 0; from < length; ) {
    const second = sec[from]!; // from < length
    let to = from + 1;
    while (to < length && sec[to] === second) to += 1;
    watcher.second(day.openSec + second, day, read);
    studies.steps(batch, day, from, to);
    watcher.trades(batch, from, to, day);
    from = to;
  }
}

export class WatchPost {
  readonly #watcher: MarketWatcher | null;
  readonly #flush: () => void;

  /** `flush` hands over the trades that were collected. Whoever watches begins afresh. */
  constructor(watcher: MarketWatcher | null, instrument: Instrument | null, flush: () => void) {
    this.#watcher = watcher;
    this.#flush = flush;
    watcher?.begin();
    watcher?.aim(instrument, false);
  }

  aim(instrument: Instrument | null, isOther: boolean): void {
    this.#watcher?.aim(instrument, isOther);
  }

  /** Trades of one day for the studies, and for the watcher. */
  steps(studies: StudySet<StudyViews>, batch: TradeBatch, day: TradingDay): void {
    const watcher = this.#watcher;
    if (watcher?.isWatching === true && watcher.wantsSeconds) return stepSeconds(studies, watcher, batch, day);
    studies.steps(batch, day);
    if (watcher?.isWatching === true) watcher.trades(batch, 0, batch.length, day);
  }

  quote(quote: Quote): void {
    const watcher = this.#watcher;
    if (watcher === null || !watcher.isWatching) return;
    if (watcher.isQuoteNews(quote)) this.#flush();
    watcher.quote(quote);
  }

  /** Another second has come without a trade. */
  time(studies: StudySet<StudyViews>, sec: number): void {
    studies.time(sec);
    if (this.#watcher?.isWatching === true) this.#watcher.time(sec);
  }

  link(link: LinkState, asOf: () => UnixTime | null): void {
    const watcher = this.#watcher;
    if (watcher === null) return;
    if (watcher.isWatching) this.#flush();
    watcher.link(link, asOf());
  }
}
