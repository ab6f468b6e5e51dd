/** What is kept of recordings for the next replay: used when it fits the files as they are, made anew when it does not. */
import { appendFileSync, chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openFigureTape } from "../../src/gateway/figure-tape.ts";
import { openRecordingSource, type RecordingSource } from "../../src/gateway/recording-source.ts";
import type { SourceReader } from "../../src/gateway/source.ts";
import { RecordWriter } from "../../src/dbn/record-writer.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { ReplayCache } from "../../src/recording/replay-cache.ts";
import { concatBytes, liveHeaderBytes, tradeBytes } from "../helpers/dbn-bytes.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-index-"));
afterAll(() => rmSync(folder, { recursive: true }));
const kept = join(folder, "cache");
const cache = new ReplayCache(kept);
const START = 1_749_821_400;
const TRADES = 30_000; // more than five marks
const FAR = { sec: 4e9, nanos: 0 };
const IDS = new Set([42]);

beforeEach(() => rmSync(kept, { recursive: true, force: true }));

function bytesOf(trades: number, size = 1): Uint8Array {
  const records = Array.from({ length: trades }, (_, index) => {
    const nanos = BigInt(START) * 1_000_000_000n + BigInt(index) * 100_000_000n;
    return tradeBytes({ instrumentId: 42, sequence: index, tsEvent: nanos, tsRecv: nanos + 1000n, size, price: 21_742_500_000_000n, side: "B" });
  });
  return concatBytes(liveHeaderBytes(3), ...records);
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith(".zst") ? zstdCompressSync(bytes) : bytes);
  return path;
}

async function sequences(reader: SourceReader): Promise<number[]> {
  const found: number[] = [];
  const view = new RecordView();
  for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
    if (batch === null) continue;
    for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) found.push(view.point(batch.bytes, at).sequence);
  }
  await reader.close();
  return found;
}

const upTo = (count: number, from = 0): number[] => Array.from({ length: count - from }, (_, index) => from + index);

async function tapeSizes(source: RecordingSource): Promise<number[]> {
  const tape = await openFigureTape(source, IDS, cache);
  const sizes: number[] = [];
  await tape?.fold(FAR, { onRecord: () => {}, onTrades: (view, count) => sizes.push(...Array.from({ length: count }, () => view.size)) });
  await tape?.close();
  return sizes;
}

describe.each(["day.dbn", "day.dbn.zst"])("%s", (name) => {
  test("from a time on: every record from then, and few of those before", async () => {
    const source = await openRecordingSource([write(name, bytesOf(TRADES))], { cache });
    for (const index of [0, 1, 5_460, 5_461, 5_462, 17_000, TRADES - 1]) {
      const found = await sequences(source.open({ sec: START + Math.floor(index / 10), nanos: (index % 10) * 100_000_000 + 1000 }));
      const first = found[0] ?? -1;
      expect(first).toBeLessThanOrEqual(index);
      expect(first).toBeGreaterThan(index - 12_000);
      expect(found).toEqual(upTo(TRADES, first));
    }
    expect(await sequences(source.open({ sec: START + 9_999, nanos: 0 }))).not.toContain(0);
  });

  test("is read through once; the next time what was kept serves", async () => {
    const path = write(name, bytesOf(TRADES));
    let looked = 0;
    const onProgress = (): void => void (looked += 1);
    const first = await openRecordingSource([path], { cache, onProgress });
    expect(looked).toBeGreaterThan(0);
    looked = 0;
    const second = await openRecordingSource([path], { cache, onProgress });
    expect(looked).toBe(0);
    expect(JSON.stringify({ ...second, instruments: second.instruments })).toBe(JSON.stringify({ ...first, instruments: first.instruments }));
    expect(second.lastAt).toEqual(first.lastAt);
    expect(await sequences(second.open({ sec: START + 2_000, nanos: 0 }))).toContain(TRADES - 1);
  });

  test.each(["it grew", "its contents changed, not its length or time", "it was replaced by a shorter one"])("%s: what was kept is not believed", async (how) => {
    const path = write(name, bytesOf(TRADES));
    const before = statSync(path);
    expect(await tapeSizes(await openRecordingSource([path], { cache }))).toHaveLength(TRADES);
    if (how === "it grew") write(name, bytesOf(TRADES + 1));
    else if (how === "it was replaced by a shorter one") write(name, bytesOf(100));
    else {
      write(name, bytesOf(TRADES, 7));
      utimesSync(path, before.atime, before.mtime);
    }
    const again = await tapeSizes(await openRecordingSource([path], { cache }));
    expect(again).toHaveLength(how === "it grew" ? TRADES + 1 : how === "it was replaced by a shorter one" ? 100 : TRADES);
    expect(again[0]).toBe(how.startsWith("its contents") ? 7 : 1);
  });

  test.each(["note", "plain", "tape"])("a kept %s that is damaged or gone is made anew", async (kind) => {
    const path = write(name, bytesOf(TRADES));
    expect(await tapeSizes(await openRecordingSource([path], { cache }))).toHaveLength(TRADES);
    for (const how of ["cut", "garbage", "gone"]) {
      for (const file of readdirSync(kept).filter((one) => one.endsWith(kind))) {
        const piece = join(kept, file);
        if (how === "cut") truncateSync(piece, Math.floor(statSync(piece).size / 2));
        else if (how === "gone") rmSync(piece);
        else if (kind === "note") appendFileSync(piece, "x");
      }
      const source = await openRecordingSource([path], { cache });
      expect(await tapeSizes(source)).toHaveLength(TRADES);
      expect((await sequences(source.open({ sec: START + 2_900, nanos: 0 }))).at(-1)).toBe(TRADES - 1);
    }
  });

  test("the recording itself is never touched, and what is kept is for its owner alone", async () => {
    const path = write(name, bytesOf(1_000));
    const before = { bytes: readFileSync(path), time: statSync(path).mtimeMs, names: readdirSync(folder).filter((one) => one !== "cache") };
    await tapeSizes(await openRecordingSource([path], { cache }));
    expect(readFileSync(path)).toEqual(before.bytes);
    expect(statSync(path).mtimeMs).toBe(before.time);
    expect(readdirSync(folder).filter((one) => one !== "cache")).toEqual(before.names);
    for (const file of readdirSync(kept)) expect(statSync(join(kept, file)).mode & 0o077).toBe(0);
  });

  test("a damaged file is served as far as it can be read, and nothing of it is kept", async () => {
    const path = write(name, bytesOf(TRADES));
    truncateSync(path, statSync(path).size - 20);
    const source = await openRecordingSource([path], { cache });
    expect(source.damage).not.toBeNull();
    const found = await sequences(source.open({ sec: START + 1_000, nanos: 0 }));
    expect(found.length).toBeGreaterThan(1_000);
    expect(existsSync(kept) ? readdirSync(kept).filter((one) => !one.endsWith(".tape")) : []).toEqual([]);
  });
});

describe("a growing file of quotes, looked at here and there", () => {
  const QUOTES = 40_000;
  const quotes = (change: (index: number) => number = (index) => index): Uint8Array => {
    const writer = new RecordWriter();
    for (let n = 0; n < QUOTES; n += 1) {
      const at = change(n);
      const [sec, nanos] = [START + Math.floor(at / 10), (at % 10) * 100_000_000 + 1000];
      writer.mbp1({
        publisherId: 1, instrumentId: 42, sec, nanos, recvSec: sec, recvNanos: nanos, price: 21_742_500_000_000, size: 1, action: n % 50 === 0 ? "T" : "A", side: "B",
        flags: 0, depth: 0, tsInDelta: 0, sequence: n, bidPx: 21_742_250_000_000, askPx: 21_742_500_000_000, bidSz: 1, askSz: 1, bidCt: 1, askCt: 1,
      });
    }
    return concatBytes(liveHeaderBytes(3), writer.bytes());
  };

  test("gives from a time on what reading it through would, and no trade twice", async () => {
    const trades = write("day.dbn", bytesOf(TRADES));
    const path = write("quotes.dbn", concatBytes(quotes(), new Uint8Array(30))); // a record is being written
    const looked = await openRecordingSource([trades, path], { quotes: new Set([path]) });
    const through = await openRecordingSource([trades, path]);
    expect(looked.lastAt).toEqual(through.lastAt);
    expect(looked.passedOver).toEqual([path]);
    expect(looked.schemas.toSorted()).toEqual(through.schemas.toSorted());
    for (const sec of [START, START + 1_500, START + 2_999]) {
      const found = await sequences(looked.open({ sec, nanos: 0 }));
      const all = await sequences(through.open());
      expect(found.length).toBeLessThanOrEqual(all.length);
      expect(found.length).toBeGreaterThan(((START + 3_000 - sec) / 3_000) * 60_000);
      expect(found.slice(-50_000 + (sec - START) * 15)).toEqual(all.slice(-50_000 + (sec - START) * 15));
    }
    const tape = await openFigureTape(looked, IDS, cache);
    expect(tape?.records).toBe(TRADES);
    await tape?.close();
  });

  test("that is not in order is read through", async () => {
    const path = write("quotes.dbn", quotes((index) => (index > 20_000 ? index - 15_000 : index)));
    const source = await openRecordingSource([path], { quotes: new Set([path]) });
    expect(source.lastAt).toEqual((await openRecordingSource([path])).lastAt);
    expect(source.identities).not.toBeNull(); // it was identified, so it was read
  });
});

test("where nothing can be kept, everything is read each time", async () => {
  const place = join(folder, "file-in-the-way");
  writeFileSync(place, "");
  chmodSync(place, 0o400);
  const nowhere = new ReplayCache(join(place, "cache"));
  const source = await openRecordingSource([write("day.dbn.zst", bytesOf(TRADES))], { cache: nowhere });
  expect(await openFigureTape(source, IDS, nowhere)).toBeNull();
  expect(await sequences(source.open({ sec: START + 2_000, nanos: 0 }))).toHaveLength(TRADES);
});

test("what was not used for longest makes room", async () => {
  const small = new ReplayCache(kept, 3 * 1024 * 1024);
  for (const name of ["a.dbn.zst", "b.dbn.zst", "c.dbn.zst", "d.dbn.zst"]) await openRecordingSource([write(name, bytesOf(TRADES))], { cache: small });
  const total = readdirSync(kept).reduce((sum, file) => sum + statSync(join(kept, file)).size, 0);
  expect(total).toBeLessThan(2 * 3 * 1024 * 1024);
});
