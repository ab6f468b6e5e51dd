/** Recorded DBN files as a market that can be served again. */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { compareTime, toNanos, type UnixTime } from "../lib/time.ts";
import type { RecordReader } from "../recording/record-reader.ts";
import type { ReplayCache } from "../recording/replay-cache.ts";
import { Duplicates } from "./duplicates.ts";
import { readRecordings } from "./recording-cursor.ts";
import { indexFile, indexQuotes, openIndexed, type IndexedFile } from "./recording-index.ts";
import { nameInstruments } from "./recording-names.ts";
import { coveredSpans, type TimeSpan } from "./recording-coverage.ts";
import { isOverlapping, recordingsOf, tradeRoles } from "./recording-roles.ts";
import type { RecordingScan } from "./recording-scan.ts";
import { servingOf } from "./serving.ts";
import type { PlayableSource, SourceReader } from "./source.ts";
import { addTrades } from "./trade-adder.ts";

/** The most traded instrument comes first in `instruments`. */
export interface RecordingSource extends PlayableSource {
  readonly mode: "replay";
  /** Where a file could not be read on; what came before it is served. */
  readonly damage: NqError | null;
  /** Of what times every trade is known: in order, joined where they touch. */
  readonly covers: readonly TimeSpan[];
  /** Records that several of the files held and that were served once, by the reader that was opened last. */
  readonly duplicates: number;
  /** Files whose trades are not served, because others have them in a better schema. */
  readonly passedOver: readonly string[];
}

export interface RecordingSourceOptions {
  /** Market time at which the clock starts; everything before is history. */
  readonly startAt?: UnixTime;
  /** Told now and then how many records have been looked through. */
  readonly onProgress?: (records: number) => void;
  /** Files of quotes that are being written: a look at some of their records is to do. */
  readonly quotes?: ReadonlySet<string>;
  /** Where to keep what was learnt; left out: it is forgotten with the program. */
  readonly cache?: ReplayCache | null;
}

/** A file that takes longer than this to its first trade has a lead, seconds. */
const LEAD_SEC = 60;
/** Shown of the lead before the first trade, seconds. */
const SHOWN_LEAD_SEC = 1;
/** Schemas in which something trades or is quoted; definitions alone are no market. */
const MARKET_SCHEMA = /^(trades|tbbo|tcbbo|mbo|c?mbp-\d+|c?bbo-1[sm]|ohlcv-.*)$/;

/** Schemas without trades that figures are made of too. */
const TOLD: readonly string[] = ["definition", "statistics", "status"];

function hasFigures(scan: RecordingScan): boolean {
  return servingOf("trades", [...scan.schemas]) !== null || TOLD.some((schema) => scan.schemas.has(schema));
}

function sorted(times: readonly (UnixTime | null)[]): UnixTime[] {
  return times.filter((time) => time !== null).sort(compareTime);
}

function earliest(times: readonly (UnixTime | null)[]): UnixTime | null {
  return sorted(times)[0] ?? null;
}

function latest(times: readonly (UnixTime | null)[]): UnixTime | null {
  return sorted(times).at(-1) ?? null;
}

/**
 * The first record, so that everything plays at speed; unless the file begins with what nobody wants to wait for: a
 * book snapshot stamped at midnight, definitions of Sunday noon, the hour of order entry before the open. Then the
 * clock starts just before the first trade, and the lead is history that every replay gets at once.
 */
function chooseStart(scans: readonly RecordingScan[], firstAt: UnixTime): UnixTime {
  const firstLive = earliest(scans.map((scan) => scan.firstLiveAt)) ?? firstAt;
  const firstTrade = earliest(scans.map((scan) => scan.firstTradeAt));
  if (firstTrade === null) return firstLive;
  if (firstTrade.sec - firstAt.sec <= LEAD_SEC) return firstAt;
  return { sec: firstTrade.sec - SHOWN_LEAD_SEC, nanos: firstTrade.nanos };
}

/**
 * Reads the files once to learn what is in them. Several are served as one, merged by index time.
 * @throws NqError when a file cannot be opened, is no DBN file, or they are of different datasets
 */
export async function openRecordingSource(
  paths: readonly string[],
  options: RecordingSourceOptions = {},
): Promise<RecordingSource> {
  const files: IndexedFile[] = [];
  let records = 0;
  for (const path of paths) {
    const sampled = options.quotes?.has(path) === true ? await indexQuotes(path) : null;
    const file = sampled ?? await indexFile(path, options.cache ?? null, (inFile) => options.onProgress?.(records + inFile));
    files.push(file);
    records += file.scan.records;
  }
  const scans = files.map(({ scan }) => scan);
  const datasets = [...new Set(scans.map((scan) => scan.metadata.dataset))];
  const [dataset] = datasets;
  if (dataset === undefined) throw new NqError("USAGE", "expected at least one recorded file, found none");
  if (datasets.length > 1) {
    throw new NqError("FILE_CONTENT", `expected files of one dataset, found ${sanitiseText(datasets.join(" and "), 100)}`);
  }
  const firstAt = earliest(scans.map((scan) => scan.firstAt)) ?? { sec: 0, nanos: 0 };
  const lastAt = latest(scans.map((scan) => scan.lastAt)) ?? firstAt;
  const roles = tradeRoles(scans);
  const isAdded = (index: number): boolean => roles[index] === "added";
  const found = scans.flatMap((scan) => [...scan.schemas]);
  const schemas = [...new Set(roles.includes("added") ? [...found, "trades"] : found)];
  const open = async (file: IndexedFile, index: number, from: UnixTime | undefined): Promise<RecordReader> => {
    const reader = await openIndexed(file, from === undefined ? null : toNanos(from));
    return isAdded(index) ? addTrades(reader, [...file.scan.schemas]) : reader;
  };
  const isRead = (index: number): boolean => roles[index] !== "passed over";
  const read = (opens: readonly (() => Promise<RecordReader>)[]): SourceReader =>
    readRecordings({
      opens,
      lastAt,
      duplicates: (duplicates = isOverlapping(scans) ? new Duplicates(recordingsOf(paths)) : null),
      onDamage: (error) => {
        damage ??= error;
      },
    });
  let duplicates: Duplicates | null = null;
  let damage = scans.find((scan) => scan.damage !== null)?.damage ?? null;
  return {
    dataset,
    mode: "replay",
    instruments: schemas.some((schema) => MARKET_SCHEMA.test(schema)) ? nameInstruments(scans) : [],
    schemas,
    firstAt,
    lastAt,
    startAt: options.startAt ?? chooseStart(scans, firstAt),
    get damage() {
      return damage;
    },
    covers: coveredSpans(scans.filter((_, index) => roles[index] === "own" || isAdded(index))),
    passedOver: paths.filter((_, index) => roles[index] === "passed over"),
    get duplicates() {
      return duplicates?.dropped ?? 0;
    },
    // Quotes kept by orders are known only to whoever saw every order.
    canSkip: !schemas.includes("mbo") && files.every(({ plain }) => plain !== null),
    paths,
    identities: files.every(({ identity }) => identity !== null) ? files.flatMap(({ identity }) => identity ?? []) : null,
    open: (from) => read(files.map((file, index) => () => open(file, index, from))),
    openFigures: () => read(files.flatMap((file, index) => (isRead(index) && hasFigures(file.scan) ? [() => open(file, index, undefined)] : []))),
  };
}
