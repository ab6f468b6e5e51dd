/** Any cutting gives the same records; damage gives one typed error after what came before it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { decodeRecord } from "../../src/dbn/records.ts";
import { NqError } from "../../src/lib/errors.ts";
import { concatBytes, liveHeaderBytes, tradeBytes } from "../helpers/dbn-bytes.ts";
import { decodeAll } from "../helpers/decode-all.ts";

const trades = [tradeBytes({ sequence: 1 }), tradeBytes({ sequence: 2, side: "A" }), tradeBytes({ sequence: 3, side: "N" })];

function unknownRecord(): Uint8Array {
  const bytes = new Uint8Array(24).fill(9);
  bytes[0] = 6;
  bytes[1] = 0x77;
  return bytes;
}

describe("cutting", () => {
  const mapping = encodeRecord({ kind: "symbolMapping", tsEvent: 5n, instrumentId: 42, stypeInSymbol: "NQ.v.0", stypeOutSymbol: "NQZ6" }, 1);
  const statistic = encodeRecord({ kind: "statistics", tsEvent: 5n, price: 21_929_000_000_000n, statType: 3, quantity: 2_147_483_647n }, 1);
  const stream = concatBytes(liveHeaderBytes(1), mapping, trades[0] ?? mapping, unknownRecord(), statistic, trades[1] ?? mapping);

  test("every split in two gives the same records", () => {
    const whole = decodeAll(stream);
    expect(whole.error).toBeNull();
    expect(whole.records.length).toBe(5);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const decoder = createDbnDecoder();
      const records: Uint8Array[] = [];
      decoder.push(stream.subarray(0, cut), (view) => records.push(view.copy()));
      decoder.push(stream.subarray(cut), (view) => records.push(view.copy()));
      decoder.end();
      expect(records).toEqual(whole.records);
    }
  });

  test("any cutting in many pieces gives the same records", () => {
    const whole = decodeAll(stream).records;
    fc.assert(fc.property(fc.array(fc.nat(stream.length), { maxLength: 30 }), (cuts) => {
      const decoder = createDbnDecoder();
      const records: Uint8Array[] = [];
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      edges.forEach((edge, i) => decoder.push(stream.subarray(edges[i - 1] ?? 0, edge), (view) => records.push(view.copy())));
      decoder.end();
      expect(records).toEqual(whole);
    }));
  });

  test("trades handed out together are the records handed out one by one, in their place", () => {
    const long = Uint8Array.from([...tradeBytes({ sequence: 9 }), ...new Uint8Array(8)]); // a ts_out behind it
    long[0] = 14;
    const pieces = [mapping, unknownRecord(), statistic, long, ...trades];
    const order = fc.array(fc.nat(pieces.length - 1), { maxLength: 25 });
    fc.assert(fc.property(order, fc.array(fc.nat(3000), { maxLength: 12 }), (picks, cuts) => {
      const bytes = concatBytes(liveHeaderBytes(1), ...picks.map((pick) => pieces[pick] ?? mapping));
      const decoder = createDbnDecoder();
      const records: Uint8Array[] = [];
      const edges = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      edges.forEach((edge, i) => decoder.push(
        bytes.subarray(edges[i - 1] ?? 0, edge),
        (view) => {
          expect(view.rtype).not.toBe(0);
          records.push(view.copy());
        },
        (view, count) => {
          const { lengthBytes } = view;
          for (let done = 0; done < count; done += 1, view.base += lengthBytes) records.push(view.copy());
        },
      ));
      expect(records).toEqual(decodeAll(bytes).records);
      expect(decoder.records).toBe(records.length);
      expect(decoder.position).toBe(bytes.length);
    }));
  });

  test("a length too small is found with its type, also where a chunk ends right after it", () => {
    const damaged = concatBytes(liveHeaderBytes(3), tradeBytes({}), Uint8Array.of(5, 0, 1, 0));
    for (let cut = 0; cut <= damaged.length; cut += 1) {
      const decoder = createDbnDecoder();
      const feed = (): void => {
        decoder.push(damaged.subarray(0, cut), () => {});
        decoder.push(damaged.subarray(cut), () => {});
      };
      expect(feed).toThrow(expect.objectContaining({ code: "DBN_RECORD", message: expect.stringContaining("at byte 176") }));
      expect(decoder.records).toBe(1);
    }
  });

  test("a text without its end is cut, not a reason to give up the stream", () => {
    const definition = encodeRecord({ kind: "definition", tsEvent: 5n, instrumentId: 42, rawSymbol: "NQM5", cfi: "FFIXSX" }, 1);
    const at = Buffer.from(definition).indexOf("FFIXSX");
    definition[at + 6] = 0x58;
    const { records, error } = decodeAll(concatBytes(liveHeaderBytes(1), definition, tradeBytes({ sequence: 8 })));
    expect(error).toBeNull();
    expect(records.length).toBe(2);
    expect(decodeRecord(records[0] ?? definition, 3)).toMatchObject({ cfi: "FFIXSX", rawSymbol: "NQM5" });
  });

  test("a reused buffer may be overwritten between pushes", () => {
    const decoder = createDbnDecoder();
    const records: Uint8Array[] = [];
    const buffer = new Uint8Array(50);
    for (let at = 0; at < stream.length; at += 50) {
      const piece = stream.subarray(at, at + 50);
      buffer.set(piece);
      decoder.push(buffer.subarray(0, piece.length), (view) => records.push(view.copy()));
      buffer.fill(0xee);
    }
    expect(records).toEqual(decodeAll(stream).records);
  });

  test("version 1 records reach the reader in the newest layout, codes inferred from text", () => {
    const heartbeat = encodeRecord({ kind: "system", tsEvent: 9n, msg: "Heartbeat" }, 1);
    expect(heartbeat.length).toBe(80);
    const [record, stat] = decodeAll(concatBytes(liveHeaderBytes(1), heartbeat, statistic)).records;
    expect(decodeRecord(record ?? heartbeat, 3)).toMatchObject({ kind: "system", msg: "Heartbeat", code: 0 });
    expect(decodeRecord(stat ?? heartbeat, 3)).toMatchObject({ quantity: 0x7fff_ffff_ffff_ffffn, price: 21_929_000_000_000n });
  });

  test("unknown record types pass through and are counted", () => {
    const { decoder, records } = decodeAll(stream);
    expect(decoder.unknownRecords).toBe(1);
    expect(records[2]).toEqual(unknownRecord());
  });

  test("ts_out and longer records are stepped over by their length", () => {
    const longer = concatBytes(tradeBytes({ sequence: 8 }), new Uint8Array(16).fill(1));
    longer[0] = 16;
    const sent = encodeRecord({ kind: "trade", tsEvent: 1n, size: 4 }, 3, 123n);
    expect(sent.length).toBe(56);
    const decoder = createDbnDecoder();
    const seen: (bigint | null | number)[] = [];
    decoder.push(concatBytes(liveHeaderBytes(3, true), sent, longer, tradeBytes({ sequence: 9 })), (view) => {
      seen.push(view.tsOut, view.sequence);
    });
    expect(seen).toEqual([123n, 0, null, 8, null, 9]);
  });
});

describe("damage", () => {
  const head = liveHeaderBytes(3);
  const bodies = concatBytes(...trades);

  test("cut at every byte: whole records, then the left-over is named", () => {
    const stream = concatBytes(head, bodies);
    for (let cut = 0; cut < stream.length; cut += 1) {
      const { records, error, decoder } = decodeAll(stream.subarray(0, cut));
      const whole = Math.max(0, Math.floor((cut - head.length) / 48));
      expect(records.length).toBe(whole);
      if (cut === 0) expect(error).toMatchObject({ code: "FILE_EMPTY" });
      else if (cut >= head.length && (cut - head.length) % 48 === 0) expect(error).toBeNull();
      else {
        expect(error).toMatchObject({ code: "FILE_TRUNCATED" });
        if (cut > head.length) expect((error as NqError).message).toContain(`at byte ${decoder.position}`);
      }
    }
  });

  test.each([0, 1, 2, 3, 4, 11])("a length of %i words is an error at its byte, what came before is kept", (words) => {
    const bad = tradeBytes({});
    bad[0] = words;
    const { records, error } = decodeAll(concatBytes(head, trades[0] ?? bad, bad, trades[1] ?? bad));
    expect(records.length).toBe(1);
    expect(error).toMatchObject({ code: "DBN_RECORD" });
    expect((error as NqError).message).toContain(`byte ${head.length + 48}`);
  });

  test.each([
    ["bad magic", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), "DBN_BAD_MAGIC"],
    ["version 0", concatBytes(Uint8Array.of(0x44, 0x42, 0x4e, 0), head.subarray(4)), "DBN_VERSION"],
    ["version 4", concatBytes(Uint8Array.of(0x44, 0x42, 0x4e, 4), head.subarray(4)), "DBN_VERSION"],
    ["a 4 GiB metadata length", concatBytes(head.subarray(0, 4), Uint8Array.of(255, 255, 255, 255)), "DBN_METADATA"],
    ["a metadata length of 99", concatBytes(head.subarray(0, 4), Uint8Array.of(99, 0, 0, 0)), "DBN_METADATA"],
    ["a count of 4 billion symbols", (() => { const bytes = head.slice(); bytes.fill(255, 112, 116); return bytes; })(), "DBN_METADATA"],
    ["a schema definition", (() => { const bytes = head.slice(); bytes[108] = 1; return bytes; })(), "DBN_METADATA"],
  ])("%s is refused with %s", (_, bytes, code) => {
    expect(decodeAll(bytes).error).toMatchObject({ code });
  });

  test("after an error nothing more is handed out", () => {
    const decoder = createDbnDecoder();
    const bad = tradeBytes({});
    bad[0] = 0;
    expect(() => decoder.push(concatBytes(head, bad), () => {})).toThrow(NqError);
    expect(() => decoder.push(tradeBytes({}), () => {})).toThrow(NqError);
  });

  test("mutated bytes give records or a typed error, never another throw", () => {
    const stream = concatBytes(head, ...trades, encodeRecord({ kind: "definition", rawSymbol: "NQZ6" }, 3), ...trades);
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 200 }),
      (edits, pieceBytes) => {
        const bytes = stream.slice();
        for (const [at, value] of edits) bytes[at] = value;
        const { error, records } = decodeAll(bytes, {}, pieceBytes);
        expect(error === null || error instanceof NqError).toBe(true);
        for (const record of records) expect(() => decodeRecord(record, 3)).not.toThrow();
      },
    ), { numRuns: 2000 });
  });
});
