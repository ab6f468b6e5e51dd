/** The trades that a recording has in some spans, as a multiset: what is fetched for a hole must not come in twice. */
import { RTYPE } from "../../dbn/constants.ts";
import { TRADE_WORDS } from "../../dbn/occurrence-table.ts";
import { RecordView } from "../../dbn/record-view.ts";
import { copyWords, TradeWords } from "../../recording/trade-words.ts";
import type { KeptFile } from "../warm-start.ts";
import type { Span } from "./missing.ts";

export interface RecordedTrades {
  /** Trades found in the spans. */
  readonly count: number;
  /** True for a trade that the recording has as often as it has come now. */
  isRecorded(view: RecordView): boolean;
}

/** Reads the files through. @throws NqError when one is damaged before its end */
export async function readRecordedTrades(files: readonly KeptFile[], spans: readonly Span[]): Promise<RecordedTrades> {
  const words = new TradeWords();
  const view = new RecordView();
  for (const { open } of files) {
    const reader = await open();
    try {
      for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
        for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
          view.point(batch.bytes, at);
          if (view.rtype !== RTYPE.trade) continue;
          const time = view.index;
          if (spans.some(({ start, end }) => time >= start && time < end)) words.add(view);
        }
      }
    } finally {
      await reader.close();
    }
  }
  const table = words.toTable();
  const scratch = new Uint32Array(TRADE_WORDS);
  return {
    count: words.count,
    isRecorded(trade) {
      copyWords(trade, scratch, 0);
      return table?.isRepeat(scratch, 0) ?? false;
    },
  };
}
