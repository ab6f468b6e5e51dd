/** Recordings in every state a reader may meet: growing, finished, taken up after a torn end, with one inside; and what is in them. */
import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SCHEMA_CODES, STYPE_CODES } from "../../src/dbn/constants.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { RecordWriter } from "../../src/dbn/record-writer.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { Recorder } from "../../src/recording/recorder.ts";

const FRIDAY = 1_749_821_400;
const MONDAY = FRIDAY + 3 * 86_400;
const ID = 42_005_804;

interface Sample {
  readonly name: string;
  readonly path: string;
  readonly schema: string;
  readonly records: number;
  /** Sum of the sizes of its trades. */
  readonly volume: number;
}

function head(schema: string): Uint8Array {
  return encodeMetadata({
    ...liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: BigInt(FRIDAY) * 1_000_000_000n, tsOut: false }),
    schema: SCHEMA_CODES[schema] ?? 0, stypeIn: STYPE_CODES["raw_symbol"] ?? 1, symbols: ["NQM5"],
    mappings: [{ rawSymbol: "NQM5", intervals: [{ startDate: 20_250_601, endDate: 20_250_620, symbol: String(ID) }] }],
  });
}

function begin(directory: string): Promise<Recorder> {
  const still: Clock = { wallMs: () => FRIDAY * 1000, monotonicMs: () => 0, after: () => () => {} };
  return Recorder.start({ disk: realDisk, clock: still, directory, dataset: "GLBX.MDP3", dayOf: tradingDayOf, headFor: (schema) => head(schema) });
}

/** `count` trades, each with a quote after it. */
function record(recorder: Recorder, from: number, count: number, sec = FRIDAY): void {
  const writer = new RecordWriter();
  for (let n = from; n < from + count; n += 1) {
    const fields = {
      publisherId: 1, instrumentId: ID, sec, nanos: n * 1000, recvSec: sec, recvNanos: n * 1000 + 500, price: 21_742_500_000_000, size: 1 + (n % 5),
      action: "T", side: n % 2 === 0 ? "B" : "A", flags: 0, depth: 0, tsInDelta: 0, sequence: n,
    };
    writer.trade(fields);
    writer.mbp1({ ...fields, action: "A", bidPx: 21_742_250_000_000, askPx: 21_742_500_000_000, bidSz: 3, askSz: 4, bidCt: 1, askCt: 1 });
  }
  const bytes = writer.bytes();
  const view = new RecordView().point(bytes, 0);
  for (let at = 0; at < bytes.length; at += view.lengthBytes) {
    view.base = at;
    recorder.record(view);
  }
}

const volumeOf = (count: number): number => Array.from({ length: count }, (_, n) => 1 + (n % 5)).reduce((sum, size) => sum + size, 0);

/** Fills `folder` and returns the path of the list. The growing files are not written any more when it does. */
export async function writeRecordings(folder: string): Promise<string> {
  const list: Sample[] = [];
  const note = async (directory: string, what: string, records: number, date: string): Promise<void> => {
    for (const file of (await readdir(directory)).sort()) {
      if (!/\.dbn\.(part|zst)$/.test(file) || !file.includes(date)) continue;
      const schema = file.includes(".mbp-1.") ? "mbp-1" : "trades";
      list.push({ name: `${what}, ${file.endsWith(".zst") ? "packed" : "plain"}, ${schema}`, path: join(directory, file), schema, records, volume: volumeOf(records) });
    }
  };
  const hot = join(folder, "hot");
  await mkdir(hot);
  const recorder = await begin(hot);
  record(recorder, 0, 5_000);
  await recorder.settle();
  // As it is while it grows: copied at that moment, the recorder still open.
  const moment = join(folder, "moment");
  await mkdir(moment);
  for (const file of await readdir(hot)) await writeFile(join(moment, file), await readFile(join(hot, file)));
  await note(moment, "growing", 5_000, "2025-06-13");
  record(recorder, 0, 700, MONDAY);
  await recorder.settle();
  await recorder.stop();
  await note(hot, "finished", 5_000, "2025-06-13");
  await note(hot, "of the next day", 700, "2025-06-16");

  const torn = join(folder, "torn");
  await mkdir(torn);
  const first = await begin(torn);
  record(first, 0, 1_200);
  await first.stop();
  for (const file of await readdir(torn)) if (file.endsWith(".part")) await appendFile(join(torn, file), new Uint8Array(20).fill(12));
  const second = await begin(torn);
  record(second, 1_200, 300);
  await second.stop();
  await note(torn, "taken up after a torn end", 1_500, "2025-06-13");

  const path = join(folder, "recordings.json");
  await writeFile(path, JSON.stringify(list));
  return path;
}
