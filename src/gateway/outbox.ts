/** Sends a session's pieces in order, compressed if asked, and holds the sender back while the client does not read. */
import { createZstdPacker, type ZstdPacker } from "../dbn/zstd.ts";
import type { Clock } from "../lib/clock.ts";
import type { Transport } from "./transport.ts";
import type { WireBuffer } from "./wire-buffer.ts";

/** One write in the system's hands keeps the line busy while the next piece is made; more would only be memory. */
const WRITES_IN_FLIGHT_MAX = 2;
/**
 * What one client may make the gateway hold. Pieces are made from batches of at most half a mebibyte, and long answers
 * are sent in pieces of PIECE_BYTES, so this is never reached; beyond it no piece is made before one is taken.
 */
const HELD_BYTES_MAX = 4 * 1024 * 1024;
/** From this size on a piece that is still growing is better sent. */
export const PIECE_BYTES = 256 * 1024;
/** How often it is looked whether the client took something, real milliseconds. */
const LOOK_MS = 1_000;

export class Outbox {
  /** Bytes handed to the system since the start. */
  bytes = 0;
  /** Real milliseconds spent waiting for the client to read, since `forgetWaiting`. */
  waitedMs = 0;
  /** Monotonic milliseconds of the last write. */
  lastWriteMs: number;
  /** A client that takes nothing for so many real milliseconds is given up; Infinity: it may take its time. */
  patienceMs = Number.POSITIVE_INFINITY;
  /** The client was given up: nothing waits for it any more. */
  isGivenUp = false;
  readonly #transport: Transport;
  readonly #wire: WireBuffer;
  readonly #clock: Clock;
  readonly #packer: ZstdPacker | null;
  #inFlight = 0;
  #heldBytes = 0;
  #takenPieces = 0;
  #closed = false;
  #wake: (() => void) | null = null;

  constructor(transport: Transport, wire: WireBuffer, clock: Clock, compression: "none" | "zstd") {
    this.#transport = transport;
    this.#wire = wire;
    this.#clock = clock;
    this.#packer = compression === "zstd" ? createZstdPacker() : null;
    this.lastWriteMs = clock.monotonicMs();
  }

  /** True while the client leaves bytes untaken. */
  get isStuck(): boolean {
    return this.#inFlight > 0;
  }

  /** Writes what the wire buffer holds; resolves when the next piece may be made. */
  async flush(): Promise<void> {
    if (this.#wire.lengthBytes === 0 || this.#closed) return;
    const piece = this.#wire.take();
    if (this.#packer === null) this.#write(piece.bytes, piece.release);
    else {
      const packed = await this.#packer.push(piece.bytes);
      piece.release();
      this.#write(packed, () => {});
    }
    await this.#room(this.#heldBytes > HELD_BYTES_MAX / 2 ? 0 : WRITES_IN_FLIGHT_MAX - 1);
  }

  /** Writes the rest and the end of the compressed stream, and waits until the system took all of it. */
  async finish(): Promise<void> {
    await this.flush();
    if (this.#packer !== null && !this.#closed) this.#write(await this.#packer.end(), () => {});
    await this.#room(0);
  }

  forgetWaiting(): void {
    this.waitedMs = 0;
  }

  /** The connection is gone: nobody waits any more. */
  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  /** Frees the compressor; nothing may be written after it. */
  dispose(): void {
    this.close();
    this.#packer?.close();
  }

  #write(bytes: Uint8Array, release: () => void): void {
    if (this.#closed) return;
    this.#inFlight += 1;
    this.bytes += bytes.length;
    this.#heldBytes += bytes.length;
    this.lastWriteMs = this.#clock.monotonicMs();
    this.#transport.write(bytes, () => {
      this.#inFlight -= 1;
      this.#heldBytes -= bytes.length;
      this.#takenPieces += 1;
      release();
      this.#wake?.();
    });
  }

  async #room(inFlight: number): Promise<void> {
    const isWaiting = (): boolean => this.#inFlight > inFlight && !this.#closed && !this.isGivenUp;
    if (!isWaiting()) return;
    const sinceMs = this.#clock.monotonicMs();
    const stopLooking = this.#lookAfter();
    while (isWaiting()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    stopLooking();
    this.#wake = null;
    this.waitedMs += this.#clock.monotonicMs() - sinceMs;
  }

  /**
   * Counts looks at which nothing was taken, not time: while this process itself stood still, or its machine slept,
   * nobody looked, and the client could take nothing.
   */
  #lookAfter(): () => void {
    let taken = this.#takenPieces;
    let looks = 0;
    let cancel: () => void;
    const look = (): void => {
      looks = taken === this.#takenPieces ? looks + 1 : 0;
      taken = this.#takenPieces;
      this.isGivenUp = looks * LOOK_MS >= this.patienceMs;
      if (this.isGivenUp) this.#wake?.();
      else cancel = this.#clock.after(LOOK_MS, look);
    };
    cancel = this.#clock.after(LOOK_MS, look);
    return () => cancel();
  }
}
