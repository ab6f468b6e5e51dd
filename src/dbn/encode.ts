/** Owned records → bytes, and records of one version → another. Works from the layout table alone. */
import { copyBytes } from "../lib/bytes.ts";
import { NqError } from "../lib/errors.ts";
import { HEADER_BYTES, type DbnVersion } from "./constants.ts";
import { fieldWidth, layoutBytes, type FieldRow } from "./layout.ts";
import { kindOfRtype, layoutOf, rtypesOf, type KindFields, type RecordKind } from "./layouts.ts";
import { decodeRecord, type LooseRecord, type RecordHeader, type ReservedBytes } from "./records.ts";
import { errorCodeOfText, systemCodeOfText } from "./text-codes.ts";

/** A record to write: its kind and any fields; missing ones get the layout's "not set" value. */
export type PartialRecord = {
  [K in RecordKind]: { kind: K; tsOut?: bigint; reserved?: readonly ReservedBytes[] } & Partial<RecordHeader & KindFields[K]>;
}[RecordKind];

/** i32 and i64 maximum: a statistics quantity that is not set, before and since version 3. */
const UNDEF_I32 = 2_147_483_647n;
const UNDEF_I64 = 0x7fff_ffff_ffff_ffffn;

function fail(record: LooseRecord, name: string, problem: string): NqError {
  return new NqError("DBN_ENCODE", `the field ${name} of a ${record.kind} record ${problem}`);
}

function writeText(out: Uint8Array, row: FieldRow, text: string, record: LooseRecord): void {
  const width = fieldWidth(row);
  // One NUL must remain in a text field; a single character fills its byte.
  if (text.length > (row[2] === "char" ? 1 : width - 1)) {
    throw fail(record, row[0], `takes ${width - 1} characters, found ${text.length}`);
  }
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw fail(record, row[0], "takes single-byte characters");
    out[row[1] + at] = code;
  }
}

const RANGES: Readonly<Partial<Record<FieldRow[2], readonly [number, number]>>> = {
  u8: [0, 0xff], i8: [-0x80, 0x7f], u16: [0, 0xffff], i16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff], i32: [-0x8000_0000, 0x7fff_ffff],
};

function writeSmall(dv: DataView, row: FieldRow, value: number, record: LooseRecord): void {
  const [min, max] = RANGES[row[2]] ?? [0, 0];
  if (!Number.isInteger(value) || value < min || value > max) {
    throw fail(record, row[0], `takes whole numbers from ${min} to ${max}, found ${value}`);
  }
  const at = row[1];
  switch (row[2]) {
    case "u8": return dv.setUint8(at, value);
    case "i8": return dv.setInt8(at, value);
    case "u16": return dv.setUint16(at, value, true);
    case "i16": return dv.setInt16(at, value, true);
    case "u32": return dv.setUint32(at, value, true);
    default: return dv.setInt32(at, value, true);
  }
}

function writeLarge(dv: DataView, row: FieldRow, value: bigint, record: LooseRecord): void {
  const isSigned = row[2] === "i64" || row[2] === "price";
  if (value !== (isSigned ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value))) {
    throw fail(record, row[0], `takes a 64-bit number, found ${value}`);
  }
  if (isSigned) dv.setBigInt64(row[1], value, true);
  else dv.setBigUint64(row[1], value, true);
}

function writeField(out: Uint8Array, dv: DataView, row: FieldRow, record: LooseRecord): void {
  const value = record[row[0]] ?? row[3];
  if (row[2] === "reserved") return;
  if (row[2] === "char" || row[2] === "cstr") return writeText(out, row, String(value), record);
  if (typeof row[3] === "bigint") return writeLarge(dv, row, typeof value === "bigint" ? value : BigInt(Number(value)), record);
  return writeSmall(dv, row, Number(value), record);
}

/** The record's bytes in `version`; with `tsOut` (or the record's own) the gateway's send time is appended. */
export function encodeRecord(record: PartialRecord, version: DbnVersion, tsOut?: bigint): Uint8Array {
  const loose: LooseRecord = { ...record };
  const layout = layoutOf(record.kind, version);
  const known = layoutBytes(layout);
  const sent = tsOut ?? record.tsOut;
  const out = new Uint8Array(known + (sent === undefined ? 0 : 8));
  const dv = new DataView(out.buffer);
  out[0] = out.length / 4;
  out[1] = record.rtype ?? rtypesOf(record.kind)[0] ?? 0;
  writeSmall(dv, ["publisherId", 2, "u16", 0], record.publisherId ?? 0, loose);
  writeSmall(dv, ["instrumentId", 4, "u32", 0], record.instrumentId ?? 0, loose);
  writeLarge(dv, ["tsEvent", HEADER_BYTES - 8, "u64", 0n], record.tsEvent ?? 0xffff_ffff_ffff_ffffn, loose);
  for (const row of layout) writeField(out, dv, row, loose);
  for (const kept of record.reserved ?? []) {
    if (kept.offset + kept.bytes.length <= known) out.set(kept.bytes, kept.offset);
  }
  if (sent !== undefined) writeLarge(dv, ["tsOut", known, "u64", 0n], sent, loose);
  return out;
}

/** Changes values whose meaning differs between versions; in place. */
function adapt(record: LooseRecord, from: DbnVersion, to: DbnVersion): void {
  delete record["reserved"]; // reserved bytes mean nothing in another layout
  if (record.kind === "statistics" && (from < 3) !== (to < 3)) {
    const quantity = BigInt(Number(record["quantity"] ?? 0)) === UNDEF_I32 && from < 3 ? UNDEF_I64 : record["quantity"];
    if (to === 3) record["quantity"] = typeof quantity === "bigint" ? quantity : BigInt(Number(quantity));
    else {
      const wide = BigInt(String(record["quantity"]));
      record["quantity"] = Number(wide > UNDEF_I32 || wide < -UNDEF_I32 ? UNDEF_I32 : wide);
    }
  }
  if (record.kind === "definition" && to < 3) {
    const id = BigInt(String(record["rawInstrumentId"] ?? 0));
    record["rawInstrumentId"] = Number(id > 0xffff_ffffn ? 0n : id);
  }
  if (from === 1 && to > 1) {
    if (record.kind === "system") record["code"] = systemCodeOfText(String(record["msg"]));
    if (record.kind === "error") record["code"] = errorCodeOfText(String(record["err"]));
  }
}

/** Cuts texts to the layout's width: those of version 1 are shorter, and a damaged one may lack its end. */
function shorten(record: LooseRecord, to: DbnVersion): void {
  for (const row of layoutOf(record.kind, to)) {
    const value = record[row[0]];
    if (row[2] === "cstr" && typeof value === "string") record[row[0]] = value.slice(0, row[4] - 1);
  }
}

/**
 * One record's bytes in another version. Upward as Databento's own readers do it; downward for serving older versions:
 * texts are cut to the narrower field, legs fall away. `tsOut` replaces or adds the send time; null removes it.
 * Records that are the same in both versions, and unknown ones, are copied.
 */
export function convertRecord(bytes: Uint8Array, from: DbnVersion, to: DbnVersion, tsOut?: bigint | null): Uint8Array {
  const kind = kindOfRtype(bytes[1] ?? -1);
  const same = kind === null || layoutOf(kind, from) === layoutOf(kind, to);
  if (same && tsOut === undefined) return copyBytes(bytes, 0, (bytes[0] ?? 0) * 4);
  const record = decodeRecord(bytes, from);
  if (record === null) return copyBytes(bytes, 0, (bytes[0] ?? 0) * 4);
  const loose: LooseRecord = { ...record };
  if (tsOut !== undefined) delete loose["tsOut"];
  if (!same) adapt(loose, from, to);
  shorten(loose, to);
  return encodeRecord(loose as unknown as PartialRecord, to, tsOut ?? undefined); // same table as its type
}
