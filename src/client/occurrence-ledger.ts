/**
 * The ledger of trades. While no connection was lost it only keeps the newest records as they came. After a loss the
 * kept ones are counted by identity (c0); each record of the new session counts up what came since (o) and is new as soon
 * as o is larger than c0. There is no switch from replay to live, so there is no seam: an identity that was not counted
 * has c0 = 0.
 * Records older than what is kept cannot be compared. Those of an instrument that was counted before were counted then,
 * so they are passed by. Where a replay begins long before the loss, nothing new should lie before the margin either: what
 * is not known there is strange, and passed by until more was known than strange, for many of them are another market.
 */
import { RTYPE } from "../dbn/constants.ts";
import type { OnTrades } from "../dbn/decoder.ts";
import { type OccurrenceTable, WORD, type Comparison } from "../dbn/occurrence-table.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { frozenTable } from "./frozen-table.ts";
import { halvesOf, HighWater, microsOf, STEP_US } from "./high-water.ts";
import type { Ledger, LedgerSession } from "./ledger.ts";
import { latenessOf, oldestOf } from "./ring-times.ts";
import { RECORD_WORDS, RecordRing, type RecordRingOptions } from "./record-ring.ts";
import { StrangeTrades } from "./strange-trades.ts";

/** More instruments than this are not told apart: then all count as known. */
const KNOWN_MAX = 131_072;
const QUOTES: ReadonlySet<number> = new Set([RTYPE.mbp1, RTYPE.mbp10, RTYPE.bbo1s, RTYPE.bbo1m]);
const MAX_HALF = 0xffff_ffff;
/** Records of one moment may come in two pieces. */
export const SAME_MOMENT_US = 1e6;

export class OccurrenceLedger implements Ledger {
  /** Trades passed on, and trades held back because they had been counted, since the client began. */
  admitted = 0;
  repeated = 0;
  /** Admitted in this session before its replay had caught up, when something had been counted before. */
  recovered = 0;
  /** Trades held back although they were not known, since the client began. */
  heldBack = 0;
  /** Trades seen in this session; those of them that were known, and that lie where all should be known and are not. */
  seen = 0;
  known = 0;
  /** Those that could have been among what was counted before, for all of their time had come, and were not. */
  others = 0;
  strange = new StrangeTrades();
  /** Where comparing can begin, microseconds: older records were given up. */
  floorUs = 0;
  /** How far this session's trades have come. */
  water = new HighWater();
  /** The farthest that any session since the last fresh one has come, microseconds; -1 before the first. */
  highUs = -1;
  /** ts_event of the oldest trade of this session, microseconds; -1 before the first. */
  firstUs = -1;
  /** ts_recv of the trade of this session that came first, microseconds; -1 before it. */
  beganUs = -1;
  /** Asked before the first trade that is compared; false holds back all of that session. */
  mayCount: () => boolean = () => true;
  readonly #ring: RecordRing;
  readonly #scratch = new Uint32Array(RECORD_WORDS);
  /** What was counted before this session; null when there is nothing to compare with any more. */
  #table: OccurrenceTable | null = null;
  /** What had come of instruments that count from nothing now, until their replay is judged; null: there are none. */
  #again: OccurrenceTable | null = null;
  /** Instruments of given-up records. */
  readonly #givenUp = new Set<number>();
  #settledUs = 0;
  #addedAtBatch = 0;
  /** Records added before the session's replay had caught up; their order says nothing about lateness. */
  #addedAtCatchUp = 0;
  #isCatchingUp = false;
  #isHeldBack = false;
  /** How far the market had come before this session, microseconds; quotes before that were superseded. */
  #cameToUs = -1;

  constructor(ring: Omit<RecordRingOptions, "onFull" | "onEvict"> = {}) {
    this.#ring = new RecordRing({ ...ring, onFull: () => this.#fill(), onEvict: (...block) => this.#giveUp(...block) });
  }

  /** Records kept. */
  get size(): number {
    return this.#ring.size;
  }

  /** Records ever added since everything was last forgotten. */
  get added(): number {
    return this.#ring.added;
  }

  /** ts_event of the oldest record that can be compared, microseconds; Infinity when there is none. */
  get oldestUs(): number {
    const table = this.#table;
    return table === null || table.size === 0 ? Number.POSITIVE_INFINITY : microsOf(table.oldestHi, table.oldestLo);
  }

  beginSession(start: bigint | null, { expected = this.#ring.added, settledUs = 0, again = new Set() }: LedgerSession = {}): void {
    this.water = new HighWater();
    this.firstUs = -1;
    this.beganUs = -1;
    this.seen = 0;
    this.known = 0;
    this.others = 0;
    this.strange = new StrangeTrades();
    this.recovered = 0;
    this.#settledUs = settledUs;
    this.#cameToUs = this.highUs;
    this.#isHeldBack = false;
    this.#isCatchingUp = true;
    for (const instrumentId of again) this.#givenUp.delete(instrumentId);
    this.#again?.restart();
    if (again.size > 0) {
      this.#again = frozenTable(this.#ring, 0n, this.#ring.added, again);
      this.#ring.forget(again);
    }
    this.#table = start === null ? this.#forget() : frozenTable(this.#ring, start, again.size > 0 ? this.#ring.added : expected, null);
    this.#addedAtBatch = this.#ring.added;
    this.#addedAtCatchUp = this.#ring.added;
  }

  admit(view: RecordView): boolean {
    const rtype = view.rtype;
    if (rtype !== RTYPE.trade) return this.#table === null || !this.#isOldQuote(view, rtype);
    if (this.#table !== null && !this.#isNew(view, this.#table)) return false;
    this.#ring.add(view.bytes, view.base, view.lengthBytes);
    return true;
  }

  admitTrades(view: RecordView, count: number, pass: OnTrades): void {
    const { base, lengthBytes } = view;
    const table = this.#table;
    if (table === null) {
      this.#ring.addRun(view.bytes, base, count, lengthBytes);
      pass(view, count);
      return;
    }
    /** Where the run of new ones that ends before the record looked at begins. */
    let from = 0;
    for (let n = 0; n <= count; n += 1) {
      view.base = base + n * lengthBytes;
      if (n < count && this.#isNew(view, table)) {
        this.#ring.add(view.bytes, view.base, view.lengthBytes);
        continue;
      }
      view.base = base + from * lengthBytes;
      if (n > from) pass(view, n - from);
      from = n + 1;
    }
  }

  replayCompleted(schema: string | null): void {
    if (schema !== null && schema !== "trades") return;
    this.#isCatchingUp = false;
    this.#addedAtCatchUp = this.#ring.added;
  }

  /** After each piece of the stream: notes how far it has come. `elapsedUs`: real time since the last such step. */
  advance(elapsedUs: number): void {
    const added = this.#ring.added;
    const count = added - this.#addedAtBatch;
    this.#addedAtBatch = added;
    this.admitted += count;
    // While comparing, each record was looked at when it came.
    if (this.#table === null && count > 0) {
      this.seen += count;
      this.#ring.scan((words, length, stride) => this.#follow(words, length, stride, elapsedUs), count);
    }
    if (this.water.us > this.highUs) this.highUs = this.water.us;
  }

  /** The gateway's clock, while the stream is up to date: time goes on although nothing trades. */
  tick(gatewayUs: number, elapsedUs: number): void {
    this.water.take(gatewayUs, STEP_US + elapsedUs);
    if (this.water.us > this.highUs) this.highUs = this.water.us;
  }

  /**
   * How many of the records expected again, with ts_event from `fromUs` to `toUs`, have come, and have not; of these
   * instruments only, unless there are none.
   */
  compare(fromUs: number, toUs: number, instruments: ReadonlySet<number> = new Set()): Comparison {
    const [fromHi, fromLo] = halvesOf(fromUs);
    const [toHi, toLo] = toUs === Number.POSITIVE_INFINITY ? [MAX_HALF, MAX_HALF] : halvesOf(toUs);
    return this.#table?.compare(fromHi, fromLo, toHi, toLo, instruments) ?? { compared: 0, missing: 0, missingSince: 0 };
  }

  /** The same of what had come of instruments that count from nothing: their replay is over. */
  judgeAgain(): Comparison {
    const found = this.#again?.compare(0, 0, MAX_HALF, MAX_HALF, new Set()) ?? { compared: 0, missing: 0, missingSince: 0 };
    this.#again = null;
    return found;
  }

  /** Everything counted before lies behind: from here on all records are new. */
  settle(): void {
    this.#table = null;
    this.#addedAtBatch = this.#ring.added;
  }

  /** Uses a quiet moment to keep the records in less memory. */
  pack(): void {
    this.#ring.pack();
  }

  /** Largest time in microseconds that a kept record came behind the newest one, live; 0 when there are none. */
  lateness(): number {
    return this.#isCatchingUp ? 0 : latenessOf(this.#ring, this.#ring.added - this.#addedAtCatchUp);
  }

  /** Oldest ts_event among the newest `count` kept records, microseconds; Infinity when there are none. */
  oldestOf(count: number): number {
    return oldestOf(this.#ring, count);
  }

  #isNew(view: RecordView, table: OccurrenceTable): boolean {
    if (this.seen === 0) this.#isHeldBack = !this.mayCount();
    if (this.#isHeldBack) return this.#holdBack();
    const { dv, base } = view;
    const words = this.#scratch;
    for (let word = 0; word < RECORD_WORDS; word += 1) words[word] = dv.getUint32(base + word * 4, true);
    const lo = words[WORD.eventLo] ?? 0;
    const hi = words[WORD.eventHi] ?? 0;
    const eventUs = microsOf(hi, lo);
    this.seen += 1;
    this.#again?.isRepeat(words, 0);
    if (this.firstUs < 0 || eventUs < this.firstUs) this.firstUs = eventUs;
    const recvUs = microsOf(words[WORD.recvHi] ?? 0, words[WORD.recvLo] ?? 0);
    if (this.beganUs < 0) this.beganUs = recvUs;
    this.water.take(recvUs, STEP_US);
    const canCompare = hi > table.oldestHi || (hi === table.oldestHi && lo >= table.oldestLo);
    if (canCompare && table.isRepeat(words, 0)) {
      this.known += 1;
      this.repeated += 1;
      return false;
    }
    if (canCompare && eventUs < this.#cameToUs - SAME_MOMENT_US) this.others += 1;
    const instrumentId = words[WORD.instrument] ?? 0;
    const isGivenUp = eventUs <= this.floorUs;
    if (isGivenUp && (this.#givenUp.size >= KNOWN_MAX || this.#givenUp.has(instrumentId))) {
      this.repeated += 1;
      return false;
    }
    if (eventUs < this.#settledUs && (table.instruments.has(instrumentId) || this.#givenUp.has(instrumentId))) {
      if (!canCompare) return this.#holdBack();
      if (this.known <= this.strange.trades) {
        this.strange.note(eventUs);
        return this.#holdBack();
      }
    }
    if (this.#isCatchingUp) this.recovered += 1;
    return true;
  }

  #holdBack(): false {
    this.heldBack += 1;
    return false;
  }

  /** A replayed quote would put an old picture over the newest one; it adds to no figure. */
  #isOldQuote(view: RecordView, rtype: number): boolean {
    return QUOTES.has(rtype) && microsOf(view.indexHi, view.indexLo) < this.#cameToUs;
  }

  /** The records of one piece of the stream that was not compared. Mostly the last says how far it has come. */
  #follow(words: Uint32Array, length: number, stride: number, elapsedUs: number): void {
    const { water } = this;
    const last = length - stride;
    const lastUs = microsOf(words[last + WORD.recvHi]!, words[last + WORD.recvLo]!); // whole records
    if (water.us >= 0 && lastUs >= water.us && lastUs - water.us <= STEP_US + elapsedUs) {
      water.us = lastUs;
      return;
    }
    for (let at = 0; at < length; at += stride) {
      water.take(microsOf(words[at + WORD.recvHi]!, words[at + WORD.recvLo]!), STEP_US + elapsedUs); // whole records
    }
  }

  #forget(): null {
    this.#ring.clear();
    this.#again = null;
    this.#givenUp.clear();
    this.highUs = -1;
    this.floorUs = 0;
    return null;
  }

  /** A block is full: all it holds came before this, microseconds. */
  #fill(): number {
    this.advance(0);
    return this.highUs;
  }

  /** A block is about to be used again: comparing begins after all that had come when it was full. */
  #giveUp(words: Uint32Array, length: number, stride: number, beforeUs: number): void {
    let known = -1;
    for (let at = WORD.instrument; at < length; at += stride) {
      const instrumentId = words[at]!; // whole records
      if (instrumentId === known) continue;
      known = instrumentId;
      if (this.#givenUp.size < KNOWN_MAX) this.#givenUp.add(instrumentId);
    }
    this.floorUs = Math.max(this.floorUs, beforeUs);
  }
}
