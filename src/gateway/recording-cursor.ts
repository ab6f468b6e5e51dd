/** Walks recorded files in order of index time, several as one, and gives out what is due. */
import { RecordView } from "../dbn/record-view.ts";
import { toNqError, type NqError } from "../lib/errors.ts";
import { NanosSplitter, toNanos, type UnixTime } from "../lib/time.ts";
import type { Duplicates } from "./duplicates.ts";
import type { RecordReader } from "../recording/record-reader.ts";
import type { SourceBatch, SourceReader } from "./source.ts";

const MERGED_BYTES_MAX = 256 * 1024;
const UNDEF_HI = 0xffff_ffff;
/** Past every defined time. */
const NEVER: Moment = { hi: UNDEF_HI, lo: UNDEF_HI };

export interface RecordingsOptions {
  readonly opens: readonly (() => Promise<RecordReader>)[];
  /** Index time of the last record in any of the files. */
  readonly lastAt: UnixTime;
  /** A file could not be read on. */
  readonly onDamage: (error: NqError) => void;
  /** Files overlap: what several of them hold passes once. Left out: they do not. */
  readonly duplicates?: Duplicates | null;
}

interface Moment {
  readonly hi: number;
  readonly lo: number;
}

function isAfter(a: Moment, b: Moment): boolean {
  return a.hi > b.hi || (a.hi === b.hi && a.lo > b.lo);
}

function momentOf(time: UnixTime): Moment {
  const nanos = toNanos(time);
  return { hi: Number(nanos >> 32n), lo: Number(nanos & 0xffff_ffffn) };
}

/** A place in one file: the batch in hand and where in it the next record begins. */
class Cursor {
  readonly #open: () => Promise<RecordReader>;
  readonly #onDamage: (error: NqError) => void;
  #reader: RecordReader | null = null;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #records = 0;
  readonly #view = new RecordView();
  isOver = false;
  /** Index time of the next record; at least that of the one before, so that a backward step delays nothing. */
  next: { hi: number; lo: number } = { hi: 0, lo: 0 };

  constructor(open: () => Promise<RecordReader>, onDamage: (error: NqError) => void) {
    this.#open = open;
    this.#onDamage = onDamage;
  }

  /** True when the next record is known without reading the file. */
  get isLoaded(): boolean {
    return this.#at < this.#bytes.length;
  }

  async load(): Promise<void> {
    if (this.isOver || this.isLoaded) return;
    try {
      this.#reader ??= await this.#open();
      const batch = await this.#reader.readBatch();
      this.isOver = batch === null;
      this.#bytes = batch?.bytes ?? new Uint8Array(0);
      this.#records = batch?.records ?? 0;
    } catch (error) {
      // What came before the damage has been served; the rest of this file is lost, other files go on.
      this.#onDamage(toNqError(error, "DBN_RECORD"));
      this.isOver = true;
      this.#bytes = new Uint8Array(0);
    }
    this.#at = 0;
    this.#look();
  }

  /** The records up to `until` that are in hand, at most `maxBytes` and at least one if any is due. */
  take(until: Moment, maxBytes: number): SourceBatch {
    const from = this.#at;
    let records = 0;
    while (this.isLoaded && !isAfter(this.next, until) && (records === 0 || this.#at - from < maxBytes)) {
      this.#at += this.#view.lengthBytes;
      records += 1;
      this.#look();
    }
    this.#records -= records;
    return { bytes: this.#bytes.subarray(from, this.#at), records };
  }

  /** Everything in hand, unseen. */
  takeAll(): SourceBatch {
    const batch = { bytes: this.#bytes.subarray(this.#at), records: this.#records };
    this.#at = this.#bytes.length;
    this.#records = 0;
    return batch;
  }

  async close(): Promise<void> {
    this.isOver = true;
    this.#bytes = new Uint8Array(0);
    await this.#reader?.close();
    this.#reader = null;
  }

  #look(): void {
    if (!this.isLoaded) return;
    const view = this.#view.point(this.#bytes, this.#at);
    const { indexHi: hi, indexLo: lo } = view;
    if (hi !== UNDEF_HI && isAfter({ hi, lo }, this.next)) this.next = { hi, lo };
  }
}

class RecordingReader implements SourceReader {
  readonly #cursors: readonly Cursor[];
  readonly #lastAt: Moment;
  readonly #duplicates: Duplicates | null;
  readonly #merged = new Uint8Array(MERGED_BYTES_MAX + 1024);
  readonly #splitter = new NanosSplitter();

  constructor(options: RecordingsOptions) {
    this.#cursors = options.opens.map((open) => new Cursor(open, options.onDamage));
    this.#lastAt = momentOf(options.lastAt);
    this.#duplicates = options.duplicates ?? null;
  }

  get nextAt(): UnixTime | null {
    const open = this.#cursors.filter((cursor) => !cursor.isOver);
    if (open.length === 0 || open.some((cursor) => !cursor.isLoaded)) return null;
    let next = NEVER;
    for (const cursor of open) if (isAfter(next, cursor.next)) next = cursor.next;
    this.#splitter.split(next.hi, next.lo);
    return { sec: this.#splitter.sec, nanos: this.#splitter.nanos };
  }

  async read(until: UnixTime): Promise<SourceBatch | null | "end"> {
    for (const cursor of this.#cursors) await cursor.load();
    const open = this.#cursors.filter((cursor) => !cursor.isOver);
    const [first] = open;
    if (first === undefined) return "end";
    const limit = momentOf(until);
    if (open.length > 1 || this.#duplicates !== null) return this.#merge(open, limit);
    // The rest of the file is due: no need to look at each record's time.
    const isAllDue = !isAfter(this.#lastAt, limit);
    const batch = isAllDue ? first.takeAll() : first.take(limit, MERGED_BYTES_MAX);
    return batch.bytes.length === 0 ? null : batch;
  }

  async close(): Promise<void> {
    for (const cursor of this.#cursors) await cursor.close();
  }

  /** Runs of records, each time from the file that is behind; ends where a file must be read on. */
  #merge(open: readonly Cursor[], limit: Moment): SourceBatch | null {
    let length = 0;
    let records = 0;
    while (length < MERGED_BYTES_MAX && open.every((cursor) => cursor.isLoaded)) {
      const [first, second] = [...open].sort((a, b) => a.next.hi - b.next.hi || a.next.lo - b.next.lo);
      if (first === undefined || isAfter(first.next, limit)) break;
      const bound = second !== undefined && isAfter(limit, second.next) ? second.next : limit;
      const run = first.take(bound, MERGED_BYTES_MAX - length);
      const kept = this.#keep(run, this.#cursors.indexOf(first), length);
      length += kept.lengthBytes;
      records += kept.records;
    }
    return length === 0 ? null : { bytes: this.#merged.subarray(0, length), records };
  }

  /** Copies a run to `at`, without what another file has given already. */
  #keep({ bytes, records }: SourceBatch, file: number, at: number): { lengthBytes: number; records: number } {
    const duplicates = this.#duplicates;
    if (duplicates === null) {
      this.#merged.set(bytes, at);
      return { lengthBytes: bytes.length, records };
    }
    let end = at;
    let kept = 0;
    for (let from = 0; from < bytes.length; ) {
      const lengthBytes = bytes[from]! * 4; // from < bytes.length
      if (duplicates.admits(file, bytes, from, lengthBytes)) {
        this.#merged.set(bytes.subarray(from, from + lengthBytes), end);
        end += lengthBytes;
        kept += 1;
      }
      from += lengthBytes;
    }
    return { lengthBytes: end - at, records: kept };
  }
}

/** A reader from the start of the files. */


export function readRecordings(options: RecordingsOptions): SourceReader {
  return new RecordingReader(options);
}
