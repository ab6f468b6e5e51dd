/** The seam for exact accounting over reconnects: decides which records of a replay are new. */
import type { RecordView } from "../dbn/record-view.ts";

/** Asked for every market record, told about every connection. */
export interface Ledger {
  /** A new connection begins; its replay may repeat what was already counted. */
  beginSession(): void;
  /** Whether this market record is new and is to be passed on. Called in the order of arrival; keeps nothing of it. */
  admit(view: RecordView): boolean;
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
    replayCompleted() {},
    get sessions() {
      return counts.sessions;
    },
    get admitted() {
      return counts.admitted;
    },
  };
}
