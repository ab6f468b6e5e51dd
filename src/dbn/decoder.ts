/**
 * Bytes in, records out: `push` takes any cutting of a DBN stream and hands out whole records one by one.
 * No I/O, no clock; the only state is the unfinished tail. After an error the decoder gives nothing more.
 */
import { NqError } from "../lib/errors.ts";
import { DBN_VERSION_MAX, HEADER_BYTES, RECORD_BYTES_MAX, RTYPE, type DbnVersion } from "./constants.ts";
import { convertRecord } from "./encode.ts";
import { differsFromNewest, kindOfRtype, minimumLengths } from "./layouts.ts";
import { decodeMetadata, PRELUDE_BYTES, readPrelude, type DbnMetadata } from "./metadata.ts";
import { RecordView } from "./record-view.ts";

export type OnRecord = (view: RecordView) => void;
/**
 * Trade records behind one another: `count` of them, the first at `view.base`, each `view.lengthBytes` long and in the
 * layout of version 3. The view may be moved.
 */
export type OnTrades = (view: RecordView, count: number) => void;

export interface DbnDecoderOptions {
  /** Hand out records of versions 1 and 2 in the layout of version 3. Default true. */
  readonly upgrade?: boolean;
  /** The stream has no metadata; nothing in it says its version. */
  readonly fragment?: { readonly version: DbnVersion };
  /** Called once, before the first record, with the metadata in its own version. */
  readonly onMetadata?: (metadata: DbnMetadata) => void;
}

export interface DbnDecoder {
  /**
   * Decodes what `chunk` completes. The view passed to `onRecord` is reused and valid only during the call. With
   * `onTrades`, trades go there instead, as many at once as follow one another; everything in the order of the stream.
   * @throws NqError DBN_* on damage, after everything before it was handed out.
   */
  push(chunk: Uint8Array, onRecord: OnRecord, onTrades?: OnTrades): void;
  /** @throws NqError FILE_EMPTY when nothing came, FILE_TRUNCATED when the end is inside a record or the metadata. */
  end(): void;
  readonly metadata: DbnMetadata | null;
  /** Bytes held back because their record or metadata is incomplete. */
  readonly pendingBytes: number;
  /** Offset in the stream of the first byte not decoded. */
  readonly position: number;
  readonly records: number;
  /** Records of an rtype this program does not know; they are handed out too. */
  readonly unknownRecords: number;
}

/** Bits of what the hot loop knows of a record type: its smallest length, and the two things that are not usual. */
const LENGTH_BITS = 0x3ff;
const IS_UNKNOWN = 0x400;
const MUST_UPGRADE = 0x800;
const NO_RTYPE = -1;

function makeRtypeTable(version: DbnVersion, upgrade: boolean): Uint16Array {
  return minimumLengths(version).map((lengthBytes, rtype) => {
    const kind = kindOfRtype(rtype);
    if (kind === null) return lengthBytes | IS_UNKNOWN;
    return upgrade && differsFromNewest(kind, version) ? lengthBytes | MUST_UPGRADE : lengthBytes;
  });
}

const upgrading = new Map<DbnVersion, Uint16Array>();
const keeping = new Map<DbnVersion, Uint16Array>();

/** rtype → smallest length in bytes, and whether the type is unknown or its records are converted to version 3. */
function rtypeTable(version: DbnVersion, upgrade: boolean): Uint16Array {
  const tables = upgrade ? upgrading : keeping;
  const table = tables.get(version) ?? makeRtypeTable(version, upgrade);
  tables.set(version, table);
  return table;
}

/** How many whole records with the same head follow one another from `from` on. */
function runLength(dv: DataView, from: number): number {
  if (from + 2 > dv.byteLength) return 0;
  const head = dv.getUint16(from, true);
  const lengthBytes = (head & 0xff) << 2;
  const last = dv.byteLength - lengthBytes;
  let count = 0;
  for (let at = from; at <= last && dv.getUint16(at, true) === head; at += lengthBytes) count += 1;
  return count;
}

class Decoder implements DbnDecoder {
  metadata: DbnMetadata | null = null;
  position = 0;
  records = 0;
  unknownRecords = 0;
  readonly #options: DbnDecoderOptions;
  readonly #view = new RecordView();
  readonly #upgraded = new RecordView();
  /** The unfinished record or header; grows only while the metadata is read. */
  #tail: Uint8Array = new Uint8Array(RECORD_BYTES_MAX);
  #oldTail: Uint8Array = new Uint8Array(RECORD_BYTES_MAX);
  #tailLength = 0;
  #headerBytes: number;
  #rtypes: Uint16Array = rtypeTable(DBN_VERSION_MAX, false);
  #version: DbnVersion = DBN_VERSION_MAX;
  #failure: NqError | null = null;

  constructor(options: DbnDecoderOptions) {
    this.#options = options;
    this.#headerBytes = options.fragment === undefined ? PRELUDE_BYTES : 0;
    if (options.fragment !== undefined) this.#useVersion(options.fragment.version);
  }

  get pendingBytes(): number {
    return this.#tailLength;
  }

  push(chunk: Uint8Array, onRecord: OnRecord, onTrades: OnTrades | null = null): void {
    if (this.#failure !== null) throw this.#failure;
    try {
      let at = this.#headerBytes > 0 ? this.#pushHeader(chunk) : 0;
      if (this.#headerBytes > 0) return;
      if (this.#tailLength > 0) at = this.#finishTail(chunk, at, onRecord, onTrades);
      at = this.#walk(chunk, at, onRecord, onTrades);
      this.#keep(chunk.subarray(at));
    } catch (error) {
      if (error instanceof NqError) this.#failure = error;
      throw error;
    }
  }

  end(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.position === 0 && this.#tailLength === 0) {
      throw new NqError("FILE_EMPTY", "expected a DBN stream, found no bytes at all");
    }
    if (this.#headerBytes > 0) {
      throw new NqError("FILE_TRUNCATED", `the stream ends inside the metadata, after ${this.#tailLength} bytes`);
    }
    if (this.#tailLength > 0) {
      throw new NqError(
        "FILE_TRUNCATED",
        `the stream ends inside a record: ${this.#tailLength} bytes are left over at byte ${this.position}`,
      );
    }
  }

  #useVersion(version: DbnVersion): void {
    this.#version = version;
    this.#rtypes = rtypeTable(version, this.#options.upgrade !== false);
  }

  /** Collects prelude and metadata; returns how much of the chunk was used. */
  #pushHeader(chunk: Uint8Array): number {
    let at = 0;
    while (this.#headerBytes > 0) {
      const take = Math.min(this.#headerBytes - this.#tailLength, chunk.length - at);
      this.#keep(chunk.subarray(at, at + take));
      at += take;
      if (this.#tailLength < this.#headerBytes) {
        if (this.#headerBytes === PRELUDE_BYTES) this.#checkEarly();
        return at;
      }
      const { version, lengthBytes } = readPrelude(this.#tail);
      if (this.#headerBytes === PRELUDE_BYTES) {
        this.#headerBytes = PRELUDE_BYTES + lengthBytes;
        continue;
      }
      this.metadata = decodeMetadata(version, this.#tail.subarray(PRELUDE_BYTES, this.#headerBytes));
      this.position = this.#headerBytes;
      this.#headerBytes = 0;
      this.#tailLength = 0;
      this.#tail = new Uint8Array(RECORD_BYTES_MAX);
      this.#useVersion(version);
      this.#options.onMetadata?.(this.metadata);
    }
    return at;
  }

  /** A wrong first byte is an error at once; a peer that is no gateway may never send eight. */
  #checkEarly(): void {
    if (this.#tailLength < 4) return;
    const start = new Uint8Array(PRELUDE_BYTES);
    start.set(this.#tail.subarray(0, 4));
    start[4] = 0xff; // a length that passes, for now
    readPrelude(start);
  }

  /** Completes the record that the tail begins; returns how much of the chunk was used up by then. */
  #finishTail(chunk: Uint8Array, from: number, onRecord: OnRecord, onTrades: OnTrades | null): number {
    let at = from;
    for (let need = this.#tailNeeds(); need > 0; need = this.#tailNeeds()) {
      if (at === chunk.length) return at;
      const take = Math.min(need, chunk.length - at);
      this.#keep(chunk.subarray(at, at + take));
      at += take;
    }
    const whole = this.#tail.subarray(0, this.#tailLength);
    this.#tailLength = 0;
    [this.#tail, this.#oldTail] = [this.#oldTail, this.#tail]; // the view looks at the old one
    this.#walk(whole, 0, onRecord, onTrades);
    return at;
  }

  /** Bytes the tail lacks: of the two that say length and type, then of the record. A length too small fails at once. */
  #tailNeeds(): number {
    if (this.#tailLength < 2) return 2 - this.#tailLength;
    const [length = 0, rtype = 0] = this.#tail;
    if (length * 4 < ((this.#rtypes[rtype] ?? HEADER_BYTES) & LENGTH_BITS)) throw this.#badLength(rtype, length * 4);
    return length * 4 - this.#tailLength;
  }

  /** Every whole record from `from` on; returns where the unfinished rest begins. */
  #walk(bytes: Uint8Array, from: number, onRecord: OnRecord, onTrades: OnTrades | null): number {
    if (onTrades === null) return this.#walkRecords(bytes, from, onRecord, NO_RTYPE);
    let at = from;
    for (;;) {
      at = this.#walkRecords(bytes, at, onRecord, RTYPE.trade);
      const view = this.#view.point(bytes, at);
      const count = runLength(view.dv, at);
      if (count === 0) return at;
      const lengthBytes = view.lengthBytes;
      onTrades(view, count);
      at += count * lengthBytes;
      this.#advance(count * lengthBytes, count);
    }
  }

  /** The hot loop: whole records up to the first usual one of rtype `stopAt`, or to the unfinished rest. */
  #walkRecords(bytes: Uint8Array, from: number, onRecord: OnRecord, stopAt: number): number {
    const view = this.#view.point(bytes, from);
    const { dv } = view;
    const end = bytes.length;
    let at = from;
    let records = 0;
    // Records of one kind come in runs: where the next one begins is known before its length has been read.
    let head = -1;
    let lengthBytes = 0;
    const last = end - 1; // length and rtype are needed to know a record
    while (at < last) {
      const found = dv.getUint16(at, true);
      if (found !== head) {
        lengthBytes = (found & 0xff) << 2;
        const known = this.#rtypes[found >>> 8] ?? 0;
        // No length reaches the bits of an unusual type, so one comparison finds both it and a length that is too small.
        head = lengthBytes >= known ? found : -1;
        if (lengthBytes < (known & LENGTH_BITS)) {
          this.#advance(at - from, records);
          throw this.#badLength(found >>> 8, lengthBytes);
        }
        if (found >>> 8 === stopAt && head === found) break;
      }
      if (at + lengthBytes > end) break;
      records += 1;
      view.base = at;
      if (head === -1) this.#unusual(view, found, onRecord);
      else onRecord(view);
      at += lengthBytes;
    }
    this.#advance(at - from, records);
    return at;
  }

  #unusual(view: RecordView, head: number, onRecord: OnRecord): void {
    if (((this.#rtypes[head >>> 8] ?? 0) & IS_UNKNOWN) !== 0) {
      this.unknownRecords += 1;
      onRecord(view);
      return;
    }
    const record = view.bytes.subarray(view.base, view.base + view.lengthBytes);
    onRecord(this.#upgraded.point(convertRecord(record, this.#version, DBN_VERSION_MAX)));
  }

  #advance(bytes: number, records: number): void {
    this.position += bytes;
    this.records += records;
  }

  #badLength(rtype: number, lengthBytes: number): NqError {
    const expected = (this.#rtypes[rtype] ?? HEADER_BYTES) & LENGTH_BITS;
    return new NqError(
      "DBN_RECORD",
      `expected a record of type ${rtype} to have at least ${expected} bytes, found a length of ${lengthBytes} at byte ${this.position}`,
    );
  }

  /** Adds to the tail. A record's tail never exceeds one record; the metadata's grows with what really came. */
  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const needed = this.#tailLength + bytes.length;
    if (needed > this.#tail.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(this.#tail.length * 2, this.#headerBytes)));
      larger.set(this.#tail.subarray(0, this.#tailLength));
      this.#tail = larger;
    }
    this.#tail.set(bytes, this.#tailLength);
    this.#tailLength = needed;
  }
}

/** A decoder for one stream. */
export function createDbnDecoder(options: DbnDecoderOptions = {}): DbnDecoder {
  return new Decoder(options);
}
