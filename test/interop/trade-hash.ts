/** Trades as one hash, so that two readers of a stream can be compared: the Python half makes the same lines. */
import { createHash } from "node:crypto";
import { RTYPE } from "../../src/dbn/constants.ts";
import type { RecordView } from "../../src/dbn/record-view.ts";

/** NQM5 in the demo market. */
const INSTRUMENT_ID = 42_005_804;
/** 2025-06-13 09:30 Eastern, nanoseconds. */
const OPEN = 1_749_821_400_000_000_000n;

export class TradeHash {
  readonly #day = createHash("sha256");
  readonly #overnight = createHash("sha256");
  #count = 0;
  #overnightCount = 0;
  overnightContracts = 0;

  take(view: RecordView): void {
    if (view.rtype !== RTYPE.trade || view.instrumentId !== INSTRUMENT_ID) return;
    const { tsEventHi, tsEventLo, price, size, side, sequence, instrumentId } = view;
    const tsEvent = (BigInt(tsEventHi) << 32n) | BigInt(tsEventLo);
    const line = `${tsEvent},${price},${size},${String.fromCharCode(side)},${sequence},${instrumentId}\n`;
    this.#day.update(line);
    this.#count += 1;
    if (tsEvent >= OPEN) return;
    this.#overnight.update(line);
    this.#overnightCount += 1;
    this.overnightContracts += size;
  }

  /** `COUNT HASH` of the trades before 09:30 and of the whole day. Can be asked for once. */
  finish(): { readonly overnight: string; readonly day: string } {
    return {
      overnight: `${this.#overnightCount} ${this.#overnight.digest("hex")}`,
      day: `${this.#count} ${this.#day.digest("hex")}`,
    };
  }
}
