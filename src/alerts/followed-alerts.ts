/** The engine with what the price did after each firing: what a back-test is made of. */
import type { UnixTime } from "../lib/time.ts";
import type { LinkState } from "../lsg/link-state.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { Instrument } from "../market/instrument.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Quote } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { MarketWatcher, ReadView } from "../store/watcher.ts";
import { Aftermath, type Followed } from "./aftermath.ts";
import { AlertEngine } from "./engine.ts";
import type { AlertRule, Firing } from "./firing.ts";

export interface FollowedAlertsOptions {
  readonly calendar: TradingCalendar;
  readonly rules: readonly AlertRule[];
  readonly onFiring: (firing: Firing) => void;
  /** Once its prices are known, in the order of the firings. */
  readonly onFollowed: (followed: Followed) => void;
}

export class FollowedAlerts implements MarketWatcher {
  readonly #engine: AlertEngine;
  readonly #aftermath: Aftermath;

  constructor({ calendar, rules, onFiring, onFollowed }: FollowedAlertsOptions) {
    this.#aftermath = new Aftermath(onFollowed);
    this.#engine = new AlertEngine({
      calendar,
      onFiring: (firing) => {
        onFiring(firing);
        this.#aftermath.follow(firing);
      },
    });
    this.#engine.setRules(rules);
  }

  get isWatching(): boolean { return this.#engine.isWatching; }
  get wantsSeconds(): boolean { return this.#engine.wantsSeconds; }

  begin(): void {
    this.#aftermath.end("gap");
    this.#engine.begin();
  }
  aim(instrument: Instrument | null, isOther: boolean): void {
    if (isOther) this.#aftermath.end("ended");
    this.#engine.aim(instrument, isOther);
  }
  second(sec: number, day: TradingDay, read: ReadView): void { this.#engine.second(sec, day, read); }
  trades(batch: TradeBatch, from: number, to: number, day: TradingDay): void {
    this.#engine.trades(batch, from, to, day);
    this.#aftermath.trades(batch, from, to, day);
  }
  isQuoteNews(quote: Quote): boolean { return this.#engine.isQuoteNews(quote); }
  quote(quote: Quote): void { this.#engine.quote(quote); }
  time(sec: number): void { this.#engine.time(sec); }
  link(link: LinkState, asOf: UnixTime | null): void { this.#engine.link(link, asOf); }

  /** Nothing more comes. */
  end(): void {
    this.#aftermath.end("ended");
  }
}
