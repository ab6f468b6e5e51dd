/** The demo looks like a market: quotes and trades agree, sizes and bursts are those of NQ, times run as on a wire. */
import { beforeAll, describe, expect, test } from "vitest";
import { SIZE_BUCKETS } from "../../../src/gateway/demo/sizes.ts";
import { INSTRUMENTS, NQM5, TICK_UNITS } from "../../../src/gateway/demo/demo-day.ts";
import type { DbnDecoder } from "../../../src/dbn/decoder.ts";
import { dayNanos, walkTape } from "./walk-tape.ts";

interface Order {
  readonly nanos: number;
  readonly side: number;
  readonly prices: number[];
  size: number;
}

const MBP1 = 1;
const TRADE = 0;
const LAST = 128;
const [BUY, SELL, TRADED] = [66, 65, 84];
const RTH = dayNanos("09:30");
const RTH_END = dayNanos("16:00");

/** Everything the tests below look at, gathered in one pass over the day. */
class Findings {
  readonly rtypes = new Map<number, number>();
  readonly publishers = new Set<number>();
  readonly instruments = new Set<number>();
  readonly sizes: number[] = [];
  readonly orders: Order[] = [];
  readonly nightSpreads = new Map<number, number>();
  readonly daySpreads = new Map<number, number>();
  outOfOrder = 0;
  sequenceFalls = 0;
  eventFalls = 0;
  oddDelays = 0;
  offGrid = 0;
  crossed = 0;
  emptySides = 0;
  offQuote = 0;
  unlikeTwin = 0;
  tradeFlags = 0;
  topSizes = 0;
  quotes = 0;
}

const found = new Findings();
let decoder: DbnDecoder;

function count<K>(map: Map<K, number>, key: K): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

beforeAll(async () => {
  let lastIndex = Number.NEGATIVE_INFINITY;
  let lastEvent = Number.NEGATIVE_INFINITY;
  let lastSequence = 0;
  let twin = "";
  decoder = await walkTape({}, (view, times) => {
    const { rtype } = view;
    count(found.rtypes, rtype);
    const index = times.index(view);
    if (index < lastIndex) found.outOfOrder += 1;
    lastIndex = index;
    if (rtype !== TRADE && rtype !== MBP1) return;
    const event = times.event(view);
    found.publishers.add(view.publisherId);
    found.instruments.add(view.instrumentId);
    if (view.sequence < lastSequence) found.sequenceFalls += 1;
    if (event < lastEvent) found.eventFalls += 1;
    lastSequence = view.sequence;
    lastEvent = event;
    if (index - event < 100_000 || index - event > 500_000 || view.tsInDelta <= 0) found.oddDelays += 1;
    if (view.instrumentId !== NQM5.instrumentId) return;
    const { price, side, size } = view;
    if (price % TICK_UNITS !== 0) found.offGrid += 1;
    const key = `${event} ${price} ${side} ${size} ${view.sequence}`;
    if (rtype === TRADE) {
      if (view.flags !== 0 || view.action !== TRADED) found.tradeFlags += 1;
      found.sizes.push(size);
      const last = found.orders.at(-1);
      if (last !== undefined && last.nanos === event && last.side === side) {
        last.size += size;
        last.prices.push(price);
      } else found.orders.push({ nanos: event, side, size, prices: [price] });
      twin = key;
      return;
    }
    const { bidPx, askPx, bidSz, askSz } = view;
    if (bidPx % TICK_UNITS !== 0 || askPx % TICK_UNITS !== 0) found.offGrid += 1;
    if (!(bidPx < askPx)) found.crossed += 1;
    if (bidSz < 1 || askSz < 1 || view.bidCt < 1 || view.askCt < 1) found.emptySides += 1;
    if (view.action === TRADED) {
      if (key !== twin) found.unlikeTwin += 1;
      // A sweep's later prices lie beyond the quote, never inside it.
      const isFirst = found.orders.at(-1)?.prices.length === 1;
      const quote = side === BUY ? askPx : bidPx;
      const beyond = side === BUY ? price >= quote : price <= quote;
      if (side === BUY || side === SELL ? !(isFirst ? price === quote : beyond) : price < bidPx || price > askPx) {
        found.offQuote += 1;
      }
    } else if (view.flags === LAST) {
      found.quotes += 1;
      found.topSizes += bidSz;
      // The quotes of the first and last moments belong to the style of the other time of day.
      if (event < RTH - 1e9) count(found.nightSpreads, (askPx - bidPx) / TICK_UNITS);
      else if (event >= RTH && event < RTH_END - 1e9) count(found.daySpreads, (askPx - bidPx) / TICK_UNITS);
    }
  });
});

function share(from: number, to: number): number {
  return found.sizes.filter((size) => size >= from && size <= to).length / found.sizes.length;
}

describe("the tape", () => {
  test("decodes without rest and holds only known records", () => {
    decoder.end();
    expect(decoder.unknownRecords).toBe(0);
    expect([...found.rtypes.keys()].sort((a, b) => a - b)).toEqual([0x00, 0x01, 0x12, 0x13, 0x18]);
  });

  test("is ordered by receive time, venue time and sequence", () => {
    expect([found.outOfOrder, found.eventFalls, found.sequenceFalls]).toEqual([0, 0, 0]);
  });

  test("is received 100 to 500 microseconds after the event", () => {
    expect(found.oddDelays).toBe(0);
  });

  test("comes from one publisher and has all three instruments", () => {
    expect([...found.publishers]).toEqual([1]);
    expect(found.instruments).toEqual(new Set(INSTRUMENTS.map(({ instrumentId }) => instrumentId)));
  });

  test("has every trade twice, alone and in the book's stream", () => {
    expect([found.unlikeTwin, found.tradeFlags]).toEqual([0, 0]);
  });
});

describe("quotes", () => {
  test("lie on the 0.25 grid and never cross or lock", () => {
    expect([found.offGrid, found.crossed, found.emptySides]).toEqual([0, 0, 0]);
  });

  test("are 1 to 3 ticks wide by day and 2 to 5 at night", () => {
    expect(new Set(found.daySpreads.keys())).toEqual(new Set([1, 2, 3]));
    expect(new Set(found.nightSpreads.keys())).toEqual(new Set([2, 3, 4, 5]));
  });

  test("show one to a few contracts", () => {
    const mean = found.topSizes / found.quotes;
    expect(mean).toBeGreaterThan(1.5);
    expect(mean).toBeLessThan(3);
  });

  test("are where trades happen: buyers take the ask, sellers the bid", () => {
    expect(found.offQuote).toBe(0);
  });

  test("change more often than trades happen in regular hours", () => {
    const changes = [...found.daySpreads.values()].reduce((sum, value) => sum + value, 0);
    const orders = found.orders.filter(({ nanos }) => nanos >= RTH && nanos < RTH_END).length;
    expect(changes / orders).toBeGreaterThan(2);
  });
});

describe("trades", () => {
  test("have the sizes of NQ", () => {
    const mean = found.sizes.reduce((sum, size) => sum + size, 0) / found.sizes.length;
    expect(mean).toBeGreaterThan(1.45);
    expect(mean).toBeLessThan(1.65);
    for (const [from, to, chance] of SIZE_BUCKETS) {
      const expected = chance * found.sizes.length;
      // Large orders swept over several prices add to the middle buckets; rare sizes vary.
      const tolerance = 0.15 * expected + 4 * Math.sqrt(expected) + 8;
      expect(Math.abs(share(from, to) * found.sizes.length - expected), `${from}-${to}`).toBeLessThan(tolerance);
    }
  });

  test("include sweeps: one moment, one side, prices running away", () => {
    const sweeps = found.orders.filter(({ prices }) => prices.length > 1);
    expect(sweeps.length / found.orders.length).toBeGreaterThan(0.02);
    expect(sweeps.length / found.orders.length).toBeLessThan(0.06);
    for (const { prices, side } of sweeps) {
      const sorted = prices.toSorted((a, b) => (side === BUY ? a - b : b - a));
      expect(prices).toEqual(sorted);
    }
    const running = sweeps.filter(({ prices }) => prices.at(-1) !== prices[0]);
    expect(running.length / sweeps.length).toBeGreaterThan(0.99);
  });

  test("include whales, not too many", () => {
    const hour = found.orders.filter(({ nanos }) => nanos >= RTH && nanos < RTH + 3.6e12);
    const atLeast = (size: number): number => hour.filter((order) => order.size >= size).length;
    expect(atLeast(25)).toBeGreaterThan(60);
    expect(atLeast(25)).toBeLessThan(300);
    expect(atLeast(50)).toBeGreaterThan(5);
    expect(atLeast(50)).toBeLessThan(60);
    expect(found.orders.filter(({ size, nanos }) => size >= 15 && nanos < RTH).length).toBeGreaterThan(50);
  });

  test("come in bursts: counts per second vary far more than by pure chance", () => {
    const seconds = Array.from({ length: 1_800 }, () => 0);
    const from = dayNanos("13:30");
    for (const { nanos } of found.orders) {
      const second = Math.floor((nanos - from) / 1e9);
      if (second >= 0 && second < seconds.length) seconds[second] = (seconds[second] ?? 0) + 1;
    }
    const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
    const variance = seconds.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seconds.length;
    expect(variance / mean).toBeGreaterThan(2);
  });

  test("lean to the side the price moves to, and to neither over the day", () => {
    const minutes = new Map<number, { delta: number; first: number; last: number }>();
    for (const { nanos, side, size, prices } of found.orders) {
      if (nanos < RTH || nanos >= RTH_END) continue;
      const price = prices.at(-1) ?? 0;
      const minute = minutes.get(Math.floor(nanos / 6e10)) ?? { delta: 0, first: price, last: price };
      minute.delta += side === BUY ? size : -size;
      minute.last = price;
      minutes.set(Math.floor(nanos / 6e10), minute);
    }
    const all = [...minutes.values()];
    expect(all.length).toBe(390);
    const moves = all.map(({ first, last }) => (last - first) / TICK_UNITS);
    const dot = all.reduce((sum, { delta }, index) => sum + delta * (moves[index] ?? 0), 0);
    const norm = Math.hypot(...all.map(({ delta }) => delta)) * Math.hypot(...moves);
    expect(dot / norm).toBeGreaterThan(0.2);
    const net = Math.abs(all.reduce((sum, { delta }) => sum + delta, 0));
    expect(net).toBeLessThan(20_000);
  });
});
