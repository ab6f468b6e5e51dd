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
}


/** The members stand on their own and may be passed around. */
export interface TradeStore {
  /** Counts one record (version 3 layout). The view is not kept. Tells nobody. */
  readonly applyRecord: (view: RecordView) => void;
  /** The same for `count` trade records behind one another, the first at `view.base`: much cheaper. */
  readonly applyTrades: (view: RecordView, count: number) => void;
  readonly applyLink: (link: LinkState) => void;
  /**
   * A new gateway session begins and sends everything since `coverageFrom` (null: since a time not known). It is
   * counted from nothing, so nothing counts twice; the figures so far stay published until the new ones have caught up.
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
  /** Calls `listener` after each commit that published something. The returned function ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

const CLASS_OFFSET = offsetOf(layoutOf("definition", 3), "instrumentClass");
const TRADES_CAUGHT_UP = "Finished trades";
const HEARTBEAT = "Heartbeat";

/** What the gateway says it serves wins over what was expected: a simulated price never looks like a live one. */
function modeOf(gatewayVersion: string): Mode | null {
  const served = servedMarketOf(gatewayVersion);
  return served === "demo" ? "DEMO" : served === "replay" ? "REPLAY" : null;
}

class Store implements TradeStore {
  readonly #options: TradeStoreOptions;
  readonly #listeners = new Set<() => void>();
  /** What is published. */
  #shown: MarketState;
  /** What records go to: the shown state, or the one of a session that has yet to catch up with it. */
  #counted: MarketState;
  #isCaughtUp = false;
  #link: LinkState | null = null;
  #mode: Mode;
  #isChanged = false;
  #snapshot: Snapshot;

  constructor(options: TradeStoreOptions) {
    this.#options = options;
    this.#mode = options.mode;
    this.#shown = this.#emptyState(null);
    this.#counted = this.#shown;
    const { mode, requested, calendar = builtInCalendar } = options;
    this.#snapshot = { version: 0, mode, requested, calendar, link: null, ...this.#shown.publish() };
  }

  readonly applyRecord = (view: RecordView): void => {
    if (view.rtype === RTYPE.trade) this.applyTrades(view, 1);
    else this.#applyOther(view);
  };

  readonly applyTrades = (view: RecordView, count: number): void => {
    this.#counted.takeTrades(view, count);
    if (this.#counted !== this.#shown) this.#showIfCaughtUp();
  };

  readonly applyLink = (link: LinkState): void => {
    if (link === this.#link) return;
    this.#link = link;
    if (link.gatewayVersion !== null) this.#mode = modeOf(link.gatewayVersion) ?? this.#options.mode;
    this.#isChanged = true;
    if (link.phase === "LIVE" || link.phase === "ENDED") this.#catchUp();
  };

  readonly beginSession = (coverageFrom: UnixTime | null): void => {
    this.#isCaughtUp = false;
    this.#counted = this.#emptyState(coverageFrom);
    if (this.#shown.trades > 0) return;
    this.#show();
  };

  readonly lull = (): void => this.#shown.lull();

  readonly commit = (): boolean => {
    if (!this.#shown.isDirty && !this.#isChanged) return false;
    this.#isChanged = false;
    const before = this.#snapshot;
    this.#snapshot = { ...before, ...this.#shown.publish(), version: before.version + 1, mode: this.#mode, link: this.#link };
    for (const listener of this.#listeners) listener();
    return true;
  };

  readonly getSnapshot = (): Snapshot => this.#snapshot;

  readonly countedInstrumentId = (): number => this.#counted.instrumentId;

  readonly subscribe = (listener: () => void): (() => void) => {
    // Wrapped, so that the same function subscribed twice is two subscriptions.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  };

  #emptyState(coverageFrom: UnixTime | null): MarketState {
    const { requested, focus = {}, calendar = builtInCalendar, rollRule = null, studies = {} } = this.#options;
    return new MarketState({ requested, known: focus, coverageFrom, calendar, rollRule, studies });
  }

  #applyOther(view: RecordView): void {
    const market = this.#counted;
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
    const market = this.#counted;
    const record = decodeRecord(view.bytes, 3, view.base);
    switch (record?.kind) {
      case "status": return market.status(record);
      case "statistics": return market.statistics(record);
      case "definition": return market.definition(record);
      case "symbolMapping": return market.mapping(record);
      case "system":
        if (record.msg === HEARTBEAT) market.heartbeat(record.tsEvent);
        else if (record.msg.startsWith(TRADES_CAUGHT_UP)) this.#catchUp();
        return;
      default: // no other kind is sent here; null is a record shorter than its layout
    }
  }

  /** The session has no older trades to send any more. */
  #catchUp(): void {
    this.#isCaughtUp = true;
    this.#showIfCaughtUp();
  }

  /** Without a trade it would only empty the screen; the first one that comes then shows it. */
  #showIfCaughtUp(): void {
    const counted = this.#counted;
    if (counted === this.#shown || counted.trades === 0) return;
    if (this.#isCaughtUp || counted.hasReached(this.#shown.newestTrade)) this.#show();
  }

  #show(): void {
    this.#shown = this.#counted;
    this.#isChanged = true;
  }
}

/** An empty store. */
export function createTradeStore(options: TradeStoreOptions): TradeStore {
  return new Store(options);
}
