/** Bytes waiting for the disk, in order, up to a bound; what was handed out as a piece never changes. */

const CHUNK_BYTES = 256 * 1024;

export class HeldBytes {
  readonly #max: number;
  readonly #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that were dropped, and bytes used of the last one. */
  #from = 0;
  #lastUsed = CHUNK_BYTES;
  length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Copies `bytes[from, to)` to the end; false, and nothing copied, beyond the bound. */
  append(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.length + to - from > this.#max) return false;
    for (let at = from; at < to; ) {
      if (this.#lastUsed === CHUNK_BYTES) {
        this.#chunks.push(new Uint8Array(CHUNK_BYTES));
        this.#lastUsed = 0;
      }
      const chunk = this.#chunks[this.#chunks.length - 1]!; // pushed above
      const take = Math.min(CHUNK_BYTES - this.#lastUsed, to - at);
      if (take > 64) chunk.set(bytes.subarray(at, at + take), this.#lastUsed);
      else for (let index = 0; index < take; index += 1) chunk[this.#lastUsed + index] = bytes[at + index]!; // no view for 48 bytes
      this.#lastUsed += take;
      at += take;
    }
    this.length += to - from;
    return true;
  }

  /** Some of the bytes from `at`, without copying; never empty while `at` is below `until` and the length. */
  piece(at: number, until: number): Uint8Array {
    const end = Math.min(until, this.length);
    const inAll = at + this.#from;
    const start = inAll % CHUNK_BYTES;
    const chunk = this.#chunks[Math.floor(inAll / CHUNK_BYTES)];
    return chunk === undefined || at >= end ? new Uint8Array(0) : chunk.subarray(start, Math.min(CHUNK_BYTES, start + end - at));
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    const dropped = Math.min(count, this.length);
    this.length -= dropped;
    const whole = Math.floor((this.#from + dropped) / CHUNK_BYTES);
    this.#from = (this.#from + dropped) % CHUNK_BYTES;
    this.#chunks.splice(0, whole);
    if (this.#chunks.length === 0) {
      this.#from = 0;
      this.#lastUsed = CHUNK_BYTES;
    }
  }
}
