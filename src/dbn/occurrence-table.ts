/**
 * A multiset of trade records: how often each identity was there before, and how often it came since. Open
 * addressing over full keys in typed arrays; a hash only says where to look, the whole key decides.
 * Identity: record type, publisher, instrument, ts_event, price, size, action, side, sequence. Not: ts_recv, ts_in_delta,
 * ts_out (another host of the gateway may stamp others), flags, depth. Equal records are real: exchanges report
 * identical fills, so it is their number that counts.
 */
import { layoutBytes } from "./layout.ts";
import { TRADE } from "./layouts-market.ts";

/** Words of 32 bits in a trade record, without a send time. */
export const TRADE_WORDS = layoutBytes(TRADE) / 4;
/** 32-bit words of a key. */
const KEY_WORDS = 9;
/** Of the first word the length is left out: it differs with ts_out. Of the eighth flags and depth are. */
const KIND_MASK = 0xffff_ff00;
const ACTION_SIDE_MASK = 0xffff;

/** Where the parts of a record are, in 32-bit words. */
export const WORD = { kind: 0, instrument: 1, eventLo: 2, eventHi: 3, recvLo: 8, recvHi: 9 } as const;

function hash(eventLo: number, price: number, size: number, sequence: number): number {
  let h = Math.imul(sequence ^ (eventLo >>> 7), 0x9e37_79b1) ^ Math.imul(eventLo ^ price, 0x85eb_ca77);
  h = Math.imul(h ^ (h >>> 15) ^ size, 0xc2b2_ae3d);
  return h ^ (h >>> 13);
}

/** What a comparison found: how many expected records lie in the span, and how many of them did not come again. */
export interface Comparison {
  readonly compared: number;
  readonly missing: number;
  /** Of those that a replay without proof had brought, how many did not come again. */
  readonly missingSince: number;
}

export class OccurrenceTable {
  /** Different identities, and the instruments among them. */
  size = 0;
  readonly instruments = new Set<number>();
  /** ts_event of the oldest one, as halves; the end of time while there is none. */
  oldestHi = 0xffff_ffff;
  oldestLo = 0xffff_ffff;
  #lastInstrument = -1;
  readonly #keys: Uint32Array;
  /** How often each was counted before, how often of that before the loss, and how often it came since. */
  readonly #counted: Uint32Array;
  readonly #expected: Uint32Array;
  readonly #seen: Uint32Array;
  /** Number of the identity that lives in a slot, plus 1; 0: free. At most half of them are taken. */
  readonly #slots: Int32Array;

  /** A table for at most `capacity` records. */
  constructor(capacity: number) {
    let slots = 16;
    while (slots < capacity * 2) slots *= 2;
    this.#keys = new Uint32Array(capacity * KEY_WORDS);
    this.#counted = new Uint32Array(capacity);
    this.#expected = new Uint32Array(capacity);
    this.#seen = new Uint32Array(capacity);
    this.#slots = new Int32Array(slots);
  }

  /**
   * Counts the record at `at` of a ring's words as one that was counted before. `isExpected`: it was so before the loss,
   * so a whole replay brings it again; else a replay that proved nothing yet brought it.
   */
  count(words: Uint32Array, at: number, isExpected: boolean): void {
    const slot = this.#slotOf(words, at);
    let found = this.#slots[slot] ?? 0;
    if (found === 0) {
      found = this.#insert(words, at);
      this.#slots[slot] = found;
    }
    this.#counted[found - 1]! += 1; // in the table
    if (isExpected) this.#expected[found - 1]! += 1; // in the table
  }

  /** The record at `at` came again, or for the first time: true if it was counted as often as it has come now. */
  isRepeat(words: Uint32Array, at: number): boolean {
    const found = this.#slots[this.#slotOf(words, at)] ?? 0;
    if (found === 0) return false;
    const seen = this.#seen[found - 1]! + 1; // in the table
    this.#seen[found - 1] = seen;
    return seen <= this.#counted[found - 1]!; // in the table
  }

  /** Nothing has come since. */
  restart(): void {
    this.#seen.fill(0);
  }

  /**
   * Compares the expected records whose ts_event lies from one time to another, both included, given as halves; of these
   * instruments only, unless there are none.
   */
  compare(fromHi: number, fromLo: number, toHi: number, toLo: number, instruments: ReadonlySet<number>): Comparison {
    let compared = 0;
    let missing = 0;
    let missingSince = 0;
    for (let entry = 0; entry < this.size; entry += 1) {
      if (instruments.size > 0 && !instruments.has(this.#keys[entry * KEY_WORDS + 1] ?? 0)) continue;
      const lo = this.#keys[entry * KEY_WORDS + 2] ?? 0;
      const hi = this.#keys[entry * KEY_WORDS + 3] ?? 0;
      if (hi < fromHi || (hi === fromHi && lo < fromLo)) continue;
      if (hi > toHi || (hi === toHi && lo > toLo)) continue;
      const expected = this.#expected[entry] ?? 0;
      const seen = this.#seen[entry] ?? 0;
      compared += expected;
      missing += Math.max(0, expected - seen);
      missingSince += Math.max(0, (this.#counted[entry] ?? 0) - Math.max(expected, seen));
    }
    return { compared, missing, missingSince };
  }

  /** The slot a record's identity lives in, or would live in. */
  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(words[at + 2]!, words[at + 4]!, words[at + 6]!, words[at + 11]!) & mask; // a whole record is there
    for (;;) {
      const found = this.#slots[slot] ?? 0;
      if (found === 0 || this.#isSame(found - 1, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isSame(entry: number, words: Uint32Array, at: number): boolean {
    const keys = this.#keys;
    const key = entry * KEY_WORDS;
    return (
      keys[key + 2] === words[at + 2] &&
      keys[key + 8] === words[at + 11] &&
      keys[key + 6] === words[at + 6] &&
      keys[key + 4] === words[at + 4] &&
      keys[key + 3] === words[at + 3] &&
      keys[key + 5] === words[at + 5] &&
      keys[key + 1] === words[at + 1] &&
      keys[key] === (words[at]! & KIND_MASK) >>> 0 && // a whole record is there
      keys[key + 7] === (words[at + 7]! & ACTION_SIDE_MASK)
    );
  }

  #insert(words: Uint32Array, at: number): number {
    const entry = this.size;
    const keys = this.#keys;
    const key = entry * KEY_WORDS;
    for (let word = 1; word < 7; word += 1) keys[key + word] = words[at + word] ?? 0;
    keys[key] = ((words[at] ?? 0) & KIND_MASK) >>> 0;
    keys[key + 7] = (words[at + 7] ?? 0) & ACTION_SIDE_MASK;
    keys[key + 8] = words[at + TRADE_WORDS - 1] ?? 0;
    this.size = entry + 1;
    const instrumentId = words[at + WORD.instrument] ?? 0;
    if (instrumentId !== this.#lastInstrument) this.instruments.add(instrumentId);
    this.#lastInstrument = instrumentId;
    const lo = words[at + WORD.eventLo] ?? 0;
    const hi = words[at + WORD.eventHi] ?? 0;
    if (hi < this.oldestHi || (hi === this.oldestHi && lo < this.oldestLo)) {
      this.oldestHi = hi;
      this.oldestLo = lo;
    }
    return this.size;
  }
}
