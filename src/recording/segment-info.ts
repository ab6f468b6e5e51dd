/** The note beside a finished file: what it holds and its checksum, written before the file gets its name. */
import type { Disk } from "./disk.ts";
import { safeNames, type SegmentFacts } from "./segment-facts.ts";
import { infoFile, type SegmentName } from "./segment-names.ts";
import { readJson, replaceFile } from "./whole-file.ts";

export interface SegmentInfo extends SegmentFacts {
  /** Of the unpacked bytes. */
  readonly sha256: string;
  readonly plainBytes: number;
  readonly packedBytes: number;
}

const BYTES_MAX = 64 * 1024;

/** Replaces the note as a whole: it is never seen half written. */
export async function writeInfo(disk: Disk, directory: string, name: SegmentName, info: SegmentInfo): Promise<void> {
  const path = `${directory}/${infoFile(name)}`;
  const bytes = new TextEncoder().encode(`${JSON.stringify({ ...info, firstAt: String(info.firstAt), lastAt: String(info.lastAt) })}\n`);
  await replaceFile(disk, path, bytes);
}

function toBigint(value: unknown): bigint | null {
  return typeof value === "string" && /^\d{1,20}$/.test(value) ? BigInt(value) : null;
}

/** Null when there is none, or it is damaged: then the file itself must be read. */
export async function readInfo(disk: Disk, directory: string, name: SegmentName): Promise<SegmentInfo | null> {
  const found = await readJson(disk, `${directory}/${infoFile(name)}`, BYTES_MAX);
  if (typeof found !== "object" || found === null) return null;
  const { records, contracts, sha256, plainBytes, packedBytes, firstAt, lastAt } = found as Record<string, unknown>;
  if (typeof records !== "number" || typeof sha256 !== "string" || typeof plainBytes !== "number" || typeof packedBytes !== "number") return null;
  const names = Array.isArray(contracts) ? safeNames(contracts.filter((one) => typeof one === "string")) : [];
  return { records, contracts: names, sha256, plainBytes, packedBytes, firstAt: toBigint(firstAt), lastAt: toBigint(lastAt) };
}
