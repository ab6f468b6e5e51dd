/** One line for each second that traded: time, price, change, size, volume. For pipes, logs and small terminals. */
import { RTYPE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { NqError } from "../lib/errors.ts";
import { NanosSplitter } from "../lib/time.ts";
import { createTradeStore, type TradeStore } from "../store/store.ts";
import { oneLine, oneLineJson } from "../ui/one-line.ts";
import type { Feed } from "./feed.ts";
import { createLinkNotes } from "./link-notes.ts";
import { createLinePrinter, type LinePrinter } from "./print-lines.ts";
import { runFeed } from "./run-feed.ts";
import type { System } from "./system.ts";

export interface StreamOptions {
  readonly json: boolean;
  /** Stop after this many trades; null: until stopped. */
  readonly limit: number | null;
}

/** The line of a second comes this long after its last trade when no later trade ends it before. */
const FLUSH_MS = 1000;

/** Collects trades that the store counts into seconds and prints one line for each. */
class SecondsPrinter {
  readonly #system: System;
  readonly #store: TradeStore;
  readonly #printer: LinePrinter;
  readonly #options: StreamOptions;
  readonly #splitter = new NanosSplitter();
  #cancel: (() => void) | null = null;
  #sec = -1;
  #hasUnprinted = false;
  /** What the store had counted when it was last looked at. */
  #counted = 0;
  #trades = 0;

  constructor(system: System, store: TradeStore, printer: LinePrinter, options: StreamOptions) {
    this.#system = system;
    this.#store = store;
    this.#printer = printer;
    this.#options = options;
  }

  /** Called before the store counts the trade, so a new second first prints the old one. */
  beforeTrade(view: RecordView): void {
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    if (this.#splitter.sec !== this.#sec) {
      this.flush();
      this.#sec = this.#splitter.sec;
      this.#cancel?.();
      this.#cancel = this.#system.clock.after(FLUSH_MS, () => this.flush());
    }
  }

  /** Trades counted since the first `countFrom`. */
  get trades(): number {
    const counted = this.#store.countedTrades();
    if (counted > this.#counted) {
      this.#trades += counted - this.#counted;
      this.#hasUnprinted = true;
    }
    this.#counted = counted;
    return this.#trades;
  }

  /** What the store counts beyond `counted` trades is news. */
  countFrom(counted: number): void {
    this.#counted = counted;
  }

  flush(): void {
    void this.trades;
    if (!this.#hasUnprinted) return;
    this.#hasUnprinted = false;
    this.#store.commit();
    const snapshot = this.#store.getSnapshot();
    this.#printer.print(this.#options.json ? JSON.stringify(oneLineJson(snapshot)) : oneLine(snapshot));
  }

  close(): void {
    this.#cancel?.();
    this.flush();
  }
}

/** Prints until `signal` aborts, the source is over, or the limit is reached. Returns the exit status. */
export async function streamFeed(system: System, feed: Feed, options: StreamOptions, signal: AbortSignal): Promise<number> {
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule });
  const done = new AbortController();
  const printer = createLinePrinter(system, () => done.abort());
  const seconds = new SecondsPrinter(system, store, printer, options);
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let isCaughtUp = feed.isHistory;
  let unresolved: NqError | null = null;

  try {
    await runFeed(system, feed, {
      store,
      admit(view) {
        // Trades of the feed's companion are no lines of their own.
        if (view.rtype !== RTYPE.trade || !isCaughtUp || view.instrumentId !== store.countedInstrumentId()) return true;
        if (seconds.trades >= limit) return false;
        seconds.beforeTrade(view);
        return true;
      },
      onLink: createLinkNotes(system, feed, (text) => {
        unresolved = new NqError("LSG_SUBSCRIPTION", `the gateway does not know ${feed.called ?? feed.requested}: ${text}`);
        done.abort();
      }),
      onFresh() {
        seconds.flush();
        seconds.countFrom(0);
        isCaughtUp = feed.isHistory;
      },
      onChange() {
        if (!isCaughtUp) {
          store.commit();
          const phase = store.getSnapshot().link?.phase;
          isCaughtUp = phase === "LIVE" || phase === "QUIET";
          seconds.countFrom(store.countedTrades());
        }
        if (seconds.trades >= limit) done.abort();
      },
    }, AbortSignal.any([signal, done.signal]));
  } finally {
    seconds.close();
  }
  if (unresolved !== null) throw unresolved;
  await printer.flush();
  if (feed.isHistory && seconds.trades === 0 && !signal.aborted && !done.signal.aborted) {
    throw new NqError("NO_DATA", `the source ended without a trade of ${feed.called ?? feed.requested}`);
  }
  for (const finding of feed.findings()) system.stderr.write(`nq-tui: ${finding}\n`);
  return feed.findings().length > 0 ? 4 : 0;
}
