/** A client that stops reading: memory stays bounded, quotes may be left out, trades never; who stops for good is left. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { DbnRecord } from "../../src/dbn/records.ts";
import type { PartialRecord } from "../../src/dbn/encode.ts";
import { HandClock } from "../client/hand-clock.ts";
import { rig, type Rig } from "./gateway-rig.ts";
import { memorySource, quoteAt, tradeAt, type MemorySource } from "./memory-source.ts";
import { brief, type RawClient } from "./raw-client.ts";

/** Every tenth a trade; far more bytes than all buffers of a loopback connection hold. */
const COUNT = 300_000;
const records: PartialRecord[] = Array.from({ length: COUNT }, (_, index) =>
  index % 10 === 0 ? tradeAt(index / 100, { sequence: index }) : quoteAt(index / 100, { sequence: index }),
);
const source: MemorySource = memorySource({ records, batch: 2000 });
const LINES = ["schema=trades|symbols=NQU5|id=1", "schema=mbp-1|symbols=NQU5|id=2", "start_session"];

/** Plays the market by hand to a client that does not read, until nothing goes out any more; then lets it read all. */
async function stall(gateway: Rig, clock: HandClock, client: RawClient): Promise<readonly DbnRecord[]> {
  client.socket.pause();
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  for (let ms = 0; ms < 4000; ms += 50) {
    clock.advance(50);
    await settle();
  }
  expect(client.socket.bytesRead).toBeLessThan(COUNT * 20);
  client.socket.resume();
  while (!client.isEnded) {
    clock.advance(1);
    await settle();
  }
  expect(gateway.events.filter(({ kind }) => kind === "failed")).toEqual([]);
  return (await client.stream()).records;
}

/** Moves the clock in small steps, so that what happens in between happens, until `holds`. */
async function play(clock: HandClock, holds: () => boolean, stepMs = 50): Promise<void> {
  while (!holds()) {
    clock.advance(stepMs);
    for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

const tradesOf = (found: readonly DbnRecord[]): number[] => found.flatMap((one) => (one.kind === "trade" ? [one.sequence] : []));
const allTrades = Array.from({ length: COUNT / 10 }, (_, index) => index * 10);

test("skip: quotes are left out and the client is told; every trade arrives, in order", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source, clock, speed: 1, dbnVersion: 3 });
  const client = await gateway.session(LINES);
  const found = await stall(gateway, clock, client);
  expect(tradesOf(found)).toEqual(allTrades);
  const quotes = found.filter((one) => one.kind === "mbp1").length;
  expect(quotes).toBeGreaterThan(0);
  expect(quotes).toBeLessThan(COUNT * 0.9);
  expect(found.filter((one) => one.kind === "error").map(brief)).toEqual(["error 7: Slow client detected for mbp-1. Skipped records"]);
  expect(found.map(brief)).toContain("Warning: slow reading, not keeping pace with trades data");
  expect(gateway.events.filter(({ kind }) => kind === "slow")).toHaveLength(1);
});

test("warn: nothing is left out", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source, clock, speed: 1 });
  const client = await gateway.session(LINES, "|slow_reader_behavior=warn");
  const found = await stall(gateway, clock, client);
  expect(found.flatMap((one) => (one.kind === "trade" || one.kind === "mbp1" ? [one.sequence] : []))).toHaveLength(COUNT);
  const warnings = found.map(brief).filter((text) => text.startsWith("Warning: slow reading"));
  expect(warnings).toEqual(["trades", "mbp-1"].map((schema) => `Warning: slow reading, not keeping pace with ${schema} data`));
  expect(found.some((one) => one.kind === "error")).toBe(false);
});

test("at endless speed the gateway reads its source only as fast as the client takes it", async () => {
  let served = 0;
  const gateway = await rig({
    source: {
      ...source,
      open() {
        const reader = source.open();
        return {
          async read(until) {
            const batch = await reader.read(until);
            if (batch !== null && batch !== "end") served += batch.records;
            return batch;
          },
          get nextAt() {
            return reader.nextAt;
          },
          close: () => reader.close(),
        };
      },
    },
  });
  const client = await gateway.session(LINES);
  client.socket.pause();
  for (let before = -1; before !== served || before === 0; ) {
    before = served;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(served).toBeLessThan(COUNT * 0.8);
  client.socket.resume();
  await client.toEnd();
  const found = (await client.stream()).records;
  expect(found.flatMap((one) => (one.kind === "trade" || one.kind === "mbp1" ? [one.sequence] : []))).toHaveLength(COUNT);
});

describe("a client that takes nothing", () => {
  test("for 5 s is told so and left; whoever reads goes on", async () => {
    const clock = new HandClock();
    const gateway = await rig({ source, clock, speed: 1, dbnVersion: 3, endOfSource: "stay" });
    const [reader, frozen] = [await gateway.session(LINES), await gateway.session(LINES)];
    frozen.socket.pause();
    const beganMs = clock.nowMs;
    await play(clock, () => gateway.events.some(({ kind }) => kind === "given-up"));
    expect(clock.nowMs - beganMs).toBeGreaterThan(5_000);
    expect(clock.nowMs - beganMs).toBeLessThan(10_000);
    frozen.socket.resume();
    await frozen.toEnd();
    const found = (await frozen.stream()).records;
    expect(found.map(brief).at(-1)).toBe("error 7: Slow client detected for all data. Nothing was read for 5 s");
    const trades = tradesOf(found);
    const first = allTrades.indexOf(trades[0] ?? -1);
    expect(trades.length).toBeGreaterThan(0);
    expect(trades).toEqual(allTrades.slice(first, first + trades.length)); // what it has is without a hole
    await play(clock, () => reader.socket.bytesRead > COUNT * 0.1 * 48 + COUNT * 0.9 * 80, 5);
    expect(reader.isEnded).toBe(false);
    expect(tradesOf((await reader.stream()).records)).toEqual(allTrades);
  });

  test("and never wakes up is cut off after 5 more", async () => {
    const clock = new HandClock();
    const gateway = await rig({ source, clock, speed: 1, dbnVersion: 3 });
    const frozen = await gateway.session(LINES);
    frozen.socket.pause();
    await play(clock, () => gateway.events.some(({ kind }) => kind === "given-up"));
    const leftMs = clock.nowMs;
    await play(clock, () => gateway.events.some(({ kind }) => kind === "closed"));
    expect(clock.nowMs - leftMs).toBeLessThanOrEqual(5_100);
  });

  test("during a replay has a minute, for nothing grows old meanwhile", async () => {
    const clock = new HandClock();
    const gateway = await rig({ source: memorySource({ records, batch: 2000, startMs: 10_000 }), clock, speed: 1, dbnVersion: 3, endOfSource: "stay" });
    const frozen = await gateway.session(["schema=mbp-1|symbols=NQU5|id=2|start=0", "start_session"]);
    frozen.socket.pause();
    const beganMs = clock.nowMs;
    await play(clock, () => gateway.events.some(({ kind }) => kind === "given-up"), 500);
    expect(clock.nowMs - beganMs).toBeGreaterThan(60_000);
    expect(clock.nowMs - beganMs).toBeLessThan(65_000);
  });

  test("does not count as one while this process itself stood still", async () => {
    const clock = new HandClock();
    const gateway = await rig({ source, clock, speed: 1, dbnVersion: 3 });
    const client = await gateway.session(LINES);
    client.socket.pause();
    await play(clock, () => clock.nowMs > 1_003_000);
    clock.jump(60_000);
    client.socket.resume();
    await play(clock, () => client.isEnded);
    expect(tradesOf((await client.stream()).records)).toEqual(allTrades);
  });
});

test("answers to a thousand subscriptions of a whole dataset are sent in pieces, not piled up", async () => {
  const instruments = Array.from({ length: 20_000 }, (_, index) => ({ instrumentId: index + 1, rawSymbol: `NQ${index}`, parents: [], continuous: [] }));
  const gateway = await rig({ source: memorySource({ records: [tradeAt(0)], instruments }), dbnVersion: 3 });
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const before = held();
  const greedy = await gateway.session(Array.from({ length: 1000 }, () => "schema=trades|symbols=ALL_SYMBOLS"));
  greedy.socket.pause();
  greedy.send("start_session");
  await expect.poll(() => gateway.events.some(({ kind }) => kind === "started")).toBe(true);
  for (let round = 0; round < 200; round += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(held() - before).toBeLessThan(16 * 1024 * 1024);
});
