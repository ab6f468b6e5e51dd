/** The WebSocket way in: the same byte stream in binary messages; browsers' pages are kept out. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import { isIP, type Socket } from "node:net";
import { WebSocketServer } from "ws";
import type { Door, Guest } from "./door.ts";
import { wsTransport, type Transport } from "./transport.ts";

/** Clients send text lines of at most this many bytes. */
const MESSAGE_BYTES_MAX = 64 * 1024;
/** A client gets this long for its request, milliseconds. */
const REQUEST_MS = 10_000;
const LOOK_MS = 1_000;
const LOCAL_NAMES: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "::1"]);

export interface WebDoorOptions {
  readonly door: Door;
  /** Origins of pages that may connect; none by default, and programs send none. */
  readonly allowedOrigins: readonly string[];
  /** Names the door may be called by, besides this machine's own names and the address a client came to. */
  readonly allowedHosts: readonly string[];
  readonly onTransport: (transport: Transport, guest: Guest) => void;
}

/** `Host` without its port, in lower case; an IPv6 address without its brackets. Null when it is none. */
function hostName(header: string): string | null {
  const [, address, name] = /^(?:\[([0-9a-f:.%]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(header) ?? [];
  return (address ?? name)?.toLowerCase() ?? null;
}

/** An address that a client came to, as it would write it. */
function plainAddress(socket: Socket): string {
  return (socket.localAddress ?? "").replace(/^::ffff:/i, "").toLowerCase();
}

/**
 * A page of any site can open a WebSocket to this machine, and a site's name can be made to point at it, so both the
 * page's origin and the name it used are looked at. An address in digits cannot be made to point elsewhere.
 */
function isAllowed(request: IncomingMessage, options: WebDoorOptions): boolean {
  const { origin, host } = request.headers;
  if (origin !== undefined && !options.allowedOrigins.includes(origin)) return false;
  const name = hostName(host ?? "");
  if (name === null) return false;
  if (LOCAL_NAMES.has(name) || options.allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return true;
  return isIP(name) !== 0 && name === plainAddress(request.socket);
}

function refuse(socket: { end(text: string, done: () => void): unknown; destroy(): unknown }): void {
  socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", () => socket.destroy());
}

/** A server that is not listening yet. */
export function createWebDoor(options: WebDoorOptions): Server {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX });
  const guests = new WeakMap<Socket, Guest>();
  const server = createServer(
    { headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: REQUEST_MS, connectionsCheckingInterval: LOOK_MS },
    (_request, response) => {
      response.writeHead(426, { Connection: "close" }).end();
    },
  );
  // From its first byte on a connection is a stranger, whether its request ever comes or not.
  server.on("connection", (socket: Socket) => {
    const guest = options.door.enter(socket.remoteAddress ?? "", () => socket.destroy());
    if (guest === null) return void socket.destroy();
    guests.set(socket, guest);
    socket.once("close", () => guest.leave());
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {});
    const guest = guests.get(request.socket);
    if (guest === undefined || !isAllowed(request, options)) return refuse(socket);
    const { remoteAddress, remotePort } = request.socket;
    request.socket.setNoDelay(true);
    sockets.handleUpgrade(request, socket, head, (ws) => {
      options.onTransport(wsTransport(ws, `${remoteAddress ?? "?"}:${remotePort ?? 0}`), guest);
    });
  });
  return server;
}
