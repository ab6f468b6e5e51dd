/** Writes the demo's events in order of receive time: times, sequence numbers, and the rare records among the many. */
import { RecordWriter } from "../../dbn/record-writer.ts";
import type { Prng } from "../../lib/prng.ts";
import type { ColdRecord } from "./cold-records.ts";
import { NANOS, OPEN_SEC, PUBLISHER_ID } from "./demo-day.ts";

/** Bid or ask; of a trade, the side of its aggressor. */
export type BookSide = "B" | "A";
/** Aggressor of a trade; N: none, in an auction. */
export type Side = BookSide | "N";
/** Book actions: added, cancelled, modified. */
type BookAction = "A" | "C" | "M";

/** Best bid and ask of one instrument. Prices in ticks, sizes in contracts, counts in orders. */
export interface TopOfBook {
  readonly instrumentId: number;
  /** One tick in 1e-9 price units. */
  readonly tickUnits: number;
  bid: number;
  ask: number;
  bidSz: number;
  askSz: number;
  bidCt: number;
  askCt: number;
}

/** Last record of its packet and event. */
const FLAG_LAST = 128;

/** The fields of the record being written; one object for all of them. */
class Fields {
  publisherId = PUBLISHER_ID;
  instrumentId = 0;
  sec = 0;
  nanos = 0;
  recvSec = 0;
  recvNanos = 0;
  price = 0;
  size = 0;
  action: string = "T";
  side: string = "N";
  flags = 0;
  depth = 0;
  tsInDelta = 0;
  sequence = 0;
  bidPx = 0;
  askPx = 0;
  bidSz = 0;
  askSz = 0;
  bidCt = 0;
  askCt = 0;
}

/** Where a run of records with one receive time ends. */
interface TapeMarks {
  /** Receive times in nanoseconds since 18:00, not falling. */
  readonly recv: number[];
  readonly endBytes: number[];
  readonly endRecords: number[];
}

export class Tape {
  readonly marks: TapeMarks = { recv: [], endBytes: [], endRecords: [] };
  readonly #writer = new RecordWriter(262_144);
  readonly #fields = new Fields();
  readonly #cold: readonly ColdRecord[];
  #nextCold = 0;
  #recv = Number.NEGATIVE_INFINITY;
  #sequence = 1_000;

  /** `cold` in order of receive time. */
  constructor(cold: readonly ColdRecord[]) {
    this.#cold = cold;
  }

  /** What was written since `clear`; valid until the next write. */
  bytes(): Uint8Array {
    return this.#writer.bytes();
  }

  clear(): void {
    this.#writer.clear();
    this.marks.recv.length = 0;
    this.marks.endBytes.length = 0;
    this.marks.endRecords.length = 0;
  }

  /** Starts an event at `nanos` since 18:00: every record up to the next event gets its times and sequence number. */
  begin(nanos: number, prng: Prng): void {
    const f = this.#fields;
    // The capture server receives a record 100 to 500 microseconds after the venue's time, in the venue's order.
    const delay = 100_000 + Math.floor(prng.float() * 400_000);
    const recv = Math.max(this.#recv, nanos + delay);
    this.writeColdUntil(recv);
    this.#recv = recv;
    const sec = Math.floor(nanos / NANOS);
    f.sec = OPEN_SEC + sec;
    f.nanos = nanos - sec * NANOS;
    const recvSec = Math.floor(recv / NANOS);
    f.recvSec = OPEN_SEC + recvSec;
    f.recvNanos = recv - recvSec * NANOS;
    f.tsInDelta = 9_000 + (delay % 11_000);
    // Other products of the channel use numbers too.
    this.#sequence += 1 + (delay & 15);
    f.sequence = this.#sequence;
  }

  /** Writes the rare records received up to `recv` nanoseconds since 18:00. */
  writeColdUntil(recv: number): void {
    for (;;) {
      const next = this.#cold[this.#nextCold];
      if (next === undefined || next.recv > recv) return;
      this.#nextCold += 1;
      this.#recv = Math.max(this.#recv, next.recv);
      this.#writer.raw(next.bytes);
      this.#mark(next.recv);
    }
  }

  /** A trade record and its twin in the book's stream, which shows the book as it was before. */
  trade(book: TopOfBook, ticks: number, size: number, side: Side): void {
    const f = this.#fields;
    this.#aim(book, ticks, size);
    f.action = "T";
    f.side = side;
    this.#writer.trade(f);
    this.#writer.mbp1(f);
    this.#mark(this.#recv);
  }

  /** A change of the book's best price or size; the book is shown as it is now. `isLast`: the event ends with it. */
  quote(book: TopOfBook, action: BookAction, side: BookSide, ticks: number, size: number, isLast: boolean): void {
    const f = this.#fields;
    this.#aim(book, ticks, size);
    f.action = action;
    f.side = side;
    f.flags = isLast ? FLAG_LAST : 0;
    this.#writer.mbp1(f);
    f.flags = 0;
    this.#mark(this.#recv);
  }

  #aim(book: TopOfBook, ticks: number, size: number): void {
    const f = this.#fields;
    const { tickUnits } = book;
    f.instrumentId = book.instrumentId;
    f.price = ticks * tickUnits;
    f.size = size;
    f.bidPx = book.bid * tickUnits;
    f.askPx = book.ask * tickUnits;
    f.bidSz = book.bidSz;
    f.askSz = book.askSz;
    f.bidCt = book.bidCt;
    f.askCt = book.askCt;
  }

  #mark(recv: number): void {
    const { marks } = this;
    let at = marks.recv.length - 1;
    if (at < 0 || marks.recv[at] !== recv) {
      at += 1;
      marks.recv.push(recv);
    }
    marks.endBytes[at] = this.#writer.lengthBytes;
    marks.endRecords[at] = this.#writer.count;
  }
}
