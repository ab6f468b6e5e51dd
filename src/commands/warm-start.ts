/** The running session as recordings hold it: what a program that is started at 11:00 knows of the day before it connects. */
import { DBN_VERSION_MAX } from "../dbn/constants.ts";
import { encodeRecord } from "../dbn/encode.ts";
import { RecordView } from "../dbn/record-view.ts";
import { readRecordings } from "../gateway/recording-cursor.ts";
import { mappingRecord } from "../gateway/gateway-records.ts";
import { fromNanos, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import { listRecordings, type RecordedFile } from "../recording/library.ts";
import { openRecordReader, type RecordReader } from "../recording/record-reader.ts";
import type { SegmentFacts } from "../recording/segment-facts.ts";
import { openUpTo, trustedPart } from "../recording/trusted-file.ts";
import { recordingsFolder } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { coverageFile, readKeptCoverage } from "./kept-coverage.ts";
import type { System } from "./system.ts";

export interface WarmStart {
  /** From when on every trade is recorded, but for the gaps. */
  readonly from: UnixTime | null;
  readonly gaps: readonly LinkGap[];
  /** Hands over what was recorded, in order of time. */
  readonly read: (take: (view: RecordView) => void) => Promise<void>;
}

/** What figures are made of; quotes of the past are of no use. */
const SCHEMAS: ReadonlySet<string> = new Set(["definition", "statistics", "status", "trades"]);
const FAR: UnixTime = { sec: 18_446_744_073, nanos: 0 };

interface KeptFile {
  readonly schema: string;
  readonly facts: SegmentFacts | null;
  readonly open: () => Promise<RecordReader>;
}

/** A file as far as it can be trusted: after a loss of power the end of a growing one may be anything. Null: none of it. */
async function keptFile({ disk }: System, directory: string, { name, path, state, facts }: RecordedFile): Promise<KeptFile | null> {
  const opened = (bytesMax?: number) => async (): Promise<RecordReader> => openRecordReader(path, { file: await openUpTo(disk, path, bytesMax) });
  if (state === "finished") return { schema: name.schema, facts, open: opened() };
  try {
    const trusted = await trustedPart(disk, directory, name);
    return { schema: name.schema, facts: trusted.facts, open: opened(trusted.bytes) };
  } catch {
    return null; // the recorder sets such a file aside and says so
  }
}

/** Tells whoever counts which contract the symbol stands for, as the gateway would. */
async function announce(feed: Feed, contract: string, files: readonly KeptFile[], take: (view: RecordView) => void): Promise<boolean> {
  const trades = files.find(({ schema }) => schema === "trades");
  if (trades === undefined) return false;
  const reader = await trades.open();
  try {
    const { mappings } = await reader.metadata();
    const main = mappings.find(({ rawSymbol }) => rawSymbol === contract);
    const instrumentId = Number(main?.intervals[0]?.symbol);
    if (!Number.isInteger(instrumentId)) return false;
    const record = mappingRecord(DBN_VERSION_MAX, 0n, { stypeIn: "continuous", symbol: feed.requested, instrumentId, rawSymbol: contract });
    take(new RecordView().point(encodeRecord(record, DBN_VERSION_MAX)));
    return true;
  } finally {
    await reader.close();
  }
}

/** Null when nothing of the running session was recorded, or it is not known what the recording covers. */
export async function findWarmStart(system: System, feed: Feed, dir: string | null): Promise<WarmStart | null> {
  if (feed.mode !== "LIVE") return null;
  const directory = recordingsFolder(system, dir);
  const { tradeDate, openSec } = feed.calendar.dayOf(Math.floor(system.clock.wallMs() / 1000));
  const days = await listRecordings(system.disk, directory);
  const recorded = days.filter((day) => day.dataset === feed.dataset && day.tradeDate === tradeDate).flatMap((day) => day.files)
    .filter(({ name, damage }) => damage === "" && SCHEMAS.has(name.schema));
  const files = (await Promise.all(recorded.map((file) => keptFile(system, directory, file)))).filter((file) => file !== null);
  const coverage = await readKeptCoverage(system.disk, coverageFile(directory, feed.dataset, tradeDate));
  const lastAt = files.reduce<bigint>((last, { facts }) => (facts?.lastAt != null && facts.lastAt > last ? facts.lastAt : last), 0n);
  if (coverage === null || lastAt < BigInt(openSec) * 1_000_000_000n) return null;
  return {
    from: coverage.from,
    gaps: coverage.gaps,
    async read(take) {
      if (!(await announce(feed, coverage.contract, files, take))) return;
      const reader = readRecordings({ opens: files.map(({ open }) => open), lastAt: fromNanos(lastAt), onDamage: () => {} });
      const view = new RecordView();
      try {
        for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
          if (batch === null) continue;
          for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) take(view.point(batch.bytes, at));
        }
      } finally {
        await reader.close();
      }
    },
  };
}
