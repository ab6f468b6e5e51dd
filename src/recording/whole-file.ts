/**
 * A small file replaced as a whole: written beside its place, forced to the device, then named; never seen half written, and
 * once that is done never the old one again.
 */
import { writeAll, type Disk } from "./disk.ts";

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
