/** Counts trades into the store, session by session, and hands over each session when it is over. */
import { RTYPE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { NanosSplitter } from "../lib/time.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { TradeStore } from "../store/store.ts";
import { quarantinedTotal } from "../store/tally.ts";
import type { TimeWindow } from "./time-window.ts";

/** A session that is over, or as far as it has come. */
export interface CollectedSession {
  readonly snapshot: Snapshot;
  readonly day: TradingDay;
  /** Trade records of this session that were held back. */
  readonly heldBack: number;
}

export class SessionCollector {
  readonly #store: TradeStore;
  readonly #window: TimeWindow;
  readonly #splitter = new NanosSplitter();
  #endSec = 0;
  /** Published before a trade that may begin another session. */
  #before: Snapshot | null = null;
  /** Nothing has been counted since the store began anew: what it still shows has been handed over. */
  #isFresh = true;
  #heldBackBefore = 0;
  readonly #ended: CollectedSession[] = [];
  /** Trades let through to the store. */
  trades = 0;
  /** Market second of the newest of them; 0 before. */
  newestSec = 0;

  constructor(store: TradeStore, window: TimeWindow) {
    this.#store = store;
    this.#window = window;
  }

  /** Whether the store is to count the record; call before it does. */
  admits(view: RecordView): boolean {
    if (view.rtype !== RTYPE.trade) return true;
    if (!this.#window.admits(view)) return false;
    if (this.#before !== null) this.#settleBorder(this.#before);
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    const { sec } = this.#splitter;
    if (sec >= this.#endSec) this.#before = this.#publish();
    else if (sec > this.newestSec) this.newestSec = sec;
    this.trades += 1;
    return true;
  }

  /** The store is about to begin anew, with another session: the one before is over. */
  restart(): void {
    const last = this.takeLast();
    if (last !== null) this.#ended.push(last);
    this.#isFresh = true;
    this.#heldBackBefore = 0;
    this.#endSec = 0;
  }

  /** The sessions that are over since the last call, oldest first. */
  takeEnded(): CollectedSession[] {
    return this.#ended.splice(0);
  }

  /** The session that has come last, as far as it has come; null before the first trade. */
  takeLast(): CollectedSession | null {
    if (this.#before !== null) this.#settleBorder(this.#before);
    const snapshot = this.#publish();
    const { day } = snapshot;
    return day === null || this.#isFresh || snapshot.studies.session.trades === 0 ? null : this.#sessionOf(snapshot, day);
  }

  #publish(): Snapshot {
    this.#store.commit();
    return this.#store.getSnapshot();
  }

  /** Looks whether the trade let through since has begun another session. */
  #settleBorder(before: Snapshot): void {
    this.#before = null;
    const { day } = this.#publish();
    if (day === null || day.openSec === before.day?.openSec) return;
    if (before.day !== null && !this.#isFresh) this.#ended.push(this.#sessionOf(before, before.day));
    this.#isFresh = false;
    this.#endSec = day.endSec;
    this.newestSec = day.openSec;
  }

  #sessionOf(snapshot: Snapshot, day: TradingDay): CollectedSession {
    const heldBack = quarantinedTotal(snapshot.counters);
    const session = { snapshot, day, heldBack: heldBack - this.#heldBackBefore };
    this.#heldBackBefore = heldBack;
    return session;
  }
}
