/** Writes the samples as DBN files, plain and compressed, with a list of what a reader must find in them. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createZstdPacker } from "../../src/dbn/zstd.ts";
import { expectedMetadata, samplesOf } from "./samples.ts";

/** One frame, flushed in the middle of a record as a recorder may do. */
async function packed(bytes: Uint8Array): Promise<Uint8Array> {
  const packer = createZstdPacker();
  const half = Math.floor(bytes.length / 2) + 3;
  const first = await packer.push(bytes.subarray(0, half));
  const parts = [first, await packer.push(bytes.subarray(half)), await packer.end()];
  packer.close();
  return new Uint8Array(Buffer.concat(parts));
}

/** Fills `folder` and returns the path of the list. */
export async function writeSamples(folder: string): Promise<string> {
  const list = [];
  for (const version of [1, 2, 3] as const) {
    for (const sample of samplesOf(version)) {
      const plain = join(folder, `${sample.name}.dbn`);
      const compressed = join(folder, `${sample.name}.dbn.zst`);
      await writeFile(plain, sample.bytes);
      await writeFile(compressed, await packed(sample.bytes));
      const { name, kind, expected: records } = sample;
      list.push({ name, version, kind, plain, compressed, metadata: expectedMetadata(sample), records });
    }
  }
  const path = join(folder, "samples.json");
  await writeFile(path, JSON.stringify(list));
  return path;
}
