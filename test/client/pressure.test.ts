/** More comes than can be counted: nothing grows without bound, nothing is lost, and the delay is shown. */
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { createReadBuffer, dialTcp } from "../../src/client/dial-tcp.ts";
import { dialWs } from "../../src/client/dial-ws.ts";
import { createStreamFeed } from "../../src/client/stream-feed.ts";
import type { Dial, Transport } from "../../src/client/transport.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { createZstdPacker } from "../../src/dbn/zstd.ts";
import { TRADES, Rig } from "./client-rig.ts";
import { header, serveTcp, trade, type ScriptedGateway } from "./scripted-gateway.ts";
import { realClock } from "./hand-clock.ts";

let server: Server | null = null;
let web: WebSocketServer | null = null;
let gateway: ScriptedGateway | null = null;
let rig: Rig | null = null;

afterEach(async () => {
  await rig?.stop();
  await gateway?.close();
  server?.close();
  for (const client of web?.clients ?? []) client.terminate();
  web?.close();
  [server, web, gateway, rig] = [null, null, null, null];
});

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

/** A connection to a sender of 8 MB: `onBytes` is called with the transport itself. */
async function connected(kind: "tcp" | "ws", onBytes: (bytes: Uint8Array, transport: Transport) => void): Promise<Transport> {
  const piece = new Uint8Array(65_536);
  let port: number;
  if (kind === "tcp") {
    const opened = (server = createServer((socket: Socket) => {
      socket.on("error", () => {});
      for (let n = 0; n < 128; n += 1) socket.write(piece);
    }));
    await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
    port = (opened.address() as AddressInfo).port; // a listening TCP server has one
  } else {
    const opened = (web = new WebSocketServer({ host: "127.0.0.1", port: 0 }));
    await new Promise<void>((resolve) => opened.once("listening", resolve));
    opened.on("connection", (socket) => {
      socket.on("error", () => {});
      for (let n = 0; n < 128; n += 1) socket.send(piece);
    });
    port = (opened.address() as AddressInfo).port;
  }
  const dial: Dial = (handlers) =>
    kind === "tcp" ? dialTcp({ host: "127.0.0.1", port }, { label: "test", buffer: createReadBuffer(), clock: realClock, restMs: 0 }, handlers) : dialWs(`ws://127.0.0.1:${port}`, "test", handlers);
  return new Promise((resolve) => {
    const transport = dial({
      onOpen: () => resolve(transport),
      onBytes: (bytes) => onBytes(bytes, transport),
      onEnd: () => {},
      onError: () => {},
    });
  });
}

describe.each(["tcp", "ws"] as const)("reading that is paused, over %s", (kind) => {
  it("hands out no more than was read already, until it is resumed", async () => {
    let received = 0;
    let atPause = -1;
    const transport = await connected(kind, (bytes, own) => {
      received += bytes.length;
      if (atPause >= 0 || received < 100_000) return;
      atPause = received;
      own.pause();
    });
    await soon();
    while (atPause < 0) await soon();
    const stopped = received;
    expect(stopped - atPause).toBeLessThanOrEqual(262_144);
    await soon();
    expect(received).toBe(stopped);
    transport.resume();
    while (received < 128 * 65_536) await soon();
    transport.close();
  });
});

describe("a compressed stream", () => {
  it("waits in one piece at a time, however fast it could come", async () => {
    const packer = createZstdPacker();
    const pieces: Uint8Array[] = [await packer.push(header())];
    for (let n = 0; n < 300; n += 1) {
      pieces.push(await packer.push(Buffer.concat(Array.from({ length: 200 }, (_, k) => trade(n * 200 + k)))));
    }
    packer.close();
    let isPaused = false;
    let most = 0;
    let records = 0;
    const feed = createStreamFeed({
      compression: "zstd",
      onMetadata: () => {},
      onRecord: () => void (records += 1),
      onBatchEnd: () => {},
      onFailure: (error) => {
        throw error;
      },
      pause: () => void (isPaused = true),
      resume: () => void (isPaused = false),
    });
    for (const piece of pieces) {
      while (isPaused) await new Promise((resolve) => setImmediate(resolve));
      feed.push(piece);
      most = Math.max(most, feed.waitingBytes);
    }
    while (isPaused) await new Promise((resolve) => setImmediate(resolve));
    expect(records).toBe(60_000);
    expect(most).toBeLessThanOrEqual(Math.max(...pieces.map(({ length }) => length)));
    expect(feed.waitingBytes).toBe(0);
  });
});

describe("a plain stream", () => {
  it("is decoded inside the read: after each, nothing is left but the part of a record", async () => {
    const all = Buffer.concat([header(), ...Array.from({ length: 5_000 }, (_, n) => trade(n))]);
    let decoded = 0;
    const feed = createStreamFeed({
      compression: "none", onMetadata: () => {}, onRecord: () => void (decoded += 1), onBatchEnd: () => {}, onFailure: () => {}, pause: () => {}, resume: () => {},
    });
    for (let at = 0; at < all.length; at += 997) {
      feed.push(all.subarray(at, at + 997));
      const taken = Math.min(all.length, at + 997) - header().length;
      expect(decoded).toBe(Math.max(0, Math.floor(taken / 48)));
      expect(feed.waitingBytes).toBe(0);
    }
  });
});

describe("a burst of twenty times what can be counted", () => {
  it("is late, shown as late, counted to the last trade, and then over", async () => {
    const BURST = 12_000;
    const CALM = 60;
    const stamped = (n: number): Uint8Array => {
      const now = BigInt(Date.now()) * 1_000_000n;
      return encodeRecord({ kind: "trade", instrumentId: 42, tsEvent: now, tsRecv: now, size: 1, action: "T", side: "B", sequence: n }, 3, now);
    };
    let isOver = false;
    gateway = await serveTcp(async (peer) => {
      await peer.accept();
      await peer.write(header(3, true));
      let sent = 0;
      const send = async (count: number): Promise<void> => {
        await peer.write(Buffer.concat(Array.from({ length: count }, () => stamped(sent++))));
        await new Promise((resolve) => setTimeout(resolve, 10));
      };
      for (let n = 0; n < CALM; n += 1) await send(10); // a tenth of what can be counted
      await send(BURST); // more than a second of counting at once
      while (!isOver) await send(1);
    });
    const counted = { trades: 0, last: -1 };
    rig = new Rig(gateway.port, {
      tsOut: true,
      subscriptions: () => [TRADES],
      onTrades: (view, count) => {
        const { base, lengthBytes } = view;
        for (let n = 0; n < count; n += 1) {
          view.base = base + n * lengthBytes;
          if (view.sequence !== counted.last + 1) throw new Error(`trade ${view.sequence} after ${counted.last}`);
          counted.last = view.sequence;
          // What a busy program does: 100 µs for each trade, so 10,000 a second at most.
          for (const until = performance.now() + 0.1; performance.now() < until; );
        }
        counted.trades += count;
      },
    });
    const client = rig;
    await client.until(() => (client.links.at(-1)?.latency?.behindMs ?? 0) > 0);
    await client.until(() => counted.trades > BURST && client.links.at(-1)?.latency?.behindMs === 0);
    isOver = true;
    expect(client.links.some(({ latency }) => (latency?.behindMs ?? 0) >= 500)).toBe(true);
    expect(client.link.phase).toBe("LIVE");
    expect(client.link.gaps).toEqual([]);
    expect(client.link.stats.drops).toBe(0);
  });
});
