/**
 * A recorded file read through once: what is in it, and where in it each time is. A packed file has no place to begin in
 * but its start, so an unpacked copy of it is kept; both are kept for the next time where there is a cache.
 */
import { RTYPE, type DbnVersion } from "../dbn/constants.ts";
import { fromNanos } from "../lib/time.ts";
import { openRecordReader, type RecordBatch, type RecordReader } from "../recording/record-reader.ts";
import { identify, offsetFor, type FileIdentity, type PieceWriter, type ReplayCache, type TimeMarks } from "../recording/replay-cache.ts";
import { sampleFile } from "../recording/sampled-file.ts";
import { scanRecording, type RecordingScan } from "./recording-scan.ts";

/** Unpacked records that can be read from any mark on. */
interface PlainPlace {
  readonly path: string;
  readonly version: DbnVersion;
  readonly tsOut: boolean;
  readonly marks: TimeMarks;
  /** Null: the recording itself. */
  readonly copyBytes: number | null;
}

export interface IndexedFile {
  readonly path: string;
  readonly scan: RecordingScan;
  /** Null where no time can be found without reading everything before it. */
  readonly plain: PlainPlace | null;
  /** Null where the file could not be identified: nothing made of it is kept. */
  readonly identity: FileIdentity | null;
}

const MARK_BYTES = 256 * 1024;
const PURPOSE = "index 1";
/** A packed file becomes about so many times larger. */
const UNPACKED_TIMES = 8;

class MarkMaker {
  readonly offsets: number[] = [];
  readonly newest: bigint[] = [];
  #at = 0;

  /** Everything before `offset` has been seen, `newest` the latest of it. */
  note(offset: number, newest: bigint): void {
    if (offset - this.#at < MARK_BYTES) return;
    this.#at = offset;
    this.offsets.push(offset);
    this.newest.push(newest);
  }
}

/** Writes the copy of a packed file beside the reading of it; what goes wrong leaves none. */
class CopyMaker {
  #writer: PieceWriter | null;

  constructor(writer: PieceWriter | null) {
    this.#writer = writer;
  }

  get bytes(): number {
    return this.#writer?.bytes ?? 0;
  }

  async take({ bytes }: RecordBatch): Promise<void> {
    try {
      await this.#writer?.append(bytes);
    } catch {
      await this.drop();
    }
  }

  /** Its length; null when there is none. */
  async finish(): Promise<number | null> {
    const bytes = this.#writer?.bytes ?? null;
    try {
      const kept = await this.#writer?.finish(true);
      await kept?.close();
      return bytes;
    } catch {
      await this.drop();
      return null;
    }
  }

  async drop(): Promise<void> {
    await this.#writer?.abandon();
    this.#writer = null;
  }
}

async function identityOf(path: string): Promise<FileIdentity | null> {
  try {
    return await identify(path);
  } catch {
    return null; // opening it will say why
  }
}

interface Kept {
  readonly scan: RecordingScan;
  readonly plain: PlainPlace | null;
}

async function keptIndex(cache: ReplayCache, identity: FileIdentity): Promise<Kept | null> {
  const key = cache.keyOf([identity.path], PURPOSE);
  const kept = (await cache.note(key, [identity])) as Kept | null; // its sum says that it was written here
  if (kept === null) return null;
  const copyBytes = kept.plain?.copyBytes ?? null;
  return copyBytes === null || (await cache.hasPiece(key, "plain", copyBytes)) ? kept : null;
}

/**
 * Learns what is in a file, from the cache or by reading all of it.
 * @throws NqError when it cannot be opened or even its head cannot be read
 */
export async function indexFile(path: string, cache: ReplayCache | null, onProgress: (records: number) => void): Promise<IndexedFile> {
  const identity = await identityOf(path);
  const kept = cache === null || identity === null ? null : await keptIndex(cache, identity);
  if (kept !== null) return { path, identity, ...kept };
  const reader = await openRecordReader(path);
  try {
    const found = await readThrough(reader, cache, identity, onProgress);
    // What is damaged, or was still growing, is looked at anew the next time.
    const isDone = identity !== null && found.scan.damage === null && JSON.stringify(await identityOf(path)) === JSON.stringify(identity);
    if (cache !== null && isDone) await cache.writeNote(cache.keyOf([identity.path], PURPOSE), [identity], found).catch(() => {});
    return { path, identity: isDone ? identity : null, ...found };
  } finally {
    await reader.close();
  }
}

async function readThrough(reader: RecordReader, cache: ReplayCache | null, identity: FileIdentity | null, onProgress: (records: number) => void): Promise<Kept> {
  const isPacked = reader.format === "dbn.zst";
  const key = cache === null || identity === null ? "" : cache.keyOf([identity.path], PURPOSE);
  const writer = isPacked && cache !== null && identity !== null ? await cache.write(key, "plain", reader.fileBytes * UNPACKED_TIMES) : null;
  const copy = new CopyMaker(writer);
  const marks = new MarkMaker();
  const scan = await scanRecording(reader, {
    onProgress,
    async onBatch(batch, newest) {
      await copy.take(batch);
      marks.note(isPacked ? copy.bytes : reader.position, newest);
    },
  });
  const { version, tsOut } = scan.metadata;
  const damage = scan.damage?.of(reader.path) ?? null;
  if (!isPacked) return { scan: { ...scan, damage }, plain: { path: reader.path, version, tsOut, marks, copyBytes: null } };
  if (damage !== null) await copy.drop();
  const copyBytes = await copy.finish();
  if (copyBytes === null || cache === null) return { scan: { ...scan, damage }, plain: null };
  return { scan: { ...scan, damage }, plain: { path: cache.pathOf(key, "plain"), version: 3, tsOut: false, marks, copyBytes } };
}

/** A reader of the records from a time on, and of some before it; null: of all. @throws as `openRecordReader` */
export async function openIndexed({ path, plain }: IndexedFile, from: bigint | null): Promise<RecordReader> {
  if (from === null || plain === null) return openRecordReader(path);
  const offset = offsetFor(plain.marks, from);
  if (offset === 0 && plain.copyBytes === null) return openRecordReader(path);
  return openRecordReader(plain.path, { at: { offset, version: plain.version, tsOut: plain.tsOut } });
}

/**
 * A growing file of quotes, from a look at some of its records: reading all of a busy day would take seconds. It counts as
 * having the trades that are in quotes too, so that they are not taken from there as well. Null: it must be read through.
 */
export async function indexQuotes(path: string): Promise<IndexedFile | null> {
  const sampled = await sampleFile(path).catch(() => null);
  if (sampled === null || sampled.rtype !== RTYPE.mbp1) return null;
  const { metadata, records, instrumentIds, marks } = sampled;
  const counts = new Map([...instrumentIds].map((id) => [id, { records: Math.ceil(records / instrumentIds.size), trades: 1 }]));
  const firstAt = fromNanos(sampled.firstAt);
  const scan: RecordingScan = {
    metadata, records, counts, names: new Map(), schemas: new Set(["mbp-1"]), damage: null,
    firstAt, lastAt: fromNanos(sampled.lastAt), firstLiveAt: firstAt, firstTradeAt: null,
  };
  return { path, scan, identity: null, plain: { path, version: metadata.version, tsOut: false, marks, copyBytes: null } };
}
