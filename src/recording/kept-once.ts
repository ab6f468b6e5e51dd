/**
 * Keeps a record once however often it is told. What describes the market is told again with every session: of each such
 * record one is kept. Trades come new, but when everything is counted afresh all of the session's come again: then those
 * in the recording already are counted by identity, and what comes is kept as soon as it has come more often than that.
 * While the recording is read for this, what comes waits.
 */
import { RTYPE } from "../dbn/constants.ts";
import { TRADE_WORDS, type OccurrenceTable } from "../dbn/occurrence-table.ts";
import { RecordView } from "../dbn/record-view.ts";
import type { Recorder } from "./recorder.ts";
import type { Clock } from "../lib/clock.ts";
import type { Disk } from "./disk.ts";
import { identityOf, readRecorded } from "./read-recorded.ts";
import { copyWords, eventMicros, TradeWords } from "./trade-words.ts";

/** What describes the market. */
const TOLD_AGAIN: ReadonlySet<number> = new Set([RTYPE.definition, RTYPE.statistics, RTYPE.status, RTYPE.ohlcv1m]);
const KNOWN_MAX = 65_536;
const HANDED_BYTES = 4 * 1024 * 1024;
/** A whole day at once, quotes too, is half of this. */
const WAITING_BYTES_MAX = 256 * 1024 * 1024;

export interface KeptOnceOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly directory: string;
  readonly dataset: string;
  readonly recorder: Recorder;
  /** Unix seconds → trade date. */
  readonly dateOf: (sec: number) => string;
}

/** Without a trade for so long the recording is read for the sake of what else waits. */
const NO_TRADE_MS = 10_000;

/** Once trades are so much later than all that was read, in microseconds, they are compared with nothing any more. */
const APART_US = 3_600e6;
/** So many in a row; a few may have damaged times. */
const APART_TRADES = 100;

interface Round {
  readonly instruments: ReadonlySet<number> | "all";
  readonly records: Uint8Array[];
}

export class KeptOnce {
  readonly #options: KeptOnceOptions;
  readonly #known = new Set<string>();
  #table: OccurrenceTable | null = null;
  /** The same for instruments of which alone all came again later. */
  #rolled: { readonly instruments: ReadonlySet<number>; readonly table: OccurrenceTable | null } | null = null;
  #newestUs = 0;
  #apart = 0;
  readonly #words = new Uint32Array(TRADE_WORDS);
  /** One for each time of counting afresh that is not compared yet. */
  readonly #rounds: Round[] = [];
  #waitingBytes = 0;
  #reading: Promise<void> = Promise.resolve();
  #isReading = false;
  #cancel: () => void = () => {};

  constructor(options: KeptOnceOptions) {
    this.#options = options;
  }

  record(view: RecordView): void {
    const waiting = this.#rounds.at(-1);
    if (waiting === undefined) return this.#keep(view);
    if (this.#waitingBytes + view.lengthBytes > WAITING_BYTES_MAX) return this.#options.recorder.lose(view);
    this.#waitingBytes += view.lengthBytes;
    waiting.records.push(view.bytes.slice(view.base, view.base + view.lengthBytes));
    // A replay comes in order of time: nothing comes of an earlier date than its first trade.
    if (view.rtype === RTYPE.trade && !this.#isReading) this.#begin(this.#options.dateOf(Math.floor(eventMicros(view) / 1e6)));
  }

  /** Trades of these instruments come from the start of the session again, or for the first time since the program began. */
  again(instruments: ReadonlySet<number> | "all"): void {
    this.#rounds.push({ instruments, records: [] });
    this.#cancel();
    this.#cancel = this.#options.clock.after(NO_TRADE_MS, () => this.#begin(this.#options.dateOf(Math.floor(this.#options.clock.wallMs() / 1000))));
  }

  /** Some of what came is not taken by the recorder yet. */
  get isWaiting(): boolean {
    return this.#rounds.length > 0;
  }

  /** Resolves when nothing waits. */
  settle(): Promise<void> {
    this.#begin(this.#options.dateOf(Math.floor(this.#options.clock.wallMs() / 1000)));
    return this.#reading;
  }

  /** Reads what is recorded of that trade date and later ones, unless that is being done or nothing waits for it. */
  #begin(date: string): void {
    this.#cancel();
    if (this.#isReading || this.#rounds.length === 0) return;
    this.#isReading = true;
    this.#reading = this.#readRounds(date).finally(() => {
      this.#isReading = false;
    });
  }

  async #readRounds(date: string): Promise<void> {
    const view = new RecordView();
    for (let round = this.#rounds[0]; round !== undefined; round = this.#rounds[0]) {
      await this.#read(date, round);
      let handed = 0;
      for (const bytes of round.records) {
        this.#waitingBytes -= bytes.length;
        this.#keep(view.point(bytes));
        handed += bytes.length;
        if (handed < HANDED_BYTES) continue;
        // A whole day may have waited: the disk gets it in pieces, else it would find no room in memory.
        handed = 0;
        await this.#options.recorder.settle();
      }
      this.#rounds.shift();
    }
  }

  async #read(date: string, { instruments }: Round): Promise<void> {
    const trades = new TradeWords();
    const known = this.#known;
    const { disk, directory, dataset, recorder } = this.#options;
    try {
      await recorder.quietly((written) => readRecorded({ disk, directory, dataset, since: date, written }, (view) => {
        if (view.rtype !== RTYPE.trade) {
          if (TOLD_AGAIN.has(view.rtype)) known.add(identityOf(view));
        } else if (instruments === "all" || instruments.has(view.instrumentId)) trades.add(view);
      }));
    } catch {
      // A disk that cannot be read will tell the recorder so too; better twice in the recording than not at all.
    }
    const table = trades.toTable();
    if (instruments === "all") this.#table = table;
    this.#rolled = instruments === "all" ? null : { instruments, table };
    this.#newestUs = trades.newestUs;
    this.#apart = 0;
  }

  #keep(view: RecordView): void {
    if (view.rtype === RTYPE.trade) {
      const table = this.#rolled?.instruments.has(view.instrumentId) === true ? this.#rolled.table : this.#table;
      if (table !== null && this.#isRecorded(view, table)) return;
    } else if (TOLD_AGAIN.has(view.rtype)) {
      const identity = identityOf(view);
      if (this.#known.has(identity)) return;
      if (this.#known.size >= KNOWN_MAX) this.#known.clear();
      this.#known.add(identity);
    }
    this.#options.recorder.record(view);
  }

  #isRecorded(view: RecordView, table: OccurrenceTable): boolean {
    this.#apart = eventMicros(view) > this.#newestUs + APART_US ? this.#apart + 1 : 0;
    if (this.#apart === APART_TRADES) this.#table = this.#rolled = null;
    copyWords(view, this.#words, 0);
    return table.isRepeat(this.#words, 0);
  }
}
