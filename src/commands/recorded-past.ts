/** The past of the running session as it was recorded, ready to be played. */
import { openRecordingSource } from "../gateway/recording-source.ts";
import type { SourceInstrument } from "../gateway/source.ts";
import { toNqError } from "../lib/errors.ts";
import { realDisk } from "../recording/disk.ts";
import { listRecordings } from "../recording/library.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { recordingsFolder, replayCache } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { parseSymbol } from "./options.ts";
import type { OpenPast } from "./rewind.ts";
import type { System } from "./system.ts";

/** What a screen needs of its past. */
const SCHEMAS: ReadonlySet<string> = new Set(["definition", "statistics", "status", "trades", "mbp-1"]);

/** The recorded instruments, of which the one on screen has the name that was asked for: files do not say that. */
function named(instruments: readonly SourceInstrument[], requested: string, { instrument }: Snapshot, instrumentId: number): readonly SourceInstrument[] {
  return instruments.map((one) => {
    const others = one.continuous.filter((name) => name !== requested);
    if (one.instrumentId !== instrumentId) return { ...one, continuous: others };
    return { ...one, rawSymbol: instrument?.rawSymbol ?? one.rawSymbol, continuous: [...others, requested] };
  });
}

/** `settle`: resolves when all that came is in the files. */
export function recordedPast(system: System, feed: Feed, dir: string | null, settle: () => Promise<void>): OpenPast {
  return async (live) => {
    const snapshot = live.getSnapshot();
    const { day, asOf } = snapshot;
    if (day === null || asOf === null) return "nothing has traded yet, so there is no past to show";
    if (feed.past !== undefined) return feed.past(asOf);
    if (feed.mode === "REPLAY") return "a replay at full speed cannot be moved about in; leave out --speed max";
    await settle();
    const folder = recordingsFolder(system, dir);
    const days = await listRecordings(realDisk, folder).catch((error: unknown) => {
      throw toNqError(error, "FILE_OPEN").of(folder);
    });
    const files = days.filter(({ dataset, tradeDate }) => dataset === feed.dataset && tradeDate === day.tradeDate)
      .flatMap((one) => one.files).filter(({ name, damage }) => damage === "" && SCHEMAS.has(name.schema));
    const hasTrades = files.some(({ name, facts }) => name.schema === "trades" && facts?.records !== 0);
    if (!hasTrades) return "the past comes from the recording, and nothing of this session was recorded: r begins to, record.when: always keeps every session";
    const quotes = new Set(files.filter(({ name, state }) => name.schema === "mbp-1" && state === "growing").map(({ path }) => path));
    const source = await openRecordingSource(files.map(({ path }) => path), { cache: replayCache(system), quotes });
    const instruments = named(source.instruments, feed.requested, snapshot, live.countedInstrumentId());
    const isThere = (name: string): boolean => instruments.some(({ rawSymbol, continuous }) => rawSymbol === name || continuous.includes(name));
    const companion = feed.companion !== null && isThere(feed.companion) ? feed.companion : null;
    return { source: { ...source, instruments }, symbols: { symbol: parseSymbol(feed.requested), companion } };
  };
}
