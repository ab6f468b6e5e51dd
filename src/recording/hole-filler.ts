/**
 * What the disk did not take, put into a file of its own once it came again: of the hole's times only, and only what is
 * in no other file. Records stay in order of time in every file, and nothing is in the recording twice.
 */
import { RTYPE } from "../dbn/constants.ts";
import { TRADE_WORDS, type OccurrenceTable } from "../dbn/occurrence-table.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { NqError } from "../lib/errors.ts";
import type { Disk } from "./disk.ts";
import { readRecorded } from "./read-recorded.ts";
import type { RecorderHole } from "./recorder-state.ts";
import type { Recorder } from "./recorder.ts";
import type { Segment } from "./segment.ts";
import { copyWords, TradeWords } from "./trade-words.ts";

export interface HoleFillerOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly dataset: string;
  readonly recorder: Recorder;
  /** Unix seconds → trade date. */
  readonly dateOf: (sec: number) => string;
}

const LENGTH_BYTES = TRADE_WORDS * 4;

/** A hole of trades that has ended. */
export class HoleFiller {
  readonly #options: HoleFillerOptions;
  readonly #hole: RecorderHole;
  readonly #to: bigint;
  readonly #table: OccurrenceTable | null;
  readonly #segment: Segment;
  readonly #words = new Uint32Array(TRADE_WORDS);
  #isFull = false;

  private constructor(options: HoleFillerOptions, hole: RecorderHole, to: bigint, table: OccurrenceTable | null) {
    this.#options = options;
    this.#hole = hole;
    this.#to = to;
    this.#table = table;
    this.#segment = options.recorder.besides("trades", Number(hole.from / 1_000_000_000n));
  }

  /** Looks at what is recorded of the hole's first and last moments. @throws what the disk throws */
  static async begin(options: HoleFillerOptions, hole: RecorderHole): Promise<HoleFiller> {
    const { disk, directory, dataset, recorder, dateOf } = options;
    const { from, to } = hole;
    if (to === null) throw new Error("the hole has not ended");
    const trades = new TradeWords();
    const since = dateOf(Number(from / 1_000_000_000n));
    await recorder.quietly((written) => readRecorded({ disk, directory, dataset, since, written }, (view) => {
      if (view.rtype === RTYPE.trade && view.index >= from && view.index <= to) trades.add(view);
    }));
    return new HoleFiller(options, hole, to, trades.toTable());
  }

  /** Records put into it. */
  get records(): number {
    return this.#segment.records;
  }

  /** One trade of a replay; others than those of the hole pass by. */
  put(view: RecordView): void {
    const at = view.index;
    if (view.rtype !== RTYPE.trade || at < this.#hole.from || at > this.#to) return;
    copyWords(view, this.#words, 0);
    if (this.#table?.isRepeat(this.#words, 0) === true) return;
    const bytes = new Uint8Array(this.#words.buffer).slice();
    bytes[0] = LENGTH_BYTES / 4; // without the gateway's send time
    if (!this.#segment.append(bytes, 0, LENGTH_BYTES)) this.#isFull = true;
  }

  /** Everything came. @throws NqError RECORD_DISK: the disk does not take it, or not all of it found room in memory */
  async finish(): Promise<void> {
    const isEmpty = this.records === 0;
    if (!isEmpty) await this.#segment.flush(true);
    if (this.#isFull) throw new NqError("RECORD_DISK", "more came for a hole of the recording than may wait for the disk");
    this.#options.recorder.filled(this.#hole, isEmpty ? null : this.#segment);
  }

  /** It did not all come: what is on the disk stays, and is not put in again. */
  async abandon(): Promise<void> {
    await this.#segment.abandon();
  }
}
