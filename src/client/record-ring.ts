/**
 * The newest trade records as they came, in the order of arrival: what a replay is compared with after a loss. Adding one
 * copies 48 bytes and nothing else; whatever is to be known about them is worked out when a connection was lost.
 * Memory: blocks are made as records come, at most 64 of 4,096 records, 12.6 MB; then the oldest is used again.
 */
import { layoutBytes } from "../dbn/layout.ts";
import { TRADE } from "../dbn/layouts-market.ts";

/** Words of 32 bits in one record. */
export const RECORD_WORDS = layoutBytes(TRADE) / 4;
/** The same in words of 64 bits: reading and writing those allocates nothing once the loop is compiled. */
const QUADS = RECORD_WORDS / 2;
const BLOCK_RECORDS = 4_096;
const BLOCKS_MAX = 64;

/** Words of one block from the oldest record on; `lengthWords` of them are filled. */
export type ScanBlock = (words: Uint32Array, lengthWords: number) => void;

interface Block {
  readonly quads: BigUint64Array;
  /** The same bytes as 32-bit words: low half first, as every machine that Node runs on keeps them. */
  readonly words: Uint32Array;
}

function createBlock(records: number): Block {
  const quads = new BigUint64Array(records * QUADS);
  return { quads, words: new Uint32Array(quads.buffer) };
}

export interface RecordRingOptions {
  /** Records in a block, and blocks; the defaults are those above, smaller ones are for tests. */
  readonly blockRecords?: number;
  readonly blocks?: number;
  /** Sees each full block before its records are given up. */
  readonly onEvict: ScanBlock;
}

export class RecordRing {
  readonly #onEvict: ScanBlock;
  readonly #blocksMax: number;
  readonly #blockRecords: number;
  readonly #blockQuads: number;
  /** Oldest first from `#oldest` on, round about. */
  #blocks: Block[];
  #oldest = 0;
  #current: Block;
  #quads: BigUint64Array;
  /** Next free 64-bit word of the current block. */
  #at = 0;
  /** Records in full blocks, given up ones too. */
  #before = 0;

  constructor({ blockRecords = BLOCK_RECORDS, blocks = BLOCKS_MAX, onEvict }: RecordRingOptions) {
    this.#onEvict = onEvict;
    this.#blocksMax = blocks;
    this.#blockRecords = blockRecords;
    this.#blockQuads = blockRecords * QUADS;
    this.#current = createBlock(blockRecords);
    this.#quads = this.#current.quads;
    this.#blocks = [this.#current];
  }

  /** Records ever added since the last `clear`. */
  get added(): number {
    return this.#before + this.#at / QUADS;
  }

  /** Records held. */
  get size(): number {
    return (this.#blocks.length - 1) * this.#blockRecords + this.#at / QUADS;
  }

  /** Hot path: keeps the record that starts at `base`. */
  add(dv: DataView, base: number): void {
    if (this.#at === this.#blockQuads) this.#turn();
    const quads = this.#quads;
    const at = this.#at;
    quads[at] = dv.getBigUint64(base, true);
    quads[at + 1] = dv.getBigUint64(base + 8, true);
    quads[at + 2] = dv.getBigUint64(base + 16, true);
    quads[at + 3] = dv.getBigUint64(base + 24, true);
    quads[at + 4] = dv.getBigUint64(base + 32, true);
    quads[at + 5] = dv.getBigUint64(base + 40, true);
    this.#at = at + QUADS;
  }

  /** The same for `count` records behind one another, each `lengthBytes` long. */
  addRun(dv: DataView, base: number, count: number, lengthBytes: number): void {
    let at = base;
    for (let left = count; left > 0; left -= 1) {
      this.add(dv, at);
      at += lengthBytes;
    }
  }

  /** Walks the newest `count` records (all by default), block by block, oldest first. */
  scan(visit: ScanBlock, count = this.size): void {
    let skip = this.size - Math.min(count, this.size);
    for (let n = 0; n < this.#blocks.length; n += 1) {
      const block = this.#blocks[(this.#oldest + n) % this.#blocks.length];
      if (block === undefined) return;
      const records = block === this.#current ? this.#at / QUADS : this.#blockRecords;
      const from = Math.min(skip, records);
      skip -= from;
      if (from < records) visit(block.words.subarray(from * RECORD_WORDS), (records - from) * RECORD_WORDS);
    }
  }

  /** Forgets everything and gives the memory back. */
  clear(): void {
    this.#current = createBlock(this.#blockRecords);
    this.#quads = this.#current.quads;
    this.#blocks = [this.#current];
    this.#oldest = 0;
    this.#at = 0;
    this.#before = 0;
  }

  /** Goes on in the next block: a new one, or the oldest. */
  #turn(): void {
    if (this.#blocks.length < this.#blocksMax) {
      this.#before += this.#blockRecords;
      this.#current = createBlock(this.#blockRecords);
      this.#blocks.push(this.#current);
    } else {
      const oldest = this.#blocks[this.#oldest] ?? this.#current;
      this.#onEvict(oldest.words, oldest.words.length);
      this.#before += this.#blockRecords;
      this.#current = oldest;
      this.#oldest = (this.#oldest + 1) % this.#blocks.length;
    }
    this.#quads = this.#current.quads;
    this.#at = 0;
  }
}
