/** The stream in every form it can be asked for: versions, send times, compression, transports, ends. */
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { DbnVersion } from "../../src/dbn/constants.ts";
import type { PartialRecord } from "../../src/dbn/encode.ts";
import { RawClient, brief } from "./raw-client.ts";
import { onCleanup, rig } from "./gateway-rig.ts";
import { memorySource, NQ, quoteAt, START_NANOS, tradeAt } from "./memory-source.ts";

const definition: PartialRecord = {
  kind: "definition", instrumentId: NQ.instrumentId, tsEvent: START_NANOS, tsRecv: START_NANOS, rawSymbol: "NQU5", asset: "NQ",
  instrumentClass: "F", minPriceIncrement: 250_000_000n,
};
const statistics: PartialRecord = {
  kind: "statistics", instrumentId: NQ.instrumentId, tsEvent: START_NANOS, tsRecv: START_NANOS, price: 5n, quantity: 77n, statType: 3,
};
const trades = Array.from({ length: 500 }, (_, index) => tradeAt(index, { sequence: index, size: (index % 9) + 1 }));
const source = memorySource({ records: [definition, statistics, ...trades], schemas: ["trades", "definition", "statistics"], batch: 37 });
const LINES = ["trades", "definition", "statistics"].map((schema) => `schema=${schema}|symbols=NQU5|start=0`);

describe.each([1, 2, 3] as const)("version %s", (dbnVersion: DbnVersion) => {
  test.each([
    ["0", "none"], ["1", "none"], ["0", "zstd"], ["1", "zstd"],
  ])("ts_out=%s compression=%s bring the same records", async (tsOut, compression) => {
    const gateway = await rig({ source, dbnVersion });
    const client = await gateway.session([...LINES, "start_session"], `|ts_out=${tsOut}|compression=${compression}`);
    await client.toEnd();
    const { metadata, records } = await client.stream();
    expect(metadata).toMatchObject({
      version: dbnVersion, dataset: "GLBX.MDP3", schema: 65_535, stypeIn: 255, stypeOut: 0, tsOut: tsOut === "1", start: START_NANOS, mappings: [],
    });
    expect(records.flatMap((one) => (one.kind === "trade" ? [[one.sequence, one.size, one.price]] : []))).toEqual(
      trades.map((one) => (one.kind === "trade" ? [one.sequence, one.size, one.price] : [])),
    );
    expect(records.find((one) => one.kind === "definition")).toMatchObject({ rawSymbol: "NQU5", asset: "NQ", minPriceIncrement: 250_000_000n });
    expect(records.find((one) => one.kind === "statistics")).toMatchObject({ price: 5n, quantity: 77n, statType: 3 });
    expect(records.every((one) => (one.tsOut !== undefined) === (tsOut === "1"))).toBe(true);
  });
});

test("version 1 is the default, as in production, and cuts what does not fit", async () => {
  const long = { ...NQ, rawSymbol: "UD:1V: 25 very long user defined strategy" };
  const gateway = await rig({ source: memorySource({ records: [tradeAt(1)], instruments: [long] }) });
  const client = await gateway.session([`schema=trades|symbols=${"N".repeat(70)},${long.rawSymbol}`, "start_session"]);
  await client.toEnd();
  const { metadata, records } = await client.stream();
  expect(metadata?.version).toBe(1);
  expect(records.map((one) => one.kind)).toEqual(["system", "error", "symbolMapping", "trade", "system"]);
  expect(brief(records[2]!)).toBe(`${NQ.instrumentId}: UD:1V: 25 very long u -> UD:1V: 25 very long u`);
});

test("ts_out is the market time of sending, never before the record", async () => {
  const gateway = await rig({ source: memorySource({ records: trades.slice(0, 50) }), speed: 1 });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"], "|ts_out=1");
  await client.toEnd();
  for (const one of (await client.stream()).records) {
    if (one.kind !== "trade") continue;
    expect(one.tsOut).toBeGreaterThanOrEqual(one.tsRecv);
    expect(one.tsOut).toBeLessThan(one.tsRecv + 2_000_000_000n);
  }
});

test("at the end the source is told to be over, the client closes cleanly, and the reader is closed", async () => {
  const served = memorySource({ records: trades });
  const gateway = await rig({ source: served });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
  await client.toEnd();
  expect(client.error).toBeNull();
  expect(brief((await client.stream()).records.at(-1)!)).toBe("End of recording");
  expect(served.opened).toBe(1);
  await expect.poll(() => served.closed).toBe(1);
});

test("a client that closes its sending side gets what is due, then the end", async () => {
  const gateway = await rig({ source: memorySource({ records: [...trades, tradeAt(3_600_000)] }), speed: 1000 });
  const client = await gateway.session(["schema=trades|symbols=NQU5|start=0", "start_session"]);
  await client.records((found) => found.filter((one) => one.kind === "trade").length === 500);
  client.socket.end();
  await client.toEnd();
  const found = (await client.stream()).records;
  expect(found.filter((one) => one.kind === "trade")).toHaveLength(500);
  expect(client.error).toBeNull();
});

test("a client that half-closes right after the start gets the whole recording", async () => {
  const gateway = await rig({ source });
  const client = await gateway.session([...LINES, "start_session"]);
  client.socket.end();
  await client.toEnd();
  expect((await client.stream()).records.filter((one) => one.kind === "trade")).toHaveLength(500);
});

test("closing the gateway ends sessions, and a client that vanishes frees its reader", async () => {
  const served = memorySource({ records: [tradeAt(0), tradeAt(3_600_000)] });
  const gateway = await rig({ source: served, speed: 1 });
  const [one, two] = [
    await gateway.session(["schema=trades|symbols=NQU5", "start_session"]),
    await gateway.session(["schema=trades|symbols=NQU5", "start_session"]),
  ];
  await one.records((found) => found.some((record) => record.kind === "trade"));
  await two.records((found) => found.length > 1);
  one.close();
  await expect.poll(() => served.closed).toBe(1);
  await gateway.close();
  await two.toEnd();
  expect(served.closed).toBe(2);
});

function webSocket(port: number, headers: Record<string, string> = {}): WebSocket {
  const ws = new WebSocket(`ws://127.0.0.1:${port}`, { headers });
  onCleanup(() => ws.terminate());
  return ws;
}

describe("WebSocket", () => {
  test("carries the same stream, in batches", async () => {
    const gateway = await rig({ source: memorySource({ records: trades }), wsPort: 0 });
    const plain = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
    await plain.toEnd();
    const bridge = await bridged(gateway.wsPort ?? 0);
    const client = new RawClient(bridge.port);
    onCleanup(() => client.close());
    await client.authenticate();
    client.send("schema=trades|symbols=NQU5", "start_session");
    await client.toEnd();
    expect(client.received.subarray(client.textBytes)).toEqual(plain.received.subarray(plain.textBytes));
    expect(bridge.messages()).toBeLessThan(12);
    expect(bridge.binary()).toBe(true);
  });

  test.each([
    [{ Origin: "https://example.com" }], [{ Origin: "null" }], [{ Host: "rebound.example.com" }], [{ Host: "rebound.example.com:80" }],
    [{ Host: "localhost.example.com" }], [{ Host: "10.0.0.1" }], [{ Host: "[::2]:80" }], [{ Host: "127.0.0.1@example.com" }],
  ] as Record<string, string>[][])("%s is kept out before the upgrade", async (headers) => {
    const gateway = await rig({ wsPort: 0 });
    const ws = webSocket(gateway.wsPort ?? 0, headers);
    const error = await new Promise<Error>((resolve) => ws.once("error", resolve));
    expect(error.message).toContain("403");
    expect(gateway.events).toEqual([]);
  });

  test("an origin that was allowed may enter", async () => {
    const gateway = await rig({ wsPort: 0, allowedOrigins: ["https://example.com"] });
    const ws = webSocket(gateway.wsPort ?? 0, { Origin: "https://example.com" });
    const data = await new Promise<string>((resolve) => ws.once("message", (bytes: Buffer) => resolve(bytes.toString())));
    expect(data).toMatch(/^lsg_version=.*\ncram=.*\n$/);
  });

  test.each([["127.0.0.1"], ["LocalHost:99"], ["[::1]:13001"], ["ticker.lan"], ["Ticker.LAN:13001"]])("a call by the name %s is let in", async (host) => {
    const gateway = await rig({ wsPort: 0, allowedHosts: ["ticker.lan"] });
    const ws = webSocket(gateway.wsPort ?? 0, { Host: host });
    expect(await new Promise<string>((resolve) => ws.once("message", (bytes: Buffer) => resolve(bytes.toString())))).toContain("cram=");
  });

  test("where it listens on every address, a call by the address a client came to is let in", async () => {
    const gateway = await rig({ wsPort: 0, host: "0.0.0.0" });
    const ws = new WebSocket(`ws://127.0.0.2:${gateway.wsPort}`);
    onCleanup(() => ws.terminate());
    expect(await new Promise<string>((resolve) => ws.once("message", (bytes: Buffer) => resolve(bytes.toString())))).toContain("cram=");
  });

  test("a message beyond 64 KiB ends the connection", async () => {
    const gateway = await rig({ wsPort: 0 });
    const ws = webSocket(gateway.wsPort ?? 0);
    await new Promise((resolve) => ws.once("message", resolve));
    ws.on("error", () => {});
    ws.send("x".repeat(70_000));
    expect(await new Promise<number>((resolve) => ws.once("close", resolve))).toBe(1009);
  });
});

/** A TCP port that leads to the WebSocket, so that one client tries both. */
async function bridged(wsPort: number): Promise<{ port: number; messages: () => number; binary: () => boolean }> {
  const { createServer } = await import("node:net");
  let messages = 0;
  let binary = true;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const ws = webSocket(wsPort);
    ws.on("message", (data: Buffer, isBinary) => {
      messages += 1;
      binary &&= isBinary;
      socket.write(data);
    });
    ws.on("close", () => socket.end());
    socket.on("data", (data) => ws.send(data));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onCleanup(() => void server.close());
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, messages: () => messages, binary: () => binary };
}

test("quotes and trades keep the order of the source", async () => {
  const mixed = Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? tradeAt(index, { sequence: index }) : quoteAt(index, { sequence: index })));
  const gateway = await rig({ source: memorySource({ records: mixed, batch: 11 }) });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "schema=mbp-1|symbols=NQU5", "start_session"]);
  await client.toEnd();
  const found = (await client.stream()).records;
  expect(found.flatMap((one) => (one.kind === "trade" || one.kind === "mbp1" ? [one.sequence] : []))).toEqual(mixed.map((_, index) => index));
});
