/** From the bytes of one session's stream to records: expands if compressed, then decodes, in order. */
import { createDbnDecoder, type OnTrades } from "../dbn/decoder.ts";
import type { DbnMetadata } from "../dbn/metadata.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { createZstdExpander } from "../dbn/zstd.ts";

/** How the stream is packed, and whom to tell. */
export interface StreamFeedOptions {
  readonly compression: "none" | "zstd";
  readonly onMetadata: (metadata: DbnMetadata) => void;
  readonly onRecord: (view: RecordView) => void;
  /** Trades behind one another; undefined: they come through `onRecord` one by one. */
  readonly onTrades?: OnTrades | undefined;
  /** A piece of the stream has been decoded. */
  readonly onBatchEnd: () => void;
  /** Damaged data, or whatever a callback threw; the feed is over. */
  readonly onFailure: (error: unknown) => void;
  /** Reading may go no further until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
}

/** Takes the stream of one session. */
export interface StreamFeed {
  /** The bytes are used up or copied before it returns. */
  push(bytes: Uint8Array): void;
  /** Calls `done` after everything pushed was decoded, with the count of bytes that make no whole record. */
  end(done: (pendingBytes: number) => void): void;
  close(): void;
  /** Records decoded so far. */
  readonly records: number;
  /** Those of unknown types among them. */
  readonly unknownRecords: number;
  /** Bytes taken and not decoded yet: none without compression, with it what the transport read before it paused. */
  readonly waitingBytes: number;
}

/** One feed for one session. */
export function createStreamFeed(options: StreamFeedOptions): StreamFeed {
  const decoder = createDbnDecoder({ onMetadata: options.onMetadata });
  let isOver = false;

  function fail(error: unknown): void {
    if (isOver) return;
    isOver = true;
    options.onFailure(error);
  }

  function decode(bytes: Uint8Array): void {
    decoder.push(bytes, options.onRecord, options.onTrades);
    options.onBatchEnd();
  }

  if (options.compression === "none") {
    // Synchronous, inside the socket's callback: no queue, so the kernel's buffer is the only back-pressure.
    return {
      push(bytes) {
        if (isOver) return;
        try {
          decode(bytes);
        } catch (error) {
          fail(error);
        }
      },
      end: (done) => done(decoder.pendingBytes),
      close: () => void (isOver = true),
      get records() {
        return decoder.records;
      },
      get unknownRecords() {
        return decoder.unknownRecords;
      },
      waitingBytes: 0,
    };
  }

  const expander = createZstdExpander();
  // Holds one read, and with WebSockets what that read completed: reading pauses while there is any.
  const waiting: Uint8Array[] = [];
  let isPumping = false;
  let onIdle: (() => void) | null = null;

  async function pump(): Promise<void> {
    isPumping = true;
    options.pause();
    try {
      for (let bytes = waiting.shift(); bytes !== undefined && !isOver; bytes = waiting.shift()) {
        await expander.push(bytes, (expanded) => {
          if (!isOver) decode(expanded);
        });
      }
    } catch (error) {
      fail(error);
    }
    isPumping = false;
    if (isOver) return;
    options.resume();
    onIdle?.();
  }

  return {
    push(bytes) {
      if (isOver) return;
      waiting.push(bytes.slice());
      if (!isPumping) void pump();
    },
    end(done) {
      const finish = (): void => {
        if (!isOver) done(decoder.pendingBytes);
      };
      if (isPumping) onIdle = finish;
      else finish();
    },
    close() {
      isOver = true;
      waiting.length = 0;
      expander.close();
    },
    get records() {
      return decoder.records;
    },
    get unknownRecords() {
      return decoder.unknownRecords;
    },
    get waitingBytes() {
      return waiting.reduce((sum, { length }) => sum + length, 0);
    },
  };
}
