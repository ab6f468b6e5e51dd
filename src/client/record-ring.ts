/**
 * The newest trade records as they came, in the order of arrival: what a replay is compared with after a loss. Adding one
 * copies its bytes and nothing else, many at once as one piece; whatever is to be known about them is worked out when a
 * connection was lost.
 * Memory: blocks are made as records come, at most 64 of 196,608 bytes, 12.6 MB: 262,144 trades, or 224,640 with a send
 * time behind each. Then the oldest block is used again.
 */
import { layoutBytes } from "../dbn/layout.ts";
import { TRADE } from "../dbn/layouts-market.ts";

const RECORD_BYTES = layoutBytes(TRADE);
/** With the gateway's send time behind it. */
const SENT_BYTES = RECORD_BYTES + 8;
/** Words of 32 bits in one record, without a send time. */
export const RECORD_WORDS = RECORD_BYTES / 4;
/** The same in words of 64 bits: reading and writing those allocates nothing once the loop is compiled. */
const QUADS = RECORD_BYTES / 8;
const INSTRUMENT_WORD = 1;
const BLOCK_RECORDS = 4_096;
const BLOCKS_MAX = 64;
/** From so many on, records behind one another are copied as one piece. */
const PIECE_MIN = 8;

/** Words of one block from the oldest record on: `lengthWords` of them are filled, a record begins every `stride`. */
export type ScanBlock = (words: Uint32Array, lengthWords: number, stride: number) => void;

interface Block {
  readonly bytes: Uint8Array;
  readonly quads: BigUint64Array;
  /** The same bytes as 32-bit words: low half first, as every machine that Node runs on keeps them. */
  readonly words: Uint32Array;
  /** Bytes from one record to the next. */
  stride: number;
  records: number;
  /** What the owner said when the block was full. */
  mark: number;
}

function createBlock(bytesLength: number, stride: number): Block {
  const quads = new BigUint64Array(bytesLength / 8);
  return { bytes: new Uint8Array(quads.buffer), quads, words: new Uint32Array(quads.buffer), stride, records: 0, mark: 0 };
}

export interface RecordRingOptions {
  /** Records without a send time in a block, and blocks; the defaults are those above, smaller ones are for tests. */
  readonly blockRecords?: number;
  readonly blocks?: number;
  /** Asked when a block is full: a number to be kept with it. */
  readonly onFull: () => number;
  /** Sees each block before its records are given up, and what was kept with it. */
  readonly onEvict: (words: Uint32Array, lengthWords: number, stride: number, mark: number) => void;
}

export class RecordRing {
  /** Records ever added since the last `clear`, and records held. */
  added = 0;
  size = 0;
  readonly #onFull: RecordRingOptions["onFull"];
  readonly #onEvict: RecordRingOptions["onEvict"];
  readonly #blocksMax: number;
  readonly #blockBytes: number;
  /** Oldest first from `#oldest` on, round about. */
  #blocks: Block[];
  #oldest = 0;
  #current: Block;
  /** Records that still fit the current block. */
  #room: number;

  constructor({ blockRecords = BLOCK_RECORDS, blocks = BLOCKS_MAX, onFull, onEvict }: RecordRingOptions) {
    this.#onFull = onFull;
    this.#onEvict = onEvict;
    this.#blocksMax = blocks;
    this.#blockBytes = blockRecords * RECORD_BYTES;
    this.#current = createBlock(this.#blockBytes, RECORD_BYTES);
    this.#blocks = [this.#current];
    this.#room = blockRecords;
  }

  /** Hot path: keeps the record of `lengthBytes` that starts at `base`. */
  add(dv: DataView, base: number, lengthBytes: number): void {
    const stride = lengthBytes === SENT_BYTES ? SENT_BYTES : RECORD_BYTES;
    if (this.#room === 0 || stride !== this.#current.stride) this.#turn(stride);
    const block = this.#current;
    const { quads } = block;
    const at = (block.records * stride) / 8;
    for (let quad = 0; quad < QUADS; quad += 1) quads[at + quad] = dv.getBigUint64(base + quad * 8, true);
    this.#count(1);
  }

  /** The same for `count` records behind one another. */
  addRun(bytes: Uint8Array, dv: DataView, base: number, count: number, lengthBytes: number): void {
    const isPiece = count >= PIECE_MIN && (lengthBytes === RECORD_BYTES || lengthBytes === SENT_BYTES);
    if (!isPiece) {
      for (let n = 0; n < count; n += 1) this.add(dv, base + n * lengthBytes, lengthBytes);
      return;
    }
    for (let done = 0; done < count; ) {
      if (this.#room === 0 || lengthBytes !== this.#current.stride) this.#turn(lengthBytes);
      const block = this.#current;
      const piece = Math.min(count - done, this.#room);
      const from = base + done * lengthBytes;
      block.bytes.set(bytes.subarray(from, from + piece * lengthBytes), block.records * lengthBytes);
      this.#count(piece);
      done += piece;
    }
  }

  /** Walks the newest `count` records (all by default), block by block, oldest first. */
  scan(visit: ScanBlock, count = this.size): void {
    let skip = this.size - Math.min(count, this.size);
    for (let n = 0; n < this.#blocks.length; n += 1) {
      const block = this.#blocks[(this.#oldest + n) % this.#blocks.length];
      if (block === undefined) return;
      const from = Math.min(skip, block.records);
      skip -= from;
      if (from < block.records) visitBlock(block, from, visit);
    }
  }

  /** Forgets the records of these instruments. */
  forget(instruments: ReadonlySet<number>): void {
    for (const block of this.#blocks) {
      const { words, records } = block;
      const step = block.stride / 4;
      let kept = 0;
      for (let at = 0; at < records * step; at += step) {
        if (instruments.has(words[at + INSTRUMENT_WORD]!)) continue; // whole records
        words.copyWithin(kept * step, at, at + step);
        kept += 1;
      }
      block.records = kept;
      this.size -= records - kept;
      if (block === this.#current) this.#room += records - kept;
    }
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    this.#current = createBlock(this.#blockBytes, this.#current.stride);
    this.#blocks = [this.#current];
    this.#oldest = 0;
    this.#room = Math.floor(this.#blockBytes / this.#current.stride);
    this.added = 0;
    this.size = 0;
  }

  #count(records: number): void {
    this.#current.records += records;
    this.#room -= records;
    this.added += records;
    this.size += records;
  }

  /** Goes on in the next block: a new one, or the oldest. */
  #turn(stride: number): void {
    this.#current.mark = this.#onFull();
    if (this.#blocks.length < this.#blocksMax) {
      this.#current = createBlock(this.#blockBytes, stride);
      this.#blocks.push(this.#current);
    } else {
      const oldest = this.#blocks[this.#oldest] ?? this.#current;
      visitBlock(oldest, 0, (words, length, step) => this.#onEvict(words, length, step, oldest.mark));
      this.size -= oldest.records;
      oldest.records = 0;
      oldest.stride = stride;
      this.#current = oldest;
      this.#oldest = (this.#oldest + 1) % this.#blocks.length;
    }
    this.#room = Math.floor(this.#blockBytes / stride);
  }
}

/** The block's records from the one numbered `from` on. */
function visitBlock({ words, records, stride }: Block, from: number, visit: ScanBlock): void {
  const step = stride / 4;
  visit(words.subarray(from * step, records * step), (records - from) * step, step);
}
