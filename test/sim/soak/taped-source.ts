/**
 * A source read once and kept in memory. After each cut the gateway opens its source anew; making the demo's day again each
 * time would take longer than the clocks of a soak, many times as fast, allow.
 */
import { RecordView } from "../../../src/dbn/record-view.ts";
import { fromNanos, toNanos, type UnixTime } from "../../../src/lib/time.ts";
import type { GatewaySource, SourceBatch, SourceReader } from "../../../src/gateway/source.ts";

interface Piece {
  readonly bytes: Uint8Array;
  readonly records: number;
  /** Index time of the last record. */
  readonly last: bigint;
}

const FAR: UnixTime = { sec: 4_000_000_000, nanos: 0 };

async function readAll(source: GatewaySource): Promise<Piece[]> {
  const reader = source.open();
  const pieces: Piece[] = [];
  const view = new RecordView();
  for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
    if (batch === null) continue;
    const bytes = batch.bytes.slice();
    for (let at = 0; at < bytes.length; at += view.lengthBytes) view.point(bytes, at);
    pieces.push({ bytes, records: batch.records, last: indexTime(view) });
  }
  await reader.close();
  return pieces;
}

const indexTime = (view: RecordView): bigint => (BigInt(view.indexHi) << 32n) + BigInt(view.indexLo);

class TapedReader implements SourceReader {
  readonly #pieces: readonly Piece[];
  readonly #view = new RecordView();
  #piece = 0;
  /** Where in the piece the next record begins, and how many records lie before it. */
  #at = 0;
  #done = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  get nextAt(): UnixTime | null {
    const bytes = this.#pieces[this.#piece]?.bytes;
    return bytes === undefined ? null : fromNanos(indexTime(this.#view.point(bytes, this.#at)));
  }

  read(until: UnixTime): Promise<SourceBatch | null | "end"> {
    return Promise.resolve(this.#read(toNanos(until)));
  }

  #read(until: bigint): SourceBatch | null | "end" {
    const piece = this.#pieces[this.#piece];
    if (piece === undefined) return "end";
    const { bytes, records, last } = piece;
    const [from, before] = [this.#at, this.#done];
    if (last <= until) {
      this.#piece += 1;
      this.#at = this.#done = 0;
      return { bytes: bytes.subarray(from), records: records - before };
    }
    const view = this.#view;
    while (indexTime(view.point(bytes, this.#at)) <= until) {
      this.#at += view.lengthBytes;
      this.#done += 1;
    }
    return this.#at === from ? null : { bytes: bytes.subarray(from, this.#at), records: this.#done - before };
  }

  close(): Promise<void> {
    this.#piece = this.#pieces.length;
    return Promise.resolve();
  }
}

/** The same source, as often as it is opened without making it again. */
export async function taped(source: GatewaySource): Promise<GatewaySource> {
  const pieces = await readAll(source);
  return { ...source, open: () => new TapedReader(pieces) };
}
