/** The hot path of a session: every record passes here once, inside the decoder's call; nothing is allocated. */
import type { OnTrades } from "../dbn/decoder.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { isGatewayRtype } from "../lsg/stream-events.ts";
import type { Ledger } from "./ledger.ts";

/** Where the records of a session go. */
export interface RecordTakerOptions {
  readonly ledger: Ledger;
  /** Called once, just before the first record. */
  readonly onFirst: () => void;
  /** The first record of the market in each piece of the stream. */
  readonly onSample: (view: RecordView) => void;
  readonly onRecord: (view: RecordView) => void;
  /** New trades behind one another; asked for only when `takeTrades` is used. */
  readonly onTrades: OnTrades;
  /** After `onRecord`, for records about the stream. */
  readonly onGatewayRecord: (view: RecordView) => void;
}

/** What came in one piece of the stream. */
export type BatchKind = "data" | "sign" | "none";

/** What the decoder is given, and what it learnt. */
export interface RecordTaker {
  /** To be passed to the decoder as they are; without `takeTrades` every trade comes through `take`. */
  readonly take: (view: RecordView) => void;
  readonly takeTrades: OnTrades;
  readonly hasRecords: boolean;
  /** True from the moment that a callback threw: what `take` threw is not the decoder's fault. */
  readonly hasThrown: boolean;
  /** What came since the last call: market records, only records about the stream, or nothing whole. */
  batch(): BatchKind;
  /** Lets everything after this pass by. */
  close(): void;
}

/** One taker for one session. */
export function createRecordTaker(options: RecordTakerOptions): RecordTaker {
  const { ledger, onFirst, onSample, onRecord, onTrades, onGatewayRecord } = options;
  let isOpen = true;
  let hasRecords = false;
  let hadData = false;
  let hadSign = false;
  let isInside = false;

  function takeGatewayRecord(view: RecordView): void {
    hadSign = true;
    onRecord(view);
    onGatewayRecord(view);
  }

  function sample(view: RecordView): void {
    hadData = true;
    onSample(view);
  }

  function begin(): void {
    hasRecords = true;
    onFirst();
  }

  function take(view: RecordView): void {
    if (!isOpen) return;
    isInside = true; // stays set when a callback throws; cheaper here than a `try`
    if (!hasRecords) begin();
    if (isGatewayRtype(view.rtype)) {
      takeGatewayRecord(view);
    } else {
      if (!hadData) sample(view);
      if (ledger.admit(view)) onRecord(view);
    }
    isInside = false;
  }

  function takeTrades(view: RecordView, count: number): void {
    if (!isOpen) return;
    isInside = true;
    if (!hasRecords) begin();
    if (!hadData) sample(view);
    ledger.admitTrades(view, count, onTrades);
    isInside = false;
  }

  return {
    take,
    takeTrades,
    get hasRecords() {
      return hasRecords;
    },
    get hasThrown() {
      return isInside;
    },
    batch() {
      const kind = hadData ? "data" : hadSign ? "sign" : "none";
      hadData = false;
      hadSign = false;
      return kind;
    },
    close() {
      isOpen = false;
    },
  };
}
