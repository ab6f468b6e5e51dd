/** Records trades as fast as a busy market into a folder, and says after each beat how many are on the device; killed by its parent. */
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { SCHEMA_CODES } from "../../src/dbn/constants.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { realClock } from "../client/hand-clock.ts";
import { tradeBytes } from "../helpers/dbn-bytes.ts";

const [directory = "", firstText = "0"] = process.argv.slice(2);
const FRIDAY = 1_749_821_400;
const PER_TICK = 50;

const recorder = await Recorder.start({
  disk: realDisk,
  clock: { ...realClock, wallMs: () => FRIDAY * 1000 },
  directory,
  dataset: "GLBX.MDP3",
  dayOf: tradingDayOf,
  headFor: () => encodeMetadata({ ...liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }), schema: SCHEMA_CODES["trades"] ?? 0 }),
  syncEveryMs: 10,
  rotateBytes: 1024 * 1024,
  onState({ files }) {
    process.stdout.write(`${files.reduce((sum, file) => sum + file.safeRecords, 0)} ${files[0]?.path ?? ""}\n`);
  },
});
let next = Number(firstText);
setInterval(() => {
  for (let n = 0; n < PER_TICK; n += 1) {
    const at = BigInt(FRIDAY) * 1_000_000_000n + BigInt(next);
    recorder.record(new RecordView().point(tradeBytes({ sequence: next, tsEvent: at, tsRecv: at })));
    next += 1;
  }
}, 5);
