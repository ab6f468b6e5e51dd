/**
 * A long file of records of one type, all of one length, as our recorder writes quotes: where each time is, from a look at
 * some of its records. What a look shows is checked; a file that is otherwise must be read through.
 */
import { open, type FileHandle } from "node:fs/promises";
import { HEADER_BYTES } from "../dbn/constants.ts";
import { decodeMetadata, PRELUDE_BYTES, readPrelude, type DbnMetadata } from "../dbn/metadata.ts";
import { RecordView } from "../dbn/record-view.ts";
import type { TimeMarks } from "./replay-cache.ts";

export interface SampledFile {
  readonly metadata: DbnMetadata;
  readonly rtype: number;
  /** Instruments that were seen in the looks. */
  readonly instrumentIds: ReadonlySet<number>;
  readonly records: number;
  /** Index times in nanoseconds since 1970. */
  readonly firstAt: bigint;
  readonly lastAt: bigint;
  readonly marks: TimeMarks;
}

const LOOKS_MAX = 2_048;
const RECORDS_BETWEEN_MIN = 4_096;
const UNDEF_HI = 0xffff_ffff;

async function fill(handle: FileHandle, bytes: Uint8Array, position: number): Promise<boolean> {
  return (await handle.read(bytes, 0, bytes.length, position)).bytesRead === bytes.length;
}

/** Null when it is no such file, or has no record yet. @throws what the file system throws */
export async function sampleFile(path: string): Promise<SampledFile | null> {
  const handle = await open(path, "r");
  try {
    const prelude = new Uint8Array(PRELUDE_BYTES);
    if (!(await fill(handle, prelude, 0))) return null;
    const { version, lengthBytes } = readPrelude(prelude);
    const block = new Uint8Array(lengthBytes);
    if (!(await fill(handle, block, PRELUDE_BYTES))) return null;
    const metadata = decodeMetadata(version, block);
    const head = PRELUDE_BYTES + lengthBytes;
    const start = new Uint8Array(HEADER_BYTES);
    if (metadata.tsOut || !(await fill(handle, start, head))) return null;
    const recordBytes = (start[0] ?? 0) * 4;
    if (recordBytes < HEADER_BYTES) return null;
    const records = Math.floor(((await handle.stat()).size - head) / recordBytes);
    return await look(handle, { metadata, head, recordBytes, rtype: start[1] ?? 0, records });
  } finally {
    await handle.close();
  }
}

interface Shape {
  readonly metadata: DbnMetadata;
  readonly head: number;
  readonly recordBytes: number;
  readonly rtype: number;
  readonly records: number;
}

async function look(handle: FileHandle, { metadata, head, recordBytes, rtype, records }: Shape): Promise<SampledFile | null> {
  const between = Math.max(RECORDS_BETWEEN_MIN, Math.ceil(records / LOOKS_MAX));
  const bytes = new Uint8Array(recordBytes);
  const view = new RecordView().point(bytes, 0);
  const offsets: number[] = [];
  const newest: bigint[] = [];
  const instrumentIds = new Set<number>();
  let firstAt: bigint | null = null;
  let lastAt = 0n;
  for (let index = 0; ; index = Math.min(index + between, records - 1)) {
    const isSame = records > 0 && (await fill(handle, bytes, head + index * recordBytes)) && view.lengthBytes === recordBytes && view.rtype === rtype;
    if (!isSame || view.indexHi === UNDEF_HI) return null;
    const at = view.index;
    if (at < lastAt) return null; // not in order of time: marks of some records say nothing of the others
    instrumentIds.add(view.instrumentId);
    firstAt ??= at;
    lastAt = at;
    offsets.push(head + (index + 1) * recordBytes);
    newest.push(at);
    if (index === records - 1) break;
  }
  return { metadata, rtype, instrumentIds, records, firstAt, lastAt, marks: { offsets, newest } };
}
