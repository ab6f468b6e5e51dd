/**
 * Which contract the market trades: the volume of the other outright futures of the product beside that of the one on
 * screen. Spreads never count, and no price is looked at: nothing of another contract enters the figures.
 */
import type { InstrumentDefMsg, SymbolMappingMsg } from "../dbn/records.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { UNDEF_TIME } from "../dbn/constants.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { NanosSplitter, type UnixTime } from "../lib/time.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { dateText, dayNumberOfText, monthOf, yearOf } from "../market/civil-date.ts";
import { contractSymbol, parseContract, productOf, type Contract } from "../market/contract.ts";
import { contractDates, expirySecOf, nextQuarter, type ContractDates } from "../market/expiry.ts";
import type { RollRule } from "../market/front-month.ts";
import type { Instrument } from "../market/instrument.ts";
import { rollNotice, type RollLevel } from "../market/roll.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { SIZE_MAX } from "./damage.ts";
import { isPossible, TradeTimes } from "./trade-times.ts";

export interface RollView {
  /** How the contract on screen was chosen. */
  readonly rule: RollRule | "open interest" | "fixed";
  /** The contract on screen, and the next one by date. */
  readonly front: string;
  readonly next: string;
  /** Contracts traded in the running session; null: the next contract's trades are not seen. */
  readonly frontVolume: number;
  readonly nextVolume: number | null;
  /** The next contract's part of both volumes, 0..1; null when not seen, or before any trade. */
  readonly share: number | null;
  /** The front's last day of trading, until 09:30 ET, and the days from the trade date to it. */
  readonly expires: string;
  readonly daysToExpiry: number;
  readonly level: RollLevel;
  /** One line; null when there is nothing to say. */
  readonly warning: string | null;
  /** The contract the figures were of before the symbol asked for moved on; everything began afresh then. */
  readonly rolled: { readonly from: string; readonly at: UnixTime | null } | null;
}

interface Listing {
  readonly rawSymbol: string;
  /** Unix seconds, as its definition says; null without one. */
  readonly expirySec: number | null;
  /** Contracts of the running session, those counted in the figures on screen not included. */
  volume: number;
}

/** Contracts that the figures counted in a day, and when they ended. */
interface Counted {
  readonly volume: number;
  readonly day: TradingDay | null;
  readonly at: UnixTime | null;
}

/** What does not change from trade to trade. */
interface Facts {
  readonly instrument: Instrument;
  readonly tradeDate: string;
  readonly dates: ContractDates;
  readonly expirySec: number;
  readonly next: string;
  readonly nextListing: Listing | null;
}

export interface RollWatchOptions {
  readonly requested: string;
  readonly rollRule: RollRule | null;
  readonly calendar: TradingCalendar;
}

/** Outright futures of one product are far fewer. */
const LISTINGS_MAX = 64;
const SYMBOL_MAX = 71;
const NUMBER = /^\d*$/;
const DAY_SEC = 86_400;
const RULES: Readonly<Record<string, RollView["rule"]>> = { v: "volume", c: "expiry", n: "open interest" };

function isEqual(a: RollView, b: RollView): boolean {
  return (
    a.front === b.front && a.next === b.next && a.frontVolume === b.frontVolume && a.nextVolume === b.nextVolume &&
    a.daysToExpiry === b.daysToExpiry && a.level === b.level && a.warning === b.warning && a.rolled === b.rolled
  );
}

export class RollWatch {
  readonly #rule: RollView["rule"];
  readonly #calendar: TradingCalendar;
  readonly #listings = new Map<number, Listing>();
  readonly #times: TradeTimes;
  readonly #splitter = new NanosSplitter();
  /** The session whose volumes are counted, unix seconds; 0 before the first trade. */
  #openSec = 0;
  #endSec = 0;
  #facts: Facts | null = null;
  #rolled: RollView["rolled"] = null;
  #view: RollView | null = null;

  constructor({ requested, rollRule, calendar }: RollWatchOptions) {
    this.#rule = rollRule ?? RULES[/\.([cvn])\.\d+$/.exec(requested)?.[1] ?? ""] ?? "fixed";
    this.#calendar = calendar;
    this.#times = new TradeTimes(calendar);
  }

  /** True when something new was learned. */
  mapping({ instrumentId, stypeOutSymbol }: SymbolMappingMsg): boolean {
    const rawSymbol = sanitiseText(stypeOutSymbol, SYMBOL_MAX);
    if (NUMBER.test(rawSymbol) || this.#listings.get(instrumentId)?.rawSymbol === rawSymbol) return false; // an id is no name
    return this.#list(instrumentId, rawSymbol, null);
  }

  /** True when something new was learned. */
  definition({ instrumentId, rawSymbol, expiration }: InstrumentDefMsg): boolean {
    const expirySec = expiration === UNDEF_TIME ? Number.NaN : Number(expiration / 1_000_000_000n);
    return this.#list(instrumentId, sanitiseText(rawSymbol, SYMBOL_MAX), isPossible(expirySec) ? expirySec : null);
  }

  /** A trade of another instrument than the one on screen. */
  trade(view: RecordView): void {
    const listing = this.#listings.get(view.instrumentId);
    if (listing === undefined || view.size === 0 || view.size > SIZE_MAX) return;
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    const { sec } = this.#splitter;
    if (sec < this.#openSec || !this.#times.admit(sec)) return;
    if (sec >= this.#endSec) this.#begin(this.#calendar.dayOf(sec));
    if (sec >= this.#openSec) listing.volume += view.size;
  }

  /** The figures begin again, mostly with another contract: what was counted of `left` until now is kept here. */
  moveOn(left: Instrument | null, to: Instrument | null, counted: Counted): void {
    this.#facts = null;
    if (left === null) return;
    if (left.rawSymbol !== to?.rawSymbol) this.#rolled = { from: left.rawSymbol, at: counted.at };
    const { day, volume } = counted;
    if (day === null || day.openSec < this.#openSec) return;
    if (day.openSec > this.#openSec) this.#begin(day);
    const { instrumentId, rawSymbol } = left;
    if (!this.#listings.has(instrumentId)) this.#list(instrumentId, rawSymbol, null);
    const listing = this.#listings.get(instrumentId);
    if (listing !== undefined) listing.volume += volume;
  }

  /** `volume`: of the figures on screen. Null for a product without quarterly contracts, and before the first trade. */
  publish(instrument: Instrument | null, day: TradingDay | null, nowSec: number, volume: number): RollView | null {
    const facts = instrument === null || day === null ? null : this.#factsOf(instrument, day);
    if (facts === null || day === null) return (this.#view = null);
    const { dates, expirySec, next, nextListing } = facts;
    const isSession = this.#openSec === day.openSec;
    const volumeOf = (listing: Listing | null | undefined): number => (isSession ? (listing?.volume ?? 0) : 0);
    const front = facts.instrument.rawSymbol;
    const frontVolume = volume + volumeOf(this.#listings.get(facts.instrument.instrumentId));
    const nextVolume = nextListing === null ? null : volumeOf(nextListing);
    const both = frontVolume + (nextVolume ?? 0);
    const view: RollView = {
      rule: this.#rule,
      front,
      next,
      frontVolume,
      nextVolume,
      share: nextVolume === null || both === 0 ? null : nextVolume / both,
      expires: dateText(dates.expiry),
      daysToExpiry: dates.expiry - dayNumberOfText(day.tradeDate),
      ...rollNotice({ front, next, dates, expirySec, frontVolume, nextVolume }, day.tradeDate, nowSec),
      rolled: this.#rolled,
    };
    if (this.#view === null || !isEqual(this.#view, view)) this.#view = view;
    return this.#view;
  }

  #begin(day: TradingDay): void {
    this.#openSec = day.openSec;
    this.#endSec = day.endSec;
    for (const listing of this.#listings.values()) listing.volume = 0;
  }

  #list(instrumentId: number, rawSymbol: string, expirySec: number | null): boolean {
    const contract = parseContract(rawSymbol, 0);
    const before = this.#listings.get(instrumentId);
    const isSame = before?.rawSymbol === rawSymbol;
    if (isSame && before?.expirySec === expirySec) return false;
    const isKnown = this.#listings.delete(instrumentId); // an id may be used again for something else
    if (isKnown) this.#facts = null;
    if (contract === null || productOf(contract.root) === null) return isKnown;
    this.#facts = null;
    this.#listings.set(instrumentId, { rawSymbol, expirySec, volume: isSame ? (before?.volume ?? 0) : 0 });
    for (const oldest of this.#listings.keys()) {
      if (this.#listings.size <= LISTINGS_MAX) break;
      this.#listings.delete(oldest);
    }
    return true;
  }

  #factsOf(instrument: Instrument, day: TradingDay): Facts | null {
    const before = this.#facts;
    if (before !== null && before.instrument === instrument && before.tradeDate === day.tradeDate) return before;
    const listing = this.#listings.get(instrument.instrumentId);
    const contract = contractOf(instrument.rawSymbol, listing?.expirySec ?? null, day.openSec);
    if (contract === null || productOf(contract.root) === null) return (this.#facts = null);
    const byRule = contractDates(contract, this.#calendar);
    const defined = listing?.expirySec ?? null;
    const dates = defined === null ? byRule : { ...byRule, expiry: Math.floor(defined / DAY_SEC) };
    const wanted = { root: contract.root, ...nextQuarter(contract) };
    const nextListing = this.#listingOf(wanted, day.openSec);
    this.#facts = {
      instrument,
      tradeDate: day.tradeDate,
      dates,
      expirySec: defined ?? expirySecOf(byRule.expiry, this.#calendar),
      next: nextListing?.rawSymbol ?? contractSymbol(wanted),
      nextListing,
    };
    return this.#facts;
  }

  #listingOf({ root, year, month }: Contract, nowSec: number): Listing | null {
    for (const listing of this.#listings.values()) {
      const contract = contractOf(listing.rawSymbol, listing.expirySec, nowSec);
      if (contract?.root === root && contract.year === year && contract.month === month) return listing;
    }
    return null;
  }
}

/** A contract, its year as the definition's expiry says where there is one. */
function contractOf(rawSymbol: string, expirySec: number | null, nowSec: number): Contract | null {
  const contract = parseContract(rawSymbol, nowSec);
  if (contract === null || expirySec === null) return contract;
  const expiry = Math.floor(expirySec / DAY_SEC);
  return { root: contract.root, year: yearOf(expiry), month: monthOf(expiry) };
}
