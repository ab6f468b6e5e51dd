/**
 * One block of kept trade records. What is full and not needed soon is packed to a third of its size or less; it is
 * unpacked for whoever looks at it, and stays packed.
 */
import { packPiece, unpackPiece } from "../dbn/zstd-pieces.ts";

/** Room for the records of one block, the same bytes twice: low half first, as every machine that Node runs on keeps them. */
export interface Room {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly words: Uint32Array;
}

/** `bytesLength` is a multiple of 4. Resizable memory is a mapping of its own: made smaller, it goes back to the system at once. */
export function createRoom(bytesLength: number): Room {
  const buffer = new ArrayBuffer(bytesLength, { maxByteLength: bytesLength });
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
}

export class RingBlock {
  /** Null while packed. */
  room: Room | null;
  /** Bytes from one record to the next. */
  stride: number;
  records = 0;
  /** What the owner said when the block was full. */
  mark = 0;
  #packed: Uint8Array | null = null;

  constructor(room: Room, stride: number) {
    this.room = room;
    this.stride = stride;
  }

  /** Packs the records and gives their room up; returns the bytes saved. */
  pack(): number {
    if (this.room === null) return 0;
    const { bytes } = this.room;
    const roomBytes = bytes.length;
    this.#packed = packPiece(bytes.subarray(0, this.records * this.stride));
    this.room = null;
    bytes.buffer.resize(0);
    return roomBytes - this.#packed.length;
  }

  /** Lays a copy of packed records into `room`. */
  look(room: Room): Room {
    if (this.#packed !== null) room.bytes.set(unpackPiece(this.#packed));
    return room;
  }

  /** Takes the records out of the packing, for good. */
  unpack(room: Room): Room {
    this.room = this.look(room);
    this.#packed = null;
    return room;
  }
}
