/**
 * What figures are made of (trades, definitions, statistics, status of the instruments shown), taken out of recordings
 * once and kept behind one another in a file of its own: a whole day of it is folded in a tenth of a second, so any time
 * of the day can be jumped to by counting from the start to there.
 */
import { RTYPE } from "../dbn/constants.ts";
import { createDbnDecoder, type OnRecord, type OnTrades } from "../dbn/decoder.ts";
import { RecordView } from "../dbn/record-view.ts";
import { RecordWriter } from "../dbn/record-writer.ts";
import { toNanos, type UnixTime } from "../lib/time.ts";
import type { KeptFile, ReplayCache } from "../recording/replay-cache.ts";
import type { PlayableSource, SourceReader } from "./source.ts";
import { servingOf } from "./serving.ts";
import { isTrade, TradeCutter } from "./trade-cut.ts";

export interface FigureTape {
  readonly records: number;
  /** From the start on, as a source's reader does. */
  open(): SourceReader;
  /**
   * Hands over what a session does not send that joins at `until`: of each instrument and type everything before the
   * first record with an index time from then on. Trades come in runs.
   */
  fold(until: UnixTime, take: { readonly onRecord: OnRecord; readonly onTrades: OnTrades }): Promise<void>;
  close(): Promise<void>;
}

const FAR: UnixTime = { sec: 18_446_744_073, nanos: 709_551_615 };
const TOLD: ReadonlySet<number> = new Set([RTYPE.definition, RTYPE.statistics, RTYPE.status]);
const PIECE_BYTES = 1024 * 1024;
const TRADE_BYTES = 48;

interface TapeFacts {
  readonly bytes: number;
  readonly records: number;
  /** Index times never fall: after the first one from a time on there is nothing before it. */
  readonly isOrdered: boolean;
}

/** Lets pass what comes before a time, as the gateway's selection lets pass what comes from it on. */
class Before {
  readonly #untilHi: number;
  readonly #untilLo: number;
  readonly #over = new Set<number>();
  /** Something was not before it. */
  isReached = false;

  constructor(until: UnixTime) {
    const nanos = toNanos(until);
    this.#untilHi = Number(nanos >> 32n);
    this.#untilLo = Number(nanos & 0xffff_ffffn);
  }

  admits(view: RecordView): boolean {
    const { indexHi: hi, indexLo: lo } = view;
    const isBefore = hi < this.#untilHi || (hi === this.#untilHi && lo < this.#untilLo);
    if (isBefore && !this.isReached) return true;
    const key = view.instrumentId * 256 + view.rtype;
    if (isBefore) return !this.#over.has(key);
    this.isReached = true;
    this.#over.add(key);
    return false;
  }
}

class Tape implements FigureTape {
  readonly records: number;
  readonly #file: KeptFile;
  readonly #facts: TapeFacts;

  constructor(file: KeptFile, facts: TapeFacts) {
    this.#file = file;
    this.#facts = facts;
    this.records = facts.records;
  }

  open(): SourceReader {
    const piece = new Uint8Array(PIECE_BYTES);
    const view = new RecordView();
    let at = 0;
    return {
      nextAt: null,
      read: async () => {
        const filled = await this.#file.read(piece, at);
        // Whole records only: the rest is read again with the next piece.
        let end = 0;
        let records = 0;
        for (; end < filled && end + view.point(piece, end).lengthBytes <= filled; end += view.lengthBytes) records += 1;
        at += end;
        return records === 0 ? "end" : { bytes: piece.subarray(0, end), records };
      },
      close: () => Promise.resolve(),
    };
  }

  async fold(until: UnixTime, { onRecord, onTrades }: { readonly onRecord: OnRecord; readonly onTrades: OnTrades }): Promise<void> {
    const before = new Before(until);
    const decoder = createDbnDecoder({ fragment: { version: 3 }, upgrade: false });
    const piece = new Uint8Array(PIECE_BYTES);
    const takeRecord: OnRecord = (view) => {
      if (before.admits(view)) onRecord(view);
    };
    const takeTrades: OnTrades = (view, count) => {
      const { base } = view;
      let from = 0;
      for (let n = 0; n <= count; n += 1) {
        view.base = base + n * TRADE_BYTES;
        if (n < count && before.admits(view)) continue;
        view.base = base + from * TRADE_BYTES;
        if (n > from) onTrades(view, n - from);
        from = n + 1;
      }
    };
    for (let at = 0; at < this.#facts.bytes && !(before.isReached && this.#facts.isOrdered); ) {
      const filled = await this.#file.read(piece, at);
      if (filled === 0) return;
      at += filled;
      decoder.push(piece.subarray(0, filled), takeRecord, takeTrades);
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Takes the figures out of the source and writes them behind one another. Null: there is no place for them. */
async function makeTape(source: PlayableSource, ids: ReadonlySet<number>, cache: ReplayCache, key: string): Promise<Tape | null> {
  const writer = await cache.write(key, "tape", 0);
  if (writer === null) return null;
  const reader = source.openFigures();
  const serving = servingOf("trades", source.schemas);
  const cutter = new TradeCutter();
  const gathered = new RecordWriter();
  const view = new RecordView();
  let records = 0;
  let isOrdered = true;
  let hi = 0;
  let lo = 0;
  try {
    for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
      if (batch === null) continue;
      const { bytes } = batch;
      gathered.clear();
      for (let at = 0; at < bytes.length; at += view.lengthBytes) {
        view.point(bytes, at);
        if (!ids.has(view.instrumentId)) continue;
        const isTraded = view.rtype === serving?.rtype && isTrade(view);
        if (!isTraded && !TOLD.has(view.rtype)) continue;
        if (view.indexHi < hi || (view.indexHi === hi && view.indexLo < lo)) isOrdered = false;
        [hi, lo] = [view.indexHi, view.indexLo];
        if (isTraded && serving?.way !== "copy") gathered.raw(serving?.way === "trade-of-mbo" ? cutter.fromOrder(view) : cutter.fromBook(view));
        else gathered.raw(bytes.subarray(at, at + view.lengthBytes));
      }
      records += gathered.count;
      await writer.append(gathered.bytes());
    }
    const { bytes } = writer;
    const { identities } = source;
    const facts: TapeFacts = { bytes, records, isOrdered };
    const file = await writer.finish(identities !== null);
    if (identities !== null) await cache.writeNote(key, identities, facts).catch(() => {});
    return new Tape(file, facts);
  } catch {
    await writer.abandon();
    return null;
  } finally {
    await reader.close();
  }
}

/**
 * The tape of these instruments, from the cache or made now. Null where nothing can be kept, or the recording cannot be
 * read through.
 */
export async function openFigureTape(source: PlayableSource, ids: ReadonlySet<number>, cache: ReplayCache): Promise<FigureTape | null> {
  const { identities, paths } = source;
  const key = cache.keyOf(paths, `tape 1 ${[...ids].join(" ")}`);
  const kept = identities === null ? null : ((await cache.note(key, identities)) as TapeFacts | null); // its sum says that it was written here
  if (kept !== null && (await cache.hasPiece(key, "tape", kept.bytes))) {
    const file = await cache.open(key, "tape");
    if (file !== null) return new Tape(file, kept);
  }
  return makeTape(source, ids, cache, key);
}
