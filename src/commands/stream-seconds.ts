/** The lines of `stream`: trades that the store counts, collected into seconds, one line for each. */
import type { RecordView } from "../dbn/record-view.ts";
import { NanosSplitter } from "../lib/time.ts";
import type { TradeStore } from "../store/store.ts";
import { oneLine, oneLineJson } from "../ui/one-line.ts";
import type { LinePrinter } from "./print-lines.ts";
import type { System } from "./system.ts";

/** The line of a second comes this long after its last trade when no later trade ends it before. */
const FLUSH_MS = 1000;
/** More lines than a day has seconds are not held back. */
const HELD_MAX = 100_000;

export class StreamSeconds {
  readonly #system: System;
  readonly #store: TradeStore;
  readonly #printer: LinePrinter;
  readonly #options: { readonly json: boolean };
  readonly #splitter = new NanosSplitter();
  #cancel: (() => void) | null = null;
  #sec = -1;
  #hasUnprinted = false;
  /** What the store had counted when it was last looked at. */
  #counted = 0;
  #trades = 0;
  /** What the store counts now is no line. */
  #isPassing = false;
  /** Lines that wait for a replay to be judged, and how many trades there were before; null: none wait. */
  #held: string[] | null = null;
  #tradesBefore = 0;

  constructor(system: System, store: TradeStore, printer: LinePrinter, options: { readonly json: boolean }) {
    this.#system = system;
    this.#store = store;
    this.#printer = printer;
    this.#options = options;
  }

  /** The second in which the trade was made. */
  secondOf(view: RecordView): number {
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    return this.#splitter.sec;
  }

  /** Called before the store counts a trade that is to be no line. */
  pass(): void {
    void this.trades;
    this.#isPassing = true;
  }

  /** Called before the store counts a trade of this second that is to be one: a new second first prints the old one. */
  beforeTrade(sec: number): void {
    this.resume();
    if (sec !== this.#sec) {
      this.flush();
      this.#sec = sec;
      this.#cancel?.();
      this.#cancel = this.#system.clock.after(FLUSH_MS, () => this.flush());
    }
  }

  /** Trades counted that were to be lines. */
  get trades(): number {
    if (this.#isPassing) return this.#trades;
    const counted = this.#store.countedTrades();
    if (counted > this.#counted) {
      this.#trades += counted - this.#counted;
      this.#hasUnprinted = true;
    }
    this.#counted = counted;
    return this.#trades;
  }

  /** What the store counts from now on are lines. */
  resume(): void {
    if (this.#isPassing) this.#counted = this.#store.countedTrades();
    this.#isPassing = false;
  }

  /** The next lines wait: whether they are right is known when a replay was judged. */
  hold(): void {
    this.flush();
    this.#held = [];
    this.#tradesBefore = this.#trades;
  }

  /** They are. */
  release(): void {
    for (const line of this.#held ?? []) this.#printer.print(line);
    this.#held = null;
  }

  /** The store is about to count from nothing; lines that wait are wrong. */
  restart(): void {
    if (this.#held === null) this.flush();
    else this.#trades = this.#tradesBefore;
    this.#held = null;
    this.#hasUnprinted = false;
    this.#counted = 0;
  }

  flush(): void {
    void this.trades;
    if (!this.#hasUnprinted) return;
    this.#hasUnprinted = false;
    this.#store.commit();
    const snapshot = this.#store.getSnapshot();
    const line = this.#options.json ? JSON.stringify(oneLineJson(snapshot)) : oneLine(snapshot);
    if (this.#held === null) return this.#printer.print(line);
    this.#held.push(line);
    if (this.#held.length >= HELD_MAX) this.release();
  }

  close(): void {
    this.#cancel?.();
    this.flush();
    this.release();
  }
}
