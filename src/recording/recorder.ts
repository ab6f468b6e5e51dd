/**
 * Keeps what comes: every record, appended to the file of its schema and trade date, forced to the device at a steady
 * beat. `record` is synchronous and never waits for the disk; a disk that fails makes the recording DEGRADED, never the
 * market. Which trade date a record belongs to its time says, unless that is damaged: see `day-choice.ts`.
 */
import { DBN_VERSION_MAX, RECORD_BYTES_MAX, schemaOfRtype } from "../dbn/constants.ts";
import { minimumLengths } from "../dbn/layouts.ts";
import { RecordView } from "../dbn/record-view.ts";
import { NqError } from "../lib/errors.ts";
import { NanosSplitter } from "../lib/time.ts";
import { DayChoice } from "./day-choice.ts";
import { BESIDES_HELD_MAX, BURST, HELD_MAX } from "./recorder-options.ts";
import type { RecorderOptions, RecordingDay, WrittenFile } from "./recorder-options.ts";
import type { RecorderHole, RecorderPhase, RecorderState } from "./recorder-state.ts";
import { sealSegment } from "./seal.ts";
import type { SegmentName } from "./segment-names.ts";
import { Segment, type SegmentOptions } from "./segment.ts";
import { dayKey, lastOfEach, takeUpShelf, type Growing } from "./shelf.ts";

const SYNC_EVERY_MS = 1_000;
const RETRY_MS = 5_000;
const ROTATE_BYTES = 256 * 1024 * 1024;
const HOLES_KEPT = 64;
const LENGTHS = minimumLengths(DBN_VERSION_MAX);
const TS_OUT_BYTES = 8;
/** What a few records say of the day whose trades they belong to, whenever they were made. */
const FOLLOWING: ReadonlySet<string> = new Set(["definition", "statistics", "status"]);

/** The file a schema's records go to now; null before the first. */
interface Stream {
  readonly schema: string;
  readonly choice: DayChoice;
  day: RecordingDay | null;
  segment: Segment | null;
  hole: { from: bigint; last: bigint; records: number } | null;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #splitter = new NanosSplitter();
  readonly #streams = new Map<string, Stream>();
  readonly #short = new Uint8Array(RECORD_BYTES_MAX);
  readonly #view = new RecordView();
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
  #isEarly = false;
  #cancel: () => void = () => {};
  #flushing: Promise<void> = Promise.resolve();

  private constructor(options: RecorderOptions, shelf: Awaited<ReturnType<typeof takeUpShelf>>, bootId: string) {
    this.#options = options;
    this.#highest = new Map(shelf.highest);
    this.#notes = shelf.notes;
    this.#bootId = bootId;
    const { last, before } = lastOfEach(shelf.growing);
    this.#resumable = [...last];
    this.#leaving.push(...before.map((one) => this.#goOn(one)));
    this.#arm(options.syncEveryMs ?? SYNC_EVERY_MS);
  }

  /** Mends what an earlier run left, and begins. @throws what the disk throws */
  static async start(options: RecorderOptions): Promise<Recorder> {
    const today = options.dayOf(Math.floor(options.clock.wallMs() / 1000)).tradeDate;
    const bootId = await options.disk.bootId();
    const shelf = await takeUpShelf(options.disk, options.directory, bootId, (tradeDate) => tradeDate < today);
    return new Recorder(options, shelf, bootId);
  }

  /**
   * Runs while nothing is written, packed or removed. Told are the files that are being written: what of each is on the
   * device, and what waits for it; together that is all that was taken.
   */
  quietly(run: (written: readonly WrittenFile[]) => Promise<void>): Promise<void> {
    const done = this.#flushing.then(() => {
      this.#decide(false); // else a record that waits to know its day would be in no file
      const segments = [...[...this.#streams.values()].flatMap(({ segment }) => (segment === null ? [] : [segment])), ...this.#leaving];
      return run(segments.map((segment) => ({ path: segment.path, safeBytes: segment.safeBytes, held: segment.heldCopy() })));
    });
    this.#flushing = done.catch(() => {});
    return done;
  }

  get state(): RecorderState {
    const files = [...this.#streams.values()].flatMap(({ schema, segment }) => (segment === null ? [] : [{
      schema, tradeDate: segment.name.tradeDate, path: segment.path, records: segment.records, bytes: segment.lengthBytes, safeRecords: segment.safeRecords,
    }]));
    const running = [...this.#streams.values()].flatMap(({ schema, hole }) => (hole === null ? [] : [{ schema, from: hole.from, to: null, records: hole.records }]));
    return { phase: this.#phase, reason: this.#reason, directory: this.#options.directory, files, holes: [...this.#holes, ...running], notes: this.#notes };
  }

  /** Takes a copy of a market record in the layout of version 3; a ts_out at its end is left out. Others are passed by. */
  record(view: RecordView): void {
    const stream = this.#streamOf(view);
    if (stream === null) return;
    this.#splitter.split(view.indexHi, view.indexLo);
    const { sec } = this.#splitter;
    const { day } = stream;
    // Nearly always: the day that is written, and nothing waits for its day to be known.
    if (day !== null && sec >= day.openSec && sec < day.endSec && stream.choice.isEmpty) return this.#put(stream, view);
    for (const { to, bytes } of stream.choice.take(view, sec, day)) {
      if (to !== null) this.#turn(stream, to);
      this.#put(stream, this.#view.point(bytes));
    }
    if (stream.schema === "trades" && stream.day !== day) this.#follow(stream.day);
  }

  /** A record that could not be taken for lack of memory. */
  lose(view: RecordView): void {
    const stream = this.#streamOf(view);
    if (stream !== null) this.#miss(stream, view);
  }

  /** A further file of this schema, beside the one that is written, for records around a time (unix seconds). */
  besides(schema: string, sec: number): Segment {
    return this.#newSegment(schema, this.#options.dayOf(sec), BESIDES_HELD_MAX);
  }

  /** What a file that was begun beside holds is all that the hole lacked: it is kept like any other that is full. */
  filled(hole: RecorderHole, segment: Segment | null): void {
    if (segment !== null) this.#leaving.push(segment);
    this.#holes = this.#holes.filter(({ schema, from, to }) => schema !== hole.schema || from !== hole.from || to !== hole.to);
  }

  /** Resolves when everything taken so far is on the device, or the disk has failed. */
  settle(): Promise<void> {
    return this.#flush();
  }

  /** Writes and closes everything. @throws NqError RECORD_DISK when the disk does not take the rest */
  async stop(): Promise<void> {
    this.#cancel();
    this.#phase = "STOPPED";
    await this.#flushing;
    this.#decide(true);
    await this.#options.beforeFlush?.(this.state);
    for (const segment of this.#leaving) await segment.close();
    for (const { segment } of this.#streams.values()) await segment?.close();
    await this.#options.afterFlush?.();
    this.#tell();
  }

  #streamOf({ rtype }: RecordView): Stream | null {
    const schema = this.#schemas[rtype];
    if (schema === null || schema === undefined || this.#phase === "STOPPED") return null;
    const known = this.#streams.get(schema);
    if (known !== undefined) return known;
    const isFollowing = FOLLOWING.has(schema);
    const choice = new DayChoice(this.#options.dayOf, isFollowing);
    const stream: Stream = { schema, choice, day: isFollowing ? (this.#streams.get("trades")?.day ?? null) : null, segment: null, hole: null };
    this.#streams.set(schema, stream);
    return stream;
  }

  /** The trades are of this day now. */
  #follow(day: RecordingDay | null): void {
    if (day === null) return;
    for (const stream of this.#streams.values()) {
      if (!FOLLOWING.has(stream.schema) || (stream.day !== null && stream.day.openSec >= day.openSec)) continue;
      this.#turn(stream, day);
      for (const bytes of stream.choice.drain()) this.#put(stream, this.#view.point(bytes));
    }
  }

  /** Records that waited for a beat to know their day wait no longer. `isLast`: nor do those that wait for trades. */
  #decide(isLast: boolean): void {
    for (const stream of this.#streams.values()) {
      const decided = stream.choice.decide(stream.day, isLast);
      if (decided === null) continue;
      if (decided.to !== null) this.#turn(stream, decided.to);
      for (const bytes of decided.records) this.#put(stream, this.#view.point(bytes));
    }
    this.#follow(this.#streams.get("trades")?.day ?? null);
  }

  #put(stream: Stream, view: RecordView): void {
    const { day } = stream;
    if (day === null) throw new Error("a record is to be written before its day is known");
    if ((stream.segment?.lengthBytes ?? 0) >= (this.#options.rotateBytes ?? ROTATE_BYTES)) this.#turn(stream, day);
    const segment = (stream.segment ??= this.#segmentFor(stream.schema, day));
    // A day that is told at once does not wait for the beat.
    if (segment.heldBytes * 4 > (this.#options.heldMax ?? HELD_MAX) && this.#phase === "RECORDING" && !this.#isEarly) {
      this.#isEarly = true;
      void this.#flush().then(() => (this.#isEarly = false));
    }
    const isFull = this.#phase !== "RECORDING" && segment.heldBytes + view.lengthBytes > (this.#options.heldMax ?? HELD_MAX);
    if (isFull || !this.#append(segment, view)) this.#miss(stream, view);
    else if (stream.hole !== null) this.#closeHole(stream, view);
  }

  #append(segment: Segment, view: RecordView): boolean {
    const { bytes, base, lengthBytes, rtype } = view;
    const plain = LENGTHS[rtype] ?? 0;
    if (lengthBytes !== plain + TS_OUT_BYTES) return segment.append(bytes, base, base + lengthBytes);
    this.#short.set(bytes.subarray(base, base + plain));
    this.#short[0] = plain / 4;
    return segment.append(this.#short, 0, plain);
  }

  /** Later records of the schema go to a new file. */
  #turn(stream: Stream, day: RecordingDay): void {
    if (stream.segment !== null) this.#leaving.push(stream.segment);
    stream.day = day;
    stream.segment = null;
  }

  /** The file left growing by an earlier run, taken up once, or a new one. */
  #segmentFor(schema: string, day: RecordingDay): Segment {
    const { dataset } = this.#options;
    const { tradeDate } = day;
    const at = this.#resumable.findLastIndex(({ name }) => name.dataset === dataset && name.schema === schema && name.tradeDate === tradeDate);
    const [found] = at < 0 ? [] : this.#resumable.splice(at, 1);
    return found === undefined ? this.#newSegment(schema, day) : this.#goOn(found);
  }

  #newSegment(schema: string, day: RecordingDay, heldMax?: number): Segment {
    const { dataset, headFor } = this.#options;
    const { tradeDate } = day;
    const part = (this.#highest.get(dayKey({ schema, tradeDate })) ?? -1) + 1;
    this.#highest.set(dayKey({ schema, tradeDate }), part);
    return new Segment(this.#placed({ dataset, schema, tradeDate, part }, heldMax), null, headFor(schema, day));
  }

  #goOn({ name, recovery }: Growing): Segment {
    return new Segment(this.#placed(name), recovery, new Uint8Array(0));
  }

  #placed(name: SegmentName, heldMax = BURST * (this.#options.heldMax ?? HELD_MAX)): SegmentOptions {
    const { disk, directory } = this.#options;
    return { disk, directory, bootId: this.#bootId, heldMax, name };
  }

  #miss(stream: Stream, view: RecordView): void {
    const at = view.index;
    const hole = (stream.hole ??= { from: at, last: at, records: 0 });
    // Not always in order of time: a replay may bring what is older.
    if (at < hole.from) hole.from = at;
    if (at > hole.last) hole.last = at;
    hole.records += 1;
  }

  #closeHole(stream: Stream, view: RecordView): void {
    if (stream.hole === null) return;
    const { from, last, records } = stream.hole;
    const at = view.index;
    this.#holes = [...this.#holes, { schema: stream.schema, from, to: at > last ? at : last, records }].slice(-HOLES_KEPT);
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
      if (this.#phase !== "STOPPED") this.#decide(false);
      await this.#options.beforeFlush?.(this.state);
      // What a file that was left holds goes first: a later record must never outlast an earlier one.
      for (const segment of this.#leaving) await segment.flush(true);
      for (const { segment } of this.#streams.values()) await segment?.flush(true);
      await this.#options.afterFlush?.();
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
