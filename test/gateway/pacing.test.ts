/** Time: the market's clock, replay then live, heartbeats, bars at their end. All with a clock moved by hand. */
import { describe, expect, test } from "vitest";
import type { DbnRecord } from "../../src/dbn/records.ts";
import { MarketClock } from "../../src/gateway/market-clock.ts";
import { fromNanos, toNanos } from "../../src/lib/time.ts";
import { HandClock, realClock } from "../client/hand-clock.ts";
import { rig } from "./gateway-rig.ts";
import { memorySource, MS, NQ, NQ_NEXT, quoteAt, START_NANOS, tradeAt } from "./memory-source.ts";
import { brief, type RawClient } from "./raw-client.ts";

const sequencesOf = (records: readonly DbnRecord[]): number[] => records.flatMap((one) => (one.kind === "trade" ? [one.sequence] : []));
const trades = Array.from({ length: 100 }, (_, index) => tradeAt(index * 100, { sequence: index }));

/** Moves the clock step by step, letting the sockets breathe, until the client's records satisfy `holds`. */
async function run(clock: HandClock, client: RawClient, stepMs: number, holds: (records: readonly DbnRecord[]) => boolean): Promise<readonly DbnRecord[]> {
  for (;;) {
    const { records } = await client.stream();
    if (holds(records)) return records;
    clock.advance(stepMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets everything that is on its way arrive; what is not sent by then is not sent at this time of the clock. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("the market's clock", () => {
  test("stands at the start, then runs at its speed", () => {
    const clock = new HandClock();
    const market = new MarketClock({ clock, startAt: fromNanos(START_NANOS), speed: 60 });
    clock.advance(5000);
    expect(market.nowNanos()).toBe(START_NANOS);
    expect(market.start()).toBe(START_NANOS);
    clock.advance(1000);
    expect(market.nowNanos()).toBe(START_NANOS + 60_000n * MS);
    expect(market.start()).toBe(START_NANOS + 60_000n * MS);
    expect(market.realMsUntil(fromNanos(START_NANOS + 120_000n * MS))).toBeCloseTo(1000, 6);
    expect(market.realMsUntil(fromNanos(START_NANOS))).toBeCloseTo(-1000, 6);
  });

  test("stands still, goes on, changes its speed and jumps ahead, never back", () => {
    const clock = new HandClock();
    const market = new MarketClock({ clock, startAt: fromNanos(START_NANOS), speed: 1 });
    const at = (ms: number): bigint => START_NANOS + BigInt(ms) * MS;
    let changes = 0;
    const forget = market.onChange(() => (changes += 1));
    market.start();
    clock.advance(100);
    market.setPaused(true);
    clock.advance(5000);
    expect(market.nowNanos()).toBe(at(100));
    expect(market.realMsUntil(fromNanos(at(101)))).toBe(Number.POSITIVE_INFINITY);
    expect(market.realMsUntil(fromNanos(at(90)))).toBeLessThan(0);
    market.setSpeed(10);
    market.setPaused(false);
    clock.advance(10);
    expect(market.nowNanos()).toBe(at(200));
    market.jumpTo(fromNanos(at(1000)));
    market.jumpTo(fromNanos(at(500)));
    clock.advance(1);
    expect(market.nowNanos()).toBe(at(1010));
    expect([changes, market.speed, market.isPaused]).toEqual([4, 10, false]);
    forget();
  });

  test("set before it runs, it starts as it was set", () => {
    const clock = new HandClock();
    const market = new MarketClock({ clock, startAt: fromNanos(START_NANOS), speed: 1 });
    market.setPaused(true);
    expect(market.start()).toBe(START_NANOS);
    clock.advance(50);
    expect(market.nowNanos()).toBe(START_NANOS);
    market.setPaused(false);
    clock.advance(50);
    expect(market.nowNanos()).toBe(START_NANOS + 50n * MS);
  });

  test("at endless speed it shows how far anybody has come", () => {
    const market = new MarketClock({ clock: new HandClock(), startAt: fromNanos(START_NANOS), speed: Number.POSITIVE_INFINITY });
    market.start();
    market.reach(START_NANOS + 5n);
    market.reach(START_NANOS + 3n);
    expect(market.nowNanos()).toBe(START_NANOS + 5n);
    expect(market.start()).toBe(START_NANOS);
  });
});

test("while the market stands still nothing comes; it goes on where it stood, at another speed", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source: memorySource({ records: trades }), clock, speed: 1 });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
  await client.records((found) => sequencesOf(found).length === 1);
  await run(clock, client, 10, (found) => sequencesOf(found).length >= 3);
  gateway.control.setPaused(true);
  const before = sequencesOf((await client.stream()).records).length;
  clock.advance(60_000);
  await settle();
  expect(sequencesOf((await client.stream()).records).length - before).toBeLessThanOrEqual(1); // one may be on its way
  gateway.control.setSpeed(1000);
  gateway.control.setPaused(false);
  const all = await run(clock, client, 1, (found) => sequencesOf(found).length === trades.length);
  expect(sequencesOf(all)).toEqual(trades.map((_, index) => index));
});

test.each([1, 10])("at speed %s nothing is sent before its time, and everything at it", async (speed) => {
  const clock = new HandClock();
  const gateway = await rig({ source: memorySource({ records: trades }), clock, speed });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
  await client.records((found) => sequencesOf(found).length === 1);
  let now = 0;
  for (const wanted of [1, 5, 17, 60]) {
    const due = (wanted * 100) / speed;
    clock.advance(due - now - 0.01);
    await client.records((found) => sequencesOf(found).length >= wanted);
    await settle();
    expect(sequencesOf((await client.stream()).records)).toHaveLength(wanted);
    now = due - 0.01;
    await run(clock, client, 0.01, (found) => (sequencesOf(found).length > wanted ? true : ((now += 0.01), false)));
    expect(now - due).toBeLessThan(2); // the steps taken while the bytes were on their way
  }
  expect(Number(toNanos(gateway.market()) - START_NANOS) / 1e6 / speed).toBeCloseTo(now, 3);
});

test("history, `Finished`, live: in this order, each record once", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source: memorySource({ records: trades, startMs: 5000, batch: 7 }), clock, speed: 1 });
  const client = await gateway.session([
    "schema=trades|symbols=NQU5|start=0|id=1", "schema=mbp-1|symbols=NQU5|id=2", "start_session",
  ]);
  const found = (await client.records((records) => records.map(brief).includes("Finished trades replay"))).map(brief);
  expect(found.slice(0, found.indexOf("Finished trades replay")).filter((text) => text.startsWith("trade "))).toEqual(
    Array.from({ length: 50 }, (_, index) => `trade ${index}`),
  );
  expect(found.some((text) => text === "Finished mbp-1 replay")).toBe(false);
  const all = await run(clock, client, 100, (records) => records.map(brief).includes("End of recording"));
  expect(sequencesOf(all)).toEqual(trades.map((_, index) => index));
  const finished = all.findIndex((one) => brief(one) === "Finished trades replay");
  expect(sequencesOf(all.slice(finished))).toEqual(Array.from({ length: 50 }, (_, index) => 50 + index));
});

test("without a start only what comes after joining, with one from its ts_event on, inclusive", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source: memorySource({ records: trades, startMs: 5000 }), clock, speed: 1 });
  const live = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
  const from = START_NANOS + 4200n * MS - 1000n; // ts_event of the 42nd
  const replayed = await gateway.session([`schema=trades|symbols=NQU5|start=${from}`, "start_session"]);
  await replayed.records((records) => records.map(brief).includes("Finished trades replay"));
  expect((await replayed.stream()).metadata?.start).toBe(from);
  await live.records((records) => sequencesOf(records).length > 0);
  clock.advance(450);
  const late = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
  await late.records((records) => records.length >= 2);
  await run(clock, late, 100, (records) => records.map(brief).includes("End of recording"));
  await Promise.all([live.toEnd(), replayed.toEnd(), late.toEnd()]);
  expect(sequencesOf((await live.stream()).records)).toEqual(Array.from({ length: 50 }, (_, index) => 50 + index));
  expect(sequencesOf((await replayed.stream()).records)).toEqual(Array.from({ length: 58 }, (_, index) => 42 + index));
  expect(sequencesOf((await late.stream()).records)).toEqual(Array.from({ length: 45 }, (_, index) => 55 + index));
});

test("at endless speed a replay ends where the clock would start", async () => {
  const gateway = await rig({ source: memorySource({ records: trades, startMs: 5000, batch: 9 }) });
  const replayed = await gateway.session(["schema=trades|symbols=NQU5|start=0", "start_session"]);
  await replayed.toEnd();
  const found = (await replayed.stream()).records;
  const finished = found.findIndex((one) => brief(one) === "Finished trades replay");
  expect(sequencesOf(found.slice(0, finished))).toHaveLength(50);
  expect(sequencesOf(found)).toEqual(trades.map((_, index) => index));
  const live = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
  await live.toEnd();
  expect(sequencesOf((await live.stream()).records)).toHaveLength(50);
});

test("heartbeats come only after a whole silent interval, at market time, and not before the start", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source: memorySource({ records: [tradeAt(0), tradeAt(12_000, { sequence: 1 })] }), clock, speed: 1, endOfSource: "stay" });
  const client = await gateway.session(["schema=trades|symbols=NQU5"], "|heartbeat_interval_s=5");
  await expect.poll(() => gateway.events.some(({ kind }) => kind === "subscribed")).toBe(true);
  clock.advance(20_000);
  expect(client.received).toHaveLength(client.textBytes);
  client.send("start_session");
  await client.records((found) => sequencesOf(found).length === 1);
  const beats = (records: readonly DbnRecord[]): DbnRecord[] => records.filter((one) => brief(one) === "Heartbeat");
  const found = await run(clock, client, 250, (records) => beats(records).length === 3);
  const trade = found.findIndex((one) => one.kind === "trade" && one.sequence === 1);
  const all = beats(found);
  expect(trade).toBeGreaterThan(found.indexOf(all[1]!));
  expect(trade).toBeLessThan(found.indexOf(all[2]!));
  const seconds = all.map((one) => Number((one.tsEvent - START_NANOS) / MS) / 1000);
  for (const [index, wanted] of [5, 10, 17].entries()) {
    expect(seconds[index]).toBeGreaterThanOrEqual(wanted);
    expect(seconds[index]).toBeLessThan(wanted + 3); // steps taken while bytes were on their way
  }
});

test("with `stay` the session outlives its source, with heartbeats", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source: memorySource({ records: [tradeAt(0)] }), clock, speed: 1, endOfSource: "stay" });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"], "|heartbeat_interval_s=5");
  const found = await run(clock, client, 500, (records) => brief(records.at(-1) ?? tail) === "Heartbeat");
  expect(found.map(brief).slice(-3)).toEqual(["trade 0", "End of recording", "Heartbeat"]);
  client.send("schema=trades|symbols=NQZ5|id=9");
  await client.records((records) => records.some((one) => brief(one).startsWith("Subscription request 9")));
});
const tail = { kind: "status" } as unknown as DbnRecord;

test("bars come at the end of their interval, then the notice", async () => {
  const clock = new HandClock();
  const records = [
    tradeAt(100, { price: 10n, size: 1 }), tradeAt(200, { price: 30n, size: 2 }), tradeAt(900, { price: 20n, size: 3 }),
    tradeAt(2100, { price: 40n, size: 4 }), tradeAt(2200, { price: 40n, size: 5, id: NQ_NEXT.instrumentId }), tradeAt(9000),
  ];
  const gateway = await rig({ source: memorySource({ records, schemas: ["trades"] }), clock, speed: 1, dbnVersion: 3 });
  const client = await gateway.session(["schema=ohlcv-1s|stype_in=parent|symbols=NQ.FUT", "start_session"]);
  await client.records((found) => found.length >= 3);
  clock.advance(990);
  await new Promise((resolve) => setImmediate(resolve));
  expect((await client.stream()).records.some((one) => one.kind === "ohlcv")).toBe(false);
  const found = await run(clock, client, 10, (all) => all.map(brief).filter((text) => text === "End of interval for ohlcv-1s").length === 4);
  const sent = found.filter((one) => one.kind === "ohlcv" || brief(one).startsWith("End of interval"));
  const secondOf = (one: DbnRecord): number => Number((one.tsEvent - START_NANOS) / 1_000_000_000n);
  expect(sent.map((one) => `${one.kind} ${one.instrumentId} ${secondOf(one)}`)).toEqual([
    `ohlcv ${NQ.instrumentId} 0`, "system 0 1", "system 0 2",
    `ohlcv ${NQ.instrumentId} 2`, `ohlcv ${NQ_NEXT.instrumentId} 2`, "system 0 3", "system 0 4",
  ]);
  expect(sent[0]).toMatchObject({ rtype: 0x20, open: 10n, high: 30n, low: 10n, close: 20n, volume: 6n });
  expect(toNanos(gateway.market())).toBeGreaterThan(START_NANOS + 1000n * MS);
});

test("records leave within two milliseconds of their time", async () => {
  const many = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? tradeAt(index * 1.3, { sequence: index }) : quoteAt(index * 1.3)));
  const gateway = await rig({ source: memorySource({ records: many }), clock: realClock, speed: 1 });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"], "|ts_out=1");
  await client.toEnd();
  const late = (await client.stream()).records.flatMap((one) => (one.kind === "trade" ? [Number((one.tsOut ?? 0n) - one.tsRecv) / 1e6] : []));
  late.sort((a, b) => a - b);
  expect(late).toHaveLength(200);
  expect(late[0]).toBeGreaterThanOrEqual(0);
  // The median: the tail belongs to the machine the test runs on.
  expect(late[100]).toBeLessThan(2);
});
