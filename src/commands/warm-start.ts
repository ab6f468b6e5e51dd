/** The running session as recordings hold it: what a program that is started at 11:00 knows of the day before it connects. */
import { HighWater, microsOf, nanosOf, STEP_US } from "../client/high-water.ts";
import { DBN_VERSION_MAX } from "../dbn/constants.ts";
import { encodeRecord } from "../dbn/encode.ts";
import { RecordView } from "../dbn/record-view.ts";
import { readRecordings } from "../gateway/recording-cursor.ts";
import { mappingRecord } from "../gateway/gateway-records.ts";
import { fromNanos, toNanos, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import { listRecordings, type RecordedFile } from "../recording/library.ts";
import { openRecordReader, type RecordReader } from "../recording/record-reader.ts";
import type { SegmentFacts } from "../recording/segment-facts.ts";
import { segmentFile } from "../recording/segment-names.ts";
import { openUpTo, trustedPart } from "../recording/trusted-file.ts";
import { recordingsFolder } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { coverageFile, readKeptCoverage } from "./kept-coverage.ts";
import type { System } from "./system.ts";

export interface WarmStart {
  /** From when on every trade is recorded, but for the gaps; those are known once everything was read. */
  readonly from: UnixTime | null;
  readonly gaps: readonly LinkGap[];
  /** Hands over what was recorded, in order of time. */
  readonly read: (take: (view: RecordView) => void) => Promise<void>;
}

/** What figures are made of; quotes of the past are of no use. */
const SCHEMAS: ReadonlySet<string> = new Set(["definition", "statistics", "status", "trades"]);
/** How often the files are looked through until none of them is gone when it is opened. */
const LISTS_MAX = 3;
const FAR: UnixTime = { sec: 18_446_744_073, nanos: 0 };

/** A recorded file, to be read as far as it can be trusted. */
export interface KeptFile {
  readonly schema: string;
  readonly facts: SegmentFacts | null;
  readonly open: () => Promise<RecordReader>;
}

/**
 * A file as far as it can be trusted: after a loss of power the end of a growing one may be anything.
 * @throws NqError when nothing of it can be: the recorder will set it aside
 */
export async function keptFile({ disk }: System, directory: string, { name, path, state, facts }: RecordedFile): Promise<KeptFile> {
  const opened = async (at: string, bytesMax?: number): Promise<RecordReader> => openRecordReader(at, { file: await openUpTo(disk, at, bytesMax) });
  if (state === "finished") return { schema: name.schema, facts, open: () => opened(path) };
  const trusted = await trustedPart(disk, directory, name);
  // A recorder may pack it meanwhile.
  const packed = `${directory}/${segmentFile(name, "finished")}`;
  return { schema: name.schema, facts: trusted.facts, open: () => opened(path, trusted.bytes).catch(() => opened(packed)) };
}

/** The trade date's files that figures are made of. A recorder that packs one of them meanwhile takes it out of a list just made. */
async function keptFiles(system: System, feed: Feed, directory: string, tradeDate: string): Promise<readonly KeptFile[] | null> {
  for (let attempt = 0; attempt < LISTS_MAX; attempt += 1) {
    const days = await listRecordings(system.disk, directory);
    const files = days.filter((day) => day.dataset === feed.dataset && day.tradeDate === tradeDate).flatMap((day) => day.files)
      .filter(({ name }) => SCHEMAS.has(name.schema));
    try {
      if (files.every(({ damage }) => damage === "")) return await Promise.all(files.map((file) => keptFile(system, directory, file)));
    } catch {
      // the same: it is looked for under its new name
    }
  }
  return null;
}

/** Tells whoever counts which contract the symbol stands for, as the gateway would. */
async function announce(feed: Feed, contract: string, files: readonly KeptFile[], take: (view: RecordView) => void): Promise<boolean> {
  const trades = files.find(({ schema }) => schema === "trades");
  if (trades === undefined) return false;
  const reader = await trades.open().catch(() => null);
  if (reader === null) return false;
  try {
    const { mappings } = await reader.metadata();
    const main = mappings.find(({ rawSymbol }) => rawSymbol === contract);
    const instrumentId = Number(main?.intervals[0]?.symbol);
    if (!Number.isInteger(instrumentId)) return false;
    const record = mappingRecord(DBN_VERSION_MAX, 0n, { stypeIn: "continuous", symbol: feed.requested, instrumentId, rawSymbol: contract });
    take(new RecordView().point(encodeRecord(record, DBN_VERSION_MAX)));
    return true;
  } catch {
    return false; // unreadable: nothing is taken up, and the gateway is asked for all of it
  } finally {
    await reader.close();
  }
}

/** A gap that was still open when the program ended: trades that came after it are recorded, and nobody judged the replay. */
function judged(gaps: readonly LinkGap[], lastAt: bigint): readonly LinkGap[] {
  return gaps.map((gap) =>
    gap.to !== null || toNanos(gap.from) >= lastAt
      ? gap
      : { ...gap, to: fromNanos(lastAt), state: "unverified", how: "the program ended before it was known what came again" });
}

/** Null when nothing of the running session was recorded, it is not known what the recording covers, or it cannot be read. */
export async function findWarmStart(system: System, feed: Feed, dir: string | null): Promise<WarmStart | null> {
  if (feed.mode !== "LIVE") return null;
  try {
    return await lookForWarmStart(system, feed, dir);
  } catch {
    return null; // the disk, or no folder for recordings is known: the market goes on without it
  }
}

async function lookForWarmStart(system: System, feed: Feed, dir: string | null): Promise<WarmStart | null> {
  const directory = recordingsFolder(system, dir);
  const { tradeDate, openSec } = feed.calendar.dayOf(Math.floor(system.clock.wallMs() / 1000));
  const files = await keptFiles(system, feed, directory, tradeDate);
  if (files === null) return null;
  const coverage = await readKeptCoverage(system.disk, coverageFile(directory, feed.dataset, tradeDate));
  const lastAt = files.reduce<bigint>((last, { facts }) => (facts?.lastAt != null && facts.lastAt > last ? facts.lastAt : last), 0n);
  if (coverage === null || lastAt < BigInt(openSec) * 1_000_000_000n) return null;
  let isDamaged = false;
  // Files hold records as they came: after a replay the last one is not the newest.
  const newest = new HighWater();
  const reached = (): bigint => {
    const nanos = nanosOf(Math.ceil(newest.us));
    return nanos > lastAt ? nanos : lastAt;
  };
  return {
    from: coverage.from,
    get gaps(): readonly LinkGap[] {
      const told = judged(coverage.gaps, reached());
      if (!isDamaged || coverage.from === null) return told;
      return [{ from: coverage.from, to: fromNanos(reached()), state: "unverified", how: "not all that was recorded can be read" }, ...told];
    },
    async read(take) {
      if (!(await announce(feed, coverage.contract, files, take))) return;
      const reader = readRecordings({ opens: files.map(({ open }) => open), lastAt: fromNanos(lastAt), onDamage: () => void (isDamaged = true) });
      const view = new RecordView();
      try {
        for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
          if (batch === null) continue;
          for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
            take(view.point(batch.bytes, at));
            newest.take(microsOf(view.indexHi, view.indexLo), STEP_US);
          }
        }
      } finally {
        await reader.close();
      }
    },
  };
}
