/**
 * Takes up a growing file after the program ended in any way: keeps every whole record that can be trusted, cuts off
 * the rest. After an end of the program alone the system still had all that was written: everything whole stays. After
 * a new start of the machine only checkpointed bytes count, because pages that were not forced out can come back as
 * zeros in any pattern; what is cut then comes back by the gateway's replay.
 */
import { DBN_VERSION_MAX, HEADER_BYTES } from "../dbn/constants.ts";
import { minimumLengths } from "../dbn/layouts.ts";
import { PRELUDE_BYTES, readPrelude } from "../dbn/metadata.ts";
import { NqError } from "../lib/errors.ts";
import { parseCheckpoints, sumOf, type Checkpoint } from "./checkpoint.ts";
import type { Disk, DiskFile } from "./disk.ts";
import type { SegmentStart } from "./segment.ts";

/** What was found and kept. */
export interface Recovery extends SegmentStart {
  /** Bytes cut off the end. */
  readonly cutBytes: number;
  readonly reason: "whole" | "torn record" | "not on the device" | "damaged";
}

const CHUNK_BYTES = 256 * 1024;
const LENGTHS = minimumLengths(DBN_VERSION_MAX);

async function readAt(file: DiskFile, into: Uint8Array, position: number): Promise<number> {
  let have = 0;
  while (have < into.length) {
    const got = await file.read(into.subarray(have), position + have);
    if (got === 0) break;
    have += got;
  }
  return have;
}

async function headBytes(file: DiskFile, fileBytes: number): Promise<number> {
  const prelude = new Uint8Array(PRELUDE_BYTES);
  if ((await readAt(file, prelude, 0)) < PRELUDE_BYTES) throw new NqError("FILE_TRUNCATED", "the file ends inside its metadata");
  const bytes = PRELUDE_BYTES + readPrelude(prelude).lengthBytes;
  if (bytes > fileBytes) throw new NqError("FILE_TRUNCATED", "the file ends inside its metadata");
  return bytes;
}

/** Sums `[from, to)` piece by piece. */
async function sumBetween(file: DiskFile, from: number, to: number): Promise<number> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  let sum = 0;
  for (let at = from; at < to; ) {
    const got = await readAt(file, chunk.subarray(0, Math.min(chunk.length, to - at)), at);
    if (got === 0) break;
    sum = sumOf(chunk.subarray(0, got), sum);
    at += got;
  }
  return sum;
}

/** The last checkpoint up to which every sum is right, and how many lines that is. */
async function lastGood(file: DiskFile, fileBytes: number, checkpoints: readonly Checkpoint[]): Promise<number> {
  let from = 0;
  for (const [index, { offset, sum }] of checkpoints.entries()) {
    if (offset > fileBytes || (await sumBetween(file, from, offset)) !== sum) return index;
    from = offset;
  }
  return checkpoints.length;
}

interface Walk {
  readonly offset: number;
  readonly records: number;
  /** The record after the last whole one is impossible, not only short. */
  readonly isDamaged: boolean;
}

/** Whole records from `from` on. */
async function walkRecords(file: DiskFile, from: number, fileBytes: number): Promise<Walk> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  let offset = from;
  let records = 0;
  while (offset < fileBytes) {
    const got = await readAt(file, chunk.subarray(0, Math.min(chunk.length, fileBytes - offset)), offset);
    let at = 0;
    while (at + 2 <= got) {
      const lengthBytes = (chunk[at] ?? 0) * 4;
      if (lengthBytes < Math.max(HEADER_BYTES, LENGTHS[chunk[at + 1] ?? 0] ?? HEADER_BYTES)) return { offset: offset + at, records, isDamaged: true };
      if (at + lengthBytes > got) break;
      at += lengthBytes;
      records += 1;
    }
    if (at === 0) break;
    offset += at;
  }
  return { offset, records, isDamaged: false };
}

/**
 * Looks at a growing file and its sidecar and says where writing goes on; the caller cuts there (`Segment` does).
 * @throws NqError when not even the metadata is whole: nothing can be kept
 */
export async function recoverSegment(disk: Disk, path: string, sidecarPath: string, bootId: string): Promise<Recovery> {
  const file = await disk.open(path, "read");
  try {
    const fileBytes = (await disk.facts(path))?.bytes ?? 0;
    const head = await headBytes(file, fileBytes);
    const text = await readText(disk, sidecarPath);
    const checkpoints = parseCheckpoints(text);
    const good = await lastGood(file, fileBytes, checkpoints);
    const last = checkpoints[good - 1];
    const isSameBoot = bootId !== "" && (last?.bootId ?? bootId) === bootId && good === checkpoints.length;
    const safe = Math.max(head, last?.offset ?? 0);
    const sidecarBytes = text.split("\n").slice(0, good).reduce((sum, line) => sum + line.length + 1, 0);
    const before = last?.records ?? 0;
    if (!isSameBoot) {
      const reason = fileBytes === safe ? "whole" : good < checkpoints.length ? "damaged" : "not on the device";
      const tailSum = last === undefined ? await sumBetween(file, 0, head) : null;
      return { offset: safe, records: before, sidecarBytes, tailSum, cutBytes: fileBytes - safe, reason };
    }
    const walk = await walkRecords(file, safe, fileBytes);
    const cutBytes = fileBytes - walk.offset;
    const reason = cutBytes === 0 ? "whole" : walk.isDamaged ? "damaged" : "torn record";
    const from = last?.offset ?? 0;
    const tailSum = walk.offset > from ? await sumBetween(file, from, walk.offset) : null;
    return { offset: walk.offset, records: before + walk.records, sidecarBytes, tailSum, cutBytes, reason };
  } finally {
    await file.close();
  }
}

async function readText(disk: Disk, path: string): Promise<string> {
  const facts = await disk.facts(path);
  if (facts === null || facts.kind !== "file") return "";
  const file = await disk.open(path, "read");
  try {
    const bytes = new Uint8Array(facts.bytes);
    const got = await readAt(file, bytes, 0);
    return new TextDecoder("latin1").decode(bytes.subarray(0, got));
  } finally {
    await file.close();
  }
}
