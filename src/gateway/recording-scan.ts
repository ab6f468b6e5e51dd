/** One pass over a recorded file: which times, instruments and schemas it holds, and whether it is whole. */
import { FLAG, NO_SCHEMA, RTYPE, schemaName, schemaOfRtype } from "../dbn/constants.ts";
import type { DbnMetadata } from "../dbn/metadata.ts";
import { decodeRecord } from "../dbn/records.ts";
import { RecordView } from "../dbn/record-view.ts";
import { toNqError, type NqError } from "../lib/errors.ts";
import { NanosSplitter, type UnixTime } from "../lib/time.ts";
import type { RecordBatch, RecordReader } from "../recording/record-reader.ts";
import { hasAction, isTrade } from "./trade-cut.ts";

export interface InstrumentCounts {
  records: number;
  trades: number;
}

/** What definitions and symbol mappings inside the file say about an instrument. */
export interface InstrumentNames {
  rawSymbol: string | null;
  readonly parents: Set<string>;
  readonly continuous: Set<string>;
}

export interface RecordingScan {
  readonly metadata: DbnMetadata;
  /** Index times; null when there is no market record. */
  readonly firstAt: UnixTime | null;
  readonly lastAt: UnixTime | null;
  /** First record that is not part of a book snapshot. */
  readonly firstLiveAt: UnixTime | null;
  readonly firstTradeAt: UnixTime | null;
  readonly records: number;
  readonly counts: ReadonlyMap<number, InstrumentCounts>;
  readonly names: ReadonlyMap<number, InstrumentNames>;
  readonly schemas: ReadonlySet<string>;
  /** What ended the pass early; everything before it counts. */
  readonly damage: NqError | null;
}

/** High half of 2^64-1, the time that is not set. */
const UNDEF_HI = 0xffff_ffff;

class Scanner {
  firstAt: UnixTime | null = null;
  lastAt: UnixTime | null = null;
  firstLiveAt: UnixTime | null = null;
  firstTradeAt: UnixTime | null = null;
  readonly counts = new Map<number, InstrumentCounts>();
  readonly names = new Map<number, InstrumentNames>();
  readonly rtypes = new Set<number>();
  /** An mbp-1 record that is no trade: the file is not tbbo. */
  hasQuote = false;
  readonly #splitter = new NanosSplitter();
  #lastHi = 0;
  #lastLo = 0;
  #lastId = -1;
  #last: InstrumentCounts = { records: 0, trades: 0 };

  take(view: RecordView): void {
    const rtype = view.rtype;
    if (rtype === RTYPE.symbolMapping || rtype === RTYPE.definition) this.#name(view);
    if (view.isFromGateway || schemaOfRtype(rtype) === null) return;
    this.rtypes.add(rtype);
    const counts = this.#countsOf(view.instrumentId);
    counts.records += 1;
    const isTraded = hasAction(rtype) && isTrade(view);
    if (isTraded) counts.trades += 1;
    if (rtype === RTYPE.mbp1 && !isTraded) this.hasQuote = true;
    this.#time(view, isTraded, rtype === RTYPE.mbo && (view.mboFlags & FLAG.snapshot) !== 0);
  }

  #countsOf(id: number): InstrumentCounts {
    if (id === this.#lastId) return this.#last;
    let counts = this.counts.get(id);
    if (counts === undefined) this.counts.set(id, (counts = { records: 0, trades: 0 }));
    this.#lastId = id;
    this.#last = counts;
    return counts;
  }

  #time(view: RecordView, isTraded: boolean, isSnapshot: boolean): void {
    const hi = view.indexHi;
    const lo = view.indexLo;
    if (hi === UNDEF_HI) return;
    if (this.firstAt === null) this.firstAt = this.#split(hi, lo);
    if (this.firstLiveAt === null && !isSnapshot) this.firstLiveAt = this.#split(hi, lo);
    if (this.firstTradeAt === null && isTraded) this.firstTradeAt = this.#split(hi, lo);
    if (hi > this.#lastHi || (hi === this.#lastHi && lo > this.#lastLo)) [this.#lastHi, this.#lastLo] = [hi, lo];
  }

  /** Latest index time so far, nanoseconds since 1970. */
  get newest(): bigint {
    return (BigInt(this.#lastHi) << 32n) + BigInt(this.#lastLo);
  }

  finish(): void {
    if (this.firstAt !== null) this.lastAt = this.#split(this.#lastHi, this.#lastLo);
  }

  #split(hi: number, lo: number): UnixTime {
    this.#splitter.split(hi, lo);
    return { sec: this.#splitter.sec, nanos: this.#splitter.nanos };
  }

  #name(view: RecordView): void {
    const record = decodeRecord(view.bytes, 3, view.base);
    if (record?.kind !== "definition" && record?.kind !== "symbolMapping") return;
    let names = this.names.get(record.instrumentId);
    if (names === undefined) {
      this.names.set(record.instrumentId, (names = { rawSymbol: null, parents: new Set(), continuous: new Set() }));
    }
    if (record.kind === "definition") {
      names.rawSymbol = record.rawSymbol;
      if (/^[FS]$/.test(record.instrumentClass)) names.parents.add(`${record.asset}.FUT`);
      if (/^[CP]$/.test(record.instrumentClass)) names.parents.add(`${record.asset}.OPT`);
      return;
    }
    names.rawSymbol = record.stypeOutSymbol;
    noteSymbol(names, record.stypeInSymbol);
  }
}

/** Keeps a symbol of a form that names several or changing instruments: `NQ.FUT`, `NQ.v.0`. */
export function noteSymbol(names: InstrumentNames, symbol: string): void {
  if (/^[^.]+\.(FUT|OPT)$/.test(symbol)) names.parents.add(symbol);
  if (/^[^.]+\.[cnv]\.\d+$/.test(symbol)) names.continuous.add(symbol);
}

function schemasOf(scanner: Scanner, metadata: DbnMetadata): Set<string> {
  const schemas = new Set<string>();
  for (const rtype of scanner.rtypes) {
    const isSaid = schemaName(metadata.schema) === "tbbo";
    const isTbbo = rtype === RTYPE.mbp1 && (isSaid || (metadata.schema === NO_SCHEMA && !scanner.hasQuote));
    const schema = isTbbo ? "tbbo" : schemaOfRtype(rtype);
    if (schema !== null) schemas.add(schema);
  }
  return schemas;
}

export interface ScanOptions {
  /** After each piece: how many records that was. */
  readonly onProgress: (records: number) => void;
  /** With each piece, and the latest index time up to its end, nanoseconds since 1970; what it returns is waited for. */
  readonly onBatch?: (batch: RecordBatch, newest: bigint) => Promise<void>;
}

/** Reads the whole file. @throws NqError when even its head cannot be read */
export async function scanRecording(reader: RecordReader, { onProgress, onBatch }: ScanOptions): Promise<RecordingScan> {
  const metadata = await reader.metadata();
  const scanner = new Scanner();
  const view = new RecordView();
  let damage: NqError | null = null;
  try {
    for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
      for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) scanner.take(view.point(batch.bytes, at));
      await onBatch?.(batch, scanner.newest);
      onProgress(reader.records);
    }
  } catch (error) {
    damage = toNqError(error, "DBN_RECORD");
  }
  scanner.finish();
  const { firstAt, lastAt, firstLiveAt, firstTradeAt, counts, names } = scanner;
  const schemas = schemasOf(scanner, metadata);
  return { metadata, records: reader.records, firstAt, lastAt, firstLiveAt, firstTradeAt, counts, names, schemas, damage };
}
