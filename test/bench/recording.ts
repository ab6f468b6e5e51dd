/** What recording costs: a steady market of trades and quotes into real files, forced out every second. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { SCHEMA_CODES } from "../../src/dbn/constants.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { createSystem } from "../../src/commands/system.ts";
import { tradeRecords } from "./generate.ts";

const PER_SECOND = 10_000;
const SECONDS = 8;
const BEAT_MS = 10;

export interface RecordingResult {
  /** Share of one core, 0..1, of the recording alone. */
  readonly cpu: number;
  readonly records: number;
}

/** Share of a core over some seconds in which every beat does `run`. */
async function shareOf(run: (beat: number) => void): Promise<number> {
  const before = process.cpuUsage();
  const from = performance.now();
  for (let beat = 0; performance.now() - from < SECONDS * 1000; ) {
    const due = Math.floor((performance.now() - from) / BEAT_MS);
    for (; beat < due; beat += 1) run(beat);
    await sleep(BEAT_MS);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - from);
}

export async function measureRecording(): Promise<RecordingResult> {
  const directory = mkdtempSync(join(tmpdir(), "nq-tui-bench-"));
  const { clock } = createSystem();
  const records = tradeRecords({ count: (PER_SECOND / 2) * (SECONDS + 1), perSecond: PER_SECOND / 2, withQuotes: true });
  const view = new RecordView().point(records, 0);
  const perBeat = (PER_SECOND * BEAT_MS) / 1000;
  let at = 0;
  const walk = (take: (view: RecordView) => void): void => {
    for (let n = 0; n < perBeat && at < records.length; n += 1) {
      view.base = at;
      take(view);
      at += view.lengthBytes;
    }
  };
  const recorder = await Recorder.start({
    disk: realDisk, clock, directory, dataset: "GLBX.MDP3", dayOf: tradingDayOf,
    headFor: (schema) => encodeMetadata({ ...liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }), schema: SCHEMA_CODES[schema] ?? 0 }),
  });
  try {
    const idle = await shareOf(() => walk(() => {}));
    at = 0;
    const busy = await shareOf(() => walk((one) => recorder.record(one)));
    await recorder.settle();
    const kept = recorder.state.files.reduce((sum, file) => sum + file.safeRecords, 0);
    return { cpu: busy - idle, records: kept };
  } finally {
    await recorder.stop();
    rmSync(directory, { recursive: true });
  }
}
