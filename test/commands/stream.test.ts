/** Lines of a market whose gateway goes away and comes back: what was missed is printed when it comes, and nothing twice. */
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { parseSymbol } from "../../src/commands/options.ts";
import { streamFeed } from "../../src/commands/stream.ts";
import { StreamNews } from "../../src/commands/stream-news.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { OneLineJson } from "../../src/ui/one-line.ts";
import { rig, type Rig } from "../gateway/gateway-rig.ts";
import { memorySource, START_NANOS, tradeAt } from "../gateway/memory-source.ts";
import { KEY_TEXT } from "../gateway/raw-client.ts";

const SECONDS = 2_000;
const SCHEMAS = ["definition", "statistics", "status", "trades", "ohlcv-1m", "mbp-1"];

class Reader {
  readonly lines: OneLineJson[] = [];
  errors = "";
  readonly #abort = new AbortController();
  readonly #done: Promise<number>;
  #wake = (): void => {};

  constructor(port: number) {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    let rest = "";
    stdout.on("data", (part: Buffer) => {
      const texts = (rest + part.toString()).split("\n");
      rest = texts.pop() ?? "";
      this.lines.push(...texts.map((text) => JSON.parse(text) as OneLineJson));
      this.#wake();
    });
    stderr.on("data", (part: Buffer) => void (this.errors += part.toString()));
    const system = { ...createSystem(), apiKeyText: KEY_TEXT, stdout, stderr } as unknown as System;
    const feed = openLiveFeed(system, { symbol: parseSymbol("NQ.v.0"), roll: null, gateway: { transport: "tcp", host: "127.0.0.1", port }, calendar: builtInCalendar });
    this.#done = streamFeed(system, feed, { json: true, limit: null }, this.#abort.signal);
  }

  /** Seconds since the market's start, by line. */
  get seconds(): number[] {
    return this.lines.map(({ ts }) => Math.round((Date.parse(ts ?? "") - Number(START_NANOS / 1_000_000n)) / 1000));
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => void (this.#wake = resolve));
  }

  async stop(): Promise<number> {
    this.#abort.abort();
    return this.#done;
  }
}

/** A market with a trade each second of so many contracts, which is at this second. */
function market(size: number, startSec: number, port = 0): Promise<Rig> {
  const records = Array.from({ length: SECONDS }, (_, sec) => tradeAt(sec * 1000 + 1, { sequence: sec, size }));
  return rig({ source: memorySource({ records, schemas: SCHEMAS, startMs: startSec * 1000 + 500 }), speed: 20, endOfSource: "stay", port });
}

describe.each([["the same market", 1, 1], ["another market, counted afresh", 2, 2]])("after a gateway that was away: %s", (_, size, contracts) => {
  test("each second of the time between has its line, once and in order, with the totals of then", async () => {
    const first = await market(1, 20);
    const reader = new Reader(first.port);
    await reader.until(() => reader.lines.length >= 4);
    await first.close();
    const came = reader.seconds.at(-1) ?? 0;
    await market(size, came + 200, first.port);
    await reader.until(() => (reader.seconds.at(-1) ?? 0) > came + 230);
    expect(await reader.stop()).toBe(0);
    const { seconds } = reader;
    const begin = seconds[0] ?? 0;
    expect(begin).toBeGreaterThanOrEqual(20);
    expect(seconds).toEqual(Array.from({ length: seconds.length }, (__, n) => begin + n));
    for (const [n, { volume }] of reader.lines.entries()) {
      const sec = seconds[n] ?? 0;
      if (sec > came + 2) expect([sec, volume]).toEqual([sec, contracts * (sec + 1)]);
    }
    expect(reader.errors).toMatch(/link DOWN to .*\n(.*\n)*.*is back\n/);
    expect(reader.errors.includes("counting afresh")).toBe(size !== 1);
  });
});

test("a time of which the gateway brings nothing back is said on standard error, from when to when", async () => {
  const first = await market(1, 20);
  const reader = new Reader(first.port);
  await reader.until(() => reader.lines.length >= 4);
  await first.close();
  const came = reader.seconds.at(-1) ?? 0;
  // What is served now begins a hundred seconds later.
  const records = Array.from({ length: SECONDS }, (_, n) => tradeAt((came + 100 + n) * 1000 + 1, { sequence: came + 100 + n }));
  await rig({ source: memorySource({ records, schemas: SCHEMAS, startMs: (came + 150) * 1000 + 500 }), speed: 20, endOfSource: "stay", port: first.port });
  await reader.until(() => (reader.seconds.at(-1) ?? 0) > came + 170);
  await reader.stop();
  const { seconds } = reader;
  expect(seconds.filter((sec) => sec > came + 5).slice(0, 3)).toEqual([came + 100, came + 101, came + 102]);
  expect(new Set(seconds).size).toBe(seconds.length);
  expect(reader.errors).toMatch(/^nq-tui: gap 09:30:\d\d–09:32:\d\d ET not filled: the gateway no longer has that time$/m);
  expect(reader.errors).not.toContain("after the loss");
});

test("what comes again is no news: nothing up to the newest trade, of its second as many as had come", () => {
  const news = new StreamNews();
  const take = (...seconds: readonly number[]): boolean[] => seconds.map((sec) => news.take(sec));
  expect(take(1, 2, 3, 3)).toEqual([true, true, true, true]);
  news.afresh();
  expect(take(1, 2, 3, 3)).toEqual([false, false, false, false]);
  expect(take(3, 2, 4)).toEqual([true, false, true]);
  // Broken off, and from nothing once more: the third of second 3 and the one of second 4 were let through.
  news.afresh();
  expect(take(1, 3, 3, 3, 4, 4, 5)).toEqual([false, false, false, false, false, true, true]);
  news.live();
  expect(take(4, 5)).toEqual([true, true]);
  news.afresh();
  expect(take(5, 5, 5)).toEqual([false, false, true]);
});
