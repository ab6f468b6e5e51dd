/** Owned records: one object per record, typed by `kind`, 64-bit fields as bigint. Convenient, not for the hot path. */
import { copyBytes } from "../lib/bytes.ts";
import { HEADER_BYTES, type DbnVersion } from "./constants.ts";
import { fieldWidth, layoutBytes, type FieldRow } from "./layout.ts";
import { kindOfRtype, layoutOf, type KindFields, type RecordKind } from "./layouts.ts";

/** Fields every record has. */
export interface RecordHeader {
  rtype: number;
  /** Databento publisher; 0 on records the gateway makes. */
  publisherId: number;
  instrumentId: number;
  /** Venue time of the event, nanoseconds since 1970. */
  tsEvent: bigint;
}

/** Reserved bytes that were not zero, kept so that encoding gives back the same bytes. */
export interface ReservedBytes {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What a record carries besides its fields. */
interface RecordExtras {
  /** The gateway's send time, nanoseconds; only when the stream has it. */
  tsOut?: bigint;
  reserved?: readonly ReservedBytes[];
}

export type RecordOfKind<K extends RecordKind> = { kind: K } & RecordHeader & KindFields[K] & RecordExtras;

export type TradeMsg = RecordOfKind<"trade">;
export type Mbp1Msg = RecordOfKind<"mbp1">;
export type Mbp10Msg = RecordOfKind<"mbp10">;
export type MboMsg = RecordOfKind<"mbo">;
export type BboMsg = RecordOfKind<"bbo">;
export type Cmbp1Msg = RecordOfKind<"cmbp1">;
export type CbboMsg = RecordOfKind<"cbbo">;
export type OhlcvMsg = RecordOfKind<"ohlcv">;
export type StatusMsg = RecordOfKind<"status">;
export type ImbalanceMsg = RecordOfKind<"imbalance">;
export type StatisticsMsg = RecordOfKind<"statistics">;
export type InstrumentDefMsg = RecordOfKind<"definition">;
export type ErrorMsg = RecordOfKind<"error">;
export type SymbolMappingMsg = RecordOfKind<"symbolMapping">;
export type SystemMsg = RecordOfKind<"system">;

export type DbnRecord = { [K in RecordKind]: RecordOfKind<K> }[RecordKind];

/** A record as a bag of values, for code that works from the layout table. */
export type LooseRecord = Record<string, unknown> & { kind: RecordKind };

/** Fields that became 64 bits wide in version 3; read as bigint from every version, so that their type holds. */
const WIDENED: ReadonlySet<string> = new Set(["quantity", "rawInstrumentId"]);

/** Latin-1 text up to the first NUL; the whole field where there is none. */
export function readCstr(bytes: Uint8Array, offset: number, width: number): string {
  let text = "";
  for (let at = offset; at < offset + width; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === 0) break;
    text += String.fromCharCode(code);
  }
  return text;
}

/** The value of one field of the record that starts at `base`; NUL characters read as empty text. */
function readField(bytes: Uint8Array, dv: DataView, base: number, row: FieldRow): number | bigint | string {
  const at = base + row[1];
  switch (row[2]) {
    case "u8": return dv.getUint8(at);
    case "i8": return dv.getInt8(at);
    case "u16": return dv.getUint16(at, true);
    case "i16": return dv.getInt16(at, true);
    case "u32": return dv.getUint32(at, true);
    case "i32": return dv.getInt32(at, true);
    case "u64":
    case "time": return dv.getBigUint64(at, true);
    case "i64":
    case "price": return dv.getBigInt64(at, true);
    case "char": return readCstr(bytes, at, 1);
    case "cstr":
    case "reserved": return readCstr(bytes, at, row[4]);
  }
}

/**
 * The record that starts at `base`, laid out as `version`; null for an unknown rtype or one shorter than its layout.
 * Fields the version does not have are absent only for versions 1 and 2 (legs, codes, symbol types): use
 * `convertRecord` to version 3 first where they matter.
 */
export function decodeRecord(bytes: Uint8Array, version: DbnVersion, base = 0): DbnRecord | null {
  const kind = kindOfRtype(bytes[base + 1] ?? -1);
  if (kind === null) return null;
  const layout = layoutOf(kind, version);
  const lengthBytes = (bytes[base] ?? 0) * 4;
  const known = layoutBytes(layout);
  if (lengthBytes < known || base + lengthBytes > bytes.length) return null;
  const dv = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const record: LooseRecord = {
    kind,
    rtype: dv.getUint8(base + 1),
    publisherId: dv.getUint16(base + 2, true),
    instrumentId: dv.getUint32(base + 4, true),
    tsEvent: dv.getBigUint64(base + HEADER_BYTES - 8, true),
  };
  const reserved: ReservedBytes[] = [];
  for (const row of layout) {
    if (row[2] === "reserved") {
      const start = base + row[1];
      const kept = copyBytes(bytes, start, start + fieldWidth(row));
      if (kept.some((byte) => byte !== 0)) reserved.push({ offset: row[1], bytes: kept });
    } else {
      const value = readField(bytes, dv, base, row);
      record[row[0]] = typeof value === "number" && WIDENED.has(row[0]) ? BigInt(value) : value;
    }
  }
  if (reserved.length > 0) record["reserved"] = reserved;
  if (lengthBytes === known + 8) record["tsOut"] = dv.getBigUint64(base + known, true);
  return record as unknown as DbnRecord; // filled from the same table its type is made from
}
