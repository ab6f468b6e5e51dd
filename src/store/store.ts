/**
 * The single reactive trade store.
 * 1. Inputs are records, link changes and the beginning of sessions; nothing else. The same inputs in the same order
 *    give the same snapshot (but for `version`), however they were cut and whenever they were committed.
 * 2. Inside it changes in place; what is published never changes, and parts not touched stay the same objects.
 * 3. Only `commit` notifies, once, when the snapshot is complete.
 * 4. Market time only. Everything is bounded.
 */
import { RTYPE } from "../dbn/constants.ts";
import { offsetOf } from "../dbn/layout.ts";
import { layoutOf } from "../dbn/layouts.ts";
import { decodeRecord } from "../dbn/records.ts";
import type { RecordView } from "../dbn/record-view.ts";
import type { UnixTime } from "../lib/time.ts";
import { servedMarketOf } from "../lsg/gateway-version.ts";
import type { LinkState } from "../lsg/link-state.ts";
import type { KnownInstrument } from "./focus.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { RollRule } from "../market/front-month.ts";
import { builtInCalendar } from "../market/trading-day.ts";
import type { StudiesOptions } from "../studies/index.ts";
import { MarketState } from "./market-state.ts";
import type { Mode, Snapshot } from "./snapshot.ts";
import type { MarketWatcher } from "./watcher.ts";

export interface TradeStoreOptions {
  /** The symbol asked for, e.g. `NQ.v.0`. */
  readonly requested: string;
  readonly mode: Mode;
  /** The instrument, where it is known before the gateway names it. */
  readonly focus?: KnownInstrument;
  /** Sessions, holidays and early closes; the built-in calendar unless told otherwise. */
  readonly calendar?: TradingCalendar;
  /** The rule that chose the symbol asked for; left out when it was named. */
  readonly rollRule?: RollRule | null;
  /** From how many contracts on a large trade is kept, and how many of them. */
  readonly studies?: StudiesOptions;
  /** Told of every trade that is counted. */
  readonly watcher?: MarketWatcher;
}

/** The members stand on their own and may be passed around. */
export interface TradeStore {
  /** Counts one record (version 3 layout). The view is not kept. Tells nobody. */
  readonly applyRecord: (view: RecordView) => void;
  /** The same for `count` trade records behind one another, the first at `view.base`: much cheaper. */
  readonly applyTrades: (view: RecordView, count: number) => void;
  readonly applyLink: (link: LinkState) => void;
  /**
   * Everything is counted from nothing: what comes is all there is since `coverageFrom` (null: since a time not known).
   * A session that goes on from what was counted before is no new beginning.
   */
  readonly beginSession: (coverageFrom: UnixTime | null) => void;
  /**
   * Nothing has come for a while: what is only waiting for the next trade (the newest large trade) is shown as over at
   * the next commit. No figure changes, and a late part is still added.
   */
  readonly lull: () => void;
  /** Publishes what was applied since the last commit and tells the listeners; false if there was nothing. */
  readonly commit: () => boolean;
  readonly getSnapshot: () => Snapshot;
  /** Id of the instrument whose trades are counted, as of the records so far; -1 while it is not known. */
  readonly countedInstrumentId: () => number;
  /** Trades counted since the beginning, those not yet published too. */
  readonly countedTrades: () => number;
  /** Calls `listener` after each commit that published something. The returned function ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

const CLASS_OFFSET = offsetOf(layoutOf("definition", 3), "instrumentClass");
const HEARTBEAT = "Heartbeat";

/** What the gateway says it serves wins over what was expected: a simulated price never looks like a live one. */
function modeOf(gatewayVersion: string): Mode | null {
  const served = servedMarketOf(gatewayVersion);
  return served === "demo" ? "DEMO" : served === "replay" ? "REPLAY" : null;
}

class Store implements TradeStore {
  readonly #options: TradeStoreOptions;
  readonly #listeners = new Set<() => void>();
  #market: MarketState;
  #link: LinkState | null = null;
  #mode: Mode;
  #isChanged = false;
  #snapshot: Snapshot;

  constructor(options: TradeStoreOptions) {
    this.#options = options;
    this.#mode = options.mode;
    this.#market = this.#emptyState(null);
    const { mode, requested, calendar = builtInCalendar } = options;
    this.#snapshot = { version: 0, mode, requested, calendar, link: null, ...this.#market.publish() };
  }

  readonly applyRecord = (view: RecordView): void => {
    if (view.rtype === RTYPE.trade) this.#market.takeTrades(view, 1);
    else this.#applyOther(view);
  };

  readonly applyTrades = (view: RecordView, count: number): void => this.#market.takeTrades(view, count);

  readonly applyLink = (link: LinkState): void => {
    if (link === this.#link) return;
    this.#link = link;
    if (link.gatewayVersion !== null) this.#mode = modeOf(link.gatewayVersion) ?? this.#options.mode;
    this.#isChanged = true;
    this.#market.noteLink(link);
  };

  readonly beginSession = (coverageFrom: UnixTime | null): void => {
    this.#market = this.#emptyState(coverageFrom);
    this.#market.noteLink(this.#link);
    this.#isChanged = true;
  };

  readonly lull = (): void => this.#market.lull();

  readonly commit = (): boolean => {
    if (!this.#market.isDirty && !this.#isChanged) return false;
    this.#isChanged = false;
    const before = this.#snapshot;
    this.#snapshot = { ...before, ...this.#market.publish(), version: before.version + 1, mode: this.#mode, link: this.#link };
    for (const listener of this.#listeners) listener();
    return true;
  };

  readonly getSnapshot = (): Snapshot => this.#snapshot;

  readonly countedInstrumentId = (): number => this.#market.instrumentId;

  readonly countedTrades = (): number => this.#market.countedTrades;

  readonly subscribe = (listener: () => void): (() => void) => {
    // Wrapped, so that the same function subscribed twice is two subscriptions.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  };

  #emptyState(coverageFrom: UnixTime | null): MarketState {
    const { requested, mode, focus = {}, calendar = builtInCalendar, rollRule = null, studies = {}, watcher = null } = this.#options;
    return new MarketState({ requested, known: focus, coverageFrom, isAsked: mode === "LIVE", calendar, rollRule, studies, watcher });
  }

  #applyOther(view: RecordView): void {
    const market = this.#market;
    switch (view.rtype) {
      case RTYPE.mbp1:
      case RTYPE.mbp10:
        return market.quote(view, view.tsEventHi, view.tsEventLo);
      case RTYPE.bbo1s:
      case RTYPE.bbo1m:
        // ts_event is the last trade's there; the quote is as of ts_recv.
        return market.quote(view, view.tsRecvHi, view.tsRecvLo);
      case RTYPE.status:
      case RTYPE.statistics:
      case RTYPE.ohlcv1m:
        return view.instrumentId === market.instrumentId ? this.#applyDecoded(view) : undefined;
      case RTYPE.definition: {
        const instrumentClass = String.fromCharCode(view.bytes[view.base + CLASS_OFFSET] ?? 0);
        return market.wantsDefinition(view.instrumentId, instrumentClass) ? this.#applyDecoded(view) : undefined;
      }
      case RTYPE.symbolMapping:
      case RTYPE.system:
        return this.#applyDecoded(view);
    }
  }

  /** Rare records, as owned objects. */
  #applyDecoded(view: RecordView): void {
    const market = this.#market;
    const record = decodeRecord(view.bytes, 3, view.base);
    switch (record?.kind) {
      case "status": return market.status(record);
      case "statistics": return market.statistics(record);
      case "definition": return market.definition(record);
      case "ohlcv": return market.minuteBar(record);
      case "symbolMapping": return market.mapping(record);
      case "system":
        if (record.msg === HEARTBEAT) market.heartbeat(record.tsEvent);
        return;
      default: // no other kind is sent here; null is a record shorter than its layout
    }
  }
}

/** An empty store. */
export function createTradeStore(options: TradeStoreOptions): TradeStore {
  return new Store(options);
}
