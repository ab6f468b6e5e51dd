/** The demo market as a gateway source: the whole trade date 2025-06-13, made while it is read. */
import { compareTime, type UnixTime } from "../../lib/time.ts";
import type { GatewaySource, SourceBatch, SourceReader } from "../source.ts";
import { coldRecords, type ColdRecord } from "./cold-records.ts";
import { INSTRUMENTS, nanosAt, toDayNanos, toUnixTime } from "./demo-day.ts";
import { DaySlices } from "./slice.ts";
import { Tape } from "./tape.ts";

/** The seed of the demo when none is given. */
export const DEMO_SEED = 20_250_613;

export interface DemoSourceOptions {
  /** Whole number; the same seed gives the same bytes. Published prices and volumes do not depend on it. */
  readonly seed?: number;
  /** Market time at which the clock starts running; default 09:29:30 Eastern. */
  readonly startAt?: UnixTime;
}

/** Largest batch, bytes; a single moment's records may exceed it. */
const BATCH_BYTES = 262_144;

class DemoReader implements SourceReader {
  readonly #tape: Tape;
  readonly #slices: DaySlices;
  /** Position in the tape's marks, and what lies before it. */
  #mark = 0;
  #bytesDone = 0;
  #recordsDone = 0;
  #isOver = false;
  #isClosed = false;

  constructor(seed: number, cold: readonly ColdRecord[]) {
    this.#tape = new Tape(cold);
    this.#slices = new DaySlices(seed, this.#tape);
    // What comes before the session belongs to no slice.
    this.#tape.writeColdUntil(-1);
  }

  get nextAt(): UnixTime | null {
    const recv = this.#tape.marks.recv[this.#mark];
    return recv === undefined || this.#isClosed ? null : toUnixTime(recv);
  }

  read(until: UnixTime): Promise<SourceBatch | null | "end"> {
    return Promise.resolve(this.#read(toDayNanos(until)));
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return Promise.resolve();
  }

  #read(until: number): SourceBatch | null | "end" {
    if (this.#isClosed || !this.#fill()) return "end";
    const { recv, endBytes, endRecords } = this.#tape.marks;
    const bytesFrom = this.#bytesDone;
    const recordsFrom = this.#recordsDone;
    let mark = this.#mark;
    while (mark < recv.length && (recv[mark] ?? 0) <= until) {
      if (mark > this.#mark && (endBytes[mark] ?? 0) - bytesFrom > BATCH_BYTES) break;
      mark += 1;
    }
    if (mark === this.#mark) return null;
    this.#mark = mark;
    this.#bytesDone = endBytes[mark - 1] ?? 0;
    this.#recordsDone = endRecords[mark - 1] ?? 0;
    return { bytes: this.#tape.bytes().subarray(bytesFrom, this.#bytesDone), records: this.#recordsDone - recordsFrom };
  }

  /** Makes slices until there is a record to hand out; false when there will be none. */
  #fill(): boolean {
    if (this.#mark < this.#tape.marks.recv.length) return true;
    this.#tape.clear();
    this.#mark = 0;
    this.#bytesDone = 0;
    this.#recordsDone = 0;
    while (!this.#isOver && this.#tape.marks.recv.length === 0) this.#isOver = !this.#slices.next();
    return this.#tape.marks.recv.length > 0;
  }
}

/**
 * A market that never was: the path of 2025-06-13 through its published prices and volumes, everything between them
 * invented. After the close at 17:00 the reader ends: the next session would be Sunday's, another trade date.
 */
export function createDemoSource(options: DemoSourceOptions = {}): GatewaySource {
  const { seed = DEMO_SEED, startAt = toUnixTime(nanosAt("09:29:30")) } = options;
  const cold = coldRecords();
  const firstAt = toUnixTime(cold[0]?.recv ?? 0);
  return {
    dataset: "GLBX.MDP3",
    mode: "demo",
    instruments: INSTRUMENTS,
    schemas: ["trades", "mbp-1", "definition", "statistics", "status"],
    firstAt,
    startAt: compareTime(startAt, firstAt) < 0 ? firstAt : startAt,
    open: () => new DemoReader(seed, cold),
  };
}
