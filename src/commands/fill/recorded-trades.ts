/** The trades that a recording has in some spans, as a multiset: what is fetched for a hole must not come in twice. */
import { RTYPE } from "../../dbn/constants.ts";
import { OccurrenceTable, RECORD_WORDS } from "../../dbn/occurrence-table.ts";
import { RecordView } from "../../dbn/record-view.ts";
import type { KeptFile } from "../warm-start.ts";
import type { Span } from "./missing.ts";

const CHUNK_RECORDS = 16_384;
const RECORD_BYTES = RECORD_WORDS * 4;

/** Grows by whole chunks; a trade has twelve words. */
class Words {
  readonly #chunks: Uint32Array[] = [];
  count = 0;

  add(bytes: Uint8Array, base: number): void {
    const at = this.count % CHUNK_RECORDS;
    if (at === 0) this.#chunks.push(new Uint32Array(CHUNK_RECORDS * RECORD_WORDS));
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined) return;
    new Uint8Array(chunk.buffer, at * RECORD_BYTES, RECORD_BYTES).set(bytes.subarray(base, base + RECORD_BYTES));
    this.count += 1;
  }

  each(take: (words: Uint32Array, at: number) => void): void {
    for (let n = 0; n < this.count; n += 1) {
      const chunk = this.#chunks[Math.floor(n / CHUNK_RECORDS)];
      if (chunk !== undefined) take(chunk, (n % CHUNK_RECORDS) * RECORD_WORDS);
    }
  }
}

export interface RecordedTrades {
  /** Trades found in the spans. */
  readonly count: number;
  /** True for a trade that the recording has as often as it has come now. */
  isRecorded(view: RecordView): boolean;
}

/** Reads the files through. @throws NqError when one is damaged before its end */
export async function readRecordedTrades(files: readonly KeptFile[], spans: readonly Span[]): Promise<RecordedTrades> {
  const words = new Words();
  const view = new RecordView();
  for (const { open } of files) {
    const reader = await open();
    try {
      for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
        for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
          view.point(batch.bytes, at);
          if (view.rtype !== RTYPE.trade) continue;
          const time = (BigInt(view.indexHi) << 32n) + BigInt(view.indexLo);
          if (spans.some(({ start, end }) => time >= start && time < end)) words.add(view.bytes, view.base);
        }
      }
    } finally {
      await reader.close();
    }
  }
  const table = new OccurrenceTable(words.count);
  words.each((chunk, at) => table.count(chunk, at, true));
  const scratch = new Uint32Array(RECORD_WORDS);
  const scratchBytes = new Uint8Array(scratch.buffer);
  return {
    count: words.count,
    isRecorded({ bytes, base }) {
      scratchBytes.set(bytes.subarray(base, base + RECORD_BYTES));
      return table.isRepeat(scratch, 0);
    },
  };
}
