/** Reads recorded files from end to end for their trades, as fast as it can: no gateway, no clock. */
import { RTYPE } from "../dbn/constants.ts";
import { RecordView } from "../dbn/record-view.ts";
import { BookTop } from "./book-top.ts";
import type { RecordingSource } from "./recording-source.ts";
import { servingOf } from "./serving.ts";
import { isTrade, TradeCutter } from "./trade-cut.ts";

/** Later than any record. */
const ALL = { sec: 18_446_744_073, nanos: 709_551_615 };
/** Rare records that say what an instrument is, where it settled and whether it trades. */
const TOLD: ReadonlySet<number> = new Set([RTYPE.definition, RTYPE.statistics, RTYPE.status]);

export interface RecordedTradesOptions {
  /** Each trade as a trade record, whatever it was recorded in, and each definition, statistic and status, in order. */
  readonly onRecord: (view: RecordView) => void;
  /** Bids and offers too, after the trade of the same record; left out: no. */
  readonly quotes?: boolean;
  /** After each piece of the files; what it returns is waited for. */
  readonly onPiece: () => Promise<void> | void;
  readonly signal: AbortSignal;
}

/** Ends at the end of the files, at their damage (see `source.damage`), or when the signal aborts. */
export async function readRecordedTrades(source: RecordingSource, options: RecordedTradesOptions): Promise<void> {
  const { onRecord, onPiece, signal, quotes = false } = options;
  const quoting = quotes ? servingOf("mbp-1", source.schemas) : null;
  const serving = servingOf("trades", source.schemas);
  const reader = source.open();
  const cutter = new TradeCutter();
  const cut = new RecordView();
  const view = new RecordView();
  const quote = new RecordView();
  const book = quoting?.way === "book" ? new BookTop(true, (_, bytes) => onRecord(quote.point(bytes, 0))) : null;
  const takeTrade = (): void => {
    const { rtype } = view;
    if (rtype !== serving?.rtype) {
      if (TOLD.has(rtype)) onRecord(view);
    } else if (serving.way === "copy") onRecord(view);
    else if (isTrade(view)) {
      onRecord(cut.point(serving.way === "trade" ? cutter.fromBook(view) : cutter.fromOrder(view)));
    }
  };
  const take = (): void => {
    takeTrade();
    if (view.rtype !== quoting?.rtype) return;
    if (book !== null) book.take(view);
    else if (quoting.way === "copy") onRecord(view);
  };
  try {
    while (!signal.aborted) {
      const batch = await reader.read(ALL);
      if (batch === null) continue;
      if (batch === "end") break;
      const { bytes } = batch;
      view.point(bytes, 0);
      for (let at = 0; at < bytes.length; at += view.lengthBytes) {
        view.base = at;
        take();
      }
      await onPiece();
    }
  } finally {
    await reader.close();
  }
}
