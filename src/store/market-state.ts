/**
 * The figures of one instrument while they are being counted: changed in place by records, published as parts.
 * Only trade records (rtype 0) add to totals: trades among the book's records come as trade records too.
 */
import type { InstrumentDefMsg, OhlcvMsg, StatisticsMsg, StatusMsg, SymbolMappingMsg } from "../dbn/records.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { fromNanos, NanosSplitter } from "../lib/time.ts";
import type { Instrument } from "../market/instrument.ts";
import type { LinkState } from "../lsg/link-state.ts";
import { ticksOf } from "../market/price.ts";
import { TradeBatch } from "../market/trade-batch.ts";
import type { Quote } from "../market/trade.ts";
import { createStudies, type StudyViews } from "../studies/index.ts";
import type { StudySet } from "../studies/study-set.ts";
import { damageOf, SIZE_MAX } from "./damage.ts";
import { Focus, type FocusChange } from "./focus.ts";
import { KnownTime } from "./known-time.ts";
import { MarketClock } from "./market-clock.ts";
import type { MarketPart, MarketStateOptions } from "./market-part.ts";
import { MinuteCheck } from "./minute-check.ts";
import { readStatistics } from "./read-statistics.ts";
import { RollWatch } from "./roll-watch.ts";
import { Tally } from "./tally.ts";
import { aggressorOf, TradeIntake } from "./trade-intake.ts";
import { isPossible, TradeTimes } from "./trade-times.ts";
import { WatchPost } from "./watch-post.ts";

/** Anything else than a trade moves market time at most this far past the newest trade: a long weekend. */
const AHEAD_SEC = 4 * 86_400;

export class MarketState {
  readonly #focus: Focus;
  readonly #splitter = new NanosSplitter();
  readonly #quote: Quote = { sec: 0, nanos: 0, bidTicks: null, askTicks: null, bidSize: 0, askSize: 0 };
  readonly #options: MarketStateOptions;
  /** Holds the usable trades of the day that the studies have not seen yet. */
  readonly #intake = new TradeIntake((sec) => this.#times.follow(this.#times.openSec + sec));
  readonly #roll: RollWatch;
  #studies: StudySet<StudyViews>;
  #times: TradeTimes;
  #instrumentId: number;
  /** NaN while there is no tick: every price is then off the grid. */
  #tickUnits: number;
  readonly #known: KnownTime;
  readonly #watch: WatchPost;
  #clock = new MarketClock();
  #tally = new Tally();
  #minutes = new MinuteCheck();
  #isDirty = true;
  #part: MarketPart | null = null;

  constructor(options: MarketStateOptions) {
    this.#focus = new Focus(options.requested, options.known);
    this.#roll = new RollWatch(options);
    this.#known = new KnownTime(options.coverageFrom, options.isAsked);
    this.#options = options;
    this.#studies = createStudies(options.studies, options.calendar);
    this.#times = new TradeTimes(options.calendar, options.coverageFrom);
    this.#instrumentId = this.#focus.instrumentId;
    this.#tickUnits = this.#focus.instrument?.tickUnits ?? Number.NaN;
    this.#intake.aim(this.#instrumentId, this.#tickUnits);
    this.#watch = new WatchPost(options.watcher, this.#focus.instrument, () => this.#flush());
  }

  get instrumentId(): number { return this.#instrumentId; }
  get countedTrades(): number { return this.#tally.trades + this.#intake.batch.length; }
  get isDirty(): boolean { return this.#isDirty || this.#intake.batch.length > 0; }

  /** Hot path: trade records behind one another, the first at `view.base`. */
  takeTrades(view: RecordView, count: number): void {
    const { base, lengthBytes } = view;
    const intake = this.#intake;
    for (let left = count; left > 0; ) {
      const taken = intake.take(view, left);
      left -= taken;
      if (left === 0) break;
      view.base += taken * lengthBytes;
      this.#unusualTrade(view);
      left -= 1;
      view.base += lengthBytes;
    }
    view.base = base;
  }

  /** One trade: in another second than the one before, of another instrument, damaged, or there is no room for it. */
  #unusualTrade(view: RecordView): void {
    const tally = this.#tally;
    this.#isDirty = true;
    if (view.instrumentId !== this.#instrumentId) {
      if (this.#instrumentId === -1) tally.quarantine("unknownInstrument");
      else tally.otherInstrument += 1;
      this.#roll.trade(view);
      return;
    }
    const ticks = ticksOf(view.price, this.#tickUnits);
    const size = view.size;
    if (ticks === null || ticks !== (ticks | 0) || size === 0 || size > SIZE_MAX) {
      tally.quarantine(damageOf(view, this.#tickUnits));
      return;
    }
    const { tsEventHi: hi, tsEventLo: lo } = view;
    this.#splitter.split(hi, lo);
    const { sec, nanos } = this.#splitter;
    if (!this.#intake.isOpen(hi, lo) && !this.#isInDay(sec, nanos, view)) {
      tally.quarantine("badTime");
      return;
    }
    const { batch } = this.#intake;
    if (batch.length === TradeBatch.CAPACITY) this.#flush();
    batch.add({ sec, nanos, ticks, size, aggressor: aggressorOf(view.side), sequence: view.sequence }, this.#times.openSec);
    // Nothing follows a late second: the times after it have been let through before.
    const lastSec = sec === this.#times.newestSec ? this.#times.endSec - 1 - this.#times.openSec : -1;
    this.#intake.openSecond(sec - this.#times.openSec, hi, lo, nanos, lastSec);
  }

  quote(view: RecordView, hi: number, lo: number): void {
    if (view.instrumentId !== this.#instrumentId) return;
    this.#isDirty = true;
    this.#tally.quotes += 1;
    this.#splitter.split(hi, lo);
    const { sec, nanos } = this.#splitter;
    const quote = this.#quote;
    quote.sec = sec;
    quote.nanos = nanos;
    quote.bidTicks = ticksOf(view.bidPx, this.#tickUnits);
    quote.askTicks = ticksOf(view.askPx, this.#tickUnits);
    quote.bidSize = quote.bidTicks === null ? 0 : view.bidSz;
    quote.askSize = quote.askTicks === null ? 0 : view.askSz;
    this.#advance(sec, nanos);
    if (this.#studies.needsOrder) this.#flush();
    this.#studies.quote(quote);
    this.#watch.quote(quote);
  }

  status(message: StatusMsg): void {
    if (message.instrumentId !== this.#instrumentId) return;
    this.#isDirty = true;
    const at = fromNanos(message.tsEvent);
    this.#advance(at.sec, at.nanos);
    const isTrading = message.isTrading === "Y" ? true : message.isTrading === "N" ? false : null;
    this.#flush();
    this.#studies.status({ at, action: message.action, reason: message.reason, isTrading });
  }

  statistics(message: StatisticsMsg): void {
    if (message.instrumentId !== this.#instrumentId) return;
    const read = readStatistics(message, this.#tickUnits);
    if (read === null) return;
    this.#isDirty = true;
    this.#flush();
    if (read === "odd") this.#tally.oddStatistics += 1;
    else if ("settlement" in read) this.#studies.settlement(read.settlement);
    else this.#studies.statistic(read.statistic);
  }

  minuteBar(message: OhlcvMsg): void {
    if (message.instrumentId !== this.#instrumentId) return;
    this.#isDirty = true;
    this.#minutes.bar(message, this.#times.newestSec);
  }

  mapping(message: SymbolMappingMsg): void {
    if (this.#roll.mapping(message)) this.#isDirty = true;
    this.#refocus(this.#focus.instrument, this.#focus.mapping(message));
  }

  wantsDefinition(instrumentId: number, instrumentClass: string): boolean {
    return this.#focus.wantsDefinition(instrumentId, instrumentClass);
  }

  definition(message: InstrumentDefMsg): void {
    if (this.#roll.definition(message)) this.#isDirty = true;
    this.#refocus(this.#focus.instrument, this.#focus.definition(message));
  }

  /** A sign of life of the gateway: market time goes on while nothing trades. */
  heartbeat(tsEvent: bigint): void {
    if (this.#times.newestSec < 0) return;
    const { sec, nanos } = fromNanos(tsEvent);
    if (this.#advance(sec, nanos)) this.#isDirty = true;
  }

  /** What the link knows to have been lost and what became of it; null: before there is one. */
  noteLink(link: LinkState | null): void {
    if (this.#known.noteGaps(link?.gaps ?? [])) {
      this.#flush();
      this.#isDirty = true;
      this.#tellKnown();
    }
    if (link !== null) this.#watch.link(link, () => this.#clock.published);
  }

  #tellKnown(): void {
    const { span } = this.#known;
    if (span !== null && this.#times.day !== null) this.#studies.coverage(span);
  }

  /** Nothing has come for a while. */
  lull(): void {
    this.#flush();
    this.#isDirty = true;
    this.#studies.lull();
  }

  /** What changed since the last call; the same object when nothing did. */
  publish(): MarketPart {
    const before = this.#part;
    if (before !== null && !this.isDirty) return before;
    this.#flush();
    this.#isDirty = false;
    const { day } = this.#times;
    // Before the first trade: the day from which on everything is known.
    const meant = day ?? this.#known.dayOfFrom(this.#options.calendar);
    const nowSec = Math.max(this.#clock.asOf.sec, this.#known.from?.sec ?? 0);
    const studies = this.#studies.views();
    const minutes = this.#minutes.publish(this.#known.from, this.#times.openSec, this.#times.newestSec);
    this.#part = {
      asOf: this.#clock.published,
      instrument: this.#focus.instrument,
      day,
      coverage: this.#known.publish(meant, minutes.spans, nowSec),
      counters: this.#tally.publish(),
      minutes,
      roll: this.#roll.publish(this.#focus.instrument, meant, nowSec, studies.session.volume),
      studies,
    };
    return this.#part;
  }

  /** Hands the trades that were collected to the studies. */
  #flush(): void {
    const { batch } = this.#intake;
    const { day, openSec } = this.#times;
    if (day === null || batch.length === 0) return;
    this.#isDirty = true;
    this.#tally.noteTrades(batch);
    this.#minutes.trades(batch, openSec);
    this.#clock.noteTrades(batch, openSec);
    this.#watch.steps(this.#studies, batch, day);
    batch.clear();
  }

  /** Whether a trade's time belongs to the day being counted; begins the next day when it has come. */
  #isInDay(sec: number, nanos: number, view: RecordView): boolean {
    const times = this.#times;
    const before = times.day;
    if (sec < times.openSec || sec >= times.endSec) this.#flush(); // another day may begin
    const place = times.place(sec);
    if (place !== "new") return place === "in";
    const isFirst = before === null || before.openSec > times.openSec;
    if (isFirst && times.day !== null) this.#known.begin({ sec, nanos }, fromNanos((BigInt(view.tsRecvHi) << 32n) | BigInt(view.tsRecvLo)), times.day);
    this.#tellKnown();
    return true;
  }

  /** Moves market time forward; false when it is already there, or when the time is out of the question. */
  #advance(sec: number, nanos: number): boolean {
    const newest = this.#times.newestSec;
    if (!isPossible(sec) || (newest >= 0 && sec > newest + AHEAD_SEC)) return false;
    const clock = this.#clock;
    if (sec !== clock.asOf.sec) this.#flush(); // trades may have brought it further
    if (!clock.isNews(sec, nanos)) return false;
    const isSameSecond = sec === clock.asOf.sec;
    clock.asOf = { sec, nanos };
    if (!isSameSecond) this.#watch.time(this.#studies, sec);
    return true;
  }

  /** `left`: the instrument before the change. */
  #refocus(left: Instrument | null, change: FocusChange): void {
    if (change === "same") return;
    this.#isDirty = true;
    this.#flush();
    this.#instrumentId = this.#focus.instrumentId;
    this.#tickUnits = this.#focus.instrument?.tickUnits ?? Number.NaN;
    this.#intake.aim(this.#instrumentId, this.#tickUnits);
    if (change === "other") this.#startAfresh(left);
    this.#watch.aim(this.#focus.instrument, change === "other");
  }

  /** Another contract, or another tick: nothing of the figures so far may be mixed with what comes. */
  #startAfresh(left: Instrument | null): void {
    this.#known.restart(this.#clock.published);
    this.#roll.moveOn(left, this.#focus.instrument, { volume: this.#studies.views().session.volume, day: this.#times.day, at: this.#known.from });
    this.#studies = createStudies(this.#options.studies, this.#options.calendar);
    this.#times = new TradeTimes(this.#options.calendar, this.#known.from);
    this.#clock = new MarketClock();
    this.#tally = new Tally();
    this.#minutes = new MinuteCheck();
  }
}
