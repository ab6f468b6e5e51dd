/** Cuts trade records out of richer ones: book records and orders. */
import { RTYPE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";

const TRADE = 84; // "T"
const TRADE_BYTES = 48;

/** Whether records of this type say what happened, so that one of them can be a trade. */
export function hasAction(rtype: number): boolean {
  return rtype === RTYPE.trade || rtype === RTYPE.mbp1 || rtype === RTYPE.mbp10 || rtype === RTYPE.mbo;
}

/** For records that have an action: true for that of a trade itself. In mbo the fills `F` after a `T` are its other side and no further trades. */
export function isTrade(view: RecordView): boolean {
  const rtype = view.rtype;
  return rtype === RTYPE.trade || (rtype === RTYPE.mbo ? view.mboAction : view.action) === TRADE;
}

/** 1e-9 units and contracts of a record for which `isTrade`. */
export function tradePrice(view: RecordView): number {
  return view.rtype === RTYPE.mbo ? view.mboPrice : view.price;
}

export function tradeSize(view: RecordView): number {
  return view.rtype === RTYPE.mbo ? view.mboSize : view.size;
}

export class TradeCutter {
  /** The trade record of the last call; 48 bytes, overwritten by the next. */
  readonly bytes = new Uint8Array(TRADE_BYTES);

  /** From mbp-1, tbbo or mbp-10: their first 48 bytes are a trade record. */
  fromBook(view: RecordView): Uint8Array {
    const { bytes, base } = view;
    this.bytes.set(bytes.subarray(base, base + TRADE_BYTES));
    return this.#head();
  }

  /** From mbo: the same fields in another order. */
  fromOrder(view: RecordView): Uint8Array {
    const { bytes, base } = view;
    const out = this.bytes;
    out.set(bytes.subarray(base, base + 16)); // header
    out.set(bytes.subarray(base + 24, base + 36), 16); // price, size
    out[28] = view.mboAction;
    out[29] = view.mboSide;
    out[30] = view.mboFlags;
    out[31] = 0; // depth
    out.set(bytes.subarray(base + 40, base + 56), 32); // ts_recv, ts_in_delta, sequence
    return this.#head();
  }

  #head(): Uint8Array {
    this.bytes[0] = TRADE_BYTES / 4;
    this.bytes[1] = RTYPE.trade;
    return this.bytes;
  }
}
