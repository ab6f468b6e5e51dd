/** The gateway: serves a source over the protocol of Databento's live gateways, on TCP and, if asked, WebSocket. */
import { createServer, type AddressInfo, type Server } from "node:net";
import type { DbnVersion } from "../dbn/constants.ts";
import type { Clock } from "../lib/clock.ts";
import { NqError } from "../lib/errors.ts";
import type { UnixTime } from "../lib/time.ts";
import type { ApiKey } from "../lsg/api-key.ts";
import { gatewayVersionText } from "../lsg/gateway-version.ts";
import { createLsgServerSession } from "../lsg/server-session.ts";
import { Connection } from "./connection.ts";
import { Door, type Guest } from "./door.ts";
import { withFaults, type ConnectionFaults } from "./faults.ts";
import { MarketClock } from "./market-clock.ts";
import { SymbolResolver } from "./resolve-symbols.ts";
import type { GatewayEvent, SessionShared } from "./session-options.ts";
import type { GatewaySource } from "./source.ts";
import { tcpTransport, type Transport } from "./transport.ts";

/** As many as the largest plans allow. */
const SESSIONS_MAX = 50;

export interface GatewayOptions {
  readonly source: GatewaySource;
  /** Keys that may connect; the gateway never shows them. */
  readonly apiKeys: readonly ApiKey[];
  readonly clock: Clock;
  /** 32 fresh random letters and digits at every call. */
  readonly nextChallenge: () => string;
  /** Address to listen on; this machine only by default. */
  readonly host?: string;
  /** 0: any free port. Default 0. */
  readonly port?: number;
  /** Port for WebSockets, 0 for any free one; null, the default: none. */
  readonly wsPort?: number | null;
  /** Market seconds per real second; Infinity: as fast as clients read. Default 1. */
  readonly speed?: number;
  /** Version sent. Default 1: production gateways still send it, so clients are tried on what they will meet. */
  readonly dbnVersion?: DbnVersion;
  /** Decimal session ids; counted from 1 by default. */
  readonly nextSessionId?: () => number | bigint;
  /** After the source's last record: close the sessions (default), or stay with heartbeats. */
  readonly endOfSource?: "close" | "stay";
  /** When market time begins to run: with the first session's start (default; nobody misses the open), or at once. */
  readonly clockStarts?: "first-session" | "at-once";
  /** Sessions at the same time; the one too many is refused. */
  readonly maxSessions?: number;
  /** Origins of web pages that may connect to the WebSocket port. */
  readonly allowedOrigins?: readonly string[];
  /** Names, besides this machine's own, by which the WebSocket port may be called. */
  readonly allowedHosts?: readonly string[];
  readonly onEvent?: (event: GatewayEvent) => void;
  /** Faults of the n-th connection, counted from 1. */
  readonly faults?: (connection: number) => ConnectionFaults;
}

export interface Gateway {
  readonly port: number;
  readonly wsPort: number | null;
  /** Market time: the source's start until the clock runs. */
  market(): UnixTime;
  /** Stands still, goes on, runs at another speed, jumps ahead: for everybody connected. */
  readonly control: Pick<MarketClock, "isPaused" | "speed" | "setPaused" | "setSpeed" | "jumpTo">;
  /** Ends all sessions and stops listening. */
  close(): Promise<void>;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const found = error.code === "EADDRINUSE" ? "it is in use" : (error.code ?? error.message);
      reject(new NqError("NET_LISTEN", `expected to listen on ${host} port ${port}, but ${found}`, { cause: error }));
    });
    server.listen(port, host, () => {
      server.removeAllListeners("error");
      server.on("error", () => {}); // a failed accept concerns one client
      resolve((server.address() as AddressInfo).port); // a listening TCP server has one
    });
  });
}

function closeServer(server: Server | null): Promise<void> {
  return new Promise((resolve) => (server === null ? resolve() : server.close(() => resolve())));
}

/** Accepts transports of either kind and keeps count of them. */
class Reception {
  readonly #options: GatewayOptions;
  readonly #shared: SessionShared;
  readonly #connections = new Set<Connection>();
  #accepted = 0;
  #sessions = 0;
  #isClosing = false;

  constructor(options: GatewayOptions, shared: SessionShared) {
    this.#options = options;
    this.#shared = shared;
  }

  accept(bare: Transport, guest: Guest): void {
    const { source, apiKeys, nextChallenge, nextSessionId, faults: faultsOf } = this.#options;
    const connection = (this.#accepted += 1);
    const faults = faultsOf?.(connection) ?? {};
    if (this.#isClosing || faults.dropAtConnect === true) {
      guest.leave();
      return bare.destroy();
    }
    const transport = withFaults(bare, faults, this.#shared.clock);
    this.#shared.onEvent({ kind: "connected", connection, transport: bare.kind, peer: bare.peer });
    const sessionId = String(nextSessionId?.() ?? connection);
    const protocol = createLsgServerSession({
      dataset: source.dataset,
      keys: apiKeys,
      challenge: nextChallenge(),
      sessionId,
      lsgVersion: gatewayVersionText(source.mode),
      mayAnswer: () => guest.mayTry(),
    });
    let hasPlace = false;
    const client: Connection = new Connection({
      shared: this.#shared,
      connection,
      sessionId,
      protocol,
      transport,
      guest,
      faults,
      takePlace: () => {
        hasPlace = this.#sessions < (this.#options.maxSessions ?? SESSIONS_MAX);
        if (hasPlace) this.#sessions += 1;
        return hasPlace;
      },
      onGone: () => {
        if (hasPlace) this.#sessions -= 1;
        this.#connections.delete(client);
      },
    });
    this.#connections.add(client);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#connections].map((one) => one.stop()));
  }
}

/**
 * Starts serving. The market's clock is one for all clients, so a second screen sees the same moment.
 * @throws NqError NET_LISTEN when a port cannot be had
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { source, clock, speed = 1, host = "127.0.0.1", wsPort = null } = options;
  const market = new MarketClock({ clock, startAt: source.startAt, speed });
  if (options.clockStarts === "at-once") market.start();
  const shared: SessionShared = {
    source,
    clock,
    market,
    resolver: new SymbolResolver(source.instruments),
    dbnVersion: options.dbnVersion ?? 1,
    endOfSource: options.endOfSource ?? "close",
    onEvent: options.onEvent ?? (() => {}),
  };
  const reception = new Reception(options, shared);
  const door = new Door(clock);
  // A half-closed client still reads, so our side must not be closed by its end.
  const tcp = createServer({ allowHalfOpen: true }, (socket) => {
    const guest = door.enter(socket.remoteAddress ?? "", () => socket.destroy());
    if (guest === null) socket.destroy();
    else reception.accept(tcpTransport(socket), guest);
  });
  const port = await listen(tcp, host, options.port ?? 0);
  const { allowedOrigins = [], allowedHosts = [] } = options;
  // Brings HTTP along, which TCP does without.
  const web = wsPort === null ? null : (await import("./web-door.ts")).createWebDoor({
    door, allowedOrigins, allowedHosts: [host, ...allowedHosts], onTransport: (transport, guest) => reception.accept(transport, guest),
  });
  let webPort: number | null = null;
  try {
    if (web !== null) webPort = await listen(web, host, wsPort ?? 0);
  } catch (error) {
    await closeServer(tcp);
    throw error;
  }
  return {
    port,
    wsPort: webPort,
    market: () => market.now(),
    control: market,
    async close(): Promise<void> {
      const closed = Promise.all([closeServer(tcp), closeServer(web)]);
      await reception.close();
      web?.closeAllConnections();
      await closed;
    },
  };
}
