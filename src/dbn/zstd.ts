/** Compressed streams: any number of zstd frames → bytes, and bytes → one flushed frame. Bounded memory both ways. */
import { constants, createZstdCompress, createZstdDecompress, type ZstdDecompress } from "node:zlib";
import { NqError } from "../lib/errors.ts";
import { createZstdFrameWalker, FRAME_MAGIC_BYTES, WINDOW_BYTES_MAX } from "./zstd-frames.ts";

/** Output is handed out in pieces of at most this size; large ones halve the time. */
const PIECE_BYTES = 256 * 1024;
/** Market data shrinks to a third or a twentieth; beyond this ratio the input is made to do harm. */
const RATIO_MAX = 4096;
/** Less than this is let through from one piece of input, whatever the ratio. */
const RATIO_FROM_BYTES = 8 * 1024 * 1024;

export interface ZstdExpander {
  /**
   * Hands out everything that `chunk` makes available, in order, before it resolves.
   * @throws NqError ZSTD_FRAME, ZSTD_WINDOW, ZSTD_BOMB, after what came before was handed out.
   */
  push(chunk: Uint8Array, onBytes: (bytes: Uint8Array) => void): Promise<void>;
  /** @throws NqError FILE_TRUNCATED when the input ends inside a frame */
  end(): Promise<void>;
  close(): void;
}

class Expander implements ZstdExpander {
  readonly #walker = createZstdFrameWalker();
  #frame: ZstdDecompress | null = null;
  #onBytes: (bytes: Uint8Array) => void = () => {};
  #thrown: unknown = null;
  #inBytes = 0;
  #outBytes = 0;

  async push(chunk: Uint8Array, onBytes: (bytes: Uint8Array) => void): Promise<void> {
    this.#onBytes = onBytes;
    this.#inBytes = chunk.length;
    this.#outBytes = 0;
    for (const event of this.#walker.push(chunk)) {
      if (event.kind === "start") await this.#write(this.#open(), FRAME_MAGIC_BYTES);
      else if (event.kind === "data" && this.#frame !== null) await this.#write(this.#frame, event.bytes);
      else if (event.kind === "end") await this.#finish();
    }
    if (this.#walker.failure !== null) throw this.#walker.failure;
  }

  end(): Promise<void> {
    if (this.#walker.atBoundary) return Promise.resolve();
    this.close();
    return Promise.reject(
      new NqError("FILE_TRUNCATED", `the compressed data ends inside a frame, at byte ${this.#walker.position}`),
    );
  }

  close(): void {
    this.#frame?.destroy();
    this.#frame = null;
  }

  #open(): ZstdDecompress {
    const frame = createZstdDecompress({
      chunkSize: PIECE_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: Math.log2(WINDOW_BYTES_MAX) },
    });
    frame.on("data", (bytes: Uint8Array) => this.#take(bytes));
    frame.on("error", () => {}); // reported by the write or the end that caused it
    this.#frame = frame;
    return frame;
  }

  #take(bytes: Uint8Array): void {
    if (this.#thrown !== null) return;
    this.#outBytes += bytes.length;
    try {
      if (this.#outBytes > RATIO_FROM_BYTES && this.#outBytes > this.#inBytes * RATIO_MAX) {
        throw new NqError("ZSTD_BOMB", `${this.#inBytes} compressed bytes expand to more than ${this.#outBytes}`);
      }
      this.#onBytes(bytes);
    } catch (error) {
      this.#thrown = error;
      this.#frame?.destroy();
    }
  }

  #write(frame: ZstdDecompress, bytes: Uint8Array): Promise<void> {
    return this.#settle(frame, (done) => frame.write(bytes, done));
  }

  #finish(): Promise<void> {
    const frame = this.#frame;
    if (frame === null) return Promise.resolve();
    this.#frame = null;
    return this.#settle(frame, (done) => {
      frame.once("end", () => done(null));
      frame.end();
    });
  }

  #settle(frame: ZstdDecompress, run: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null): void => {
        frame.off("error", settle);
        frame.off("close", settle);
        if (this.#thrown !== null) reject(this.#thrown as Error); // what #take caught
        else if (error instanceof Error) reject(this.#bad(error));
        else resolve();
      };
      frame.once("error", settle);
      frame.once("close", settle);
      run(settle);
    });
  }

  #bad(error: Error): NqError {
    const message = `the compressed data cannot be read before byte ${this.#walker.position}: ${error.message}`;
    return new NqError("ZSTD_FRAME", message, { cause: error });
  }
}

/** Expands any number of frames; a session or file is one expander. */
export function createZstdExpander(): ZstdExpander {
  return new Expander();
}

export interface ZstdPacker {
  /** Compresses and flushes: the result expands to everything pushed so far. */
  push(bytes: Uint8Array): Promise<Uint8Array>;
  /** The last bytes of the frame, checksum included. */
  end(): Promise<Uint8Array>;
  close(): void;
}

/** One zstd frame with checksum, flushed at every push. */
export function createZstdPacker(): ZstdPacker {
  const stream = createZstdCompress({
    chunkSize: PIECE_BYTES,
    params: { [constants.ZSTD_c_checksumFlag]: 1 },
  });
  let pieces: Uint8Array[] = [];
  stream.on("data", (bytes: Uint8Array) => pieces.push(bytes));
  stream.on("error", () => {});
  const collect = (): Uint8Array => {
    const out = Buffer.concat(pieces);
    pieces = [];
    return out;
  };
  return {
    async push(bytes): Promise<Uint8Array> {
      await new Promise<void>((resolve, reject) => {
        stream.write(bytes, (error) => (error instanceof Error ? reject(error) : resolve()));
      });
      await new Promise<void>((resolve) => stream.flush(constants.ZSTD_e_flush, resolve));
      return collect();
    },
    async end(): Promise<Uint8Array> {
      await new Promise<void>((resolve) => {
        stream.once("end", resolve);
        stream.end();
      });
      return collect();
    },
    close: () => stream.destroy(),
  };
}
