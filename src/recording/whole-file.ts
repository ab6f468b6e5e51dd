/**
 * A small file read, or replaced, as a whole: written beside its place, forced to the device, then named; never seen half written, and
 * once that is done never the old one again.
 */
import { writeAll, type Disk } from "./disk.ts";

/** What stands at `path`, as JSON; undefined when that is no file, larger than `max` bytes, or no JSON. @throws what the disk throws on opening it */
export async function readJson(disk: Disk, path: string, max: number): Promise<unknown> {
  const facts = await disk.facts(path);
  if (facts === null || facts.kind !== "file" || facts.bytes > max) return undefined;
  const file = await disk.open(path, "read");
  try {
    const bytes = new Uint8Array(facts.bytes);
    await file.read(bytes, 0);
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Puts `bytes` at `path`. @throws what the disk throws; what stood there before is then still there */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(`${path}.tmp`, "write");
  try {
    await file.truncate(0);
    await writeAll(file, bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(`${path}.tmp`, path);
  await disk.syncDirectory(path.slice(0, path.lastIndexOf("/")));
}
