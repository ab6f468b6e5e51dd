/** Damaged records: each is counted once by cause, and the figures are those of the good ones alone. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import type { Counters, Quarantined } from "../../src/store/snapshot.ts";
import { quarantinedTotal } from "../../src/store/tally.ts";
import { apply, DAY, mapping, newStore, settlement, trade, type TradeOptions } from "./market-records.ts";

const HEADER = encodeMetadata(liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }));
const YEAR = 365 * 86_400;

/** In order of time, of one session. */
const good = fc
  .array(
    fc.record({
      gap: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constant(700)),
      nanos: fc.nat(999_999_999), ticks: fc.integer({ min: 86_900, max: 87_050 }),
      size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(100_000)), side: fc.constantFrom("B", "A", "N"),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let sec = DAY.openSec;
    return steps.map(({ gap, ...rest }, sequence): TradeOptions => ({ ...rest, sec: (sec += gap), sequence }));
  });

/** Wild times must not agree with each other: two that do are the market moving on. */
const DAMAGE: readonly (readonly [keyof Quarantined | "otherInstrument", (copy: number) => TradeOptions])[] = [
  ["noPrice", () => ({ price: 2n ** 63n - 1n })],
  ["noPrice", () => ({ price: -(2n ** 63n) })],
  ["offGrid", () => ({ price: 21_742_500_000_001n })],
  ["offGrid", () => ({ price: 250_000_000n * 2n ** 24n + 1n })],
  ["noSize", () => ({ size: 0 })],
  ["noSize", () => ({ size: 0xffff_ffff })],
  ["absurdSize", () => ({ size: 100_001 })],
  ["absurdSize", () => ({ size: 0x8000_0003 })],
  ["badTime", (copy) => ({ sec: DAY.openSec + YEAR + copy * 7 * 86_400 })],
  ["badTime", (copy) => ({ sec: DAY.openSec - YEAR - copy * 7 * 86_400 })],
  ["badTime", () => ({ sec: DAY.openSec - 1 })],
  ["badTime", () => ({ sec: 18_446_744_073, nanos: 709_551_615 })],
  ["badTime", () => ({ sec: 0 })],
  ["otherInstrument", () => ({ instrumentId: 43 })],
];

const seen = (counters: Counters): number => counters.trades + quarantinedTotal(counters) + counters.otherInstrument;

test("damaged copies among good trades change no figure, and each is counted under its cause", () => {
  const damaged = fc.array(fc.tuple(fc.nat(60), fc.nat(DAMAGE.length - 1)), { maxLength: 40 });
  fc.assert(
    fc.property(good, damaged, fc.integer({ min: 1, max: 40 }), (trades, damages, commitEvery) => {
      const records: TradeOptions[] = [...trades];
      const wanted: Record<string, number> = {};
      damages.forEach(([place, kind], copy) => {
        const [cause, change] = DAMAGE[kind] ?? ["noSize", () => ({ size: 0 })];
        const original = trades[place % trades.length] ?? {};
        records.splice(Math.min(records.length, 1 + place), 0, { ...original, ...change(copy) }); // never the first
        wanted[cause] = (wanted[cause] ?? 0) + 1;
      });

      const store = newStore();
      const alone = newStore();
      for (const one of [store, alone]) {
        one.beginSession({ sec: DAY.openSec, nanos: 0 });
        apply(one, mapping());
      }
      records.forEach((record, index) => {
        apply(store, trade(record));
        if (index % commitEvery === 0) store.commit();
      });
      apply(alone, ...trades.map(trade));
      store.commit();
      alone.commit();

      const { counters, studies, day, asOf, coverage } = store.getSnapshot();
      const { otherInstrument = 0, ...causes } = wanted;
      expect(counters).toMatchObject({ trades: trades.length, otherInstrument, quarantined: causes });
      expect(seen(counters)).toBe(records.length);
      expect({ studies, day, asOf, coverage }).toEqual({
        studies: alone.getSnapshot().studies, day: DAY, asOf: alone.getSnapshot().asOf, coverage: alone.getSnapshot().coverage,
      });
    }),
    { numRuns: 200 },
  );
});

test("before the instrument is known every trade is held back as of an unknown one", () => {
  const store = newStore();
  apply(store, trade(), trade({ instrumentId: 43 }), trade({ size: 0 }), mapping(), trade());
  store.commit();
  const { counters } = store.getSnapshot();
  expect(counters).toMatchObject({ trades: 1, quarantined: { unknownInstrument: 3 } });
  expect(seen(counters)).toBe(4);
});

test("bytes changed at random crash nothing, and every trade record is still counted exactly once", () => {
  const flips = fc.array(fc.record({ record: fc.nat(40), byte: fc.integer({ min: 2, max: 47 }), bits: fc.integer({ min: 1, max: 255 }) }), { maxLength: 30 });
  fc.assert(
    fc.property(good, flips, fc.integer({ min: 40, max: 700 }), (trades, changes, pieceBytes) => {
      const records = trades.map((options) => encodeRecord(trade(options), 3));
      for (const { record, byte, bits } of changes) {
        const bytes = records[record % records.length];
        if (bytes !== undefined) bytes[byte] = (bytes[byte] ?? 0) ^ bits;
      }
      const stream = Buffer.concat([HEADER, encodeRecord(mapping(), 3), ...records]);
      const store = newStore();
      const together = newStore();
      const decoder = createDbnDecoder();
      const runs = createDbnDecoder();
      for (let at = 0; at < stream.length; at += pieceBytes) {
        decoder.push(stream.subarray(at, at + pieceBytes), store.applyRecord);
        store.commit();
        runs.push(stream.subarray(at, at + pieceBytes), together.applyRecord, together.applyTrades);
      }
      together.commit();
      const { counters, studies } = store.getSnapshot();
      expect(seen(counters)).toBe(trades.length);
      expect(together.getSnapshot().counters).toEqual(counters);
      expect(together.getSnapshot().studies).toEqual(studies);
      const { session } = studies;
      expect(session.buyVolume + session.sellVolume + session.noneVolume).toBe(session.volume);
    }),
    {
      numRuns: 200,
      // A large trade of a minute that is kept no more: what the minute had before it is not known, however the trades come in.
      examples: [[
        [0, 700, 701, 1401].map((at, sequence) => ({ nanos: 0, ticks: 86_900, size: at === 0 ? 1 : 100_000, side: "B", sec: DAY.openSec + at, sequence })),
        [{ record: 0, byte: 13, bits: 245 }, { record: 2, byte: 9, bits: 32 }], 40,
      ]],
    },
  );
});

test("a statistic without a usable price is counted as odd, one without any price is not", () => {
  const store = newStore();
  const odd = (fields: Partial<Extract<PartialRecord, { kind: "statistics" }>>): PartialRecord =>
    ({ ...settlement("2025-06-12", 86_000), ...fields }) as PartialRecord;
  apply(
    store, mapping(), odd({ price: 0n }), odd({ price: -250_000_000n }), odd({ price: 21_500_100_000_000n }), odd({ statType: 1, price: 1n }),
    odd({ price: 2n ** 63n - 1n }), odd({ statFlags: 128, price: 0n }), odd({ statType: 9, price: 0n }), trade(),
  );
  store.commit();
  expect(store.getSnapshot()).toMatchObject({ counters: { oddStatistics: 4 }, studies: { session: { basis: "session open" } } });
});
