/** Reads what one connection delivered, byte by byte and as plainly as possible: the checker's own view of a session. */
import { keyOf, RECORD_BYTES } from "./market-log.ts";

const PRELUDE = 8;
const TRADE = 0;

export class NaiveStream {
  /** How often each trade came in this session. */
  readonly occurrences = new Map<string, number>();
  /** A record that no gateway sends: damaged on the way. */
  isBroken = false;
  #bytes = new Uint8Array(1024);
  #length = 0;
  #phase: "text" | "metadata" | "records" = "text";
  readonly #onTrade: (key: string, count: number, tsEvent: bigint) => void;

  /** `onTrade`: a trade came for the `count`-th time. */
  constructor(onTrade: (key: string, count: number, tsEvent: bigint) => void = () => {}) {
    this.#onTrade = onTrade;
  }

  take(piece: Uint8Array): void {
    if (this.isBroken) return;
    if (this.#length + piece.length > this.#bytes.length) {
      const larger = new Uint8Array((this.#length + piece.length) * 2);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
    let used = 0;
    for (let size = this.#sizeAt(used); size > 0; size = this.#sizeAt(used)) {
      if (this.#phase === "text") {
        if (new TextDecoder().decode(this.#bytes.subarray(used, used + size)).startsWith("success=1")) this.#phase = "metadata";
      } else if (this.#phase === "metadata") this.#phase = "records";
      else this.#record(used, size);
      used += size;
      if (this.isBroken) return;
    }
    this.#bytes.copyWithin(0, used, this.#length);
    this.#length -= used;
  }

  /** Bytes of the whole item that begins here; 0 while it is not whole. */
  #sizeAt(at: number): number {
    const left = this.#length - at;
    if (left <= 0) return 0;
    if (this.#phase === "text") return this.#bytes.subarray(at, this.#length).indexOf(10) + 1;
    if (this.#phase === "metadata") {
      if (left < PRELUDE) return 0;
      const size = PRELUDE + new DataView(this.#bytes.buffer).getUint32(at + 4, true);
      return size <= left ? size : 0;
    }
    const size = (this.#bytes[at] ?? 0) * 4;
    if (size < 16) this.isBroken = true;
    return size <= left ? size : 0;
  }

  #record(at: number, size: number): void {
    if (this.#bytes[at + 1] !== TRADE) return;
    if (size < RECORD_BYTES) {
      this.isBroken = true;
      return;
    }
    const key = keyOf(this.#bytes, at);
    const count = (this.occurrences.get(key) ?? 0) + 1;
    this.occurrences.set(key, count);
    this.#onTrade(key, count, new DataView(this.#bytes.buffer).getBigUint64(at + 8, true));
  }
}
