/** Compressed streams: many frames, every split, truncation at every byte, damage, bombs. */
import { constants, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createZstdExpander, createZstdPacker } from "../../src/dbn/zstd.ts";
import { NqError } from "../../src/lib/errors.ts";
import { concatBytes, liveHeaderBytes, tradeBytes } from "../helpers/dbn-bytes.ts";
import { expandAll } from "../helpers/decode-all.ts";

const content = concatBytes(liveHeaderBytes(3), ...Array.from({ length: 40 }, (_, i) => tradeBytes({ sequence: i })));
const checksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const skippable = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
const frames = concatBytes(
  zstdCompressSync(content.subarray(0, 700), checksum), skippable, zstdCompressSync(content.subarray(700, 701)),
  zstdCompressSync(new Uint8Array(0)), zstdCompressSync(content.subarray(701), checksum),
);

async function expandPieces(pieces: readonly Uint8Array[]): Promise<{ bytes: Uint8Array; error: unknown }> {
  const expander = createZstdExpander();
  const parts: Uint8Array[] = [];
  let error: unknown = null;
  try {
    for (const piece of pieces) await expander.push(piece, (bytes) => parts.push(bytes));
    await expander.end();
  } catch (caught) {
    error = caught;
  }
  expander.close();
  return { bytes: Buffer.concat(parts), error };
}

test("many frames and a skippable one expand whole, split at every byte", async () => {
  for (let cut = 0; cut <= frames.length; cut += 1) {
    const { bytes, error } = await expandPieces([frames.subarray(0, cut), frames.subarray(cut)]);
    expect(error).toBeNull();
    expect(Buffer.compare(bytes, content)).toBe(0);
  }
});

test("cut at every byte: an error unless between frames, and a prefix of the content", async () => {
  let boundaries = 0;
  for (let cut = 0; cut < frames.length; cut += 1) {
    const { bytes, error } = await expandPieces([frames.subarray(0, cut)]);
    if (error === null) boundaries += 1;
    else expect(error).toMatchObject({ code: "FILE_TRUNCATED" });
    expect(Buffer.compare(bytes, content.subarray(0, bytes.length))).toBe(0);
  }
  expect(boundaries).toBe(5); // empty input and the four inner frame borders
});

test("a changed byte is a typed error or leaves the content alone", async () => {
  await fc.assert(fc.asyncProperty(fc.nat(frames.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
    const bytes = frames.slice();
    bytes[at] = (bytes[at] ?? 0) ^ flip;
    const { error } = await expandPieces([bytes]);
    expect(error === null || error instanceof NqError).toBe(true);
  }), { numRuns: 300 });
});

test("garbage after the last frame is an error, not silence", async () => {
  const { bytes, error } = await expandPieces([concatBytes(frames, new Uint8Array(64))]);
  expect(error).toMatchObject({ code: "ZSTD_FRAME" });
  expect(Buffer.compare(bytes, content)).toBe(0);
});

test.each([
  ["2 GiB of window", [0x00, 0xa8], "found 2,048 MiB"],
  ["9 MiB of window", [0x00, 0x69], "found 9 MiB"],
  ["a single segment of 16 EiB", [0xe0, 255, 255, 255, 255, 255, 255, 255, 255], "found 17,592,186,044,416 MiB"],
])("%s is refused before anything is allocated, saying how to read it all the same", async (_, header, found) => {
  const { error } = await expandPieces([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, ...header, 1, 0, 0)]);
  expect(error).toMatchObject({ code: "ZSTD_WINDOW", advice: expect.stringContaining("zstd -d --long=31") });
  expect(String(error)).toContain("a window of at most 8 MiB");
  expect(String(error)).toContain(found);
});

test("a bomb is stopped while its memory stays small", async () => {
  // One frame of run-length blocks: 4 bytes each stand for 128 KiB; 1 GiB in all.
  const header = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58);
  const block = Uint8Array.of(0x02, 0x00, 0x10, 0x00); // RLE, 131,072 × 00
  const bomb = concatBytes(header, ...Array.from({ length: 8192 }, () => block));
  let given = 0;
  const expander = createZstdExpander();
  await expect(expander.push(bomb, (bytes) => { given += bytes.length; })).rejects.toMatchObject({ code: "ZSTD_BOMB" });
  expander.close();
  expect(given).toBeLessThan(200 * 1024 * 1024);
});

test("what is flushed can be read at once, frame unfinished", async () => {
  const packer = createZstdPacker();
  const expander = createZstdExpander();
  for (let i = 0; i < 5; i += 1) {
    const piece = tradeBytes({ sequence: i });
    const parts: Uint8Array[] = [];
    await expander.push(await packer.push(piece), (bytes) => parts.push(new Uint8Array(bytes)));
    expect(concatBytes(...parts)).toEqual(piece);
  }
  await expander.push(await packer.end(), () => {});
  await expander.end();
});

test("a large stream in 64 KiB pieces comes back byte for byte", async () => {
  const large = concatBytes(...Array.from({ length: 200 }, () => content));
  expect(Buffer.compare(await expandAll(zstdCompressSync(large, checksum)), large)).toBe(0);
});
