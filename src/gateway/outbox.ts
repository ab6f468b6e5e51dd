/** Sends a session's pieces in order, compressed if asked, and holds the sender back while the client does not read. */
import { createZstdPacker, type ZstdPacker } from "../dbn/zstd.ts";
import type { Clock } from "../lib/clock.ts";
import type { Transport } from "./transport.ts";
import type { WireBuffer } from "./wire-buffer.ts";

/** One write in the system's hands keeps the line busy while the next piece is made; more would only be memory. */
const WRITES_IN_FLIGHT_MAX = 2;

export class Outbox {
  /** Bytes handed to the system since the start. */
  bytes = 0;
  /** Real milliseconds spent waiting for the client to read, since `forgetWaiting`. */
  waitedMs = 0;
  /** Monotonic milliseconds of the last write. */
  lastWriteMs: number;
  readonly #transport: Transport;
  readonly #wire: WireBuffer;
  readonly #clock: Clock;
  readonly #packer: ZstdPacker | null;
  #inFlight = 0;
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
    await this.#room(WRITES_IN_FLIGHT_MAX - 1);
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
    this.lastWriteMs = this.#clock.monotonicMs();
    this.#transport.write(bytes, () => {
      this.#inFlight -= 1;
      release();
      this.#wake?.();
    });
  }

  async #room(inFlight: number): Promise<void> {
    if (this.#inFlight <= inFlight || this.#closed) return;
    const sinceMs = this.#clock.monotonicMs();
    while (this.#inFlight > inFlight && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = null;
    this.waitedMs += this.#clock.monotonicMs() - sinceMs;
  }
}
