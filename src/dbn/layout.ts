/** What a layout is: rows of field, offset, type, value when not set. Everything that touches a record reads these rows. */
import { UNDEF_PRICE, UNDEF_TIME } from "./constants.ts";

export const PX: bigint = UNDEF_PRICE;
export const TS: bigint = UNDEF_TIME;

/** price: i64 in 1e-9. time: u64 nanoseconds. char: one byte. cstr: NUL-padded text. reserved: bytes without meaning. */
export type FieldType =
  | "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "price" | "time" | "char" | "cstr" | "reserved";

/** Field name, offset from the record's first byte, type, value when not set, width in bytes for cstr and reserved. */
export type FieldRow =
  | readonly [name: string, offset: number, type: "u8" | "i8" | "u16" | "i16" | "u32" | "i32", unset: number]
  | readonly [name: string, offset: number, type: "u64" | "i64" | "price" | "time", unset: bigint]
  | readonly [name: string, offset: number, type: "char", unset: string]
  | readonly [name: string, offset: number, type: "cstr" | "reserved", unset: string, width: number];

export type Layout = readonly FieldRow[];

/** The TypeScript value of a field type: 64-bit numbers as bigint, text as string. */
export type FieldValue<T extends FieldType> =
  T extends "u64" | "i64" | "price" | "time" ? bigint : T extends "char" | "cstr" ? string : number;

/** The owned form of a record with this layout; reserved bytes are not fields. */
export type FieldsOf<L extends Layout> = {
  [Row in L[number] as Row[2] extends "reserved" ? never : Row[0]]: FieldValue<Row[2]>;
};

const WIDTHS: Readonly<Record<FieldType, number>> = {
  u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i32: 4, u64: 8, i64: 8, price: 8, time: 8, char: 1, cstr: 0, reserved: 0,
};

/** Bytes a field takes. */
export function fieldWidth(row: FieldRow): number {
  return row[4] ?? WIDTHS[row[2]];
}

/** Bytes of a record with this layout, header included, without ts_out. */
export function layoutBytes(layout: Layout): number {
  let end = 16;
  for (const row of layout) end = Math.max(end, row[1] + fieldWidth(row));
  return end;
}

/** Offset of a field; throws for a name the layout does not have, so a wrong table fails at load. */
export function offsetOf(layout: Layout, name: string): number {
  for (const row of layout) if (row[0] === name) return row[1];
  throw new RangeError(`the layout has no field ${name}`);
}
