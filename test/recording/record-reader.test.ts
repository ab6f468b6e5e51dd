/** Files of every kind, good and bad: what is read, and which sentence the reader of an error gets. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { NqError } from "../../src/lib/errors.ts";
import { openRecordReader } from "../../src/recording/record-reader.ts";
import { concatBytes, liveHeaderBytes, tradeBytes } from "../helpers/dbn-bytes.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { scratchFolder } from "../helpers/scratch.ts";

const { folder, file } = scratchFolder();

async function readAll(path: string): Promise<{ records: number; bytes: Uint8Array; error: unknown }> {
  const parts: Uint8Array[] = [];
  let records = 0;
  try {
    const reader = await openRecordReader(path);
    try {
      for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
        records += batch.records;
        parts.push(new Uint8Array(batch.bytes));
      }
    } finally {
      await reader.close();
    }
  } catch (error) {
    return { records, bytes: concatBytes(...parts), error };
  }
  return { records, bytes: concatBytes(...parts), error: null };
}

const many = concatBytes(...Array.from({ length: 20_000 }, (_, i) => tradeBytes({ sequence: i })));

test("a plain and a compressed file give the same records, in batches", async () => {
  const stream = concatBytes(liveHeaderBytes(3), many);
  const plain = await readAll(file("plain.dbn", stream));
  expect(plain.records).toBe(20_000);
  expect(Buffer.compare(plain.bytes, many)).toBe(0);
  const packed = await readAll(file("packed.dbn.zst", zstdCompressSync(stream)));
  expect(Buffer.compare(packed.bytes, many)).toBe(0);
});

test("the send time of a live recording is taken off", async () => {
  const sent = encodeRecord({ kind: "trade", tsEvent: 1n, size: 4 }, 3, 99n);
  const { bytes } = await readAll(file("sent.dbn", concatBytes(liveHeaderBytes(2, true), sent)));
  expect(bytes).toEqual(encodeRecord({ kind: "trade", tsEvent: 1n, size: 4 }, 3));
});

test("metadata can be asked for before or after reading", async () => {
  const reader = await openRecordReader(file("meta.dbn", concatBytes(liveHeaderBytes(1), tradeBytes({}))));
  expect((await reader.metadata()).version).toBe(1);
  expect((await reader.readBatch())?.records).toBe(1);
  expect(await reader.readBatch()).toBeNull();
  expect((await reader.metadata()).dataset).toBe("GLBX.MDP3");
  await reader.close();
});

test.each([
  ["an empty file", () => file("empty.dbn", new Uint8Array(0)), "FILE_EMPTY", 0],
  ["a directory", () => folder, "FILE_KIND", 0],
  ["no file", () => join(folder, "absent.dbn"), "FILE_OPEN", 0],
  ["a text file", () => file("text.dbn", Buffer.from("time,price\n09:30,21742.5\n")), "DBN_BAD_MAGIC", 0],
  ["a cut record", () => file("cut.dbn", concatBytes(liveHeaderBytes(3), tradeBytes({}), tradeBytes({}).subarray(0, 20))), "FILE_TRUNCATED", 1],
  ["a cut frame", () => file("cut.zst", zstdCompressSync(concatBytes(liveHeaderBytes(3), many)).subarray(0, -9)), "FILE_TRUNCATED", null],
  ["a record of length 0", () => file("zero.dbn", concatBytes(liveHeaderBytes(3), tradeBytes({}), new Uint8Array(48))), "DBN_RECORD", 1],
  ["a 4 GiB metadata length", () => file("huge.dbn", concatBytes(liveHeaderBytes(3).subarray(0, 4), Uint8Array.of(255, 255, 255, 255), new Uint8Array(200))), "DBN_METADATA", 0],
])("%s: the sentence, and what came before", async (_, path, code, records) => {
  const result = await readAll(path());
  expect(result.error).toBeInstanceOf(NqError);
  expect(result.error).toMatchObject({ code });
  if (records !== null) expect(result.records).toBe(records);
  else expect(result.records).toBeGreaterThan(100);
});

test("a file that expands without end is stopped", async () => {
  const block = Uint8Array.of(0x02, 0x00, 0x10, 0x0c); // run-length block: 131,072 × 0c
  const head = zstdCompressSync(liveHeaderBytes(3));
  const bomb = concatBytes(head, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58), ...Array.from({ length: 16_384 }, () => block));
  const before = process.memoryUsage().rss;
  const { error } = await readAll(file("bomb.dbn.zst", bomb));
  expect(["ZSTD_BOMB", "DBN_RECORD"]).toContain((error as NqError).code);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
});

describeWithFixtures("recorded files", () => {
  test("the real order file gives all its records", async () => {
    expect((await readAll(fixture("real/esh4-glbx-mdp3-20231225.mbo.dbn.zst"))).records).toBe(68_792);
  });
  test("a legacy file is refused", async () => {
    expect((await readAll(fixture("dbn/test_data.mbo.dbz"))).error).toMatchObject({ code: "DBN_LEGACY" });
  });
  test("cut anywhere, a real file gives a prefix of its records", async () => {
    const path = fixture("real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst");
    const whole = await readAll(path);
    const bytes = readFileSync(path);
    for (let cut = 1; cut < bytes.length; cut += 97) {
      const part = await readAll(file("prefix.zst", bytes.subarray(0, cut)));
      expect(part.error).toBeInstanceOf(NqError);
      expect(Buffer.compare(part.bytes, whole.bytes.subarray(0, part.bytes.length))).toBe(0);
    }
  });
});
