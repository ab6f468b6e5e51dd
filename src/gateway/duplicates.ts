/**
 * Finds records that several overlapping files hold, so that each counts once. Fills that are equal in every field happen
 * inside one recording too and are all real: of each record as many pass as the recording with the most of it has.
 */
import { RTYPE } from "../dbn/constants.ts";

/** Keys kept in each of two generations; equal records of merged files are never farther apart. */
const KEYS_KEPT = 65_536;
/** Where a trade record says when it was received, which two recordings of it may say differently: not part of its key. */
const TRADE_FACTS: readonly (readonly [from: number, to: number])[] = [[1, 30], [44, 48]];
/** Types of the records in which something trades, is quoted or ordered. */
const MARKET: ReadonlySet<number> = new Set([RTYPE.trade, RTYPE.mbp1, RTYPE.mbp10, RTYPE.mbo]);

export class Duplicates {
  /** Trades, quotes and orders that did not pass; that definitions are told again is no news. */
  dropped = 0;
  readonly #recordings: readonly number[];
  readonly #count: number;
  #young = new Map<string, Uint16Array>();
  #old = new Map<string, Uint16Array>();

  /** @param recordings for each file, the number of the recording it is a part of: parts of one have nothing twice */
  constructor(recordings: readonly number[]) {
    this.#recordings = recordings;
    this.#count = Math.max(0, ...recordings) + 1;
  }

  /** Whether the record of a file (by its number) is one that no other file has given before. */
  admits(file: number, bytes: Uint8Array, at: number, lengthBytes: number): boolean {
    const key = keyOf(bytes, at, lengthBytes);
    const counts = this.#countsOf(key);
    const given = Math.max(...counts);
    const recording = this.#recordings[file] ?? 0;
    const own = (counts[recording] ?? 0) + 1;
    counts[recording] = own;
    if (own > given) return true;
    if (MARKET.has(bytes[at + 1] ?? 0)) this.dropped += 1;
    return false;
  }

  #countsOf(key: string): Uint16Array {
    const known = this.#young.get(key) ?? this.#old.get(key);
    if (known !== undefined) return known;
    if (this.#young.size >= KEYS_KEPT) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const counts = new Uint16Array(this.#count);
    this.#young.set(key, counts);
    return counts;
  }
}

function keyOf(bytes: Uint8Array, at: number, lengthBytes: number): string {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset + at, lengthBytes);
  if (record[1] !== RTYPE.trade) return record.toString("latin1");
  return TRADE_FACTS.map(([from, to]) => record.toString("latin1", from, to)).join("");
}
