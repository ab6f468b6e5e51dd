/** The recorder on a disk that fails in every way at every call: what was acknowledged is never lost, nothing is torn. */
import { expect, test } from "vitest";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { SCHEMA_CODES } from "../../src/dbn/constants.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { createZstdExpander } from "../../src/dbn/zstd.ts";
import { Prng } from "../../src/lib/prng.ts";
import type { RecorderOptions } from "../../src/recording/recorder-options.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { recoverSegment } from "../../src/recording/recover.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { HandClock } from "../client/hand-clock.ts";
import { tradeBytes } from "../helpers/dbn-bytes.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

const FOLDER = "/data";
const FRIDAY = 1_749_821_400; // 2025-06-13 09:30 Eastern
const MONDAY = FRIDAY + 3 * 86_400;

function head(): Uint8Array {
  const metadata = liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false });
  return encodeMetadata({ ...metadata, schema: SCHEMA_CODES["trades"] ?? 0 });
}

function options(disk: SimulatedDisk, change: Partial<RecorderOptions> = {}): RecorderOptions {
  const clock = new HandClock();
  clock.nowMs = FRIDAY * 1000 - 1_700_000_000_000;
  return { disk, clock, directory: FOLDER, dataset: "GLBX.MDP3", dayOf: tradingDayOf, headFor: head, ...change };
}

function trade(sequence: number, sec = FRIDAY): RecordView {
  const at = BigInt(sec) * 1_000_000_000n + BigInt(sequence);
  return new RecordView().point(tradeBytes({ sequence, tsEvent: at, tsRecv: at + 1000n }));
}

/** Sequence numbers of the records in a plain or packed file. */
async function sequences(bytes: Uint8Array): Promise<number[]> {
  const found: number[] = [];
  const decoder = createDbnDecoder();
  const push = (piece: Uint8Array): void => decoder.push(piece, (view) => void found.push(view.sequence));
  if (bytes[0] === 0x28) await createZstdExpander().push(bytes, push);
  else push(bytes);
  decoder.end();
  return found;
}

async function allSequences(disk: SimulatedDisk): Promise<number[]> {
  const files = disk.paths.filter((path) => /\.dbn\.(part|zst)$/.test(path));
  return (await Promise.all(files.map((path) => sequences(disk.bytes(path))))).flat();
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test("what was recorded is a plain DBN file at any moment, and is packed when its day is over", async () => {
  const disk = new SimulatedDisk();
  const recorder = await Recorder.start(options(disk));
  for (let i = 0; i < 5; i += 1) recorder.record(trade(i));
  await recorder.settle();
  expect(disk.paths).toEqual([`${FOLDER}/GLBX.MDP3.trades.2025-06-13.000.dbn.ckpt`, `${FOLDER}/GLBX.MDP3.trades.2025-06-13.000.dbn.part`]);
  expect(await allSequences(disk)).toEqual(upTo(5));
  for (let i = 5; i < 9; i += 1) recorder.record(trade(i, MONDAY));
  await recorder.settle();
  await recorder.stop();
  expect(disk.paths.map((path) => path.slice(FOLDER.length + 1))).toEqual([
    "GLBX.MDP3.trades.2025-06-13.000.dbn.info",
    "GLBX.MDP3.trades.2025-06-13.000.dbn.zst",
    "GLBX.MDP3.trades.2025-06-16.000.dbn.ckpt",
    "GLBX.MDP3.trades.2025-06-16.000.dbn.part",
  ]);
  expect(await allSequences(disk)).toEqual(upTo(9));
});

/** Sequence numbers of whole records, file by file, whatever a torn end holds; a packed file stands for the grown one. */
async function wholeSequences(disk: SimulatedDisk): Promise<number[]> {
  const found: number[] = [];
  for (const path of disk.paths.filter((one) => /\.dbn\.(part|zst)$/.test(one))) {
    if (disk.paths.includes(path.replace(/\.part$/, ".zst")) && path.endsWith(".part")) continue;
    const decoder = createDbnDecoder();
    const push = (piece: Uint8Array): void => decoder.push(piece, (view) => void found.push(view.sequence));
    const bytes = disk.bytes(path);
    if (path.endsWith(".zst")) await createZstdExpander().push(bytes, push);
    else push(bytes);
  }
  return found;
}

test("wherever the program is stopped while one file follows another, no later record is kept without those before it", async () => {
  let stops = 0;
  for (;; stops += 1) {
    const disk = new SimulatedDisk();
    const recorder = await Recorder.start(options(disk, { rotateBytes: 1000 }));
    for (let i = 0; i < 15; i += 1) recorder.record(trade(i));
    await recorder.settle();
    disk.stopBefore = disk.calls + stops;
    for (let i = 15; i < 60; i += 1) recorder.record(trade(i));
    await recorder.settle();
    const isWhole = disk.calls < disk.stopBefore;
    const found = await wholeSequences(disk);
    expect(found, `stopped before call ${stops}`).toEqual(upTo(found.length));
    if (isWhole) break;
  }
  expect(stops).toBeGreaterThan(20);
});

test("an earlier run that ended while one file followed another: the first is packed, and only the last is written on", async () => {
  const small = { rotateBytes: 1000 };
  let disk = new SimulatedDisk();
  const growing = (): readonly string[] => disk.paths.filter((path) => path.endsWith(".part"));
  for (let calls = 1; growing().length < 2 || (await wholeSequences(disk)).length < 23; calls += 1) {
    disk = new SimulatedDisk();
    const before = await Recorder.start(options(disk, small));
    for (let i = 0; i < 15; i += 1) before.record(trade(i));
    await before.settle();
    for (let i = 15; i < 23; i += 1) before.record(trade(i));
    disk.stopBefore = disk.calls + calls; // until both files are there and the first is not packed yet
    await before.settle();
    disk.stopBefore = Number.POSITIVE_INFINITY;
  }
  const left = (await wholeSequences(disk)).length;
  const after = await Recorder.start(options(disk, small));
  for (let i = left; i < 60; i += 1) after.record(trade(i));
  await after.settle();
  await after.stop();
  expect(await wholeSequences(disk)).toEqual(upTo(60));
  expect(growing().some((path) => path.endsWith(".000.dbn.part"))).toBe(false);
});

test("the send time of the gateway is left out, whatever follows the record", async () => {
  const disk = new SimulatedDisk();
  const recorder = await Recorder.start(options(disk));
  const bytes = new Uint8Array(56);
  bytes.set(tradeBytes({ sequence: 0, tsEvent: BigInt(FRIDAY) * 1_000_000_000n, tsRecv: BigInt(FRIDAY) * 1_000_000_000n }));
  bytes[0] = 14;
  recorder.record(new RecordView().point(bytes));
  recorder.record(trade(1));
  await recorder.stop();
  expect(await allSequences(disk)).toEqual([0, 1]);
});

/** Records in five beats over two days; what was acknowledged before it stops is noted. */
async function run(disk: SimulatedDisk, noted: { safe: number }, retries: number): Promise<void> {
  const recorder = await Recorder.start(options(disk, { onState: ({ files }) => { noted.safe = Math.max(noted.safe, files.reduce((sum, file) => sum + file.safeRecords, 0)); } }));
  for (let beat = 0; beat < 5; beat += 1) {
    for (let i = 0; i < 7; i += 1) recorder.record(trade(beat * 7 + i, beat < 4 ? FRIDAY : MONDAY));
    await recorder.settle();
  }
  for (let i = 0; i < retries; i += 1) await recorder.settle();
  await recorder.stop();
}

test.each(["ENOSPC", "EIO"] as const)("%s at any call, once or three times in a row: nothing is lost once it is over", async (code) => {
  const whole = new SimulatedDisk();
  await run(whole, { safe: 0 }, 0);
  const { calls } = whole;
  expect(calls).toBeGreaterThan(25);
  for (const times of [1, 3]) {
    for (let after = 0; after < calls; after += 1) {
      const disk = new SimulatedDisk();
      disk.fault = { after, code, times };
      await run(disk, { safe: 0 }, 4);
      expect(await allSequences(disk), `call ${after}, ${times} times`).toEqual(upTo(35));
    }
  }
});

test("stopped before any call, by the program's end or by a loss of power: what was acknowledged is there, and can be gone on with", async () => {
  const whole = new SimulatedDisk();
  await run(whole, { safe: 0 }, 0);
  for (const power of [false, true]) {
    for (let stopBefore = 0; stopBefore < whole.calls; stopBefore += 1) {
      const disk = new SimulatedDisk();
      const noted = { safe: 0 };
      disk.stopBefore = stopBefore;
      await run(disk, noted, 0).catch(() => {});
      const dice = new Prng(stopBefore);
      if (power) disk.crash(() => dice.chance(0.5));
      else disk.kill();
      const next = await Recorder.start(options(disk));
      next.record(trade(1000, MONDAY));
      await next.settle();
      await next.stop();
      const found = await allSequences(disk);
      const kept = found.slice(0, -1);
      expect(found.at(-1), `call ${stopBefore}`).toBe(1000);
      expect(kept, `call ${stopBefore}, power ${power}`).toEqual(upTo(kept.length));
      expect(kept.length, `call ${stopBefore}, power ${power}`).toBeGreaterThanOrEqual(noted.safe);
    }
  }
});

test("a file cut at any byte is taken up at a whole record", async () => {
  const disk = new SimulatedDisk();
  const recorder = await Recorder.start(options(disk));
  for (let i = 0; i < 6; i += 1) recorder.record(trade(i));
  await recorder.stop();
  const path = `${FOLDER}/GLBX.MDP3.trades.2025-06-13.000.dbn.part`;
  const whole = disk.bytes(path).slice();
  const start = head().length;
  for (let cut = start; cut <= whole.length; cut += 1) {
    const other = new SimulatedDisk();
    other.put(path, whole.subarray(0, cut));
    const recovery = await recoverSegment(other, path, `${path}.none`, "00000000-1");
    const records = Math.floor((cut - start) / 48);
    expect(recovery).toMatchObject({ offset: start + records * 48, records, cutBytes: (cut - start) % 48 });
  }
  const other = new SimulatedDisk();
  other.put(path, whole.subarray(0, start - 1));
  await expect(recoverSegment(other, path, `${path}.none`, "1")).rejects.toMatchObject({ code: "FILE_TRUNCATED" });
});

test("bytes that a loss of power turned into zeros are found by their sum", async () => {
  const disk = new SimulatedDisk();
  const recorder = await Recorder.start(options(disk));
  for (let beat = 0; beat < 2; beat += 1) {
    for (let i = 0; i < 10; i += 1) recorder.record(trade(beat * 10 + i));
    await recorder.settle();
  }
  await recorder.stop();
  const path = `${FOLDER}/GLBX.MDP3.trades.2025-06-13.000.dbn.part`;
  const damaged = disk.bytes(path).slice();
  damaged.fill(0, head().length + 12 * 48 + 16, head().length + 13 * 48);
  disk.put(path, damaged);
  const recovery = await recoverSegment(disk, path, path.replace(".part", ".ckpt"), "00000000-1");
  expect(recovery).toMatchObject({ records: 10, reason: "damaged", cutBytes: 10 * 48 });
});

test("what comes faster than a working disk takes it waits in memory, a good deal longer than for a disk that fails", async () => {
  const disk = new SimulatedDisk();
  const recorder = await Recorder.start(options(disk, { heldMax: 10 * 48 + head().length }));
  for (let i = 0; i < 80; i += 1) recorder.record(trade(i)); // all at once, before anything can be written
  await recorder.stop();
  expect(await allSequences(disk)).toEqual(upTo(80));
  expect(recorder.state.holes).toEqual([]);
});

test("a disk that takes nothing for long: the rest is missed, counted and named, and recording goes on afterwards", async () => {
  const disk = new SimulatedDisk();
  const phases = new Set<string>();
  const recorder = await Recorder.start(options(disk, { heldMax: 10 * 48 + head().length, onState: ({ phase }) => void phases.add(phase) }));
  disk.fault = { after: 0, code: "ENOSPC", times: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 10; i += 1) recorder.record(trade(i));
  await recorder.settle();
  expect(recorder.state).toMatchObject({ phase: "DEGRADED", reason: expect.stringContaining("disk is full") });
  for (let i = 10; i < 15; i += 1) recorder.record(trade(i));
  disk.fault = null;
  await recorder.settle();
  recorder.record(trade(15));
  await recorder.stop();
  expect([...phases]).toEqual(["DEGRADED", "RECORDING", "STOPPED"]);
  expect(await allSequences(disk)).toEqual([...upTo(10), 15]);
  const at = BigInt(FRIDAY) * 1_000_000_000n + 1000n;
  expect(recorder.state.holes).toEqual([{ schema: "trades", from: at + 10n, to: at + 15n, records: 5 }]);
});
