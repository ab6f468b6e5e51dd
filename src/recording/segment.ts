/**
 * One growing file of a recording: whole records appended, forced to the device, and checkpointed.
 * What is not yet known to be on the device stays in memory too, so a failed write or sync loses nothing: the file is
 * opened anew, cut back to the last checkpoint and written again from memory. A descriptor that failed to sync is never
 * trusted again, since the system may have dropped what it held.
 */
import { NqError } from "../lib/errors.ts";
import { checkpointLine, sumOf } from "./checkpoint.ts";
import { tookSome, writeAll, type Disk, type DiskFile } from "./disk.ts";
import { HeldBytes } from "./held-bytes.ts";
import { checkpointFile, segmentFile, type SegmentName } from "./segment-names.ts";

export interface SegmentOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly name: SegmentName;
  readonly bootId: string;
  /** Bytes that may wait in memory for the disk. */
  readonly heldMax: number;
}

/** Where a file stands when it is taken up again. */
export interface SegmentStart {
  readonly offset: number;
  readonly records: number;
  readonly sidecarBytes: number;
  /** CRC-32 of the bytes kept beyond the last checkpoint, which are checkpointed before anything is added; null if none. */
  readonly tailSum: number | null;
}

const encoder = new TextEncoder();

function diskError(error: unknown, path: string): NqError {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  const why =
    code === "ENOSPC" || code === "EDQUOT" ? "the disk is full"
    : code === "EACCES" || code === "EPERM" || code === "EROFS" ? "it may not be written"
    : code === "ELOOP" ? "a link stands in its place"
    : typeof code === "string" ? code
    : "the disk reports an error";
  return new NqError("RECORD_DISK", `${path} cannot be written: ${why}`, { cause: error });
}

export class Segment {
  readonly path: string;
  readonly name: SegmentName;
  readonly #options: SegmentOptions;
  readonly #sidecarPath: string;
  readonly #held: HeldBytes;
  #file: DiskFile | null = null;
  #sidecar: DiskFile | null = null;
  /** Bytes of the file on the device, the records in them, and the length of the sidecar that says so. */
  #safe: number;
  #safeRecords: number;
  #sidecarBytes: number;
  #heldRecords = 0;
  /** Of what is held: written to the file, but not known to be on the device. */
  #written = 0;
  #isNew: boolean;
  #isClosed = false;
  #tailSum: number | null;

  /** `start` null: a new file that begins with `head`, the encoded metadata. */
  constructor(options: SegmentOptions, start: SegmentStart | null, head: Uint8Array) {
    this.#options = options;
    this.name = options.name;
    this.path = `${options.directory}/${segmentFile(options.name, "growing")}`;
    this.#sidecarPath = `${options.directory}/${checkpointFile(options.name)}`;
    this.#held = new HeldBytes(options.heldMax);
    this.#safe = start?.offset ?? 0;
    this.#safeRecords = start?.records ?? 0;
    this.#sidecarBytes = start?.sidecarBytes ?? 0;
    this.#isNew = start === null;
    this.#tailSum = start?.tailSum ?? null;
    if (start === null) this.#held.append(head, 0, head.length);
  }

  /** Bytes of the file once everything held is written. */
  get lengthBytes(): number { return this.#safe + this.#held.length; }
  get records(): number { return this.#safeRecords + this.#heldRecords; }
  /** Bytes and records that a loss of power cannot take any more. */
  get safeBytes(): number { return this.#safe; }
  get safeRecords(): number { return this.#safeRecords; }
  get heldBytes(): number { return this.#held.length; }

  /** A copy of what is not known to be on the device. */
  heldCopy(): Uint8Array {
    const copy = new Uint8Array(this.#held.length);
    for (let at = 0; at < copy.length; ) {
      const piece = this.#held.piece(at, copy.length);
      copy.set(piece, at);
      at += piece.length;
    }
    return copy;
  }

  /** Takes a copy of one record; false when too much waits for the disk already, then nothing was taken. */
  append(bytes: Uint8Array, from: number, to: number): boolean {
    if (!this.#held.append(bytes, from, to)) return false;
    this.#heldRecords += 1;
    return true;
  }

  /** Writes what is held, and with `sync` forces it to the device. @throws NqError RECORD_DISK; call it again later */
  async flush(sync: boolean): Promise<void> {
    try {
      const file = await this.#open();
      const until = this.#held.length;
      const records = this.#heldRecords;
      while (this.#written < until) {
        const piece = this.#held.piece(this.#written, until);
        this.#written += tookSome(await file.write(piece, this.#safe + this.#written));
      }
      if (sync && until > 0) await this.#checkpoint(file, until, records);
    } catch (error) {
      await this.#abandon();
      throw error instanceof NqError ? error : diskError(error, this.path);
    }
  }

  /** Flushes, syncs and closes. @throws NqError RECORD_DISK */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.flush(true);
    this.#isClosed = true;
    await this.#file?.close();
    await this.#sidecar?.close();
    this.#file = null;
    this.#sidecar = null;
  }

  /** Closes without writing: the program stands down. */
  async abandon(): Promise<void> {
    await this.#abandon();
  }

  async #checkpoint(file: DiskFile, until: number, records: number): Promise<void> {
    await file.sync();
    let sum = 0;
    for (let at = 0; at < until; ) {
      const piece = this.#held.piece(at, until);
      sum = sumOf(piece, sum);
      at += piece.length;
    }
    await this.#note(this.#safe + until, this.#safeRecords + records, sum);
    this.#safe += until;
    this.#safeRecords += records;
    this.#heldRecords -= records;
    this.#written -= until;
    this.#held.drop(until);
  }

  /** Adds a line to the sidecar. */
  async #note(offset: number, records: number, sum: number): Promise<void> {
    const line = encoder.encode(checkpointLine({ offset, records, sum, bootId: this.#options.bootId }));
    const sidecar = this.#sidecar;
    if (sidecar === null) throw new Error("the sidecar is not open");
    await writeAll(sidecar, line, this.#sidecarBytes);
    // What is told to be safe is so only if the line that says it outlasts a loss of power too.
    await sidecar.sync();
    this.#sidecarBytes += line.length;
  }

  async #open(): Promise<DiskFile> {
    if (this.#file !== null) return this.#file;
    const { disk, directory } = this.#options;
    const file = await disk.open(this.path, "write");
    this.#file = file;
    this.#sidecar = await disk.open(this.#sidecarPath, "write");
    await file.truncate(this.#safe);
    await this.#sidecar.truncate(this.#sidecarBytes);
    this.#written = 0;
    if (this.#isNew) await disk.syncDirectory(directory);
    this.#isNew = false;
    if (this.#tailSum !== null) {
      await file.sync();
      await this.#note(this.#safe, this.#safeRecords, this.#tailSum);
      this.#tailSum = null;
    }
    return file;
  }

  async #abandon(): Promise<void> {
    for (const file of [this.#file, this.#sidecar]) {
      try {
        await file?.close();
      } catch {
        // what it held is in memory, and will be written again
      }
    }
    this.#file = null;
    this.#sidecar = null;
    this.#written = 0;
  }
}
