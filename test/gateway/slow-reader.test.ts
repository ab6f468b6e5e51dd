/** A client that stops reading: memory stays bounded, quotes may be left out, trades never. */
import { expect, test } from "vitest";
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
  for (let ms = 0; ms < 6000; ms += 50) {
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
