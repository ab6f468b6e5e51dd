/** A recorder beside a feed: names the contracts in each file's head, and keeps what the store is given. */
import { DBN_VERSION_MAX, RTYPE, SCHEMA_CODES, STYPE_CODES, UNDEF_TIME } from "../dbn/constants.ts";
import { encodeMetadata } from "../dbn/metadata.ts";
import { decodeRecord } from "../dbn/records.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { Disk } from "../recording/disk.ts";
import type { FolderLock } from "../recording/lock.ts";
import type { RecorderState } from "../recording/recorder-state.ts";
import { Recorder, type RecordingDay } from "../recording/recorder.ts";
import type { Coverage, Snapshot } from "../store/snapshot.ts";
import { recordingsFolder } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { coverageFile, writeKeptCoverage } from "./kept-coverage.ts";
import type { System } from "./system.ts";

export interface RecordOptions {
  /** null: the folder for the user's data. */
  readonly dir: string | null;
  readonly syncMs: number;
}

export interface RecordKeeper {
  /** Every record the store is given, before it. */
  readonly keep: (view: RecordView) => void;
  /** Notes what the recording covers; to be called after commits, cheap while nothing changed. */
  readonly cover: (snapshot: Snapshot) => void;
  readonly state: () => RecorderState;
  /** Writes the rest and lets the folder go. @throws NqError RECORD_DISK */
  readonly stop: () => Promise<void>;
}

const SYMBOL_MAX = 70;
const NAMES_MAX = 4096;

/** Decimal YYYYMMDD of a unix second, in UTC as DBN's mappings are. */
function utcDate(sec: number): number {
  const date = new Date(sec * 1000);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

/** Metadata of one schema and trade date, naming the contracts known so far. */
function headOf(dataset: string, schema: string, day: RecordingDay, names: ReadonlyMap<number, string>): Uint8Array {
  const mappings = [...names].map(([instrumentId, rawSymbol]) => ({
    rawSymbol,
    intervals: [{ startDate: utcDate(day.openSec), endDate: utcDate(day.endSec + 86_400), symbol: String(instrumentId) }],
  }));
  return encodeMetadata({
    version: DBN_VERSION_MAX, dataset, schema: SCHEMA_CODES[schema] ?? 0, start: BigInt(day.openSec) * 1_000_000_000n, end: UNDEF_TIME, limit: 0n,
    stypeIn: STYPE_CODES["raw_symbol"] ?? 1, stypeOut: STYPE_CODES["instrument_id"] ?? 0, tsOut: false, symbolCstrLen: 71,
    symbols: mappings.map(({ rawSymbol }) => rawSymbol), partial: [], notFound: [], mappings,
  });
}

class Names {
  readonly byId = new Map<number, string>();

  learn(view: RecordView): void {
    const message = decodeRecord(view.bytes, DBN_VERSION_MAX, view.base);
    if (message?.kind !== "symbolMapping" || this.byId.size >= NAMES_MAX) return;
    const name = sanitiseText(message.stypeOutSymbol, SYMBOL_MAX);
    if (name !== "" && !/^\d+$/.test(name)) this.byId.set(message.instrumentId, name);
  }
}

/** Writes the note of the running trade date when what it says has changed; one write at a time, the newest wins. */
class CoverageNote {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #dataset: string;
  /** Recording began in the middle of a session: what came before is not in the files. */
  readonly #since: UnixTime | null;
  #coverage: Coverage | null = null;
  #contract = "";
  #tradeDate = "";
  #writing: Promise<void> = Promise.resolve();

  constructor(disk: Disk, directory: string, dataset: string, since: UnixTime | null) {
    this.#disk = disk;
    this.#directory = directory;
    this.#dataset = dataset;
    this.#since = since;
  }

  take({ coverage, instrument, day, link }: Snapshot): void {
    if (instrument === null || day === null || coverage.from === null) return;
    if (coverage === this.#coverage && instrument.rawSymbol === this.#contract && day.tradeDate === this.#tradeDate) return;
    this.#coverage = coverage;
    this.#contract = instrument.rawSymbol;
    this.#tradeDate = day.tradeDate;
    const since = this.#since;
    const from = since !== null && compareTime(since, coverage.from) > 0 ? since : coverage.from;
    const note = { contract: instrument.rawSymbol, from, gaps: link?.gaps ?? [] };
    const path = coverageFile(this.#directory, this.#dataset, day.tradeDate);
    // A disk that fails is told by the recorder itself.
    this.#writing = this.#writing.then(() => writeKeptCoverage(this.#disk, path, note)).catch(() => {});
  }

  done(): Promise<void> {
    return this.#writing;
  }
}

/**
 * Takes the folder for this program and mends what an earlier run left in it.
 * @param since market time at which recording begins in the middle of a session; null: with its first record
 * @throws NqError USAGE for a replay, RECORD_LOCKED, RECORD_DISK
 */
export async function startRecordKeeper(
  system: System,
  feed: Feed,
  options: RecordOptions,
  onState: (state: RecorderState) => void,
  since: UnixTime | null = null,
): Promise<RecordKeeper> {
  if (feed.mode === "REPLAY") throw new NqError("USAGE", "expected a live or the demo market to record, found a replay, which is recorded already");
  const directory = recordingsFolder(system, options.dir, feed.mode);
  const names = new Names();
  let lock: FolderLock;
  let recorder: Recorder;
  try {
    lock = await system.lockFolder(directory);
    recorder = await Recorder.start({
      disk: system.disk,
      clock: system.clock,
      directory,
      dataset: feed.dataset,
      dayOf: (sec) => feed.calendar.dayOf(sec),
      headFor: (schema, day) => headOf(feed.dataset, schema, day, names.byId),
      syncEveryMs: options.syncMs,
      onState,
    });
  } catch (error) {
    if (error instanceof NqError) throw error;
    throw new NqError("RECORD_DISK", `${directory} cannot be used for recordings: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const note = new CoverageNote(system.disk, directory, feed.dataset, since);
  return {
    cover: (snapshot) => note.take(snapshot),
    keep(view) {
      if (view.rtype === RTYPE.symbolMapping) names.learn(view);
      else recorder.record(view);
    },
    state: () => recorder.state,
    async stop() {
      try {
        await recorder.stop();
        await note.done();
      } finally {
        await lock.release();
      }
    },
  };
}
