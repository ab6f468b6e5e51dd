/**
 * A grown file into its finished form: one zstd frame with checksum, written beside it, read back and compared, forced
 * to the device, and only then put in its place; the grown file goes last. Whatever stops this in between leaves at
 * least one whole file, and doing it again finishes it.
 */
import { createHash, type Hash } from "node:crypto";
import { constants, createZstdCompress } from "node:zlib";
import { createZstdExpander } from "../dbn/zstd.ts";
import { NqError } from "../lib/errors.ts";
import { writeAll, type Disk, type DiskFile } from "./disk.ts";
import { FactsCounter, type SegmentFacts } from "./segment-facts.ts";
import { writeInfo } from "./segment-info.ts";
import { checkpointFile, segmentFile, type SegmentName } from "./segment-names.ts";

export interface SealResult {
  readonly path: string;
  readonly plainBytes: number;
  readonly packedBytes: number;
}

const CHUNK_BYTES = 256 * 1024;
/** Level 3 gives a third less than nothing would tell by level 19 at a fiftieth of its time. */
const LEVEL = 3;

async function* chunksOf(file: DiskFile, bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes; ) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, bytes - at));
    const got = await file.read(chunk, at);
    if (got === 0) return;
    at += got;
    yield chunk.subarray(0, got);
  }
}

/** Packs `from` into `to`; gives the count of packed bytes, and puts what was read through `hash`. */
async function pack(from: DiskFile, plainBytes: number, to: DiskFile, hash: Hash): Promise<number> {
  const packer = createZstdCompress({
    pledgedSrcSize: plainBytes,
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const feed = (async () => {
    for await (const chunk of chunksOf(from, plainBytes)) {
      hash.update(chunk);
      if (!packer.write(chunk)) await new Promise((resolve) => packer.once("drain", resolve));
    }
    packer.end();
  })();
  feed.catch((error: unknown) => packer.destroy(error instanceof Error ? error : new Error(String(error))));
  let packedBytes = 0;
  for await (const piece of packer as AsyncIterable<Uint8Array>) {
    await writeAll(to, piece, packedBytes);
    packedBytes += piece.length;
  }
  await feed;
  return packedBytes;
}

/** Hash and contents of what a packed file expands to, by the walker and the decoder that every reader of ours uses. */
export async function readBack(file: DiskFile, packedBytes: number): Promise<{ readonly sha256: string; readonly facts: SegmentFacts }> {
  const hash = createHash("sha256");
  const counter = new FactsCounter();
  const expander = createZstdExpander();
  try {
    for await (const chunk of chunksOf(file, packedBytes)) {
      await expander.push(chunk, (bytes) => {
        hash.update(bytes);
        counter.push(bytes);
      });
    }
    await expander.end();
  } finally {
    expander.close();
  }
  return { sha256: hash.digest("hex"), facts: counter.end() };
}

/** Seals one grown file of `directory` that nobody writes any more. @throws what the disk throws, RECORD_DISK when the copy differs */
export async function sealSegment(disk: Disk, directory: string, name: SegmentName): Promise<SealResult> {
  const at = (state: "growing" | "packing" | "finished"): string => `${directory}/${segmentFile(name, state)}`;
  const finished = await disk.facts(at("finished"));
  // It has its name only once it was read back: an earlier try came that far.
  if (finished !== null) return clear(disk, directory, name, { path: at("finished"), plainBytes: 0, packedBytes: finished.bytes });
  const plainBytes = (await disk.facts(at("growing")))?.bytes ?? 0;
  const hash = createHash("sha256");
  let packedBytes = 0;
  const [from, to] = [await disk.open(at("growing"), "read"), await disk.open(at("packing"), "write")];
  try {
    await to.truncate(0);
    packedBytes = await pack(from, plainBytes, to, hash);
    await to.sync();
    const { sha256, facts } = await readBack(to, packedBytes);
    if (sha256 !== hash.digest("hex")) {
      throw new NqError("RECORD_DISK", `${at("packing")} does not read back as it was written; the unpacked file stays`);
    }
    await writeInfo(disk, directory, name, { ...facts, sha256, plainBytes, packedBytes });
  } finally {
    await from.close();
    await to.close();
  }
  await disk.rename(at("packing"), at("finished"));
  await disk.syncDirectory(directory);
  return clear(disk, directory, name, { path: at("finished"), plainBytes, packedBytes });
}

/** Removes what the finished file replaces. */
async function clear(disk: Disk, directory: string, name: SegmentName, result: SealResult): Promise<SealResult> {
  for (const file of [segmentFile(name, "growing"), checkpointFile(name)]) {
    if ((await disk.facts(`${directory}/${file}`)) !== null) await disk.remove(`${directory}/${file}`);
  }
  await disk.syncDirectory(directory);
  return result;
}
