/** One accepted connection as the gateway sees it, TCP or WebSocket: bytes in, bytes out, two ways to end. */
import type { Socket } from "node:net";
import type { RawData, WebSocket } from "ws";

export interface TransportHandlers {
  onData(bytes: Uint8Array): void;
  /** The client closed its sending side and still reads. */
  onHalfClose(): void;
  /** The connection is gone; called once. */
  onClose(): void;
}

export interface Transport {
  readonly kind: "tcp" | "ws";
  /** Address and port of the client. */
  readonly peer: string;
  listen(handlers: TransportHandlers): void;
  /** `bytes` must not change until `done`, which is called once the system took them or the connection is gone. */
  write(bytes: Uint8Array, done: () => void): void;
  /** Closes after everything written has gone out. */
  end(): void;
  /** Cuts the connection now. With `reset` the client sees an error instead of an end. */
  destroy(reset?: boolean): void;
}

class TcpTransport implements Transport {
  readonly kind = "tcp";
  readonly peer: string;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.peer = `${socket.remoteAddress ?? "?"}:${socket.remotePort ?? 0}`;
    socket.setNoDelay(true);
    // A reset by the client is told by the close that follows.
    socket.on("error", () => {});
  }

  listen(handlers: TransportHandlers): void {
    this.#socket.on("data", (bytes) => handlers.onData(bytes));
    this.#socket.on("end", () => handlers.onHalfClose());
    this.#socket.once("close", () => handlers.onClose());
  }

  write(bytes: Uint8Array, done: () => void): void {
    this.#socket.write(bytes, () => done());
  }

  end(): void {
    this.#socket.end();
  }

  destroy(reset = false): void {
    if (reset) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }
}

class WsTransport implements Transport {
  readonly kind = "ws";
  readonly peer: string;
  readonly #ws: WebSocket;

  constructor(ws: WebSocket, peer: string) {
    this.#ws = ws;
    this.peer = peer;
    ws.on("error", () => {});
  }

  listen(handlers: TransportHandlers): void {
    this.#ws.on("message", (data: RawData) => {
      // Cutting into messages means nothing here: a message is just the next bytes of the stream.
      for (const bytes of Array.isArray(data) ? data : [data]) handlers.onData(new Uint8Array(bytes));
    });
    this.#ws.once("close", () => handlers.onClose());
  }

  write(bytes: Uint8Array, done: () => void): void {
    this.#ws.send(bytes, { binary: true, compress: false }, () => done());
  }

  end(): void {
    this.#ws.close(1000);
  }

  destroy(): void {
    this.#ws.terminate();
  }
}

export function tcpTransport(socket: Socket): Transport {
  return new TcpTransport(socket);
}

export function wsTransport(ws: WebSocket, peer: string): Transport {
  return new WsTransport(ws, peer);
}
