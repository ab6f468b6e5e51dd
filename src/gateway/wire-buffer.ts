/** Collects what one session is sent next: version 3 records in, the session's version and send time out. */
import { RTYPE, UNDEF_TIME, type DbnVersion } from "../dbn/constants.ts";
import { convertRecord, encodeRecord, type PartialRecord } from "../dbn/encode.ts";
import { offsetOf } from "../dbn/layout.ts";
import { DEFINITION_V3 } from "../dbn/layouts-definition.ts";
import { RecordView } from "../dbn/record-view.ts";

const INITIAL_BYTES = 64 * 1024;
/** A smaller piece is copied out, so that one buffer serves a quiet market for ever. */
const COPIED_BYTES_MAX = 8 * 1024;
/** Buffers kept for the next writes; one is filled while another is on its way. */
const SPARE_MAX = 2;
const CONVERTED: ReadonlySet<number> = new Set([
  RTYPE.definition, RTYPE.statistics, RTYPE.error, RTYPE.symbolMapping, RTYPE.system,
]);

const LEG_INDEX_AT = offsetOf(DEFINITION_V3, "legIndex");

/** A piece to write; `release` gives its memory back and is called once the system took it. */
export interface WirePiece {
  readonly bytes: Uint8Array;
  readonly release: () => void;
}

export class WireBuffer {
  /** The time of sending that records get, nanoseconds since 1970; set before a batch. */
  sentAtNanos = 0n;
  /** Records put in since the start. */
  records = 0;
  readonly #version: DbnVersion;
  readonly #tsOut: boolean;
  readonly #spare: Uint8Array<ArrayBuffer>[] = [];
  readonly #view = new RecordView();
  #buffer = new Uint8Array(INITIAL_BYTES);
  #dv = new DataView(this.#buffer.buffer);
  #length = 0;

  constructor(version: DbnVersion, tsOut: boolean) {
    this.#version = version;
    this.#tsOut = tsOut;
  }

  get lengthBytes(): number {
    return this.#length;
  }

  /** True when records of this type go out as they are, so that a row of them can be copied at once. */
  isPlain(rtype: number): boolean {
    return !this.#tsOut && (this.#version === 3 || !CONVERTED.has(rtype));
  }

  /** Plain records back to back. */
  run(bytes: Uint8Array, from: number, to: number, records: number): void {
    this.#reserve(to - from);
    this.#buffer.set(bytes.subarray(from, to), this.#length);
    this.#length += to - from;
    this.records += records;
  }

  /** One version 3 record without send time. Before version 3 a spread has one definition, not one for each leg. */
  record(bytes: Uint8Array, at: number): void {
    const lengthBytes = (bytes[at] ?? 0) * 4;
    const rtype = bytes[at + 1] ?? 0;
    if (this.#version < 3 && CONVERTED.has(rtype)) {
      if (rtype === RTYPE.definition && this.#view.point(bytes, at).dv.getUint16(at + LEG_INDEX_AT, true) > 0) return;
      const converted = convertRecord(bytes.subarray(at, at + lengthBytes), 3, this.#version);
      this.#append(converted, 0, converted.length, this.#sentAt(bytes, at));
    } else {
      this.#append(bytes, at, lengthBytes, this.#sentAt(bytes, at));
    }
  }

  /** A record the gateway makes itself. */
  own(record: PartialRecord): void {
    const bytes = encodeRecord(record, this.#version);
    this.#append(bytes, 0, bytes.length, this.sentAtNanos);
  }

  /** Bytes that are no record: the metadata. */
  raw(bytes: Uint8Array): void {
    this.run(bytes, 0, bytes.length, 0);
  }

  /** Everything put in since the last call. */
  take(): WirePiece {
    const length = this.#length;
    this.#length = 0;
    if (length <= COPIED_BYTES_MAX) return { bytes: this.#buffer.slice(0, length), release: () => {} };
    const taken = this.#buffer;
    this.#use(this.#spare.pop() ?? new Uint8Array(taken.length));
    const release = (): void => {
      if (this.#spare.length < SPARE_MAX) this.#spare.push(taken);
    };
    return { bytes: taken.subarray(0, length), release };
  }

  /** Never before the record's own time: at endless speed a whole batch goes out at one moment. */
  #sentAt(bytes: Uint8Array, at: number): bigint {
    if (!this.#tsOut) return 0n;
    const view = this.#view.point(bytes, at);
    const { index } = view;
    return index > this.sentAtNanos && index !== UNDEF_TIME ? index : this.sentAtNanos;
  }

  #append(bytes: Uint8Array, at: number, lengthBytes: number, sentAt: bigint): void {
    const start = this.#length;
    this.run(bytes, at, at + lengthBytes, 1);
    if (!this.#tsOut) return;
    this.#reserve(8);
    this.#dv.setBigUint64(this.#length, sentAt, true);
    this.#length += 8;
    this.#buffer[start] = (lengthBytes + 8) / 4;
  }

  #use(buffer: Uint8Array<ArrayBuffer>): void {
    this.#buffer = buffer;
    this.#dv = new DataView(buffer.buffer);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + bytes));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#use(larger);
  }
}
