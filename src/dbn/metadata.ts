/** The metadata block at the head of every DBN stream: read strictly, written exactly. */
import { NqError } from "../lib/errors.ts";
import { NO_SCHEMA, NO_STYPE, STYPE_CODES, UNDEF_TIME, type DbnVersion } from "./constants.ts";
import { readCstr } from "./records.ts";

/** Dates are decimal YYYYMMDD; the end is exclusive. */
export interface MappingInterval {
  readonly startDate: number;
  readonly endDate: number;
  /** The resolved symbol; with stype_out instrument_id the id in decimal. */
  readonly symbol: string;
}

export interface SymbolMapping {
  /** The symbol as requested. */
  readonly rawSymbol: string;
  readonly intervals: readonly MappingInterval[];
}

export interface DbnMetadata {
  readonly version: DbnVersion;
  readonly dataset: string;
  /** Schema code; 65535 when schemas are mixed. */
  readonly schema: number;
  /** Nanoseconds since 1970; `end` is exclusive and 2^64-1 when there is none. */
  readonly start: bigint;
  readonly end: bigint;
  /** Most records asked for; 0 is no limit. */
  readonly limit: bigint;
  readonly stypeIn: number;
  readonly stypeOut: number;
  /** Every record ends with the gateway's send time. */
  readonly tsOut: boolean;
  /** Width of the symbol fields; 22 in version 1. */
  readonly symbolCstrLen: number;
  readonly symbols: readonly string[];
  readonly partial: readonly string[];
  readonly notFound: readonly string[];
  readonly mappings: readonly SymbolMapping[];
}

/** Magic, version and length: what comes before the block. */
export const PRELUDE_BYTES = 8;
const FIXED_BYTES = 100;
/** Options parents of a busy root name some ten thousand symbols with daily intervals: a few MiB. */
const METADATA_BYTES_MAX = 16 * 1024 * 1024;
const SYMBOL_BYTES_V1 = 22;
const SYMBOL_BYTES = 71;

function bad(message: string, at: number): NqError {
  return new NqError("DBN_METADATA", `${message} at byte ${at} of the metadata`);
}

/** A DBZ file begins with a skippable zstd frame, magic 0x184D2A50 to 0x184D2A5F. */
export function isSkippableFrame(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0xf0) === 0x50 && bytes[1] === 0x2a && bytes[2] === 0x4d && bytes[3] === 0x18;
}

/**
 * Version and block length from the first 8 bytes.
 * @throws NqError DBN_BAD_MAGIC, DBN_LEGACY, DBN_VERSION, DBN_METADATA
 */
export function readPrelude(bytes: Uint8Array): { readonly version: DbnVersion; readonly lengthBytes: number } {
  const dv = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isSkippableFrame(bytes)) {
    throw new NqError("DBN_LEGACY", "expected a DBN stream, found a DBZ file, the predecessor of DBN");
  }
  if (bytes[0] !== 0x44 || bytes[1] !== 0x42 || bytes[2] !== 0x4e) {
    const found = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new NqError("DBN_BAD_MAGIC", `expected a stream that begins with DBN, found the bytes ${found}`);
  }
  const version = bytes[3] ?? 0;
  if (version !== 1 && version !== 2 && version !== 3) {
    throw new NqError("DBN_VERSION", `expected DBN version 1, 2 or 3, found ${version}`);
  }
  const lengthBytes = dv.getUint32(4, true);
  if (lengthBytes < FIXED_BYTES || lengthBytes > METADATA_BYTES_MAX) {
    throw new NqError(
      "DBN_METADATA",
      `expected ${FIXED_BYTES} to ${METADATA_BYTES_MAX} bytes of metadata, found a length of ${lengthBytes}`,
    );
  }
  return { version, lengthBytes };
}

class BlockReader {
  readonly #bytes: Uint8Array;
  readonly #dv: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#dv = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(width: number): number {
    const at = this.at;
    if (at + width > this.#bytes.length) throw bad(`expected ${width} more bytes, found ${this.#bytes.length - at}`, at);
    this.at += width;
    return at;
  }

  u8(): number { return this.#dv.getUint8(this.#take(1)); }
  u16(): number { return this.#dv.getUint16(this.#take(2), true); }
  u32(): number { return this.#dv.getUint32(this.#take(4), true); }
  u64(): bigint { return this.#dv.getBigUint64(this.#take(8), true); }
  skip(width: number): void { this.#take(width); }

  text(width: number): string {
    const at = this.#take(width);
    if (!this.#bytes.subarray(at, at + width).includes(0)) throw bad("expected a symbol that ends with NUL", at);
    return readCstr(this.#bytes, at, width);
  }

  /** A count of items that take at least `itemBytes` each: refused before anything is allocated. */
  count(itemBytes: number): number {
    const at = this.at;
    const count = this.u32();
    if (count * itemBytes > this.#bytes.length - this.at) throw bad(`a count of ${count} does not fit the block`, at);
    return count;
  }

  date(): number {
    const at = this.at;
    const date = this.u32();
    const month = Math.floor(date / 100) % 100;
    const day = date % 100;
    if (month < 1 || month > 12 || day < 1 || day > 31) throw bad(`expected a date YYYYMMDD, found ${date}`, at);
    return date;
  }
}

function readSymbols(reader: BlockReader, width: number): string[] {
  return Array.from({ length: reader.count(width) }, () => reader.text(width));
}

function readMapping(reader: BlockReader, width: number): SymbolMapping {
  const rawSymbol = reader.text(width);
  const intervals = Array.from({ length: reader.count(8 + width) }, () => ({
    startDate: reader.date(),
    endDate: reader.date(),
    symbol: reader.text(width),
  }));
  return { rawSymbol, intervals };
}

/**
 * Reads the block that follows the prelude; left-over bytes are padding.
 * @throws NqError DBN_METADATA
 */
export function decodeMetadata(version: DbnVersion, block: Uint8Array): DbnMetadata {
  const reader = new BlockReader(block);
  const dataset = reader.text(16);
  const schema = reader.u16();
  const start = reader.u64();
  const end = reader.u64();
  const limit = reader.u64();
  if (version === 1) reader.skip(8); // record_count, retired
  const stypeIn = reader.u8();
  const stypeOut = reader.u8();
  const tsOut = reader.u8() !== 0;
  const width = version === 1 ? SYMBOL_BYTES_V1 : reader.u16();
  if (width < 2 || width > 1024) throw bad(`expected symbols of 2 to 1024 bytes, found ${width}`, reader.at);
  reader.skip(FIXED_BYTES - reader.at);
  const definitionLength = reader.u32();
  if (definitionLength !== 0) throw bad(`expected no schema definition, found ${definitionLength} bytes`, reader.at);
  return {
    version, dataset, schema, start, end, limit, stypeIn, stypeOut, tsOut,
    symbolCstrLen: width,
    symbols: readSymbols(reader, width),
    partial: readSymbols(reader, width),
    notFound: readSymbols(reader, width),
    mappings: Array.from({ length: reader.count(width + 4) }, () => readMapping(reader, width)),
  };
}

class BlockWriter {
  #bytes = new Uint8Array(1024);
  #dv = new DataView(this.#bytes.buffer);
  at = 0;

  #room(width: number): number {
    if (this.at + width > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.at + width));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#dv = new DataView(larger.buffer);
    }
    const at = this.at;
    this.at += width;
    return at;
  }

  u8(value: number): void { const at = this.#room(1); this.#dv.setUint8(at, value); }
  u16(value: number): void { const at = this.#room(2); this.#dv.setUint16(at, value, true); }
  u32(value: number): void { const at = this.#room(4); this.#dv.setUint32(at, value, true); }
  u64(value: bigint): void { const at = this.#room(8); this.#dv.setBigUint64(at, value, true); }
  zeros(width: number): void { this.#room(width); }

  text(text: string, width: number): void {
    if (text.length > width - 1) {
      throw new NqError("DBN_ENCODE", `a symbol takes ${width - 1} characters, found ${text.length}`);
    }
    const at = this.#room(width);
    for (let i = 0; i < text.length; i += 1) this.#dv.setUint8(at + i, text.charCodeAt(i) & 0xff);
  }

  lengthAt(at: number, value: number): void { this.#dv.setUint32(at, value, true); }
  done(): Uint8Array { return this.#bytes.slice(0, this.at); }
}

/** Prelude and block, as a stream begins. Version 1 uses symbols of 22 bytes, later ones of `symbolCstrLen`. */
export function encodeMetadata(metadata: DbnMetadata): Uint8Array {
  const writer = new BlockWriter();
  const { version } = metadata;
  const width = version === 1 ? SYMBOL_BYTES_V1 : metadata.symbolCstrLen;
  writer.u8(0x44);
  writer.u8(0x42);
  writer.u8(0x4e);
  writer.u8(version);
  writer.u32(0);
  writer.text(metadata.dataset, 16);
  writer.u16(metadata.schema);
  writer.u64(metadata.start);
  writer.u64(metadata.end);
  writer.u64(metadata.limit);
  if (version === 1) writer.u64(UNDEF_TIME);
  writer.u8(metadata.stypeIn);
  writer.u8(metadata.stypeOut);
  writer.u8(metadata.tsOut ? 1 : 0);
  if (version > 1) writer.u16(width);
  writer.zeros(PRELUDE_BYTES + FIXED_BYTES - writer.at);
  writer.u32(0);
  for (const list of [metadata.symbols, metadata.partial, metadata.notFound]) {
    writer.u32(list.length);
    for (const symbol of list) writer.text(symbol, width);
  }
  writer.u32(metadata.mappings.length);
  for (const mapping of metadata.mappings) {
    writer.text(mapping.rawSymbol, width);
    writer.u32(mapping.intervals.length);
    for (const interval of mapping.intervals) {
      writer.u32(interval.startDate);
      writer.u32(interval.endDate);
      writer.text(interval.symbol, width);
    }
  }
  if (version === 3) writer.zeros((8 - (writer.at % 8)) % 8); // the block ends on a multiple of 8
  writer.lengthAt(4, writer.at - PRELUDE_BYTES);
  return writer.done();
}

/** The metadata a live gateway sends: mixed schemas, no symbols; `start` is the earliest replay start or now. */
export function liveMetadata(options: {
  readonly version: DbnVersion;
  readonly dataset: string;
  readonly start: bigint;
  readonly tsOut: boolean;
}): DbnMetadata {
  return {
    ...options,
    schema: NO_SCHEMA,
    end: UNDEF_TIME,
    limit: 0n,
    stypeIn: NO_STYPE,
    stypeOut: STYPE_CODES["instrument_id"] ?? 0,
    symbolCstrLen: options.version === 1 ? SYMBOL_BYTES_V1 : SYMBOL_BYTES,
    symbols: [],
    partial: [],
    notFound: [],
    mappings: [],
  };
}
