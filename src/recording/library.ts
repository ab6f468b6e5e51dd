/** The recordings in a folder: by dataset and trade date, from names, notes and file ends; nothing is read through. */
import { NqError } from "../lib/errors.ts";
import type { Disk } from "./disk.ts";
import { readBack } from "./seal.ts";
import { lookUpFacts, type SegmentFacts } from "./segment-facts.ts";
import { readInfo, type SegmentInfo } from "./segment-info.ts";
import { parseSegmentFile, segmentFile, type SegmentName, type SegmentState } from "./segment-names.ts";

export interface RecordedFile {
  readonly name: SegmentName;
  readonly path: string;
  readonly state: Exclude<SegmentState, "packing">;
  readonly bytes: number;
  /** Null: the file must be read through to know. */
  readonly facts: SegmentFacts | null;
  /** Why its head cannot be read; empty when it can. */
  readonly damage: string;
}

/** What was recorded of one trade date. */
export interface RecordedDay {
  readonly dataset: string;
  readonly tradeDate: string;
  readonly files: readonly RecordedFile[];
}

/** What reading a file through has shown. */
export interface Verification {
  readonly file: RecordedFile;
  readonly facts: SegmentFacts | null;
  /** Empty when it is whole and as it was written. */
  readonly damage: string;
}

async function growingFacts(disk: Disk, path: string, bytes: number): Promise<SegmentFacts> {
  const file = await disk.open(path, "read");
  try {
    return await lookUpFacts(file, bytes);
  } finally {
    await file.close();
  }
}

async function lookAt(disk: Disk, directory: string, name: SegmentName, state: RecordedFile["state"]): Promise<RecordedFile> {
  const path = `${directory}/${segmentFile(name, state)}`;
  const bytes = (await disk.facts(path))?.bytes ?? 0;
  try {
    const facts = state === "finished" ? await readInfo(disk, directory, name) : await growingFacts(disk, path, bytes);
    return { name, path, state, bytes, facts, damage: "" };
  } catch (error) {
    return { name, path, state, bytes, facts: null, damage: error instanceof NqError ? error.message : String(error) };
  }
}

/** Oldest first. An absent folder holds nothing. */
export async function listRecordings(disk: Disk, directory: string): Promise<readonly RecordedDay[]> {
  if ((await disk.facts(directory)) === null) return [];
  const days = new Map<string, RecordedFile[]>();
  for (const file of await disk.list(directory)) {
    const parsed = parseSegmentFile(file);
    if (parsed === null || parsed.state === "packing") continue;
    const { state, ...name } = parsed;
    const key = `${name.tradeDate} ${name.dataset}`;
    const files = days.get(key) ?? [];
    days.set(key, files);
    files.push(await lookAt(disk, directory, name, state));
  }
  return [...days.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, files]) => {
      const [tradeDate = "", dataset = ""] = key.split(" ");
      return { dataset, tradeDate, files };
    });
}

async function readThrough(disk: Disk, file: RecordedFile): Promise<SegmentFacts> {
  const handle = await disk.open(file.path, "read");
  try {
    if (file.state === "growing") return await lookUpFacts(handle, file.bytes);
    const { sha256, facts } = await readBack(handle, file.bytes);
    const info: SegmentInfo | null = await readInfo(disk, file.path.slice(0, file.path.lastIndexOf("/")), file.name);
    if (info !== null && info.sha256 !== sha256) {
      throw new NqError("FILE_CONTENT", "the contents are not those that were recorded: the checksum differs");
    }
    return facts;
  } finally {
    await handle.close();
  }
}

/** Reads one file through and compares it with its note. */
export async function verifyRecording(disk: Disk, file: RecordedFile): Promise<Verification> {
  try {
    return { file, facts: await readThrough(disk, file), damage: "" };
  } catch (error) {
    return { file, facts: null, damage: error instanceof Error ? error.message : String(error) };
  }
}
