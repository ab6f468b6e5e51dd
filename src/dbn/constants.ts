/** Numbers and names of the DBN format: record types, schemas, symbol types, flags, sentinels. */

export type DbnVersion = 1 | 2 | 3;
/** The newest version; records are upgraded to it in memory. */
export const DBN_VERSION_MAX = 3;

/** i64 maximum: a price that is not set. */
export const UNDEF_PRICE = 0x7fff_ffff_ffff_ffffn;
/** u64 maximum: a time that is not set. */
export const UNDEF_TIME = 0xffff_ffff_ffff_ffffn;
/** u32 maximum: a size that is not set, as writers put it until mid 2026. */
export const UNDEF_SIZE = 0xffff_ffff;

/** Record header: length (u8, in 4-byte words), rtype (u8), publisher_id (u16), instrument_id (u32), ts_event (u64). */
export const HEADER_BYTES = 16;
/** Length is one byte counting 4-byte words. */
export const RECORD_BYTES_MAX = 1020;

export const RTYPE = {
  trade: 0x00,
  mbp1: 0x01,
  mbp10: 0x0a,
  ohlcvDeprecated: 0x11,
  status: 0x12,
  definition: 0x13,
  imbalance: 0x14,
  error: 0x15,
  symbolMapping: 0x16,
  system: 0x17,
  statistics: 0x18,
  ohlcv1s: 0x20,
  ohlcv1m: 0x21,
  ohlcv1h: 0x22,
  ohlcv1d: 0x23,
  ohlcvEod: 0x24,
  mbo: 0xa0,
  cmbp1: 0xb1,
  cbbo1s: 0xc0,
  cbbo1m: 0xc1,
  tcbbo: 0xc2,
  bbo1s: 0xc3,
  bbo1m: 0xc4,
} as const;

/** Schema words as requests spell them, with their codes. */
export const SCHEMA_CODES: Readonly<Record<string, number>> = {
  "mbo": 0,
  "mbp-1": 1,
  "mbp-10": 2,
  "tbbo": 3,
  "trades": 4,
  "ohlcv-1s": 5,
  "ohlcv-1m": 6,
  "ohlcv-1h": 7,
  "ohlcv-1d": 8,
  "definition": 9,
  "statistics": 10,
  "status": 11,
  "imbalance": 12,
  "ohlcv-eod": 13,
  "cmbp-1": 14,
  "cbbo-1s": 15,
  "cbbo-1m": 16,
  "tcbbo": 17,
  "bbo-1s": 18,
  "bbo-1m": 19,
};
/** Metadata of a live session: schemas are mixed. */
export const NO_SCHEMA = 0xffff;

export const STYPE_CODES: Readonly<Record<string, number>> = {
  instrument_id: 0,
  raw_symbol: 1,
  smart: 2,
  continuous: 3,
  parent: 4,
};
/** Metadata of a live session, and mappings that came as version 1. */
export const NO_STYPE = 0xff;

export const FLAG = { last: 128, tob: 64, snapshot: 32, mbp: 16, badTsRecv: 8, maybeBadBook: 4 } as const;

const SCHEMA_OF_RTYPE: ReadonlyMap<number, string> = new Map([
  [RTYPE.trade, "trades"],
  [RTYPE.mbp1, "mbp-1"],
  [RTYPE.mbp10, "mbp-10"],
  [RTYPE.status, "status"],
  [RTYPE.definition, "definition"],
  [RTYPE.imbalance, "imbalance"],
  [RTYPE.statistics, "statistics"],
  [RTYPE.ohlcv1s, "ohlcv-1s"],
  [RTYPE.ohlcv1m, "ohlcv-1m"],
  [RTYPE.ohlcv1h, "ohlcv-1h"],
  [RTYPE.ohlcv1d, "ohlcv-1d"],
  [RTYPE.ohlcvEod, "ohlcv-eod"],
  [RTYPE.mbo, "mbo"],
  [RTYPE.cmbp1, "cmbp-1"],
  [RTYPE.cbbo1s, "cbbo-1s"],
  [RTYPE.cbbo1m, "cbbo-1m"],
  [RTYPE.tcbbo, "tcbbo"],
  [RTYPE.bbo1s, "bbo-1s"],
  [RTYPE.bbo1m, "bbo-1m"],
]);

/** The schema a record type belongs to; null for gateway records and unknown types. tbbo records look like mbp-1. */
export function schemaOfRtype(rtype: number): string | null {
  return SCHEMA_OF_RTYPE.get(rtype) ?? null;
}

/** The schema word of a metadata code; null for mixed schemas or an unknown code. */
export function schemaName(code: number): string | null {
  for (const [name, value] of Object.entries(SCHEMA_CODES)) if (value === code) return name;
  return null;
}

/** The word of a symbol type code; null for none or unknown. */
export function stypeName(code: number): string | null {
  for (const [name, value] of Object.entries(STYPE_CODES)) if (value === code) return name;
  return null;
}
