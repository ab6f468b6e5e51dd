/** What the recorder is given twice it keeps once, and every record lands in the file of the day it belongs to. */
import { expect, test } from "vitest";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { createZstdExpander } from "../../src/dbn/zstd.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { KeptOnce } from "../../src/recording/kept-once.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { HandClock } from "../client/hand-clock.ts";
import { tradeBytes } from "../helpers/dbn-bytes.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

const FOLDER = "/data";
const FRIDAY = 1_749_821_400; // 2025-06-13 09:30 Eastern
const MONDAY = FRIDAY + 3 * 86_400;
const DATASET = "GLBX.MDP3";

async function start(disk: SimulatedDisk): Promise<{ recorder: Recorder; once: KeptOnce }> {
  const clock = new HandClock();
  clock.nowMs = FRIDAY * 1000 - 1_700_000_000_000;
  const head = encodeMetadata(liveMetadata({ version: 3, dataset: DATASET, start: 0n, tsOut: false }));
  const recorder = await Recorder.start({ disk, clock, directory: FOLDER, dataset: DATASET, dayOf: tradingDayOf, headFor: () => head });
  return { recorder, once: new KeptOnce({ disk, clock, directory: FOLDER, dataset: DATASET, recorder, dateOf: (sec) => tradingDayOf(sec).tradeDate }) };
}

function trade(sequence: number, sec = FRIDAY): RecordView {
  const at = BigInt(sec) * 1_000_000_000n + BigInt(sequence);
  return new RecordView().point(tradeBytes({ sequence, tsEvent: at, tsRecv: at + 1000n }));
}

function definition(sec: number, tsRecvLater = 0n): RecordView {
  const at = BigInt(sec) * 1_000_000_000n;
  return new RecordView().point(encodeRecord({ kind: "definition", instrumentId: 42, rawSymbol: "NQM5", tsEvent: at, tsRecv: at + tsRecvLater }, 3));
}

/** File, without what all names have → sequence numbers, or ids, of its records. */
async function contents(disk: SimulatedDisk): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for (const path of disk.paths.filter((one) => /\.dbn\.(part|zst)$/.test(one))) {
    const records: number[] = [];
    const decoder = createDbnDecoder();
    const push = (piece: Uint8Array): void => decoder.push(piece, (view) => void records.push(view.rtype === 0 ? view.sequence : view.instrumentId));
    if (path.endsWith("zst")) await createZstdExpander().push(disk.bytes(path), push);
    else push(disk.bytes(path));
    found[path.slice(`${FOLDER}/${DATASET}.`.length).replace(/\.dbn.*/, "")] = records;
  }
  return found;
}

test("counted afresh in mid-recording: the trades that come again are not kept again, those that were missing are", async () => {
  const disk = new SimulatedDisk();
  const { recorder, once } = await start(disk);
  for (const sequence of [1, 2, 2, 5]) once.record(trade(sequence));
  await recorder.settle();
  once.record(trade(6)); // held in memory, on no device yet
  once.again("all");
  // Equal fills are real: of the three that come now two are recorded.
  for (const sequence of [1, 2, 2, 2, 3, 5, 6]) once.record(trade(sequence));
  await once.settle();
  once.record(trade(7));
  await recorder.stop();
  expect(await contents(disk)).toEqual({ "trades.2025-06-13.000": [1, 2, 2, 5, 6, 2, 3, 7] });
});

test("counted afresh twice, the second time while what was recorded is still being read: each time is compared by itself", async () => {
  const disk = new SimulatedDisk();
  const { recorder, once } = await start(disk);
  once.record(trade(1));
  once.again("all");
  for (const sequence of [1, 2]) once.record(trade(sequence));
  once.again("all");
  for (const sequence of [1, 2, 3]) once.record(trade(sequence));
  await once.settle();
  await recorder.stop();
  expect(await contents(disk)).toEqual({ "trades.2025-06-13.000": [1, 2, 3] });
});

test("when one instrument's trades come again, those of others are still compared with what was recorded before", async () => {
  const disk = new SimulatedDisk();
  const { recorder, once } = await start(disk);
  for (const sequence of [1, 2]) once.record(trade(sequence));
  once.again("all");
  once.record(trade(1)); // 2 was left out of this replay
  await once.settle();
  once.again(new Set([42_002]));
  for (const sequence of [2, 3]) once.record(trade(sequence));
  await once.settle();
  await recorder.stop();
  expect(await contents(disk)).toEqual({ "trades.2025-06-13.000": [1, 2, 3] });
});

test("begun again on what an earlier run recorded, packed files too", async () => {
  const disk = new SimulatedDisk();
  const first = await start(disk);
  for (const sequence of [1, 2]) first.once.record(trade(sequence));
  await first.recorder.stop();
  const second = await start(disk);
  second.once.again("all");
  for (const sequence of [1, 2, 3]) second.once.record(trade(sequence));
  await second.once.settle();
  await second.recorder.stop();
  expect(await contents(disk)).toEqual({ "trades.2025-06-13.000": [1, 2, 3] });
});

test("definitions from days ago go with the trades of the day, and once however often a session tells them", async () => {
  const disk = new SimulatedDisk();
  const { recorder, once } = await start(disk);
  once.record(definition(FRIDAY - 4 * 86_400));
  once.record(trade(1));
  once.record(definition(FRIDAY - 4 * 86_400, 3_000_000n)); // another host's time of receipt
  once.record(trade(2));
  await recorder.stop();
  expect(await contents(disk)).toEqual({ "trades.2025-06-13.000": [1, 2], "definition.2025-06-13.000": [42] });
});

test("one damaged time opens no file of another year, a new day's trades open that day's", async () => {
  const disk = new SimulatedDisk();
  const { recorder, once } = await start(disk);
  once.record(trade(1, FRIDAY + 62 * 365 * 86_400)); // even as the first of all
  once.record(trade(2));
  once.record(trade(3, FRIDAY + 62 * 365 * 86_400));
  once.record(trade(4));
  await recorder.settle();
  once.record(trade(5, MONDAY));
  once.record(trade(6, MONDAY));
  await recorder.settle();
  await recorder.stop();
  expect(await contents(disk)).toEqual({ "trades.2025-06-13.000": [1, 2, 3, 4], "trades.2025-06-16.000": [5, 6] });
});
