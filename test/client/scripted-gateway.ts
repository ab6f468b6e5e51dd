/** A gateway that does what a test says: checks what the client sends, cuts its own writes, breaks on demand. */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";

import type { DbnVersion } from "../../src/dbn/constants.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { verifyResponse } from "../../src/lsg/cram.ts";
import { parseControlLine } from "../../src/lsg/control.ts";

export const DATASET = "GLBX.MDP3";
export const KEY_TEXT = "db-unittestapikey1234567890FFFFF";
export const KEY = ApiKey.parse(KEY_TEXT);
export const CHALLENGE = "HCxTgxMcqglVMTMeaDZ2ICmcnrW8j92e";

/** The server's end of one connection, over TCP or WebSocket. */
class Peer {
  readonly lines: string[] = [];
  readonly received: Buffer[] = [];
  readonly closed: Promise<void>;
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  readonly end: () => void;
  readonly reset: () => void;
  #text = "";
  #wake: () => void = () => {};

  constructor(io: {
    send: (bytes: Uint8Array) => Promise<void>;
    end: () => void;
    reset: () => void;
    closed: Promise<void>;
  }) {
    this.#send = io.send;
    this.end = io.end;
    this.reset = io.reset;
    this.closed = io.closed;
  }

  take(bytes: Buffer): void {
    this.received.push(bytes);
    this.#text += bytes.toString("utf8");
    const parts = this.#text.split("\n");
    this.#text = parts.pop() ?? "";
    this.lines.push(...parts);
    this.#wake();
  }

  /** The next line of the client. */
  async line(): Promise<string> {
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async write(data: string | Uint8Array): Promise<void> {
    await this.#send(typeof data === "string" ? Buffer.from(data) : data);
  }

  /** Every byte a write of its own. */
  async drip(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    for (let at = 0; at < bytes.length; at += 1) {
      await this.#send(bytes.subarray(at, at + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async greet(): Promise<Map<string, string>> {
    await this.write(`lsg_version=0.9.4\ncram=${CHALLENGE}\n`);
    const pairs = parseControlLine(await this.line());
    if (verifyResponse(pairs.get("auth") ?? "", CHALLENGE, [KEY]) === null) throw new Error("wrong auth");
    return pairs;
  }

  /** Greeting to start line; returns the subscription lines. */
  async accept(sessionId = "1755000001"): Promise<string[]> {
    await this.greet();
    await this.write(`success=1|session_id=${sessionId}\n`);
    return this.subscriptions();
  }

  async subscriptions(): Promise<string[]> {
    const lines: string[] = [];
    for (let line = await this.line(); line !== "start_session"; line = await this.line()) lines.push(line);
    return lines;
  }
}

export interface ScriptedGateway {
  readonly port: number;
  readonly peers: Peer[];
  /** What the scripts threw; to be checked at the end. */
  readonly failures: unknown[];
  close(): Promise<void>;
}

export type Script = (peer: Peer, index: number) => Promise<void>;

function run(gateway: { peers: Peer[]; failures: unknown[] }, peer: Peer, script: Script): void {
  gateway.peers.push(peer);
  script(peer, gateway.peers.length - 1).catch((error: unknown) => gateway.failures.push(error));
}

function tcpPeer(socket: Socket): Peer {
  socket.setNoDelay(true);
  socket.on("error", () => {});
  const peer = new Peer({
    send: (bytes) => new Promise((resolve) => void (socket.destroyed ? resolve() : socket.write(bytes, () => resolve()))),
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    closed: new Promise((resolve) => void socket.on("close", () => resolve())),
  });
  socket.on("data", (bytes) => peer.take(bytes));
  return peer;
}

function wsPeer(socket: WebSocket): Peer {
  socket.on("error", () => {});
  const peer = new Peer({
    send: (bytes) => new Promise((resolve) => socket.send(bytes, { binary: true }, () => resolve())),
    end: () => socket.close(1000),
    reset: () => socket.terminate(),
    closed: new Promise((resolve) => void socket.on("close", () => resolve())),
  });
  socket.on("message", (data) => peer.take(Buffer.isBuffer(data) ? data : Buffer.from("")));
  return peer;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port; // a listening TCP server has one
}

/** Serves each TCP connection with `script`. */
export async function serveTcp(script: Script): Promise<ScriptedGateway> {
  const gateway = { peers: [] as Peer[], failures: [] as unknown[] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    run(gateway, tcpPeer(socket), script);
  });
  const port = await listening(server);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { ...gateway, port, close };
}

/** Serves each WebSocket connection with `script`. */
export async function serveWs(script: Script): Promise<ScriptedGateway> {
  const gateway = { peers: [] as Peer[], failures: [] as unknown[] };
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  await new Promise<void>((resolve) => server.once("listening", resolve));
  server.on("connection", (socket) => run(gateway, wsPeer(socket), script));
  const port = (server.address() as AddressInfo).port; // a listening TCP server has one
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of server.clients) socket.terminate();
      server.close(() => resolve());
    });
  return { ...gateway, port, close };
}

export const T0 = 1_790_000_000_000_000_000n;

export function system(msg: string, code: number, version: DbnVersion = 3, tsOut?: bigint): Uint8Array {
  return encodeRecord({ kind: "system", tsEvent: T0, msg, code }, version, tsOut);
}

export function failure(err: string, code: number, version: DbnVersion = 3, isLast = 1): Uint8Array {
  return encodeRecord({ kind: "error", tsEvent: T0, err, code, isLast }, version);
}

export function trade(n: number, version: DbnVersion = 3, tsOut?: bigint): Uint8Array {
  const record: PartialRecord = {
    kind: "trade", publisherId: 1, instrumentId: 42, tsEvent: T0 + BigInt(n), price: 21_000_250_000_000n, size: n + 1,
    action: "T", side: "B", tsRecv: T0 + BigInt(n), sequence: n,
  };
  return encodeRecord(record, version, tsOut);
}

export function mapping(version: DbnVersion = 3, tsOut?: bigint): Uint8Array {
  const record: PartialRecord = {
    kind: "symbolMapping", instrumentId: 42, tsEvent: T0, stypeInSymbol: "NQ.c.0", stypeOutSymbol: "NQZ6",
  };
  return encodeRecord(record, version, tsOut);
}

export function header(version: DbnVersion = 3, tsOut = false): Uint8Array {
  return encodeMetadata(liveMetadata({ version, dataset: DATASET, start: T0, tsOut }));
}

export const HEARTBEAT = (): Uint8Array => system("Heartbeat", 0);
export const ACKNOWLEDGED = (): Uint8Array => system("Subscription request 1 for trades data succeeded", 1);
export const END = (): Uint8Array => system("End of recording", 255);
