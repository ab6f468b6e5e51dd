/**
 * A small file replaced as a whole: written beside its place, forced to the device, then named; never seen half written, and
 * once that is done never the old one again.
 */
import type { Disk } from "./disk.ts";

/** Puts `bytes` at `path`. @throws what the disk throws; what stood there before is then still there */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const file = await disk.open(`${path}.tmp`, "write");
  try {
    await file.truncate(0);
    for (let at = 0; at < bytes.length; ) {
      const wrote = await file.write(bytes.subarray(at), at);
      if (wrote === 0) throw Object.assign(new Error("no byte was written"), { code: "ENOSPC" });
      at += wrote;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(`${path}.tmp`, path);
  await disk.syncDirectory(path.slice(0, path.lastIndexOf("/")));
}
