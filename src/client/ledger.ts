/** The seam for exact accounting over reconnects: decides which records of a replay are new. */
import type { OnTrades } from "../dbn/decoder.ts";
import type { RecordView } from "../dbn/record-view.ts";

/**
 * Asked for every market record, told about every connection.
 * Laws, under the gateway's promise that a record has the same identity live and replayed: over any number of cuts, at
 * any byte, whatever was admitted is what one unbroken session would have delivered; within one session nothing is ever
 * taken for a repeat; no identity is admitted more often than some session delivered it.
 */
export interface Ledger {
  /**
   * The first record of a connection is next. `start`: it replays from there, nanoseconds since 1970, and may repeat
   * what was admitted; null: everything is counted from nothing, what was admitted before is forgotten.
   */
  beginSession(start: bigint | null): void;
  /** Whether this market record is new and is to be passed on. Called in the order of arrival; keeps nothing of it. */
  admit(view: RecordView): boolean;
  /**
   * The same for `count` trade records behind one another, the first at `view.base`: those that are new are handed to
   * `pass`, as many at once as follow one another. The view is moved.
   */
  admitTrades(view: RecordView, count: number, pass: OnTrades): void;
  /** The gateway's replay has caught up, of one schema or (null) of one that it did not name. */
  replayCompleted(schema: string | null): void;
}

/** A ledger that admits everything and counts. */
export interface CountingLedger extends Ledger {
  readonly sessions: number;
  readonly admitted: number;
}

/** Admits every record: right for a single connection, and for sources that never repeat. */
export function createPassThroughLedger(): CountingLedger {
  const counts = { sessions: 0, admitted: 0 };
  return {
    beginSession() {
      counts.sessions += 1;
    },
    admit() {
      counts.admitted += 1;
      return true;
    },
    admitTrades(view, count, pass) {
      counts.admitted += count;
      pass(view, count);
    },
    replayCompleted() {},
    get sessions() {
      return counts.sessions;
    },
    get admitted() {
      return counts.admitted;
    },
  };
}

/** What is known when a session begins that goes on from another. */
export interface LedgerSession {
  /** How many records had been added when the link was lost; later ones came by replays that broke off. */
  readonly expected?: number;
  /** Nothing before this can be new, microseconds. */
  readonly settledUs?: number;
  /** Instruments whose trades count from nothing. */
  readonly again?: ReadonlySet<number>;
}
