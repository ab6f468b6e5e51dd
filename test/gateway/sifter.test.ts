/** What a session gets is what its subscriptions say, record by record, however the source cuts its batches. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { decodeRecord, type DbnRecord } from "../../src/dbn/records.ts";
import { BookTop } from "../../src/gateway/book-top.ts";
import { IntervalNotices } from "../../src/gateway/interval-notices.ts";
import { Sifter } from "../../src/gateway/sifter.ts";
import { WireBuffer } from "../../src/gateway/wire-buffer.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { quoteAt, START_NANOS, tradeAt } from "./memory-source.ts";

const IDS = [1, 2, 3] as const;

interface Grant {
  readonly schema: "trades" | "mbp-1";
  readonly ids: readonly number[];
  readonly isAll: boolean;
  readonly fromEvent: bigint | null;
  readonly fromIndex: bigint | null;
}

/** Times near each other, above and below 2^32 ns borders alike. */
const moment = fc.integer({ min: 0, max: 60 }).map((step) => START_NANOS + BigInt(step) * 200_000_000n);
const grant: fc.Arbitrary<Grant> = fc.record({
  schema: fc.constantFrom("trades" as const, "mbp-1" as const),
  ids: fc.subarray([...IDS]),
  isAll: fc.boolean(),
  fromEvent: fc.option(fc.oneof(moment, fc.constant(0n)), { nil: null }),
  fromIndex: fc.option(moment, { nil: null }),
});
const tick = fc.record({ step: fc.integer({ min: 0, max: 3 }), id: fc.constantFrom(...IDS), isTrade: fc.boolean(), back: fc.integer({ min: 0, max: 4 }) });

function decodeAll(bytes: Uint8Array): DbnRecord[] {
  const records: DbnRecord[] = [];
  for (let at = 0; at < bytes.length; at += (bytes[at] ?? 0) * 4) {
    const record = decodeRecord(bytes, 3, at);
    if (record !== null) records.push(record);
  }
  return records;
}

test("the sifter agrees with the naive rule", () => {
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 4 }), fc.array(tick, { maxLength: 60 }), fc.integer({ min: 1, max: 9 }), fc.boolean(), (grants, ticks, cut, tsOut) => {
      let step = 0;
      const records = ticks.map((one, sequence): PartialRecord => {
        step += one.step;
        const at = START_NANOS + BigInt(step) * 200_000_000n;
        const base = one.isTrade ? tradeAt(0, { id: one.id, sequence }) : quoteAt(0, { id: one.id, sequence });
        return { ...base, tsEvent: at - BigInt(one.back) * 200_000_000n, tsRecv: at } as PartialRecord;
      });
      const wire = new WireBuffer(3, tsOut);
      const sifter = new Sifter(["trades", "mbp-1"], wire);
      for (const one of grants) sifter.subscribe(one.schema, { ...one, instrumentIds: one.ids }, 0);
      for (let at = 0; at < records.length; at += cut) {
        sifter.sift(Buffer.concat(records.slice(at, at + cut).map((record) => encodeRecord(record, 3))));
      }
      const wanted = records.flatMap((record, sequence) => {
        if (record.kind !== "trade" && record.kind !== "mbp1") return [];
        const admits = grants.some(
          (one) =>
            (one.schema === "trades") === (record.kind === "trade") &&
            (one.isAll || one.ids.includes(record.instrumentId ?? 0)) &&
            ((one.fromEvent !== null && (record.tsEvent ?? 0n) >= one.fromEvent) ||
              (one.fromIndex !== null && (record.tsRecv ?? 0n) >= one.fromIndex)),
        );
        return admits ? [sequence] : [];
      });
      const sent = decodeAll(wire.take().bytes);
      expect(sent.map((record) => (record.kind === "trade" || record.kind === "mbp1" ? record.sequence : -1))).toEqual(wanted);
      expect(wire.records).toBe(wanted.length);
    }),
    { numRuns: 300 },
  );
});

/** An order of the model book. */
type Order = { readonly id: number; readonly side: "B" | "A"; price: number; size: number };
const action = fc.record({
  kind: fc.constantFrom("A", "A", "A", "C", "M", "R", "T"), id: fc.integer({ min: 1, max: 12 }),
  side: fc.constantFrom("B" as const, "A" as const), price: fc.integer({ min: 1, max: 9 }), size: fc.integer({ min: 1, max: 5 }),
});

test("the best bid and ask are those of a naive book", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const view = new RecordView();
      let told: DbnRecord | null = null;
      let quotes = 0;
      const top = new BookTop(true, (_, bytes) => {
        told = decodeRecord(bytes, 3);
        quotes += 1;
      });
      const orders = new Map<number, Order>();
      let before = "";
      let changes = 0;
      for (const one of actions) {
        // Sides never meet, as in a book that is open for trading.
        const price = one.side === "B" ? one.price : one.price + 10;
        const known = orders.get(one.id);
        const side = known?.side ?? one.side;
        const level = known === undefined ? price : one.side === known.side ? price : known.price;
        if (one.kind === "R") orders.clear();
        else if (one.kind === "A" || one.kind === "M") orders.set(one.id, { id: one.id, side, price: level, size: one.size });
        else if (one.kind === "C" && known !== undefined) {
          known.size -= one.size;
          if (known.size <= 0) orders.delete(one.id);
        }
        top.take(view.point(encodeRecord({
          kind: "mbo", instrumentId: 5, tsEvent: START_NANOS, tsRecv: START_NANOS, orderId: BigInt(one.id) + (one.id > 6 ? 2n ** 60n : 0n),
          action: one.kind, side, price: BigInt(level), size: one.size, flags: 128,
        }, 3)));
        const best = (wanted: "B" | "A"): string => {
          const own = [...orders.values()].filter((order) => order.side === wanted);
          if (own.length === 0) return "none";
          const priceOf = wanted === "B" ? Math.max(...own.map((order) => order.price)) : Math.min(...own.map((order) => order.price));
          const there = own.filter((order) => order.price === priceOf);
          return `${priceOf} ${there.reduce((sum, order) => sum + order.size, 0)} ${there.length}`;
        };
        const now = `${best("B")} | ${best("A")}`;
        if (one.kind === "T") changes += 1;
        else if (now !== before && !(before === "" && now === "none | none")) changes += 1;
        if (one.kind !== "T") before = now;
        const last = told as DbnRecord | null;
        if (last?.kind !== "mbp1") continue;
        const show = (px: bigint, size: number, count: number): string => (count === 0 ? "none" : `${px} ${size} ${count}`);
        expect(`${show(last.bidPx00, last.bidSz00, last.bidCt00)} | ${show(last.askPx00, last.askSz00, last.askCt00)}`).toBe(now);
      }
      expect(quotes).toBeLessThanOrEqual(changes + 1);
      expect(quotes).toBeGreaterThanOrEqual(changes - 1);
    }),
    { numRuns: 300 },
  );
});

test("a book that was joined late waits for its orders to be sent anew", () => {
  const view = new RecordView();
  const quotes: number[] = [];
  const top = new BookTop(false, (id) => quotes.push(id));
  const take = (kind: string, flags: number): void =>
    top.take(view.point(encodeRecord({ kind: "mbo", instrumentId: 5, orderId: 1n, action: kind, side: "B", price: 7n, size: 1, flags }, 3)));
  take("A", 128);
  expect(quotes).toEqual([]);
  take("R", 32);
  take("A", 32);
  expect(quotes).toEqual([]);
  take("A", 160);
  expect(quotes).toEqual([5]);
});

test("intervals are told once each, a long jump only at its end", () => {
  const notices = new IntervalNotices();
  const at = (seconds: number): bigint => BigInt(Math.round(seconds * 1000)) * 1_000_000n;
  const ends = (seconds: number): number[] =>
    notices.take(["ohlcv-1s", "trades"], at(seconds)).map(({ endNanos }) => Number(endNanos / 1_000_000_000n));
  expect(ends(100.5)).toEqual([]);
  expect(ends(101.02)).toEqual([]);
  expect(ends(101.07)).toEqual([101]);
  expect(ends(101.08)).toEqual([]);
  expect(ends(103.5)).toEqual([102, 103]);
  expect(ends(1000.5)).toEqual([996, 997, 998, 999, 1000]);
  expect(notices.dueNanos).toBe(at(1001.06));
});
