/**
 * The newest trade records as they came, in the order of arrival: what a replay is compared with after a loss. Adding one
 * copies its bytes and nothing else, many at once as one piece; whatever is to be known about them is worked out when a
 * connection was lost.
 * Memory: blocks are made as records come, at most 64 of 196,608 bytes, 12.6 MB: 262,144 trades, or 224,640 with a send
 * time behind each. Then the oldest block is used again. `pack` brings that down to some 4 MB while there is time for it.
 */
import { layoutBytes } from "../dbn/layout.ts";
import { TRADE } from "../dbn/layouts-market.ts";
import { createRoom, RingBlock, type Room } from "./ring-block.ts";

const RECORD_BYTES = layoutBytes(TRADE);
/** With the gateway's send time behind it. */
const SENT_BYTES = RECORD_BYTES + 8;
/** Words of 32 bits in one record, without a send time. */
export const RECORD_WORDS = RECORD_BYTES / 4;
const INSTRUMENT_WORD = 1;
const BLOCK_RECORDS = 4_096;
const BLOCKS_MAX = 64;

/** Words of one block from the oldest record on: `lengthWords` of them are filled, a record begins every `stride`. */
export type ScanBlock = (words: Uint32Array, lengthWords: number, stride: number) => void;

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
  #blocks: RingBlock[];
  #oldest = 0;
  #current: RingBlock;
  /** Where the current block's records go, and how many still fit. */
  #open: Room;
  #room: number;
  /** What packed blocks are looked at in. */
  #reading: Room | null = null;

  constructor({ blockRecords = BLOCK_RECORDS, blocks = BLOCKS_MAX, onFull, onEvict }: RecordRingOptions) {
    this.#onFull = onFull;
    this.#onEvict = onEvict;
    this.#blocksMax = blocks;
    this.#blockBytes = blockRecords * RECORD_BYTES;
    this.#open = createRoom(this.#blockBytes);
    this.#current = new RingBlock(this.#open, RECORD_BYTES);
    this.#blocks = [this.#current];
    this.#room = blockRecords;
  }

  /** Keeps the record of `lengthBytes` that starts at `base`. */
  add(bytes: Uint8Array, base: number, lengthBytes: number): void {
    const stride = lengthBytes === SENT_BYTES ? SENT_BYTES : RECORD_BYTES;
    if (this.#room === 0 || stride !== this.#current.stride) this.#turn(stride);
    this.#open.bytes.set(bytes.subarray(base, base + RECORD_BYTES), this.#current.records * stride);
    this.#count(1);
  }

  /** The same for `count` records behind one another. */
  addRun(bytes: Uint8Array, base: number, count: number, lengthBytes: number): void {
    if (lengthBytes !== RECORD_BYTES && lengthBytes !== SENT_BYTES) {
      for (let n = 0; n < count; n += 1) this.add(bytes, base + n * lengthBytes, lengthBytes);
      return;
    }
    for (let done = 0; done < count; ) {
      if (this.#room === 0 || lengthBytes !== this.#current.stride) this.#turn(lengthBytes);
      const piece = Math.min(count - done, this.#room);
      const from = base + done * lengthBytes;
      this.#open.bytes.set(bytes.subarray(from, from + piece * lengthBytes), this.#current.records * lengthBytes);
      this.#count(piece);
      done += piece;
    }
  }

  /** Walks the newest `count` records (all by default), block by block, oldest first. */
  scan(visit: ScanBlock, count = this.size): void {
    const { length } = this.#blocks;
    let first = length;
    let left = Math.min(count, this.size);
    while (first > 0 && left > 0) {
      first -= 1;
      left -= this.#blockAt(first).records;
    }
    for (let n = first; n < length; n += 1) {
      const block = this.#blockAt(n);
      const from = n === first ? -left : 0;
      if (from < block.records) this.#visit(block, from, visit);
    }
    this.#reading = null;
  }

  /** Packs the oldest full block that is not packed yet, which takes a millisecond or two; bytes saved, 0 without one. */
  pack(): number {
    for (let n = 0; n < this.#blocks.length; n += 1) {
      const block = this.#blockAt(n);
      if (block.room !== null && block !== this.#current) return block.pack();
    }
    return 0;
  }

  /** Forgets the records of these instruments. */
  forget(instruments: ReadonlySet<number>): void {
    for (const block of this.#blocks) {
      const { records } = block;
      const { words } = block.room ?? block.unpack(createRoom(this.#blockBytes));
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
    this.#open = createRoom(this.#blockBytes);
    this.#current = new RingBlock(this.#open, this.#current.stride);
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

  #blockAt(n: number): RingBlock {
    return this.#blocks[(this.#oldest + n) % this.#blocks.length] ?? this.#current;
  }

  /** Goes on in the next block: a new one, or in place of the oldest. */
  #turn(stride: number): void {
    this.#current.mark = this.#onFull();
    let room: Room | null = null;
    if (this.#blocks.length === this.#blocksMax) {
      const oldest = this.#blockAt(0);
      this.#visit(oldest, 0, (words, length, step) => this.#onEvict(words, length, step, oldest.mark));
      this.#reading = null;
      this.size -= oldest.records;
      ({ room } = oldest);
    }
    this.#open = room ?? createRoom(this.#blockBytes);
    this.#current = new RingBlock(this.#open, stride);
    if (this.#blocks.length < this.#blocksMax) this.#blocks.push(this.#current);
    else {
      this.#blocks[this.#oldest] = this.#current;
      this.#oldest = (this.#oldest + 1) % this.#blocksMax;
    }
    this.#room = Math.floor(this.#blockBytes / stride);
  }

  /** The block's records from the one numbered `from` on. */
  #visit(block: RingBlock, from: number, visit: ScanBlock): void {
    const { records, stride } = block;
    const step = stride / 4;
    const { words } = block.room ?? block.look((this.#reading ??= createRoom(this.#blockBytes)));
    visit(words.subarray(from * step, records * step), (records - from) * step, step);
  }
}
