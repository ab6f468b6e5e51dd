/**
 * Keeps what comes: every record, appended to the file of its schema and trade date, forced to the device at a steady
 * beat. `record` is synchronous and never waits for the disk; a disk that fails makes the recording DEGRADED, never the
 * market.
 */
import { DBN_VERSION_MAX, RECORD_BYTES_MAX, schemaOfRtype } from "../dbn/constants.ts";
import { minimumLengths } from "../dbn/layouts.ts";
import type { RecordView } from "../dbn/record-view.ts";
import type { Clock } from "../lib/clock.ts";
import { NqError } from "../lib/errors.ts";
import { NanosSplitter } from "../lib/time.ts";
import type { Disk } from "./disk.ts";
import type { RecorderHole, RecorderPhase, RecorderState } from "./recorder-state.ts";
import { sealSegment } from "./seal.ts";
import { Segment, type SegmentOptions } from "./segment.ts";
import type { SegmentName } from "./segment-names.ts";
import { dayKey, takeUpShelf, type Growing } from "./shelf.ts";

/** The trading day a time belongs to, as a recording needs it. */
export interface RecordingDay {
  readonly tradeDate: string;
  /** Unix seconds: times in [openSec, endSec) belong to it. */
  readonly openSec: number;
  readonly endSec: number;
}

export interface RecorderOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  /** Exists, and is locked for this program. */
  readonly directory: string;
  readonly dataset: string;
  readonly dayOf: (sec: number) => RecordingDay;
  /** The encoded metadata a new file begins with. */
  readonly headFor: (schema: string, day: RecordingDay) => Uint8Array;
  /** At most this much is at risk when the power goes. Default 1,000 ms. */
  readonly syncEveryMs?: number;
  /** Bytes of one file that wait in memory while the disk does not take them. Default 16 MiB. */
  readonly heldMax?: number;
  /** A file this long is followed by another. Default 256 MiB. */
  readonly rotateBytes?: number;
  readonly onState?: (state: RecorderState) => void;
}

const SYNC_EVERY_MS = 1_000;
const RETRY_MS = 5_000;
const HELD_MAX = 16 * 1024 * 1024;
const ROTATE_BYTES = 256 * 1024 * 1024;
const HOLES_KEPT = 64;
const LENGTHS = minimumLengths(DBN_VERSION_MAX);
const TS_OUT_BYTES = 8;

/** The file a schema's records go to now. */
interface Stream {
  readonly schema: string;
  day: RecordingDay;
  segment: Segment;
  hole: { from: bigint; records: number } | null;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #splitter = new NanosSplitter();
  readonly #streams = new Map<string, Stream>();
  readonly #short = new Uint8Array(RECORD_BYTES_MAX);
  readonly #schemas: (string | null)[] = Array.from({ length: 256 }, (_, rtype) => schemaOfRtype(rtype));
  /** Files that nothing is added to any more: to be closed, then packed. */
  readonly #leaving: Segment[] = [];
  readonly #resumable: Growing[];
  readonly #highest: Map<string, number>;
  readonly #bootId: string;
  readonly #notes: readonly string[];
  #holes: readonly RecorderHole[] = [];
  #phase: RecorderPhase = "RECORDING";
  #reason = "";
  #cancel: () => void = () => {};
  #flushing: Promise<void> = Promise.resolve();

  private constructor(options: RecorderOptions, shelf: Awaited<ReturnType<typeof takeUpShelf>>, bootId: string) {
    this.#options = options;
    this.#highest = new Map(shelf.highest);
    this.#notes = shelf.notes;
    this.#bootId = bootId;
    // Only the last of a stream's files is written on; one before it was being left when the program ended.
    const isLast = ({ name }: Growing): boolean =>
      !shelf.growing.some((other) => other.name.part > name.part && other.name.dataset === name.dataset && dayKey(other.name) === dayKey(name));
    this.#resumable = shelf.growing.filter(isLast);
    for (const one of shelf.growing) if (!isLast(one)) this.#leaving.push(this.#goOn(one));
    this.#arm(options.syncEveryMs ?? SYNC_EVERY_MS);
  }

  /** Mends what an earlier run left, and begins. @throws what the disk throws */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const today = options.dayOf(Math.floor(options.clock.wallMs() / 1000)).tradeDate;
    const bootId = await options.disk.bootId();
    const shelf = await takeUpShelf(options.disk, options.directory, bootId, (tradeDate) => tradeDate < today);
    return new Recorder(options, shelf, bootId);
  }

  get state(): RecorderState {
    const files = [...this.#streams.values()].map(({ schema, day, segment }) => ({
      schema, tradeDate: day.tradeDate, path: segment.path, records: segment.records, bytes: segment.lengthBytes, safeRecords: segment.safeRecords,
    }));
    const running = [...this.#streams.values()].flatMap(({ schema, hole }) => (hole === null ? [] : [{ schema, ...hole, to: null }]));
    return { phase: this.#phase, reason: this.#reason, directory: this.#options.directory, files, holes: [...this.#holes, ...running], notes: this.#notes };
  }

  /** Takes a copy of a market record in the layout of version 3; a ts_out at its end is left out. Others are passed by. */
  record(view: RecordView): void {
    const schema = this.#schemas[view.rtype];
    if (schema === null || schema === undefined || this.#phase === "STOPPED") return;
    this.#splitter.split(view.indexHi, view.indexLo);
    const { sec } = this.#splitter;
    let stream = this.#streams.get(schema);
    if (stream === undefined) stream = this.#begin(schema, sec);
    else if (sec >= stream.day.endSec) this.#turn(stream, this.#options.dayOf(sec));
    else if (stream.segment.lengthBytes >= (this.#options.rotateBytes ?? ROTATE_BYTES)) this.#turn(stream, stream.day);
    if (!this.#append(stream.segment, view)) this.#miss(stream, view);
    else if (stream.hole !== null) this.#closeHole(stream, view);
  }

  /** Resolves when everything taken so far is on the device, or the disk has failed. */
  async settle(): Promise<void> {
    await this.#flush();
  }

  /** Writes and closes everything. @throws NqError RECORD_DISK when the disk does not take the rest */
  async stop(): Promise<void> {
    this.#cancel();
    this.#phase = "STOPPED";
    await this.#flushing;
    for (const segment of this.#leaving) await segment.close();
    for (const { segment } of this.#streams.values()) await segment.close();
    this.#tell();
  }

  #append(segment: Segment, view: RecordView): boolean {
    const { bytes, base, lengthBytes, rtype } = view;
    const plain = LENGTHS[rtype] ?? 0;
    if (lengthBytes !== plain + TS_OUT_BYTES) return segment.append(bytes, base, base + lengthBytes);
    this.#short.set(bytes.subarray(base, base + plain));
    this.#short[0] = plain / 4;
    return segment.append(this.#short, 0, plain);
  }

  #begin(schema: string, sec: number): Stream {
    const day = this.#options.dayOf(sec);
    const stream: Stream = { schema, day, segment: this.#segmentFor(schema, day), hole: null };
    this.#streams.set(schema, stream);
    return stream;
  }

  /** Later records of the schema go to a new file. */
  #turn(stream: Stream, day: RecordingDay): void {
    this.#leaving.push(stream.segment);
    stream.day = day;
    stream.segment = this.#segmentFor(stream.schema, day);
  }

  /** The file left growing by an earlier run, taken up once, or a new one. */
  #segmentFor(schema: string, day: RecordingDay): Segment {
    const { dataset, headFor } = this.#options;
    const { tradeDate } = day;
    const at = this.#resumable.findLastIndex(({ name }) => name.dataset === dataset && name.schema === schema && name.tradeDate === tradeDate);
    const [found] = at < 0 ? [] : this.#resumable.splice(at, 1);
    if (found !== undefined) return this.#goOn(found);
    const part = (this.#highest.get(dayKey({ schema, tradeDate })) ?? -1) + 1;
    this.#highest.set(dayKey({ schema, tradeDate }), part);
    return new Segment(this.#placed({ dataset, schema, tradeDate, part }), null, headFor(schema, day));
  }

  #goOn({ name, recovery }: Growing): Segment {
    return new Segment(this.#placed(name), recovery, new Uint8Array(0));
  }

  #placed(name: SegmentName): SegmentOptions {
    const { disk, directory, heldMax } = this.#options;
    return { disk, directory, bootId: this.#bootId, heldMax: heldMax ?? HELD_MAX, name };
  }

  #miss(stream: Stream, view: RecordView): void {
    stream.hole ??= { from: (BigInt(view.indexHi) << 32n) + BigInt(view.indexLo), records: 0 };
    stream.hole.records += 1;
  }

  #closeHole(stream: Stream, view: RecordView): void {
    if (stream.hole === null) return;
    const hole = { schema: stream.schema, ...stream.hole, to: (BigInt(view.indexHi) << 32n) + BigInt(view.indexLo) };
    this.#holes = [...this.#holes, hole].slice(-HOLES_KEPT);
    stream.hole = null;
    this.#tell();
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#options.clock.after(delayMs, () => {
      void this.#flush().then(() => {
        if (this.#phase !== "STOPPED") this.#arm(this.#phase === "DEGRADED" ? RETRY_MS : (this.#options.syncEveryMs ?? SYNC_EVERY_MS));
      });
    });
  }

  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flushAll());
    return this.#flushing;
  }

  async #flushAll(): Promise<void> {
    try {
      // What a file that was left holds goes first: a later record must never outlast an earlier one.
      for (const segment of this.#leaving) await segment.flush(true);
      for (const { segment } of this.#streams.values()) await segment.flush(true);
      while (this.#leaving[0] !== undefined) await this.#pack(this.#leaving[0]);
      if (this.#phase === "DEGRADED") this.#phase = "RECORDING";
      this.#reason = "";
    } catch (error) {
      if (this.#phase !== "STOPPED") this.#phase = "DEGRADED";
      this.#reason = error instanceof NqError ? error.message : String(error);
    }
    this.#tell();
  }

  async #pack(segment: Segment): Promise<void> {
    await segment.close();
    await sealSegment(this.#options.disk, this.#options.directory, segment.name); // done again from the start if it fails
    this.#leaving.shift();
  }

  #tell(): void {
    this.#options.onState?.(this.state);
  }
}
