/** A folder of recordings taken up by a writer: leftovers of an earlier run are finished, growing files are mended. */
import { NqError } from "../lib/errors.ts";
import type { Disk } from "./disk.ts";
import { recoverSegment, type Recovery } from "./recover.ts";
import { sealSegment } from "./seal.ts";
import { checkpointFile, parseSegmentFile, segmentFile, type SegmentName } from "./segment-names.ts";

/** A growing file that may be written on. */
export interface Growing {
  readonly name: SegmentName;
  readonly recovery: Recovery;
}

export interface Shelf {
  readonly growing: readonly Growing[];
  /** For each `schema tradeDate` the highest part there is. */
  readonly highest: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
}

export function dayKey({ schema, tradeDate }: Pick<SegmentName, "schema" | "tradeDate">): string {
  return `${schema} ${tradeDate}`;
}

async function mend(disk: Disk, directory: string, name: SegmentName, bootId: string, notes: string[]): Promise<Growing | null> {
  const file = segmentFile(name, "growing");
  const path = `${directory}/${file}`;
  try {
    const recovery = await recoverSegment(disk, path, `${directory}/${checkpointFile(name)}`, bootId);
    // At once, so that nobody who reads it meanwhile takes what is not kept.
    if (recovery.cutBytes > 0) await cutTo(disk, path, recovery.offset);
    if (recovery.cutBytes > 0) notes.push(`${file}: cut ${recovery.cutBytes} bytes off the end (${recovery.reason}), ${recovery.records} records kept`);
    return { name, recovery };
  } catch (error) {
    if (!(error instanceof NqError)) throw error;
    // Not even the metadata is whole: there is no record in it. It is set aside, never thrown away.
    await disk.rename(path, `${path}.unreadable`);
    notes.push(`${file}: ${error.message}; set aside as ${file}.unreadable`);
    return null;
  }
}

/** Looks through the folder. `isOver`: nothing more is written for that trade date, so its files are packed. */
export async function takeUpShelf(
  disk: Disk,
  directory: string,
  bootId: string,
  isOver: (tradeDate: string) => boolean,
): Promise<Shelf> {
  const files = await disk.list(directory);
  const names = files.map(parseSegmentFile).filter((name) => name !== null);
  const highest = new Map<string, number>();
  const notes: string[] = [];
  const growing: Growing[] = [];
  for (const name of names) highest.set(dayKey(name), Math.max(name.part, highest.get(dayKey(name)) ?? -1));
  for (const name of names) {
    if (name.state === "packing") await disk.remove(`${directory}/${segmentFile(name, "packing")}`); // the grown file is still there
    if (name.state !== "growing") continue;
    if (names.some((other) => other.state === "finished" && other.part === name.part && dayKey(other) === dayKey(name))) {
      await disk.remove(`${directory}/${segmentFile(name, "growing")}`); // its packed form was verified before it got its name
      continue;
    }
    const mended = await mend(disk, directory, name, bootId, notes);
    if (mended === null) continue;
    growing.push(mended);
    if (!isOver(name.tradeDate)) continue;
    await sealSegment(disk, directory, name);
    growing.pop();
  }
  return { growing, highest, notes };
}

async function cutTo(disk: Disk, path: string, offset: number): Promise<void> {
  const file = await disk.open(path, "write");
  try {
    await file.truncate(offset);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Only the last of a stream's files is written on; those before it were being left when the program ended. */
export function lastOfEach(growing: readonly Growing[]): { readonly last: readonly Growing[]; readonly before: readonly Growing[] } {
  const isLast = ({ name }: Growing): boolean =>
    !growing.some((other) => other.name.part > name.part && other.name.dataset === name.dataset && dayKey(other.name) === dayKey(name));
  return { last: growing.filter(isLast), before: growing.filter((one) => !isLast(one)) };
}
