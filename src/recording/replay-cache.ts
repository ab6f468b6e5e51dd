/**
 * What was learnt by reading recordings through, kept for the next time: notes, unpacked copies, extracts. All of it can
 * be made anew from the recordings, so nothing is believed that does not fit: a piece counts only with a note whose sum
 * is right and which names exactly the files it was made of, as they are now. The recordings themselves are never touched.
 */
import { createHash, randomUUID } from "node:crypto";
import { open, readdir, readFile, realpath, rename, stat, statfs, unlink, mkdir, type FileHandle } from "node:fs/promises";
import { sumOf } from "./checkpoint.ts";
import { realDisk, tookSome } from "./disk.ts";

/** Which file, and in which state. */
export interface FileIdentity {
  readonly path: string;
  readonly bytes: number;
  readonly inode: number;
  readonly changedMs: number;
  /** CRC-32 of its first and of its last bytes. */
  readonly headSum: number;
  readonly tailSum: number;
}

/** Where the records of a long file are: those before `offsets[n]` have index times of at most `newest[n]`, which never falls. */
export interface TimeMarks {
  readonly offsets: readonly number[];
  /** Nanoseconds since 1970. */
  readonly newest: readonly bigint[];
}

const EDGE_BYTES = 64 * 1024;
const NOTE_BYTES_MAX = 64 * 1024 * 1024;
const BYTES_MAX = 8 * 1024 ** 3;
/** Of the disk's free space, what is left to everybody else. */
const SPARE_BYTES = 512 * 1024 * 1024;
const FILE = /^[0-9a-f]{32}\.(note|plain|tape)(\.[0-9a-f-]{36})?$/;

export type PieceKind = "plain" | "tape";

/** Offset from which all records with index times from `from` on are found. */
export function offsetFor(marks: TimeMarks, from: bigint): number {
  let low = 0;
  let high = marks.offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks.newest[middle] ?? 0n) < from) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (marks.offsets[low - 1] ?? 0);
}

async function sumAt(handle: FileHandle, from: number, bytes: number): Promise<number> {
  const piece = new Uint8Array(bytes);
  const { bytesRead } = await handle.read(piece, 0, bytes, from);
  return sumOf(piece.subarray(0, bytesRead));
}

/** @throws what the file system throws */
export async function identify(path: string): Promise<FileIdentity> {
  const real = await realpath(path);
  const handle = await open(real, "r");
  try {
    const { size, ino, mtimeMs } = await handle.stat();
    const edge = Math.min(EDGE_BYTES, size);
    return { path: real, bytes: size, inode: ino, changedMs: mtimeMs, headSum: await sumAt(handle, 0, edge), tailSum: await sumAt(handle, size - edge, edge) };
  } finally {
    await handle.close();
  }
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? { $: String(inner) } : inner instanceof Map ? { $map: [...inner] } : inner instanceof Set ? { $set: [...inner] } : inner);
}

function fromJson(text: string): unknown {
  return JSON.parse(text, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    if ("$" in inner) return BigInt(String(inner.$));
    if ("$map" in inner) return new Map(inner.$map as [unknown, unknown][]);
    return "$set" in inner ? new Set(inner.$set as unknown[]) : inner;
  });
}

/** A piece that is open: whatever happens to its name, its bytes stay. */
export class KeptFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Fills `into` from `position` on as far as there is something; how many bytes that was. */
  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, position)).bytesRead;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** One piece while it is written. */
export interface PieceWriter {
  /** Bytes so far. */
  readonly bytes: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Ends the writing; with `isKept` it gets its name, else it is there only until the returned file is closed. */
  finish(isKept: boolean): Promise<KeptFile>;
  abandon(): Promise<void>;
}

/** Bytes gathered before they are written, so that small pieces cost no call each. */
const GATHERED_BYTES = 1024 * 1024;

class Piece implements PieceWriter {
  bytes = 0;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #unfinished: string;
  readonly #gathered = new Uint8Array(GATHERED_BYTES);
  #used = 0;
  #written = 0;

  constructor(handle: FileHandle, path: string, unfinished: string) {
    this.#handle = handle;
    this.#path = path;
    this.#unfinished = unfinished;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.bytes += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const take = Math.min(bytes.length - at, GATHERED_BYTES - this.#used);
      this.#gathered.set(bytes.subarray(at, at + take), this.#used);
      this.#used += take;
      at += take;
      if (this.#used === GATHERED_BYTES) await this.#write();
    }
  }

  async finish(isKept: boolean): Promise<KeptFile> {
    await this.#write();
    if (isKept) await rename(this.#unfinished, this.#path);
    else await unlink(this.#unfinished);
    return new KeptFile(this.#handle);
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await unlink(this.#unfinished).catch(() => {});
  }

  async #write(): Promise<void> {
    for (let at = 0; at < this.#used; ) {
      const { bytesWritten } = await this.#handle.write(this.#gathered, at, this.#used - at, this.#written);
      at += tookSome(bytesWritten);
      this.#written += bytesWritten;
    }
    this.#used = 0;
  }
}

export class ReplayCache {
  readonly #folder: string;
  readonly #bytesMax: number;

  /** `folder` need not exist; `bytesMax`: beyond it the pieces not used for longest go. */
  constructor(folder: string, bytesMax = BYTES_MAX) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
  }

  /** The name of what is made of these files for this purpose. */
  keyOf(paths: readonly string[], purpose: string): string {
    return createHash("sha256").update(JSON.stringify([purpose, ...paths])).digest("hex").slice(0, 32);
  }

  pathOf(key: string, kind: PieceKind): string {
    return `${this.#folder}/${key}.${kind}`;
  }

  /** What was noted; null when nothing was, it is damaged, or the files are not as they were. */
  async note(key: string, files: readonly FileIdentity[]): Promise<unknown> {
    const path = `${this.#folder}/${key}.note`;
    try {
      if ((await stat(path)).size > NOTE_BYTES_MAX) return null;
      const text = await readFile(path, "utf8");
      const body = text.slice(9);
      if (Number.parseInt(text.slice(0, 8), 16) !== sumOf(Buffer.from(body))) return null;
      const [of, value] = fromJson(body) as [unknown, unknown];
      if (JSON.stringify(of) !== JSON.stringify(files)) return null;
      return value;
    } catch {
      return null;
    }
  }

  /** @throws what the file system throws */
  async writeNote(key: string, files: readonly FileIdentity[], value: unknown): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const body = Buffer.from(toJson([files, value]));
    const unfinished = `${this.#folder}/${key}.note.${randomUUID()}`;
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await handle.writeFile(`${sumOf(body).toString(16).padStart(8, "0")} ${body.toString()}`);
    } finally {
      await handle.close();
    }
    await rename(unfinished, `${this.#folder}/${key}.note`);
  }

  /** Whether a piece is there and exactly so long. */
  async hasPiece(key: string, kind: PieceKind, bytes: number): Promise<boolean> {
    const facts = await realDisk.facts(this.pathOf(key, kind)).catch(() => null);
    return facts !== null && facts.kind === "file" && facts.bytes === bytes;
  }

  /** Null when it cannot be opened. */
  async open(key: string, kind: PieceKind): Promise<KeptFile | null> {
    try {
      return new KeptFile(await open(this.pathOf(key, kind), "r"));
    } catch {
      return null;
    }
  }

  /** Null when there is no room for so much, or the folder cannot be used. */
  async write(key: string, kind: PieceKind, bytesExpected: number): Promise<PieceWriter | null> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      if (bytesExpected > this.#bytesMax) return null;
      await this.#makeRoom(bytesExpected);
      const { bavail, bsize } = await statfs(this.#folder);
      if (bavail * bsize < bytesExpected + SPARE_BYTES) return null;
      const path = this.pathOf(key, kind);
      const unfinished = `${path}.${randomUUID()}`;
      return new Piece(await open(unfinished, "wx+", 0o600), path, unfinished);
    } catch {
      return null;
    }
  }

  /** Removes what was used least lately until `bytes` more may come. */
  async #makeRoom(bytes: number): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => FILE.test(name));
    const files = await Promise.all(names.map(async (name) => ({ name, facts: await stat(`${this.#folder}/${name}`) })));
    let total = files.reduce((sum, { facts }) => sum + facts.size, 0);
    files.sort((a, b) => a.facts.atimeMs - b.facts.atimeMs);
    for (const { name, facts } of files) {
      if (total + bytes <= this.#bytesMax) return;
      await unlink(`${this.#folder}/${name}`);
      total -= facts.size;
    }
  }
}
