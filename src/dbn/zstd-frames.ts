/**
 * Finds where zstd frames begin and end (RFC 8878, section 3.1), in any cutting of the bytes, without decompressing.
 * Needed because a decompressor of the platform stops after the first frame, while files hold many.
 */
import { NqError } from "../lib/errors.ts";

/** Larger windows are refused: the decompressor would have to hold one. Writers of market data use 2 MiB. */
export const WINDOW_BYTES_MAX = 8 * 1024 * 1024;
const BLOCK_BYTES_MAX = 128 * 1024;
const FRAME_MAGIC = 0xfd2f_b528;
const SKIPPABLE_MAGIC = 0x184d_2a50;

/** `start`: a data frame begins (its 4 magic bytes are not in `data`). `data`: its next bytes. `end`: it is complete. */
export type FrameEvent =
  | { readonly kind: "start" }
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "end" };

/** What every data frame begins with. */
export const FRAME_MAGIC_BYTES: Uint8Array = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

type State = "magic" | "descriptor" | "header" | "blockHeader" | "body" | "skipLength" | "skipBody";

export interface ZstdFrameWalker {
  /** The frames' events in order; on damage those before it, and `failure` is set. */
  push(chunk: Uint8Array): readonly FrameEvent[];
  /** ZSTD_FRAME or ZSTD_WINDOW with the byte offset, once the input was found damaged or too dear; nothing is read after it. */
  readonly failure: NqError | null;
  /** True between frames: the input may end here. */
  readonly atBoundary: boolean;
  /** Offset of the next byte expected. */
  readonly position: number;
}

class Walker implements ZstdFrameWalker {
  position = 0;
  failure: NqError | null = null;
  #state: State = "magic";
  /** Small fields are collected here when they straddle chunks. */
  readonly #small = new Uint8Array(16);
  #have = 0;
  #need = 4;
  /** Bytes to pass by before the next field. */
  #remaining = 0;
  #descriptor = 0;
  #isLastBlock = false;
  #events: FrameEvent[] = [];

  get atBoundary(): boolean {
    return this.#state === "magic" && this.#have === 0;
  }

  push(chunk: Uint8Array): readonly FrameEvent[] {
    this.#events = [];
    if (this.failure !== null) return [];
    let from = 0; // first byte of the frame's data that was not given out yet
    let at = 0;
    while (at < chunk.length || this.#bodyIsDone()) {
      if (this.#bodyIsDone()) {
        const isData = this.#state === "body";
        if (this.#finishBody() && isData) this.#give(chunk.subarray(from, at), true);
        continue;
      }
      const wasInFrame = this.#inFrame();
      const before = at;
      at += this.#consume(chunk, at);
      if (this.failure !== null) {
        if (wasInFrame) this.#give(chunk.subarray(from, before), false);
        return this.#events;
      }
      if (!wasInFrame) from = at;
    }
    if (this.#inFrame()) this.#give(chunk.subarray(from), false);
    return this.#events;
  }

  #consume(chunk: Uint8Array, at: number): number {
    let take = 1;
    if (this.#state === "body" || this.#state === "skipBody") {
      take = Math.min(this.#remaining, chunk.length - at);
      this.#remaining -= take;
      this.position += take;
    } else {
      this.#small[this.#have] = chunk[at] ?? 0;
      this.#have += 1;
      this.position += 1;
      if (this.#have === this.#need) this.#field();
    }
    return take;
  }

  #bodyIsDone(): boolean {
    return (this.#state === "body" || this.#state === "skipBody") && this.#remaining === 0;
  }

  #inFrame(): boolean {
    return this.#state !== "magic" && this.#state !== "skipLength" && this.#state !== "skipBody";
  }

  #give(bytes: Uint8Array, endsFrame: boolean): void {
    if (bytes.length > 0) this.#events.push({ kind: "data", bytes });
    if (endsFrame) this.#events.push({ kind: "end" });
  }

  #expect(state: State, need: number): void {
    this.#state = state;
    this.#have = 0;
    this.#need = need;
  }

  #pass(state: "body" | "skipBody", bytes: number): void {
    this.#state = state;
    this.#have = 0;
    this.#remaining = bytes;
  }

  #number(bytes: number): number {
    let value = 0;
    for (let i = bytes - 1; i >= 0; i -= 1) value = value * 256 + (this.#small[i] ?? 0);
    return value;
  }

  #field(): void {
    switch (this.#state) {
      case "magic": return this.#magic();
      case "descriptor": return this.#frameDescriptor();
      case "header": return this.#frameHeader();
      case "blockHeader": return this.#blockHeader();
      default: return this.#pass("skipBody", this.#number(4));
    }
  }

  #magic(): void {
    const magic = this.#number(4);
    if (magic === FRAME_MAGIC) {
      this.#events.push({ kind: "start" });
      return this.#expect("descriptor", 1);
    }
    if (magic >= SKIPPABLE_MAGIC && magic <= SKIPPABLE_MAGIC + 15) return this.#expect("skipLength", 4);
    return this.#bad(`expected a zstd frame, found the magic number 0x${magic.toString(16).padStart(8, "0")}`);
  }

  #frameDescriptor(): void {
    this.#descriptor = this.#small[0] ?? 0;
    if ((this.#descriptor & 0x08) !== 0) return this.#bad("a reserved bit of the frame header is set");
    const isSingle = (this.#descriptor & 0x20) !== 0;
    const dictionary = [0, 1, 2, 4][this.#descriptor & 3] ?? 0;
    const content = [isSingle ? 1 : 0, 2, 4, 8][this.#descriptor >> 6] ?? 0;
    this.#expect("header", (isSingle ? 0 : 1) + dictionary + content);
    if (this.#need === 0) this.#frameHeader();
  }

  #frameHeader(): void {
    const isSingle = (this.#descriptor & 0x20) !== 0;
    let window: number;
    if (isSingle) {
      const dictionary = [0, 1, 2, 4][this.#descriptor & 3] ?? 0;
      const width = this.#need - dictionary;
      window = 0;
      for (let i = this.#need - 1; i >= dictionary; i -= 1) window = window * 256 + (this.#small[i] ?? 0);
      if (width === 2) window += 256;
    } else {
      const base = 2 ** (10 + ((this.#small[0] ?? 0) >> 3));
      window = base + (base / 8) * ((this.#small[0] ?? 0) & 7);
    }
    if (window > WINDOW_BYTES_MAX) return this.#tooWide(window);
    this.#expect("blockHeader", 3);
  }

  #blockHeader(): void {
    const header = this.#number(3);
    this.#isLastBlock = (header & 1) === 1;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === 3) return this.#bad("a block of the reserved type");
    if (size > BLOCK_BYTES_MAX) return this.#bad(`a block of ${size} bytes is beyond the limit of ${BLOCK_BYTES_MAX}`);
    const checksum = this.#isLastBlock && (this.#descriptor & 0x04) !== 0 ? 4 : 0;
    this.#pass("body", (type === 1 ? 1 : size) + checksum);
  }

  /** A block or a skippable frame is over; true when that was the end of a frame of either kind. */
  #finishBody(): boolean {
    if (this.#state === "body" && !this.#isLastBlock) {
      this.#expect("blockHeader", 3);
      return false;
    }
    this.#expect("magic", 4);
    return true;
  }

  #tooWide(window: number): void {
    const mega = (bytes: number): string => `${(bytes / 1024 / 1024).toLocaleString("en-US", { maximumFractionDigits: 1 })} MiB`;
    const [found, limit] = [mega(window), mega(WINDOW_BYTES_MAX)];
    this.failure = new NqError("ZSTD_WINDOW", `expected data packed with a window of at most ${limit}, which has to be held in memory, found ${found}, before byte ${this.position}`);
  }

  #bad(message: string): void {
    this.failure = new NqError("ZSTD_FRAME", `${message}, before byte ${this.position}`);
  }
}

/** A walker for one stream of frames. */
export function createZstdFrameWalker(): ZstdFrameWalker {
  return new Walker();
}
