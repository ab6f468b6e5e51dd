/**
 * The alerts: rules in, the market as the store counts it in, firings out. Market time only; the same records and the same
 * rules give the same firings, however the records were cut and however fast they came.
 */
import type { UnixTime } from "../lib/time.ts";
import type { LinkPhase, LinkState } from "../lsg/link-state.ts";
import type { Instrument } from "../market/instrument.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Aggressor, Quote } from "../market/trade.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { MarketWatcher, ReadView } from "../store/watcher.ts";
import { isRegular } from "../studies/anchor.ts";
import { compileRules, type CompiledRules } from "./compile-rules.ts";
import { FeedWatch } from "./feed-watch.ts";
import type { AlertRule, Firing, RuleState, Seen } from "./firing.ts";
import { Occasions, type SessionRule } from "./occasions.ts";
import { daysToExpiry } from "./roll-days.ts";
import { RuleBook } from "./rule-book.ts";
import { Spikes, type OnSpike } from "./spikes.ts";
import { SpreadWatch } from "./spread-watch.ts";

export interface AlertEngineOptions {
  readonly calendar: TradingCalendar;
  /** There is a link: what comes before its first state is of the past. */
  readonly hasLink?: boolean;
  /** Called for each, in the order of the market; of one trade in the order of the rules. */
  readonly onFiring: (firing: Firing) => void;
  /** Everything is counted from nothing: firings begin again. */
  readonly onBegin?: () => void;
}

/** What a trade made fire, before it is told. */
interface Pending {
  readonly rule: number;
  /** Index of the trade in its batch. */
  readonly at: number;
  readonly seen: Seen;
}

/** While the link is in these, what comes is of now. */
const CURRENT: ReadonlySet<LinkPhase> = new Set(["LIVE", "QUIET", "STALE", "ENDED"]);

export class AlertEngine implements MarketWatcher {
  readonly #options: AlertEngineOptions;
  readonly #book = new RuleBook();
  readonly #spikes = new Spikes();
  readonly #feed = new FeedWatch();
  #compiled: CompiledRules = compileRules([], null);
  #occasions = new Occasions([], -1);
  #spread = new SpreadWatch([], Number.POSITIVE_INFINITY);
  #instrument: Instrument | null = null;
  #day: TradingDay | null = null;
  #last: number | null = null;
  #at: UnixTime | null = null;
  /** The second that the levels are of, unix seconds. */
  #second = -1;
  #phase: LinkPhase | null = null;
  #isPast = false;
  #count = 0;
  #pending: Pending[] = [];
  isWatching = false;
  wantsSeconds = false;

  constructor(options: AlertEngineOptions) {
    this.#options = options;
  }

  get rules(): readonly AlertRule[] { return this.#book.rules; }

  /** Other rules from now on; one that is the same as before goes on where it was. */
  setRules(rules: readonly AlertRule[]): void {
    this.#book.setRules(rules);
    this.#compile();
  }

  mute(number: number, isMuted: boolean): void { this.#book.mute(number, isMuted); }
  fired(number: number): number { return this.#book.fired(number); }
  isMuted(number: number): boolean { return this.#book.isMuted(number); }

  /** The price a rule waits for, in ticks; null where it waits for none, or that is not known. */
  target(number: number): number | null {
    const rule = this.#book.rule(number);
    return rule?.level === undefined ? (this.#compiled.targets.get(number) ?? null) : this.#compiled.levels.ticksOf(rule.level);
  }

  state(number: number): RuleState {
    const rule = this.#book.rule(number);
    if (this.#compiled.wrong.has(number)) return "wrong";
    if (this.#book.isMuted(number)) return "muted";
    if (this.#book.isDone(number)) return "done";
    if (this.#at !== null && this.#book.isCooling(number, this.#at)) return "cooling";
    const isUnknown =
      (rule?.price !== undefined || rule?.level !== undefined) ? this.target(number) === null
      : rule?.adaptive === true ? this.#compiled.large.adaptive === null
      : rule?.times !== undefined && !this.#spikes.isWarm(number);
    return isUnknown ? "waiting" : "armed";
  }

  begin(): void {
    this.#book.restart();
    this.#count = 0;
    this.#isPast = this.#options.hasLink === true;
    this.#options.onBegin?.();
    this.#forget();
    this.#compile();
  }

  aim(instrument: Instrument | null, isOther: boolean): void {
    const left = this.#instrument;
    this.#instrument = instrument;
    if (isOther && left !== null && instrument !== null && left.rawSymbol !== instrument.rawSymbol) {
      const seen: Seen = { kind: "roll", from: left.rawSymbol, to: instrument.rawSymbol, days: null };
      for (const rule of this.#compiled.roll) this.#fire(rule, this.#at, null, seen);
    }
    if (isOther) this.#forget();
    const isSame = left?.rawSymbol === instrument?.rawSymbol && left?.tickUnits === instrument?.tickUnits;
    if (isOther || !isSame) this.#compile();
  }

  second(sec: number, day: TradingDay, read: ReadView): void {
    if (sec === this.#second && day === this.#day) return;
    this.#second = sec;
    const { levels, large } = this.#compiled;
    if (day !== this.#day) {
      // The studies still hold the day before.
      levels.start(this.#last);
      large.setAdaptive(null);
      return;
    }
    if (!levels.isEmpty) levels.second(read);
    if (large.isAdaptive) large.setAdaptive(read("large").adaptive[isRegular(sec - day.openSec, day) ? "rth" : "eth"].threshold);
  }

  trades(batch: TradeBatch, from: number, to: number, day: TradingDay): void {
    if (day !== this.#day) this.#startDay(day, batch, from);
    const { prices, levels, large } = this.#compiled;
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) {
      this.#occasions.pass(day.openSec + runs.sec[run]!, this.#onOccasion); // run < runs.length
      if (!prices.isEmpty) prices.scan(batch, runs, run, this.#onPrice);
      if (!levels.isEmpty) levels.scan(batch, runs, run, this.#onLevel);
      if (!large.isEmpty) large.scan(batch, runs.from[run]!, runs.from[run + 1]!, this.#onLarge);
      this.#spikes.scan(batch, runs, run, this.#onSpike);
      this.#last = runs.close[run]!;
      if (this.#pending.length > 0) this.#tell(batch, day);
    }
    const last = to - 1;
    const sec = day.openSec + batch.sec[last]!;
    if (this.#at === null || sec >= this.#at.sec) this.#at = { sec, nanos: batch.nanos[last]! };
  }

  isQuoteNews(quote: Quote): boolean { return this.#spread.isNews(quote); }

  quote(quote: Quote): void {
    const { sec, nanos } = quote;
    this.#spread.quote(quote, (rule, ticks) => {
      const isHere = this.#day !== null && sec >= this.#day.openSec && sec < this.#day.endSec;
      if (isHere) this.#fire(rule, { sec, nanos }, this.#last, { kind: "spread", ticks });
    });
  }

  time(sec: number): void {
    if (this.#day === null) return;
    this.#occasions.pass(sec, this.#onOccasion);
    if (this.#at === null || sec > this.#at.sec) this.#at = { sec, nanos: 0 };
  }

  link(link: LinkState, asOf: UnixTime | null): void {
    this.#phase = link.phase;
    this.#isPast = false;
    for (const { event, reason } of this.#feed.events(link)) {
      for (const number of this.#compiled.feed) {
        const { on = "any" } = this.#book.rule(number) ?? {};
        if (on === "any" || on === event) this.#fire(number, asOf, this.#last, { kind: "feed", event, reason });
      }
    }
  }

  /** Nothing of the market so far is compared with what comes. */
  #forget(): void {
    this.#day = null;
    this.#last = null;
    this.#at = null;
    this.#second = -1;
    this.#spread = new SpreadWatch([], Number.POSITIVE_INFINITY);
    this.#occasions = new Occasions([], -1);
  }

  #compile(): void {
    const compiled = compileRules(this.#book.rules, this.#instrument);
    this.#compiled = compiled;
    compiled.prices.start(this.#last);
    compiled.levels.start(this.#last);
    compiled.large.start();
    this.#second = -1;
    this.#spikes.setRules(compiled.spikes);
    this.#spread = new SpreadWatch(compiled.spreads, this.#spread.last);
    this.#occasions = new Occasions(compiled.sessions, this.#occasions.told);
    if (this.#day !== null) this.#occasions.startDay(this.#day, this.#occasions.told);
    this.isWatching = this.#book.size > 0;
    this.wantsSeconds = !compiled.levels.isEmpty || compiled.large.isAdaptive;
  }

  #startDay(day: TradingDay, batch: TradeBatch, from: number): void {
    const sec = batch.sec[from]!; // from < to
    if (this.#day !== null) this.#occasions.pass(day.openSec + sec, this.#onOccasion);
    this.#day = day;
    this.#occasions.startDay(day, day.openSec + sec);
    this.#spikes.startDay(sec);
    this.#compiled.large.start();
    const { roll } = this.#compiled;
    const days = roll.length === 0 || this.#instrument === null ? null : daysToExpiry(this.#instrument, day, this.#options.calendar);
    if (days === null || this.#instrument === null) return;
    const seen: Seen = { kind: "roll", from: this.#instrument.rawSymbol, to: null, days };
    for (const rule of roll) {
      const before = this.#book.rule(rule)?.days;
      if (before !== undefined && days >= 0 && days <= before) this.#pending.push({ rule, at: from, seen });
    }
  }

  readonly #onPrice = (rule: number, at: number, ticks: number, direction: 1 | -1): void => {
    this.#pending.push({ rule, at, seen: { kind: "price", ticks, direction } });
  };

  readonly #onLevel = (rule: number, at: number, ticks: number, direction: 1 | -1): void => {
    this.#pending.push({ rule, at, seen: { kind: "level", level: this.#book.rule(rule)?.level ?? "", ticks, direction } });
  };

  readonly #onLarge = (rule: number, at: number, size: number, least: number): void => {
    this.#pending.push({ rule, at, seen: { kind: "large", aggressor: 0, size, least } });
  };

  readonly #onSpike: OnSpike = ({ rule, of, windowSec }, at, contracts, usual) => {
    this.#pending.push({ rule, at, seen: { kind: "spike", of, contracts, windowSec, usual } });
  };

  readonly #onOccasion = ({ rule, at, minutesBefore }: SessionRule, sec: number): void => {
    this.#fire(rule, { sec, nanos: 0 }, this.#last, { kind: "session", at, minutesBefore });
  };

  /** What the trades of a run made fire, trade by trade. */
  #tell(batch: TradeBatch, day: TradingDay): void {
    const pending = this.#pending.sort((a, b) => a.at - b.at || a.rule - b.rule);
    this.#pending = [];
    for (const { rule, at, seen } of pending) {
      const time = { sec: day.openSec + batch.sec[at]!, nanos: batch.nanos[at]! }; // an index of the batch
      const aggressor = batch.aggressor[at]! as Aggressor;
      this.#fire(rule, time, batch.ticks[at]!, seen.kind === "large" ? { ...seen, aggressor } : seen);
    }
  }

  #fire(number: number, at: UnixTime | null, ticks: number | null, seen: Seen): void {
    const rule = this.#book.rule(number);
    const isCatchUp = this.#isPast || (this.#phase !== null && !CURRENT.has(this.#phase) && seen.kind !== "feed");
    if (rule === undefined || (at !== null && !this.#isInSession(rule, at, seen)) || !this.#book.take(number, at, isCatchUp)) return;
    this.#count += 1;
    this.#options.onFiring({
      number: this.#count, rule, index: number, at, ticks, seen, instrument: this.#instrument, day: this.#day, isCatchUp,
    });
  }

  /** Times of the session and the roll are what they are; all else only where the rule wants it. */
  #isInSession({ session }: AlertRule, at: UnixTime, { kind }: Seen): boolean {
    if (session === "any" || kind === "session" || kind === "roll" || this.#day === null) return true;
    return isRegular(at.sec - this.#day.openSec, this.#day) === (session === "RTH");
  }
}
