/** A DBN file, plain or zstd, one or many frames → batches of whole records in the newest layout. */
import { open, stat } from "node:fs/promises";
import { createDbnDecoder, type DbnDecoder } from "../dbn/decoder.ts";
import type { DbnMetadata } from "../dbn/metadata.ts";
import { isSkippableFrame } from "../dbn/metadata.ts";
import { convertRecord } from "../dbn/encode.ts";
import { RecordWriter } from "../dbn/record-writer.ts";
import { createZstdExpander, type ZstdExpander } from "../dbn/zstd.ts";
import { NqError } from "../lib/errors.ts";
import type { DbnVersion } from "../dbn/constants.ts";

/** Whole version 3 records back to back, without ts_out; valid until the next call. */
export interface RecordBatch {
  readonly bytes: Uint8Array;
  readonly records: number;
}

/** What is read. Positions are byte offsets. */
export interface ReadableFile {
  readonly fileBytes: number;
  /** How many bytes were read; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

export type FileFormat = "dbn" | "dbn.zst";

export interface RecordReader {
  readonly path: string;
  readonly format: FileFormat;
  readonly fileBytes: number;
  /** The metadata, in its own version. @throws NqError when the head of the file cannot be read */
  metadata(): Promise<DbnMetadata>;
  /**
   * The next records, null at the end.
   * @throws NqError FILE_TRUNCATED, DBN_RECORD, ZSTD_*, after every batch before the damage was given.
   */
  readBatch(): Promise<RecordBatch | null>;
  /** Offset in the uncompressed stream of the first byte not decoded. */
  readonly position: number;
  readonly records: number;
  readonly unknownRecords: number;
  close(): Promise<void>;
}

export interface RecordReaderOptions {
  /** The file has no metadata: the version its records are in. */
  readonly fragment?: DbnVersion;
  /** Hand out records as version 3. Default true. */
  readonly upgrade?: boolean;
  /** The file, opened already; the reader closes it. Left out: opened by its path. */
  readonly file?: ReadableFile;
  /** Begin at this byte of a plain file, where a record begins; its metadata, read before, said this much of its records. */
  readonly at?: { readonly offset: number; readonly version: DbnVersion; readonly tsOut: boolean };
}

const CHUNK_BYTES = 256 * 1024;
/** Compressed bytes are read in smaller pieces, so that one piece cannot expand into much; each costs a wait. */
const PACKED_CHUNK_BYTES = 32 * 1024;

class Reader implements RecordReader {
  readonly path: string;
  readonly format: FileFormat;
  readonly fileBytes: number;
  readonly #file: ReadableFile;
  readonly #decoder: DbnDecoder;
  readonly #expander: ZstdExpander | null;
  /** Known before the metadata is read; else null. */
  readonly #tsOut: boolean | null;
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  readonly #batch = new RecordWriter(CHUNK_BYTES * 2);
  #fileAt = 0;
  #ended = false;
  #failure: unknown = null;
  /** The current batch was handed out and may be overwritten. */
  #given = false;

  constructor(path: string, file: ReadableFile, format: FileFormat, options: RecordReaderOptions) {
    this.path = path;
    this.#file = file;
    this.fileBytes = file.fileBytes;
    this.format = format;
    this.#expander = format === "dbn.zst" ? createZstdExpander() : null;
    this.#tsOut = options.at?.tsOut ?? null;
    this.#fileAt = options.at?.offset ?? 0;
    const version = options.at?.version ?? options.fragment;
    this.#decoder = createDbnDecoder({ upgrade: options.upgrade ?? true, ...(version === undefined ? {} : { fragment: { version } }) });
  }

  get position(): number { return this.#decoder.position; }
  get records(): number { return this.#decoder.records; }
  get unknownRecords(): number { return this.#decoder.unknownRecords; }

  async metadata(): Promise<DbnMetadata> {
    while (this.#decoder.metadata === null && !this.#ended && this.#failure === null) await this.#step();
    if (this.#decoder.metadata !== null) return this.#decoder.metadata;
    throw this.#failure instanceof NqError ? this.#failure.of(this.path) : this.#failure;
  }

  async readBatch(): Promise<RecordBatch | null> {
    if (this.#given) this.#batch.clear(); // else `metadata` left records behind
    this.#given = false;
    while (this.#batch.count === 0 && !this.#ended && this.#failure === null) await this.#step();
    if (this.#batch.count > 0) {
      this.#given = true;
      return { bytes: this.#batch.bytes(), records: this.#batch.count };
    }
    if (this.#failure !== null) throw this.#failure;
    return null;
  }

  async close(): Promise<void> {
    this.#expander?.close();
    await this.#file.close();
  }

  get #hasTsOut(): boolean {
    return (this.#tsOut ?? this.#decoder.metadata?.tsOut) === true;
  }

  /** Reads one piece of the file; damage and the end are kept for the caller to meet after the records before them. */
  async #step(): Promise<void> {
    try {
      const bytesRead = await this.#file.read(this.#expander === null ? this.#chunk : this.#chunk.subarray(0, PACKED_CHUNK_BYTES), this.#fileAt);
      this.#fileAt += bytesRead;
      if (bytesRead === 0) {
        this.#ended = true;
        await this.#expander?.end();
        this.#decoder.end();
        return;
      }
      const bytes = this.#chunk.subarray(0, bytesRead);
      if (this.#expander === null) this.#decode(bytes);
      else await this.#expander.push(bytes, (expanded) => this.#decode(expanded));
    } catch (error) {
      this.#failure = error;
    }
  }

  #decode(bytes: Uint8Array): void {
    const batch = this.#batch;
    this.#decoder.push(
      bytes,
      (view) => {
        const record = view.bytes.subarray(view.base, view.base + view.lengthBytes);
        batch.raw(this.#hasTsOut ? convertRecord(record, 3, 3, null) : record);
      },
      (view, count) => {
        const { base, lengthBytes } = view;
        if (!this.#hasTsOut) batch.raw(view.bytes.subarray(base, base + count * lengthBytes), count);
        else for (let at = base; at < base + count * lengthBytes; at += lengthBytes) batch.raw(convertRecord(view.bytes.subarray(at, at + lengthBytes), 3, 3, null));
      },
    );
  }
}

async function openFile(path: string): Promise<ReadableFile> {
  try {
    const info = await stat(path);
    if (info.isDirectory()) throw new NqError("FILE_KIND", `expected a DBN file, found the directory ${path}`);
    if (!info.isFile()) throw new NqError("FILE_KIND", `expected a regular DBN file, found something else at ${path}`);
    if (info.size === 0) throw new NqError("FILE_EMPTY", `expected a DBN file, found no bytes in ${path}`);
    const handle = await open(path, "r");
    return {
      fileBytes: info.size,
      read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
      close: () => handle.close(),
    };
  } catch (error) {
    if (error instanceof NqError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : String(code);
    throw new NqError("FILE_OPEN", `${path} cannot be opened: ${why}`, { cause: error });
  }
}

/**
 * Opens a DBN file. The magic decides the format, not the name.
 * @throws NqError FILE_OPEN, FILE_KIND, FILE_EMPTY, DBN_LEGACY, DBN_BAD_MAGIC
 */
export async function openRecordReader(path: string, options: RecordReaderOptions = {}): Promise<RecordReader> {
  const file = options.file ?? (await openFile(path));
  const head = new Uint8Array(4);
  await file.read(head, 0);
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  const reader = new Reader(path, file, isZstd ? "dbn.zst" : "dbn", options);
  if (isSkippableFrame(head)) {
    await reader.close();
    throw new NqError("DBN_LEGACY", `expected a DBN file, found a DBZ file, the predecessor of DBN, at ${path}`);
  }
  return reader;
}
