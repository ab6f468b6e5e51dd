/** A recorder beside a feed: names the contracts in each file's head, and keeps what the store is given. */
import { DBN_VERSION_MAX, RTYPE, SCHEMA_CODES, STYPE_CODES, UNDEF_TIME } from "../dbn/constants.ts";
import { encodeMetadata } from "../dbn/metadata.ts";
import { decodeRecord } from "../dbn/records.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { UnixTime } from "../lib/time.ts";
import { KeptOnce } from "../recording/kept-once.ts";
import type { FolderLock } from "../recording/lock.ts";
import type { RecorderState } from "../recording/recorder-state.ts";
import type { RecorderOptions, RecordingDay } from "../recording/recorder-options.ts";
import { Recorder } from "../recording/recorder.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { CoverageNote } from "./coverage-note.ts";
import { recordingsFolder } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { Refiller, type SayRefill } from "./refill.ts";
import type { System } from "./system.ts";

export interface RecordOptions {
  /** null: the folder for the user's data. */
  readonly dir: string | null;
  readonly syncMs: number;
  /** What the disk did not take is asked for again once it does, and said; left out: it is not. */
  readonly onRefill?: SayRefill;
  /** Where the usual bounds are not to hold. */
  readonly limits?: Pick<RecorderOptions, "heldMax" | "rotateBytes">;
}

export interface RecordKeeper {
  /** Every record the store is given, before it. */
  readonly keep: (view: RecordView) => void;
  /** What was recorded may come again: it is not kept twice. */
  readonly again: (instruments: ReadonlySet<number> | "all") => void;
  readonly state: () => RecorderState;
  /** Resolves when everything taken so far is in the files, or the disk has failed. */
  readonly settle: () => Promise<void>;
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
export function headOf(dataset: string, schema: string, day: RecordingDay, names: ReadonlyMap<number, string>): Uint8Array {
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

/**
 * Takes the folder for this program and mends what an earlier run left in it.
 * @param current what the store holds now; asked before records are forced out, so that what they cover is noted first
 * @param since market time at which recording begins in the middle of a session; null: with its first record
 * @throws NqError USAGE for a replay, RECORD_LOCKED, RECORD_DISK
 */
export async function startRecordKeeper(
  system: System,
  feed: Feed,
  options: RecordOptions,
  current: () => Snapshot,
  onState: (state: RecorderState) => void,
  since: UnixTime | null = null,
): Promise<RecordKeeper> {
  if (feed.mode === "REPLAY") throw new NqError("USAGE", "expected a live or the demo market to record, found a replay, which is recorded already");
  const directory = recordingsFolder(system, options.dir, feed.mode);
  const names = new Names();
  const { disk, clock } = system;
  const { dataset } = feed;
  const note = new CoverageNote({ disk, directory, dataset, since });
  let lock: FolderLock | null = null;
  let recorder: Recorder;
  let once: KeptOnce | null = null;
  let refiller: Refiller | null = null;
  try {
    lock = await system.lockFolder(directory);
    recorder = await Recorder.start({
      disk,
      clock,
      directory,
      dataset,
      dayOf: (sec) => feed.calendar.dayOf(sec),
      headFor: (schema, day) => headOf(dataset, schema, day, names.byId),
      syncEveryMs: options.syncMs,
      ...options.limits,
      onState(state) {
        onState(state);
        refiller?.look(state);
      },
      beforeFlush: ({ holes }) => note.before(current(), holes, once?.isWaiting !== true),
      afterFlush: () => note.after(),
    });
  } catch (error) {
    await lock?.release();
    if (error instanceof NqError) throw error;
    throw new NqError("RECORD_DISK", `${directory} cannot be used for recordings: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const dateOf = (sec: number): string => feed.calendar.dayOf(sec).tradeDate;
  once = new KeptOnce({ disk, clock, directory, dataset, recorder, dateOf });
  if (options.onRefill !== undefined) refiller = new Refiller(system, feed, { disk, directory, dataset, recorder, dateOf }, options.onRefill);
  return {
    again: (instruments) => once.again(instruments),
    keep(view) {
      if (view.rtype === RTYPE.symbolMapping) names.learn(view);
      else once.record(view);
    },
    state: () => recorder.state,
    settle: () => recorder.settle(),
    async stop() {
      try {
        await refiller?.close();
        await once.settle();
        await recorder.stop();
      } finally {
        await lock.release();
      }
    },
  };
}
