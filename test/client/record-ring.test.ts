/** The ring of kept records against a plain list, whatever was packed in between; and what packing saves. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordRing } from "../../src/client/record-ring.ts";
import { Prng } from "../../src/lib/prng.ts";
import { makeLog, recordOf } from "./market-log.ts";

const BLOCK_RECORDS = 8;
const BLOCKS = 3;
const BYTES = [48, 56] as const;

/** One record as text. */
const recordText = (words: Uint32Array, at: number): string => Buffer.from(Uint32Array.from(words.subarray(at, at + 12)).buffer).toString("hex");

/** Everything the ring holds of its newest `count` records, as text; a send time behind a record is no part of it. */
function heldBy(ring: RecordRing, count?: number): string[] {
  const out: string[] = [];
  ring.scan((words, length, stride) => {
    for (let at = 0; at < length; at += stride) out.push(recordText(words, at));
  }, count);
  return out;
}

describe("the ring of kept records", () => {
  it("holds the newest as they came, packed or not, with and without send times, after some were forgotten", () => {
    let packed = 0;
    fc.assert(fc.property(fc.integer(), (seed) => {
      const prng = new Prng(seed);
      const evicted: string[] = [];
      const ring = new RecordRing({
        blockRecords: BLOCK_RECORDS, blocks: BLOCKS, onFull: () => 7,
        onEvict: (words, length, stride, mark) => {
          expect(mark).toBe(7);
          for (let at = 0; at < length; at += stride) evicted.push(recordText(words, at));
        },
      });
      let added: { text: string; instrumentId: number }[] = [];
      for (let step = 0; step < 40; step += 1) {
        const kind = prng.int(0, 9);
        if (kind < 5) {
          const lengthBytes = BYTES[prng.int(0, 1)] ?? 48;
          const trades = makeLog(prng, "A", prng.int(1, 20)).map((trade) => ({ ...trade, instrumentId: prng.int(1, 3) }));
          const bytes = Buffer.concat(trades.map((trade) => recordOf(trade, { tsOut: lengthBytes === 56 ? 5n : undefined })));
          if (prng.int(0, 1) === 0) ring.addRun(bytes, 0, trades.length, lengthBytes);
          else for (let n = 0; n < trades.length; n += 1) ring.add(bytes, n * lengthBytes, lengthBytes);
          trades.forEach(({ instrumentId }, n) => added.push({ text: bytes.toString("hex", n * lengthBytes, n * lengthBytes + 48), instrumentId }));
        } else if (kind < 8) {
          if (ring.pack() !== 0) packed += 1;
        } else if (kind === 8) {
          const gone = new Set([prng.int(1, 3)]);
          ring.forget(gone);
          added = added.filter(({ instrumentId }, n) => n < evicted.length || !gone.has(instrumentId));
        }
        const all = added.map(({ text }) => text);
        const { size } = ring;
        expect(heldBy(ring)).toEqual(size === 0 ? [] : all.slice(-size));
        const some = prng.int(0, size);
        expect(heldBy(ring, some)).toEqual(some === 0 ? [] : all.slice(-some));
        expect(evicted).toEqual(all.slice(0, all.length - size));
      }
    }), { numRuns: 150 });
    expect(packed).toBeGreaterThan(500);
  });

  it("takes a third of its memory or less once it is packed, one full block at a time", () => {
    const trades = makeLog(new Prng(3), "A", 4_096 * 3);
    const bytes = Buffer.concat(trades.map((trade) => recordOf(trade)));
    const ring = new RecordRing({ onFull: () => 0, onEvict: () => {} });
    ring.addRun(bytes, 0, trades.length, 48);
    const before = heldBy(ring);
    const saved = [ring.pack(), ring.pack(), ring.pack()];
    const blockBytes = 4_096 * 48;
    expect(saved[0]).toBeGreaterThan((blockBytes * 2) / 3);
    expect(saved[1]).toBeGreaterThan((blockBytes * 2) / 3);
    expect(saved[2]).toBe(0); // the one that is being filled
    expect(heldBy(ring)).toEqual(before);
  });
});
