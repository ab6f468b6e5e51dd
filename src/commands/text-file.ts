/** Small text files that people write: read whole, and never longer than such a file can be meant to be. */
import { open, stat, type FileHandle } from "node:fs/promises";

const PART_BYTES = 65_536;

/** True when an error says that there is no such file. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

/** All of it; of a pipe too, which has no size. */
async function readAll(file: FileHandle, max: number): Promise<string> {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PART_BYTES), 0, PART_BYTES);
    if (bytesRead === 0) return Buffer.concat(parts).toString("utf8").replace(/^\uFEFF/, "");
    total += bytesRead;
    if (total > max) throw new Error(`expected at most ${max / 1_048_576} MiB`);
    parts.push(buffer.subarray(0, bytesRead));
  }
}

/**
 * The text of a file without its byte order mark; null when there is no such file and it `mayBeMissing`.
 * @throws Error that says why it cannot be read, or that it is longer than `max` bytes
 */
export async function readTextFile(path: string, max: number, mayBeMissing: boolean): Promise<string | null> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    if (mayBeMissing && isMissing(error)) return null;
    throw error;
  }
  try {
    return await readAll(file, max);
  } finally {
    await file.close();
  }
}

/** What a file looks like from outside, other whenever it was written; null when it is not there. */
export async function lookOf(path: string): Promise<string | null> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return null;
  }
}
