/**
 * `timeseries.get_range`, decoded while it comes: plain DBN or any number of zstd frames. A body may end early without
 * any error, so its end is held against the count that was told before; what is missing is asked for again from the last
 * whole record on, and nothing is handed out twice.
 */
import { SCHEMA_CODES } from "../dbn/constants.ts";
import { createDbnDecoder, type DbnDecoder } from "../dbn/decoder.ts";
import type { DbnMetadata } from "../dbn/metadata.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { createZstdExpander, type ZstdExpander } from "../dbn/zstd.ts";
import { FRAME_MAGIC_BYTES } from "../dbn/zstd-frames.ts";
import { NqError, toNqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { piecesOf } from "./body.ts";
import { backoffMs, call, pause } from "./call.ts";
import type { HistoricalOptions } from "./options.ts";
import { rangeParams, type HistoricalRange } from "./range.ts";
import { Repeats } from "./repeats.ts";

/** Pieces in a row that bring nothing new: then it is given up. Every piece costs money. */
const BARREN_MAX = 3;
/** Damage that another try may not have. */
const PASSING: ReadonlySet<string> = new Set(["HIST_UNAVAILABLE", "FILE_TRUNCATED", "FILE_EMPTY", "ZSTD_FRAME", "DBN_RECORD"]);

export interface FetchedRange {
  readonly records: number;
  /** Bytes of all bodies, as they came. */
  readonly receivedBytes: number;
  /** Bodies it took; 1 when none broke off. */
  readonly pieces: number;
}

export interface RangeTaker {
  /** Once for each body, before its records; in the version it came in. */
  readonly onMetadata: (metadata: DbnMetadata) => void;
  /** Every record once, in the order of index times, in the layout of version 3; valid during the call only. */
  readonly onRecord: (view: RecordView) => void;
  /**
   * Before what is missing is asked for again: every call is billed, those that broke off too. Throws to end it.
   * @param missing records that the further call is asked for, at least
   */
  readonly onGoOn: (missing: number) => void;
  /** After each piece that came; the next one is waited for until it resolves. */
  readonly onProgress: (records: number, receivedBytes: number) => void | Promise<void>;
}

function startsFrame(bytes: Uint8Array): boolean {
  return FRAME_MAGIC_BYTES.every((byte, at) => bytes[at] === byte) || ((bytes[0] ?? 0) & 0xf0) === 0x50;
}

function checkMetadata({ dataset, schema, notFound, partial }: DbnMetadata, range: HistoricalRange): void {
  if (dataset !== range.dataset || schema !== SCHEMA_CODES[range.schema]) {
    throw new NqError("HIST_CONTENT", `expected ${range.schema} of ${range.dataset}, found other data: ${sanitiseText(dataset, 20)}, schema ${schema}`);
  }
  const missing = [...notFound, ...partial];
  if (missing.length > 0) throw new NqError("HIST_CONTENT", `expected data of ${range.symbols.join(", ")}, found nothing, or not all of it, of ${sanitiseText(missing.join(", "), 100)}`);
}

class Fetch {
  readonly #options: HistoricalOptions;
  readonly #range: HistoricalRange;
  readonly #taker: RangeTaker;
  readonly #repeats = new Repeats();
  records = 0;
  receivedBytes = 0;
  pieces = 0;

  constructor(options: HistoricalOptions, range: HistoricalRange, taker: RangeTaker) {
    this.#options = options;
    this.#range = range;
    this.#taker = taker;
  }

  /** One body, to its end or its break. */
  async piece(): Promise<void> {
    const start = this.#repeats.lastAt ?? this.#range.start;
    this.#repeats.beginAgain();
    this.pieces += 1;
    const params = { ...rangeParams({ ...this.#range, start }), encoding: "dbn", compression: "zstd", stype_out: "instrument_id" };
    const response = await call(this.#options, "timeseries.get_range", params);
    const decoder = createDbnDecoder({
      onMetadata: (metadata) => {
        checkMetadata(metadata, this.#range);
        this.#taker.onMetadata(metadata);
      },
    });
    let expander: ZstdExpander | null = null;
    try {
      let isFirst = true;
      for await (const bytes of piecesOf(response, this.#options)) {
        this.receivedBytes += bytes.length;
        if (isFirst && bytes.length < FRAME_MAGIC_BYTES.length) expander = createZstdExpander(); // asked for, so most likely
        else if (isFirst && startsFrame(bytes)) expander = createZstdExpander();
        isFirst = false;
        if (expander === null) this.#decode(decoder, bytes);
        else await expander.push(bytes, (expanded) => this.#decode(decoder, expanded));
        await this.#taker.onProgress(this.records, this.receivedBytes);
      }
      await expander?.end();
      decoder.end();
    } finally {
      expander?.close();
    }
  }

  #decode(decoder: DbnDecoder, bytes: Uint8Array): void {
    const { start, end } = this.#range;
    decoder.push(bytes, (view) => {
      const at = view.index;
      if (at < start || at >= end) throw new NqError("HIST_CONTENT", `expected records from ${start} to ${end}, found one at ${at}`);
      if (!this.#repeats.isNew(view)) return;
      this.records += 1;
      this.#taker.onRecord(view);
    });
  }
}

/**
 * Fetches the range. `expected`: how many records the API said there are.
 * @throws NqError HIST_*; HIST_CONTENT when the count is another in the end; what `taker` throws
 */
export async function fetchRange(options: HistoricalOptions, range: HistoricalRange, expected: number, taker: RangeTaker): Promise<FetchedRange> {
  const fetch = new Fetch(options, range, taker);
  for (let barren = 0; ; ) {
    const before = fetch.records;
    let failure: NqError | null = null;
    try {
      await fetch.piece();
    } catch (error) {
      failure = toNqError(error, "HIST_CONTENT");
      if (!PASSING.has(failure.code)) throw failure;
    }
    if (failure === null && fetch.records >= expected) break;
    barren = fetch.records > before ? 0 : barren + 1;
    const missing = `${(expected - fetch.records).toLocaleString("en-US")} of ${expected.toLocaleString("en-US")} records are missing`;
    if (barren >= BARREN_MAX) throw failure ?? new NqError("HIST_CONTENT", `the historical data ends early: ${missing}`);
    taker.onGoOn(expected - fetch.records);
    options.onNote(`${failure?.message ?? "the body ended early"}; ${missing}, going on from the last whole record`);
    await pause(options, backoffMs(barren + 1, options.random));
  }
  if (fetch.records !== expected) {
    throw new NqError("HIST_CONTENT", `expected ${expected.toLocaleString("en-US")} records, found ${fetch.records.toLocaleString("en-US")}`);
  }
  return { records: fetch.records, receivedBytes: fetch.receivedBytes, pieces: fetch.pieces };
}
