/** The store's laws: no cutting of the bytes and no pattern of commits changes the snapshot; the digest says the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { marketDigest } from "../../src/store/digest.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { apply, DAY, definition, link, mapping, newStore, quote, settlement, system, trade } from "./market-records.ts";

const aTrade = fc
  .record({
    sec: fc.integer({ min: DAY.openSec - 2, max: DAY.openSec + 40 }),
    nanos: fc.constantFrom(0, 0, 0, 5, 999_999_999),
    ticks: fc.integer({ min: 86_960, max: 86_980 }),
    size: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 8, max: 30 })),
    side: fc.constantFrom("B", "A", "N"),
    instrumentId: fc.constantFrom(42, 42, 42, 77, 9),
  })
  .map(trade);
const other: fc.Arbitrary<PartialRecord> = fc.constantFrom(
  mapping(), mapping(), mapping(77, "NQU5"), definition(), settlement("2025-06-12", 86_000), settlement("2025-06-12", null, { updateAction: 2 }),
  quote(DAY.openSec + 3, 86_969, 86_971), quote(DAY.openSec + 30, null, 86_971, "T"), system("Heartbeat", DAY.openSec + 45),
  system("Finished trades replay"), trade({ sec: DAY.endSec + 1 }),
);
const market = fc.array(fc.oneof({ weight: 6, arbitrary: aTrade }, { weight: 1, arbitrary: other }), { maxLength: 120 });

/** The last snapshot but for its number. */
function timeless(snapshot: Snapshot): Snapshot {
  return { ...snapshot, version: 0 };
}

test("any cutting of the bytes, trades one by one or together, and any pattern of commits gives the same snapshot", () => {
  const header = encodeMetadata(liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }));
  fc.assert(
    fc.property(market, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 9 }), fc.boolean(),
      (records, pieces, commitEvery, together) => {
        const whole = newStore();
        apply(whole, mapping(), ...records);
        whole.commit();

        const cut = newStore();
        const decoder = createDbnDecoder();
        const bytes = Buffer.concat([header, ...[mapping(), ...records].map((record) => encodeRecord(record, 3))]);
        let count = 0;
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const length = pieces[turn % pieces.length] ?? 1;
          decoder.push(bytes.subarray(at, at + length), cut.applyRecord, together ? cut.applyTrades : undefined);
          at += length;
          count += 1;
          if (count % commitEvery === 0) cut.commit();
        }
        cut.commit();
        expect(timeless(cut.getSnapshot())).toEqual(timeless(whole.getSnapshot()));
      }),
  );
});

test("published snapshots do not change afterwards", () => {
  fc.assert(
    fc.property(market, (records) => {
      const store = newStore();
      apply(store, mapping());
      const kept: { snapshot: Snapshot; text: string }[] = [];
      for (const [index, record] of records.entries()) {
        apply(store, record);
        if (index % 5 !== 0) continue;
        store.commit();
        const snapshot = store.getSnapshot();
        kept.push({ snapshot, text: JSON.stringify(snapshot) });
      }
      for (const { snapshot, text } of kept) expect(JSON.stringify(snapshot)).toBe(text);
    }),
  );
});

describe("the digest", () => {
  const digestOf = (store: ReturnType<typeof newStore>): string => {
    store.commit();
    return marketDigest(store.getSnapshot());
  };

  test("is decided by the market's records alone", () => {
    const live = newStore({ mode: "LIVE" });
    live.beginSession({ sec: DAY.openSec, nanos: 0 });
    apply(live, mapping(), trade(), system("Heartbeat", DAY.openSec + 4000));
    live.applyLink(link("LIVE"));
    live.commit();
    apply(live, trade({ sec: DAY.openSec + 5 }), system("Heartbeat", DAY.openSec + 4001));
    const replay = newStore({ mode: "REPLAY", requested: "NQM5" });
    apply(replay, mapping(42, "NQM5", "NQM5"), trade(), trade({ sec: DAY.openSec + 5 }));
    expect(digestOf(live)).toBe(digestOf(replay));
  });

  test("differs when one field of one trade differs", () => {
    const base = { sec: DAY.openSec + 5, nanos: 7, ticks: 86_970, size: 12, side: "B" };
    const one = (options: Partial<typeof base>): string => {
      const store = newStore();
      apply(store, mapping(), trade(), trade({ ...base, ...options }), trade({ sec: DAY.openSec + 9 }));
      return digestOf(store);
    };
    const all = [one({}), one({ sec: DAY.openSec + 6 }), one({ nanos: 8 }), one({ ticks: 86_971 }), one({ size: 13 }), one({ side: "A" })];
    expect(new Set(all).size).toBe(all.length);
  });

  test("is JSON with sorted keys", () => {
    const store = newStore();
    apply(store, mapping(), trade({ size: 20 }), quote(DAY.openSec, 1, 2));
    const parsed: unknown = JSON.parse(digestOf(store), (_, value: unknown) => {
      if (value !== null && typeof value === "object" && !Array.isArray(value)) {
        const keys = Object.keys(value);
        expect(keys).toEqual(keys.toSorted());
      }
      return value;
    });
    expect(parsed).toMatchObject({ instrument: { rawSymbol: "NQM5" }, studies: { session: { volume: 20 }, large: { buyEvents: 1 } } });
  });
});
