/** What a recording asks of a file system; the real one, and tests that let the n-th call fail. */
import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, readdir, readFile, rename, statfs, unlink, type FileHandle } from "node:fs/promises";

/** One open file. Positions are byte offsets; nothing here moves one by itself. */
export interface DiskFile {
  /** Writes some or all of the bytes and says how many: a full disk takes a part of them first. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  read(into: Uint8Array, position: number): Promise<number>;
  /** Data, and the length, are on the device when it resolves. */
  sync(): Promise<void>;
  truncate(lengthBytes: number): Promise<void>;
  close(): Promise<void>;
}

/** `create`: must not exist. `write`: made if absent. `read`: must exist. A link at the path is refused in every case. */
export type OpenHow = "create" | "write" | "read";

export interface FileFacts {
  readonly bytes: number;
  readonly kind: "file" | "directory" | "link" | "other";
}

export interface Disk {
  open(path: string, how: OpenHow): Promise<DiskFile>;
  /** Null when there is nothing. */
  facts(path: string): Promise<FileFacts | null>;
  list(directory: string): Promise<readonly string[]>;
  makeDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Names made, renamed and removed in the directory outlast a loss of power when it resolves. */
  syncDirectory(path: string): Promise<void>;
  freeBytes(directory: string): Promise<number>;
  /** The same text until the machine starts anew; empty where that cannot be told. */
  bootId(): Promise<string>;
}

/** Only the owner reads recordings: the data is licensed to one person. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
const FLAGS: Readonly<Record<OpenHow, number>> = {
  create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
  write: O_RDWR | O_CREAT | O_NOFOLLOW,
  read: O_RDONLY | O_NOFOLLOW,
};

function kindOf(stats: Stats): FileFacts["kind"] {
  if (stats.isSymbolicLink()) return "link";
  return stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
}

function wrap(handle: FileHandle): DiskFile {
  return {
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
    sync: () => handle.datasync(),
    truncate: (lengthBytes) => handle.truncate(lengthBytes),
    close: () => handle.close(),
  };
}

/** The file system of this machine. */
export const realDisk: Disk = {
  open: async (path, how) => wrap(await open(path, FLAGS[how], FILE_MODE)),
  async facts(path) {
    try {
      const stats = await lstat(path);
      return { bytes: stats.size, kind: kindOf(stats) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  },
  list: async (directory) => (await readdir(directory)).sort(),
  async makeDirectory(path) {
    await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
  },
  rename: (from, to) => rename(from, to),
  remove: (path) => unlink(path),
  async syncDirectory(path) {
    const handle = await open(path, O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async freeBytes(directory) {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  },
  async bootId() {
    try {
      return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    } catch {
      return ""; // another system: every start counts as a new boot, which only costs a little of the tail
    }
  },
};

/** Writes all of the bytes. @throws what the disk throws, ENOSPC when it takes none of them */
export async function writeAll(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += tookSome(await file.write(bytes.subarray(at), position + at));
}

/** How many bytes a write took. @throws ENOSPC when that was none: trying again would never end */
export function tookSome(bytes: number): number {
  if (bytes === 0) throw Object.assign(new Error("no byte was written"), { code: "ENOSPC" });
  return bytes;
}
