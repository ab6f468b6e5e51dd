/**
 * A flyweight over one record's bytes: getters read fields in place, nothing is allocated per record.
 * Valid only during the call that hands it out; whoever keeps a record copies what is needed (`copy`, `decodeRecord`).
 * Getters without a prefix belong to trade, mbp-1, mbp-10 and bbo records; those of mbo records begin with `mbo`.
 */
import { copyBytes } from "../lib/bytes.ts";
import { HEADER_BYTES, RTYPE } from "./constants.ts";
import { offsetOf } from "./layout.ts";
import { MBO, MBP1 } from "./layouts-market.ts";
import { layoutOf, minimumLengths, RECORD_KINDS, rtypesOf } from "./layouts.ts";

const EMPTY = new Uint8Array(0);
const TWO_32 = 4_294_967_296;
/** An i64 whose high half lies outside ±2^21 does not fit a double exactly; the undefined price is one of them. */
const EXACT_HI = 2_097_152;

/** Offsets of the index time (ts_recv, else ts_event) by rtype. */
const INDEX_OFFSETS: Uint8Array = (() => {
  const offsets = new Uint8Array(256).fill(8);
  for (const kind of RECORD_KINDS) {
    const layout = layoutOf(kind, 3);
    if (!layout.some((row) => row[0] === "tsRecv")) continue;
    for (const rtype of rtypesOf(kind)) offsets[rtype] = offsetOf(layout, "tsRecv");
  }
  return offsets;
})();

/** Lengths of version 3, without ts_out. */
const LENGTHS = minimumLengths(3);

/** Where the fields lie: of trade, mbp-1, mbp-10 and bbo records, and of mbo records. */
const TS_EVENT = HEADER_BYTES - 8;
const PRICE = offsetOf(MBP1, "price");
const SIZE = offsetOf(MBP1, "size");
const ACTION = offsetOf(MBP1, "action");
const SIDE = offsetOf(MBP1, "side");
const FLAGS = offsetOf(MBP1, "flags");
const DEPTH = offsetOf(MBP1, "depth");
const TS_RECV = offsetOf(MBP1, "tsRecv");
const TS_IN_DELTA = offsetOf(MBP1, "tsInDelta");
const SEQUENCE = offsetOf(MBP1, "sequence");
const BID_PX = offsetOf(MBP1, "bidPx00");
const ASK_PX = offsetOf(MBP1, "askPx00");
const BID_SZ = offsetOf(MBP1, "bidSz00");
const ASK_SZ = offsetOf(MBP1, "askSz00");
const BID_CT = offsetOf(MBP1, "bidCt00");
const ASK_CT = offsetOf(MBP1, "askCt00");
const MBO_ORDER_ID = offsetOf(MBO, "orderId");
const MBO_PRICE = offsetOf(MBO, "price");
const MBO_SIZE = offsetOf(MBO, "size");
const MBO_FLAGS = offsetOf(MBO, "flags");
const MBO_CHANNEL_ID = offsetOf(MBO, "channelId");
const MBO_ACTION = offsetOf(MBO, "action");
const MBO_SIDE = offsetOf(MBO, "side");
const MBO_TS_RECV = offsetOf(MBO, "tsRecv");
const MBO_TS_IN_DELTA = offsetOf(MBO, "tsInDelta");
const MBO_SEQUENCE = offsetOf(MBO, "sequence");

/** i64 in 1e-9 price units → an exact double, or NaN when undefined or beyond 2^53. */
function exactUnits(hi: number, lo: number): number {
  return (hi + EXACT_HI) >>> 22 === 0 ? hi * TWO_32 + lo : Number.NaN; // one test for both sides
}

export class RecordView {
  bytes: Uint8Array = EMPTY;
  dv: DataView = new DataView(EMPTY.buffer);
  /** Where the record starts in `bytes`. */
  base = 0;

  /** Aims at the record that starts at `base` of `bytes`. */
  point(bytes: Uint8Array, base = 0): this {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.dv = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.base = base;
    return this;
  }

  get lengthBytes(): number { return this.dv.getUint8(this.base) * 4; }
  get rtype(): number { return this.dv.getUint8(this.base + 1); }
  get publisherId(): number { return this.dv.getUint16(this.base + 2, true); }
  get instrumentId(): number { return this.dv.getUint32(this.base + 4, true); }
  get tsEventLo(): number { return this.dv.getUint32(this.base + TS_EVENT, true); }
  get tsEventHi(): number { return this.dv.getUint32(this.base + TS_EVENT + 4, true); }
  get tsEvent(): bigint { return this.dv.getBigUint64(this.base + TS_EVENT, true); }

  /** 1e-9 units as an exact double; NaN when undefined. */
  get price(): number { return exactUnits(this.dv.getInt32(this.base + PRICE + 4, true), this.dv.getUint32(this.base + PRICE, true)); }
  get size(): number { return this.dv.getUint32(this.base + SIZE, true); }
  /** Character code, e.g. 84 for `T`. */
  get action(): number { return this.dv.getUint8(this.base + ACTION); }
  /** Character code: 66 `B`, 65 `A`, 78 `N`. */
  get side(): number { return this.dv.getUint8(this.base + SIDE); }
  get flags(): number { return this.dv.getUint8(this.base + FLAGS); }
  get depth(): number { return this.dv.getUint8(this.base + DEPTH); }
  get tsRecvLo(): number { return this.dv.getUint32(this.base + TS_RECV, true); }
  get tsRecvHi(): number { return this.dv.getUint32(this.base + TS_RECV + 4, true); }
  get tsInDelta(): number { return this.dv.getInt32(this.base + TS_IN_DELTA, true); }
  get sequence(): number { return this.dv.getUint32(this.base + SEQUENCE, true); }

  get bidPx(): number { return exactUnits(this.dv.getInt32(this.base + BID_PX + 4, true), this.dv.getUint32(this.base + BID_PX, true)); }
  get askPx(): number { return exactUnits(this.dv.getInt32(this.base + ASK_PX + 4, true), this.dv.getUint32(this.base + ASK_PX, true)); }
  get bidSz(): number { return this.dv.getUint32(this.base + BID_SZ, true); }
  get askSz(): number { return this.dv.getUint32(this.base + ASK_SZ, true); }
  get bidCt(): number { return this.dv.getUint32(this.base + BID_CT, true); }
  get askCt(): number { return this.dv.getUint32(this.base + ASK_CT, true); }

  get orderId(): bigint { return this.dv.getBigUint64(this.base + MBO_ORDER_ID, true); }
  get mboPrice(): number { return exactUnits(this.dv.getInt32(this.base + MBO_PRICE + 4, true), this.dv.getUint32(this.base + MBO_PRICE, true)); }
  get mboSize(): number { return this.dv.getUint32(this.base + MBO_SIZE, true); }
  get mboFlags(): number { return this.dv.getUint8(this.base + MBO_FLAGS); }
  get mboChannelId(): number { return this.dv.getUint8(this.base + MBO_CHANNEL_ID); }
  get mboAction(): number { return this.dv.getUint8(this.base + MBO_ACTION); }
  get mboSide(): number { return this.dv.getUint8(this.base + MBO_SIDE); }
  get mboTsRecvLo(): number { return this.dv.getUint32(this.base + MBO_TS_RECV, true); }
  get mboTsRecvHi(): number { return this.dv.getUint32(this.base + MBO_TS_RECV + 4, true); }
  get mboTsInDelta(): number { return this.dv.getInt32(this.base + MBO_TS_IN_DELTA, true); }
  get mboSequence(): number { return this.dv.getUint32(this.base + MBO_SEQUENCE, true); }

  /** Index time (ts_recv if the type has one, else ts_event), low half; version 3 layout. */
  get indexLo(): number { return this.dv.getUint32(this.base + (INDEX_OFFSETS[this.rtype] ?? 8), true); }
  get indexHi(): number { return this.dv.getUint32(this.base + (INDEX_OFFSETS[this.rtype] ?? 8) + 4, true); }
  /** The whole of it, nanoseconds since 1970. */
  get index(): bigint { return this.dv.getBigUint64(this.base + (INDEX_OFFSETS[this.rtype] ?? 8), true); }

  /** The gateway's send time in nanoseconds when the record is 8 bytes longer than its layout; else null. */
  get tsOut(): bigint | null {
    const length = this.lengthBytes;
    return length === (LENGTHS[this.rtype] ?? 0) + 8 ? this.dv.getBigUint64(this.base + length - 8, true) : null;
  }

  /** An owned copy of the record's bytes. */
  copy(): Uint8Array {
    return copyBytes(this.bytes, this.base, this.base + this.lengthBytes);
  }

  /** True for error, symbol mapping and system records: made by the gateway, not by the market. */
  get isFromGateway(): boolean {
    const rtype = this.rtype;
    return rtype === RTYPE.error || rtype === RTYPE.symbolMapping || rtype === RTYPE.system;
  }
}
