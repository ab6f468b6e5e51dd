/**
 * Joins the pieces of a body that broke off. Each piece after the first begins at the index time of the last record that
 * was whole, so records of that time come again. They are told by identity and count, as the ledger tells the records of
 * a replay: equal records are real, so it is their number that counts, never their mere presence.
 */
import { RTYPE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";

/** Bytes of a trade that make it what it is; ts_recv, flags, depth and ts_in_delta may be written anew by an archive. */
function identityOf(view: RecordView): string {
  const { bytes, base, lengthBytes } = view;
  if (view.rtype !== RTYPE.trade) return Buffer.from(bytes.subarray(base, base + lengthBytes)).toString("latin1");
  return `${view.publisherId} ${view.instrumentId} ${view.tsEvent} ${view.price} ${view.size} ${view.action} ${view.side} ${view.sequence}`;
}

export class Repeats {
  /** Index time of the newest record let through, nanoseconds since 1970; null before the first. */
  lastAt: bigint | null = null;
  /** How often each record of that time was let through. */
  #atLast = new Map<string, number>();
  /** The same, as it was when the body broke off, less those that came again. */
  #owed = new Map<string, number>();

  /** A new piece begins: what was let through of the last time comes again. */
  beginAgain(): void {
    this.#owed = new Map(this.#atLast);
  }

  /** False for a record that was let through before the piece began. */
  isNew(view: RecordView): boolean {
    const at = view.index;
    // The API orders by index time; should it not, nothing is left out for it, and the count in the end tells.
    if (this.lastAt !== null && at < this.lastAt) return true;
    if (at !== this.lastAt) {
      this.lastAt = at;
      this.#atLast.clear();
      this.#owed.clear();
    }
    const identity = identityOf(view);
    const owed = this.#owed.get(identity) ?? 0;
    if (owed > 0) {
      this.#owed.set(identity, owed - 1);
      return false;
    }
    this.#atLast.set(identity, (this.#atLast.get(identity) ?? 0) + 1);
    return true;
  }
}
