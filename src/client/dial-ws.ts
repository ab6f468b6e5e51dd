/** Connects by WebSocket; the binary messages, joined, are the same byte stream as over TCP. */
import { WebSocket, type RawData } from "ws";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { Transport, TransportHandlers } from "./transport.ts";

/** A message is gathered in memory before it is handed out; gateways send batches far below this. */
const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
/** Orderly closes: normal, going away, no status. */
const CLEAN_CODES = new Set([1000, 1001, 1005]);
const REASON_MAX = 120;

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

function toNetError(error: Error, isOpen: boolean, label: string): NqError {
  const text = sanitiseText(error.message, REASON_MAX);
  const cause = { cause: error };
  if (!isOpen) return new NqError("NET_CONNECT", `expected a gateway at ${label}, found: ${text}`, cause);
  const code: unknown = "code" in error ? error.code : undefined;
  // The peer broke the WebSocket protocol, or sent a message beyond the bound.
  const isProtocol = typeof code === "string" && code.startsWith("WS_ERR");
  if (isProtocol) return new NqError("LSG_BAD_STREAM", `unreadable WebSocket data from ${label}: ${text}`, cause);
  return new NqError("NET_CLOSED", `the connection to ${label} broke: ${text}`, cause);
}

/** Begins to connect to a ws:// or wss:// URL. */
export function dialWs(url: string, label: string, handlers: TransportHandlers): Transport {
  let isOpen = false;
  let isOver = false;
  const finish = (report: () => void): void => {
    if (isOver) return;
    isOver = true;
    report();
  };
  const fail = (error: NqError): void => finish(() => handlers.onError(error));
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: MESSAGE_BYTES_MAX,
    followRedirects: false,
  });
  socket.on("open", () => {
    isOpen = true;
    if (!isOver) handlers.onOpen();
  });
  socket.on("message", (data, isBinary) => {
    if (isOver) return;
    if (isBinary) {
      handlers.onBytes(toBytes(data));
      return;
    }
    fail(new NqError("LSG_BAD_GREETING", `expected binary messages from ${label}, found a text message`));
    socket.terminate();
  });
  socket.on("close", (code, reason) => {
    if (CLEAN_CODES.has(code)) finish(() => handlers.onEnd());
    const why = sanitiseText(`${code} ${reason.toString()}`, REASON_MAX);
    fail(new NqError("NET_CLOSED", `the connection to ${label} closed with code ${why}`));
  });
  // After an error ws closes by itself; `error` stays handled so that a late one cannot end the program.
  socket.on("error", (error) => fail(toNetError(error, isOpen, label)));
  return {
    write: (bytes) => {
      if (!isOver) socket.send(bytes, { binary: true }, () => {}); // a failed send is followed by close or error
    },
    pause: () => {
      if (socket.readyState === WebSocket.OPEN) socket.pause();
    },
    resume: () => {
      if (socket.readyState === WebSocket.OPEN || socket.readyState === WebSocket.CLOSING) socket.resume();
    },
    close: () => {
      isOver = true;
      socket.terminate();
    },
  };
}
