/** Stands between a client and a gateway, and cuts their connection as a test says. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

type How = "reset" | "end";

/** After so many bytes from the gateway: reset, or close in an orderly way. */
export interface Cut {
  readonly afterBytes: number;
  readonly how: How;
}

function strike(client: Socket, how: How): void {
  if (how === "reset") client.resetAndDestroy();
  else client.end();
}

export class CuttingProxy {
  /** Connections taken so far. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #clients = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** `plan`: what happens to the n-th connection, counted from 0; null: nothing. */
  static async start(gatewayPort: number, plan: (connection: number) => Cut | null): Promise<CuttingProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new CuttingProxy(server);
    server.on("connection", (client) => proxy.#join(client, gatewayPort, plan(proxy.connections++)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // a listening TCP server has one
  }

  /** Clients connected now. */
  get open(): number {
    return this.#clients.size;
  }

  /** Cuts what is connected now. */
  cut(how: How): void {
    for (const client of this.#clients) strike(client, how);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, gatewayPort: number, cut: Cut | null): void {
    const gateway = connect({ host: "127.0.0.1", port: gatewayPort, allowHalfOpen: true });
    this.#clients.add(client);
    client.on("close", () => this.#clients.delete(client));
    let left = cut?.afterBytes ?? Number.POSITIVE_INFINITY;
    for (const socket of [client, gateway]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        gateway.destroy();
      });
    }
    client.on("data", (bytes) => gateway.write(bytes));
    gateway.on("data", (bytes) => {
      if (left <= 0) return;
      const part = bytes.subarray(0, Math.min(bytes.length, left));
      left -= part.length;
      client.write(part, () => {
        if (left > 0 || cut === null) return;
        strike(client, cut.how);
      });
    });
  }
}
