/** Trades as 32-bit words, without a send time: what a table of identities is made from. */
import { OccurrenceTable, TRADE_WORDS } from "../dbn/occurrence-table.ts";
import type { RecordView } from "../dbn/record-view.ts";

const TRADES_MIN = 1_024;
/** Halves of nanoseconds → microseconds. */
const HIGH_US = 4_294_967.296;
const LOW_US = 0.001;

export function copyWords({ dv, base }: RecordView, into: Uint32Array, at: number): void {
  for (let word = 0; word < TRADE_WORDS; word += 1) into[at + word] = dv.getUint32(base + word * 4, true);
}

/** ts_event in microseconds since 1970. */
export function eventMicros({ tsEventHi, tsEventLo }: RecordView): number {
  return tsEventHi * HIGH_US + tsEventLo * LOW_US;
}

/** A list of trades that grows. */
export class TradeWords {
  /** ts_event of the latest, microseconds; 0 while there is none. */
  newestUs = 0;
  #words = new Uint32Array(TRADES_MIN * TRADE_WORDS);
  #length = 0;

  add(view: RecordView): void {
    if (this.#length === this.#words.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    copyWords(view, this.#words, this.#length);
    this.#length += TRADE_WORDS;
    this.newestUs = Math.max(this.newestUs, eventMicros(view));
  }

  get count(): number {
    return this.#length / TRADE_WORDS;
  }

  /** How often each identity is in the list; null when the list is empty. */
  toTable(): OccurrenceTable | null {
    if (this.#length === 0) return null;
    const table = new OccurrenceTable(this.count);
    for (let at = 0; at < this.#length; at += TRADE_WORDS) table.count(this.#words, at, true);
    return table;
  }
}
