/** One connection as the live client sees it, whatever carries it: a byte stream in, a byte stream out. */
import type { NqError } from "../lib/errors.ts";

/** Called by a connection; exactly one of `onEnd` and `onError` is the last call, and none follows `close`. */
export interface TransportHandlers {
  onOpen(): void;
  /** The bytes are valid only during the call. `hasRested`: they may have lain there for a moment, their age says nothing. */
  onBytes(bytes: Uint8Array, hasRested?: boolean): void;
  /** The other side closed in an orderly way. */
  onEnd(): void;
  onError(error: NqError): void;
}

/** A connection under way or open. */
export interface Transport {
  write(bytes: Uint8Array): void;
  /** Stops reading; a little that is already here may still come. */
  pause(): void;
  resume(): void;
  /** Closes at once and silently. */
  close(): void;
}

/** Begins to connect. */
export type Dial = (handlers: TransportHandlers) => Transport;
