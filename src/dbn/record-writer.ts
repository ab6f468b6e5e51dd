/** Writes trade and mbp-1 records of version 3 one after the other into a growing buffer; for sources that make many. */
import { RTYPE } from "./constants.ts";

/** The fields trade and mbp-1 records share. Prices in 1e-9 units as exact doubles; NaN is "not set". */
export interface TradeFields {
  readonly publisherId: number;
  readonly instrumentId: number;
  /** ts_event. */
  readonly sec: number;
  readonly nanos: number;
  /** ts_recv. */
  readonly recvSec: number;
  readonly recvNanos: number;
  readonly price: number;
  readonly size: number;
  readonly action: string;
  readonly side: string;
  readonly flags: number;
  readonly depth: number;
  readonly tsInDelta: number;
  readonly sequence: number;
}

export interface Mbp1Fields extends TradeFields {
  readonly bidPx: number;
  readonly askPx: number;
  readonly bidSz: number;
  readonly askSz: number;
  readonly bidCt: number;
  readonly askCt: number;
}

const TWO_32 = 4_294_967_296;

export class RecordWriter {
  #buffer: Uint8Array;
  #dv: DataView;
  #length = 0;
  count = 0;

  constructor(initialBytes = 65_536) {
    this.#buffer = new Uint8Array(initialBytes);
    this.#dv = new DataView(this.#buffer.buffer);
  }

  get lengthBytes(): number {
    return this.#length;
  }

  /** What was written; a view that is valid until the next write or `clear`. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    this.count = 0;
  }

  /** Appends whole records made elsewhere. */
  raw(bytes: Uint8Array, records = 1): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    this.count += records;
  }

  trade(fields: TradeFields): void {
    this.#reserve(48);
    this.#head(48, RTYPE.trade, fields);
    this.#length += 48;
    this.count += 1;
  }

  mbp1(fields: Mbp1Fields): void {
    this.#reserve(80);
    this.#head(80, RTYPE.mbp1, fields);
    const at = this.#length;
    this.#price(at + 48, fields.bidPx);
    this.#price(at + 56, fields.askPx);
    this.#dv.setUint32(at + 64, fields.bidSz, true);
    this.#dv.setUint32(at + 68, fields.askSz, true);
    this.#dv.setUint32(at + 72, fields.bidCt, true);
    this.#dv.setUint32(at + 76, fields.askCt, true);
    this.#length += 80;
    this.count += 1;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + bytes));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#dv = new DataView(larger.buffer);
  }

  #head(lengthBytes: number, rtype: number, f: TradeFields): void {
    const at = this.#length;
    const dv = this.#dv;
    dv.setUint8(at, lengthBytes / 4);
    dv.setUint8(at + 1, rtype);
    dv.setUint16(at + 2, f.publisherId, true);
    dv.setUint32(at + 4, f.instrumentId, true);
    this.#time(at + 8, f.sec, f.nanos);
    this.#price(at + 16, f.price);
    dv.setUint32(at + 24, f.size, true);
    dv.setUint8(at + 28, f.action.charCodeAt(0));
    dv.setUint8(at + 29, f.side.charCodeAt(0));
    dv.setUint8(at + 30, f.flags);
    dv.setUint8(at + 31, f.depth);
    this.#time(at + 32, f.recvSec, f.recvNanos);
    dv.setInt32(at + 40, f.tsInDelta, true);
    dv.setUint32(at + 44, f.sequence, true);
  }

  /** sec × 1e9 + nanos as u64, without bigint: sec × 1e9 = (sec × 5^9) × 2^9, computed in two exact halves. */
  #time(at: number, sec: number, nanos: number): void {
    const secHi = Math.floor(sec / 65_536);
    const secLo = sec - secHi * 65_536;
    const low = secLo * 1_000_000_000 + nanos; // < 6.6e13
    const high = secHi * 1_000_000_000; // × 2^16, < 6.6e13
    const highLo = (high % 65_536) * 65_536; // the part of high × 2^16 below 2^32
    const sum = low + highLo;
    this.#dv.setUint32(at, sum % TWO_32, true);
    this.#dv.setUint32(at + 4, Math.floor(high / 65_536) + Math.floor(sum / TWO_32), true);
  }

  #price(at: number, units: number): void {
    if (Number.isNaN(units)) {
      this.#dv.setUint32(at, 0xffff_ffff, true);
      this.#dv.setInt32(at + 4, 0x7fff_ffff, true);
      return;
    }
    const hi = Math.floor(units / TWO_32);
    this.#dv.setUint32(at, units - hi * TWO_32, true);
    this.#dv.setInt32(at + 4, hi, true);
  }
}
