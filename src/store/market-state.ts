/**
 * The figures of one instrument while they are being counted: changed in place by records, published as parts.
 * Only trade records (rtype 0) add to totals: trades among the book's records come as trade records too.
 */
import { UNDEF_TIME } from "../dbn/constants.ts";
import type { InstrumentDefMsg, StatisticsMsg, StatusMsg, SymbolMappingMsg } from "../dbn/records.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { fromNanos, NanosSplitter, type UnixTime } from "../lib/time.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { ticksOf } from "../market/price.ts";
import { TradeBatch } from "../market/trade-batch.ts";
import type { Aggressor, Quote, Trade } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { createStudies, type StudiesOptions, type StudyViews } from "../studies/index.ts";
import { settlementQuality } from "../studies/settlement.ts";
import { statisticKind } from "../studies/statistic.ts";
import type { StudySet } from "../studies/study-set.ts";
import { coverageOf } from "./coverage.ts";
import { damageOf, SIZE_MAX } from "./damage.ts";
import { Focus, type FocusChange, type KnownInstrument } from "./focus.ts";
import type { Coverage, Snapshot } from "./snapshot.ts";
import { Tally } from "./tally.ts";
import { isPossible, TradeTimes } from "./trade-times.ts";

/** The part of a snapshot that is made of records. */
export type MarketPart = Pick<Snapshot, "asOf" | "instrument" | "day" | "coverage" | "counters" | "studies">;

export interface MarketStateOptions {
  readonly requested: string;
  readonly known: KnownInstrument;
  readonly coverageFrom: UnixTime | null;
  readonly calendar: TradingCalendar;
  readonly studies: StudiesOptions;
}

const BUYER = 66;
const SELLER = 65;
/** Aggressor by the character code of the side. A table, because sides are random and a branch would be guessed wrong. */
const AGGRESSORS: readonly Aggressor[] = Array.from({ length: 256 }, (_, side) =>
  side === BUYER ? 1 : side === SELLER ? -1 : 0,
);
const STAT_SETTLEMENT = 3;
const STAT_WITHDRAWN = 2;
const DAY_NANOS = 86_400_000_000_000n;
/** Anything else than a trade moves market time at most this far past the newest trade: a long weekend. */
const AHEAD_SEC = 4 * 86_400;

export class MarketState {
  readonly #focus: Focus;
  readonly #splitter = new NanosSplitter();
  readonly #trade: Trade = { sec: 0, nanos: 0, ticks: 0, size: 0, aggressor: 0, sequence: 0 };
  readonly #quote: Quote = { sec: 0, nanos: 0, bidTicks: null, askTicks: null, bidSize: 0, askSize: 0 };
  readonly #options: MarketStateOptions;
  /** Usable trades of `#day` that the studies have not seen yet. */
  readonly #batch = new TradeBatch();
  #studies: StudySet<StudyViews>;
  #times: TradeTimes;
  #instrumentId: number;
  /** NaN while there is no tick: every price is then off the grid. */
  #tickUnits: number;
  #day: TradingDay | null = null;
  /** Unix seconds of its open and end; both 0 before the first trade, so that it always looks for its day. */
  #openSec = 0;
  #endSec = 0;
  /** Where every trade is known from: as asked for, or else the first trade. */
  #from: UnixTime | null;
  #asOfSec = -1;
  #asOfNanos = 0;
  #newestNanos = 0;
  #tally = new Tally();
  #isDirty = true;
  #part: MarketPart | null = null;

  constructor(options: MarketStateOptions) {
    this.#focus = new Focus(options.requested, options.known);
    this.#from = options.coverageFrom;
    this.#options = options;
    this.#studies = createStudies(options.studies);
    this.#times = new TradeTimes(options.calendar);
    this.#instrumentId = this.#focus.instrumentId;
    this.#tickUnits = this.#focus.instrument?.tickUnits ?? Number.NaN;
  }

  get instrumentId(): number { return this.#instrumentId; }
  get trades(): number { return this.#tally.trades; }
  get isDirty(): boolean { return this.#isDirty; }
  /** Time of the newest trade, seconds and nanoseconds. */
  get newestSec(): number { return this.#times.newestSec; }
  get newestNanos(): number { return this.#newestNanos; }

  /** Hot path. */
  trade(view: RecordView): void {
    this.#isDirty = true;
    if (view.instrumentId !== this.#instrumentId) {
      if (this.#instrumentId === -1) this.#tally.quarantine("unknownInstrument");
      else this.#tally.otherInstrument += 1;
      return;
    }
    const ticks = ticksOf(view.price, this.#tickUnits);
    const size = view.size;
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    const { sec, nanos } = this.#splitter;
    if (ticks === null || ticks !== (ticks | 0) || size === 0 || size > SIZE_MAX) {
      this.#tally.quarantine(damageOf(view, this.#tickUnits));
      return;
    }
    if (!this.#isInDay(sec, nanos)) {
      this.#tally.quarantine("badTime");
      return;
    }
    const trade = this.#trade;
    trade.sec = sec;
    trade.nanos = nanos;
    trade.ticks = ticks;
    trade.size = size;
    trade.aggressor = AGGRESSORS[view.side] ?? 0;
    trade.sequence = view.sequence;
    if (trade.aggressor === 0) this.#tally.noAggressor += 1;
    this.#tally.trades += 1;
    if (sec > this.#asOfSec || (sec === this.#asOfSec && nanos > this.#asOfNanos)) {
      this.#asOfSec = sec;
      this.#asOfNanos = nanos;
    }
    this.#batch.add(trade, this.#openSec);
    if (this.#batch.length === TradeBatch.CAPACITY) this.#flush();
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
    // A date: not shifted to any zone.
    const refDay = message.tsRef === UNDEF_TIME ? null : Number(message.tsRef / DAY_NANOS);
    const withdrawn = message.updateAction === STAT_WITHDRAWN;
    // Beyond 2^53 Number() is inexact, but such a price (the undefined one too) is then off the grid by far or refused.
    const units = BigInt.asIntN(54, message.price) === message.price ? Number(message.price) : Number.NaN;
    const ticks = ticksOf(units, this.#tickUnits);
    if (message.statType === STAT_SETTLEMENT) {
      const quality = settlementQuality(message.statFlags);
      if (refDay === null || (!withdrawn && (quality === null || ticks === null))) return;
      this.#isDirty = true;
      this.#flush();
      this.#studies.settlement({ refDay, ticks: ticks ?? 0, quality: quality ?? "unknown", withdrawn });
      return;
    }
    const kind = statisticKind(message.statType);
    if (kind === null) return;
    this.#isDirty = true;
    this.#flush();
    this.#studies.statistic({ kind, refDay, ticks: withdrawn ? null : ticks, at: fromNanos(message.tsEvent) });
  }

  mapping(message: SymbolMappingMsg): void {
    this.#refocus(this.#focus.mapping(message));
  }

  wantsDefinition(instrumentId: number, instrumentClass: string): boolean {
    return this.#focus.wantsDefinition(instrumentId, instrumentClass);
  }

  definition(message: InstrumentDefMsg): void {
    this.#refocus(this.#focus.definition(message));
  }

  /** A sign of life of the gateway: market time goes on while nothing trades. */
  heartbeat(tsEvent: bigint): void {
    if (this.#times.newestSec < 0) return;
    const { sec, nanos } = fromNanos(tsEvent);
    if (this.#advance(sec, nanos)) this.#isDirty = true;
  }

  /** What changed since the last call; the same object when nothing did. */
  publish(): MarketPart {
    const before = this.#part;
    if (before !== null && !this.#isDirty) return before;
    this.#isDirty = false;
    this.#flush();
    const day = this.#day;
    this.#part = {
      asOf: this.#publishAsOf(before?.asOf ?? null),
      instrument: this.#focus.instrument,
      day,
      coverage: this.#publishCoverage(before, day),
      counters: this.#tally.publish(),
      studies: this.#studies.views(),
    };
    return this.#part;
  }

  /** Hands the trades that were collected to the studies. */
  #flush(): void {
    if (this.#day !== null && this.#batch.length > 0) this.#studies.steps(this.#batch, this.#day);
    this.#batch.clear();
  }

  /** Whether a trade's time belongs to the day being counted; begins the next day when it has come. */
  #isInDay(sec: number, nanos: number): boolean {
    const newest = this.#times.newestSec;
    // Most trades come in the second of the one before.
    if (sec === newest && sec >= this.#openSec) {
      if (nanos > this.#newestNanos) this.#newestNanos = nanos;
      return true;
    }
    if (sec < this.#openSec || !this.#times.admit(sec)) return false;
    if (sec > newest) this.#newestNanos = nanos;
    if (sec < this.#endSec) return true;
    this.#flush();
    const day = this.#options.calendar.dayOf(sec);
    this.#day = day;
    this.#openSec = day.openSec;
    this.#endSec = day.endSec;
    this.#from ??= { sec, nanos };
    this.#studies.coverage(coverageOf(this.#from, day).complete);
    return sec >= day.openSec;
  }

  /** Moves market time forward; false when it is already there, or when the time is out of the question. */
  #advance(sec: number, nanos: number): boolean {
    const newest = this.#times.newestSec;
    if (!isPossible(sec) || (newest >= 0 && sec > newest + AHEAD_SEC)) return false;
    if (sec < this.#asOfSec || (sec === this.#asOfSec && nanos <= this.#asOfNanos)) return false;
    const isSameSecond = sec === this.#asOfSec;
    this.#asOfSec = sec;
    this.#asOfNanos = nanos;
    if (isSameSecond) return true;
    this.#flush();
    this.#studies.time(sec);
    return true;
  }

  #refocus(change: FocusChange): void {
    if (change === "same") return;
    this.#isDirty = true;
    this.#flush();
    this.#instrumentId = this.#focus.instrumentId;
    this.#tickUnits = this.#focus.instrument?.tickUnits ?? Number.NaN;
    if (change === "other") this.#startAfresh();
  }

  /** Another contract, or another tick: nothing of the figures so far may be mixed with what comes. */
  #startAfresh(): void {
    if (this.#asOfSec >= 0) this.#from = { sec: this.#asOfSec, nanos: this.#asOfNanos };
    this.#studies = createStudies(this.#options.studies);
    this.#times = new TradeTimes(this.#options.calendar);
    this.#day = null;
    this.#openSec = 0;
    this.#endSec = 0;
    this.#asOfSec = -1;
    this.#asOfNanos = 0;
    this.#newestNanos = 0;
    this.#tally = new Tally();
  }

  #publishAsOf(before: UnixTime | null): UnixTime | null {
    if (this.#asOfSec < 0) return null;
    if (before !== null && before.sec === this.#asOfSec && before.nanos === this.#asOfNanos) return before;
    return { sec: this.#asOfSec, nanos: this.#asOfNanos };
  }

  #publishCoverage(before: MarketPart | null, day: TradingDay | null): Coverage {
    if (before !== null && before.day === day && before.coverage.from === this.#from) return before.coverage;
    return coverageOf(this.#from, day ?? (this.#from === null ? null : this.#options.calendar.dayOf(this.#from.sec)));
  }
}
