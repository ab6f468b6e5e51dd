/** A growing file up to where it can be trusted: what lies behind that is cut off when a recorder takes the file up. */
import type { Disk } from "./disk.ts";
import type { ReadableFile } from "./record-reader.ts";
import { recoverSegment } from "./recover.ts";
import { lookUpFacts, type SegmentFacts } from "./segment-facts.ts";
import { checkpointFile, segmentFile, type SegmentName } from "./segment-names.ts";

export interface TrustedPart {
  /** Bytes from the start that can be trusted. */
  readonly bytes: number;
  /** What they hold. */
  readonly facts: SegmentFacts;
}

/** @throws NqError when not even the metadata is whole, or what the disk throws */
export async function trustedPart(disk: Disk, directory: string, name: SegmentName): Promise<TrustedPart> {
  const path = `${directory}/${segmentFile(name, "growing")}`;
  const { offset } = await recoverSegment(disk, path, `${directory}/${checkpointFile(name)}`, await disk.bootId());
  const file = await disk.open(path, "read");
  try {
    return { bytes: offset, facts: await lookUpFacts(file, offset) };
  } finally {
    await file.close();
  }
}

/** Opens the first `bytesMax` bytes of a file, or all of it. */
export async function openUpTo(disk: Disk, path: string, bytesMax = Number.POSITIVE_INFINITY): Promise<ReadableFile> {
  const fileBytes = Math.min(bytesMax, (await disk.facts(path))?.bytes ?? 0);
  const file = await disk.open(path, "read");
  return {
    fileBytes,
    read: (into, position) => file.read(into.subarray(0, Math.max(0, fileBytes - position)), position),
    close: () => file.close(),
  };
}
