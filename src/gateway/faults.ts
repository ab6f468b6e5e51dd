/** Faults on purpose, for trying out clients: delays, cut writes, stalls, resets, errors. None is on by default. */
import type { Clock } from "../lib/clock.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

export interface ConnectionFaults {
  /** Refuse at once, before the greeting, as a surplus of connections is. */
  readonly dropAtConnect?: boolean;
  /** Refuse the authentication with this text. */
  readonly refuse?: string;
  /** Real milliseconds to wait before greeting, authentication result and the stream. */
  readonly delayMs?: { readonly greeting?: number; readonly result?: number; readonly stream?: number };
  /** Sizes of successive writes, repeated: `[1]` writes every byte by itself. */
  readonly cutWrites?: readonly number[];
  /** Real milliseconds between such writes; without it the system may join them again on the way. */
  readonly pauseMs?: number;
  /** What happens once this many bytes (text included) have been written, in the middle of whatever is being sent. */
  readonly atByte?: number;
  /** `reset`: an abnormal end; `end`: a clean close; `stall`: silence until the client gives up. */
  readonly strike?: "reset" | "end" | "stall";
  /** An error record after the acknowledgements; the connection is closed after it when `isFatal`. */
  readonly error?: { readonly code: number; readonly text: string; readonly isFatal: boolean };
}

/** The connection's transport with the faults put in between. */
export function withFaults(transport: Transport, faults: ConnectionFaults, clock: Clock): Transport {
  if (faults.cutWrites === undefined && faults.atByte === undefined) return transport;
  return new FaultyTransport(transport, faults, clock);
}

/** Calls `run` at once, or after the delay. */
export function delayed(clock: Clock, delayMs: number | undefined, run: () => void): void {
  if (delayMs === undefined || delayMs <= 0) run();
  else clock.after(delayMs, run);
}

class FaultyTransport implements Transport {
  readonly kind: "tcp" | "ws";
  readonly peer: string;
  readonly #inner: Transport;
  readonly #faults: ConnectionFaults;
  readonly #clock: Clock;
  #written = 0;
  #cuts = 0;
  #isOver = false;
  /** Later writes wait for the pieces of earlier ones. */
  #queue: Promise<void> = Promise.resolve();

  constructor(inner: Transport, faults: ConnectionFaults, clock: Clock) {
    this.#clock = clock;
    this.#inner = inner;
    this.#faults = faults;
    this.kind = inner.kind;
    this.peer = inner.peer;
  }

  listen(handlers: TransportHandlers): void {
    this.#inner.listen(handlers);
  }

  write(bytes: Uint8Array, done: () => void): void {
    this.#queue = this.#queue.then(() => this.#pieces(bytes)).then(done);
  }

  end(): void {
    void this.#queue.then(() => {
      if (!this.#isOver) this.#inner.end();
    });
  }

  destroy(reset?: boolean): void {
    this.#inner.destroy(reset);
  }

  async #pieces(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#isOver; ) {
      const left = (this.#faults.atByte ?? Number.POSITIVE_INFINITY) - this.#written;
      const size = Math.min(this.#nextCut(), bytes.length - at, left);
      const piece = bytes.subarray(at, at + size);
      if (size > 0) await new Promise<void>((resolve) => this.#inner.write(piece, resolve));
      this.#written += size;
      at += size;
      if (size === left) this.#strike();
      const { pauseMs } = this.#faults;
      if (pauseMs !== undefined) await new Promise<void>((resolve) => void this.#clock.after(pauseMs, resolve));
    }
  }

  #nextCut(): number {
    const cuts = this.#faults.cutWrites;
    if (cuts === undefined || cuts.length === 0) return Number.POSITIVE_INFINITY;
    const size = cuts[this.#cuts % cuts.length] ?? 1;
    this.#cuts += 1;
    return Math.max(1, size);
  }

  #strike(): void {
    this.#isOver = true;
    if (this.#faults.strike === "reset") this.#inner.destroy(true);
    else if (this.#faults.strike === "end") this.#inner.end();
  }
}
