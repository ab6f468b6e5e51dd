/** Connects by TCP; reads into one reused buffer, so that nothing is allocated per chunk, and not too often. */
import { connect, type Socket } from "node:net";
import type { Clock } from "../lib/clock.ts";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { Rests } from "./rests.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

/** Large reads halve the cost per record. */
const READ_BYTES = 256 * 1024;
/** A name may have several addresses; the next one is tried after this long. */
const NEXT_ADDRESS_MS = 2_000;

/** System error codes in words. */
const CONNECT_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listening there",
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "no answer from the name service",
  EHOSTUNREACH: "no way to that host",
  ENETUNREACH: "no way to that network",
  ETIMEDOUT: "no answer",
};

function codeOf(error: Error): string {
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

function toNetError(error: Error, isOpen: boolean, label: string): NqError {
  const code = codeOf(error);
  const cause = { cause: error };
  if (!isOpen) {
    const found = CONNECT_WORDS[code] ?? sanitiseText(error.message, 120);
    return new NqError("NET_CONNECT", `expected a gateway at ${label}, found ${found}`, cause);
  }
  const found = code === "ECONNRESET" ? "the other side reset it" : sanitiseText(error.message, 120);
  return new NqError("NET_CLOSED", `the connection to ${label} broke: ${found}`, cause);
}

/** The buffer that all connections of one client read into, one after the other. */
export function createReadBuffer(): Uint8Array {
  return new Uint8Array(READ_BYTES);
}

/** How to read. */
export interface TcpOptions {
  /** The endpoint as it may be shown. */
  readonly label: string;
  /** What is read into. */
  readonly buffer: Uint8Array;
  readonly clock: Clock;
  /** Small pieces may lie in the kernel for so many milliseconds before they are read together; 0: none does. */
  readonly restMs: number;
}

/** Begins to connect to `host:port`; the name is looked up anew each time. */
export function dialTcp(
  endpoint: { readonly host: string; readonly port: number },
  { label, buffer, clock, restMs }: TcpOptions,
  handlers: TransportHandlers,
): Transport {
  let isOpen = false;
  let isOver = false;
  /** The owner wants no more for now. */
  let isPaused = false;
  const rests = new Rests(restMs);
  let cancelRest: (() => void) | null = null;
  const rest = (delayMs: number): void => {
    cancelRest = clock.after(delayMs, () => {
      cancelRest = null;
      rests.over(clock.monotonicMs());
      if (!isOver && !isPaused) socket.resume();
    });
  };
  const finish = (report: () => void): void => {
    if (isOver) return;
    isOver = true;
    report();
  };
  const socket: Socket = connect({
    host: endpoint.host,
    port: endpoint.port,
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    onread: {
      buffer,
      callback: (lengthBytes) => {
        if (isOver) return true;
        handlers.onBytes(buffer.subarray(0, lengthBytes), rests.isRested);
        const delayMs = rests.after(lengthBytes, clock.monotonicMs());
        if (delayMs > 0) rest(delayMs);
        return delayMs === 0;
      },
    },
  });
  socket.on("connect", () => {
    isOpen = true;
    if (!isOver) handlers.onOpen();
  });
  socket.on("end", () => finish(() => handlers.onEnd()));
  socket.on("error", (error) => finish(() => handlers.onError(toNetError(error, isOpen, label))));
  // Neither end nor error: the socket was destroyed under us.
  const closed = (): NqError => new NqError("NET_CLOSED", `the connection to ${label} closed`);
  socket.on("close", () => finish(() => handlers.onError(closed())));
  return {
    write: (bytes) => void (isOver || socket.write(bytes)),
    pause: () => {
      isPaused = true;
      socket.pause();
    },
    resume: () => {
      isPaused = false;
      if (cancelRest === null) socket.resume();
    },
    close: () => {
      isOver = true;
      cancelRest?.();
      socket.destroy();
    },
  };
}
