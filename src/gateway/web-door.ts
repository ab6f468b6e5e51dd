/** The WebSocket way in: the same byte stream in binary messages; browsers' pages are kept out. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { WebSocketServer } from "ws";
import { wsTransport, type Transport } from "./transport.ts";

/** Clients send text lines of at most this many bytes. */
const MESSAGE_BYTES_MAX = 64 * 1024;
const LOCAL_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

export interface WebDoorOptions {
  /** The address listened on; it is a name the door may be called by. */
  readonly host: string;
  /** Origins of pages that may connect; none by default, and programs send none. */
  readonly allowedOrigins: readonly string[];
  readonly onTransport: (transport: Transport) => void;
}

/**
 * A page of any site can open a WebSocket to this machine, and a name can be made to point at it, so both the page's
 * origin and the name it used are looked at.
 */
function isAllowed(request: IncomingMessage, options: WebDoorOptions): boolean {
  const { origin, host } = request.headers;
  if (origin !== undefined && !options.allowedOrigins.includes(origin)) return false;
  const name = (host ?? "").replace(/:\d+$/, "");
  return LOCAL_NAMES.has(name) || name === options.host;
}

function refuse(socket: { end(text: string): unknown }): void {
  socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

/** A server that is not listening yet. */
export function createWebDoor(options: WebDoorOptions): Server {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX });
  const server = createServer((_request, response) => {
    response.writeHead(426, { Connection: "close" }).end();
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {});
    if (!isAllowed(request, options)) return refuse(socket);
    const { remoteAddress, remotePort } = request.socket;
    request.socket.setNoDelay(true);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      options.onTransport(wsTransport(ws, `${remoteAddress ?? "?"}:${remotePort ?? 0}`));
    });
  });
  return server;
}
