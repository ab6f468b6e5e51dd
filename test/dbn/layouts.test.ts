/** The table of layouts against the format's published sizes, and everything made from it against each other. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { RTYPE, type DbnVersion } from "../../src/dbn/constants.ts";
import { convertRecord, encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { fieldWidth, layoutBytes } from "../../src/dbn/layout.ts";
import { layoutOf, RECORD_KINDS } from "../../src/dbn/layouts.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { RecordWriter } from "../../src/dbn/record-writer.ts";
import { decodeRecord } from "../../src/dbn/records.ts";
import { tradeBytes } from "../helpers/dbn-bytes.ts";

const SIZES: Record<string, readonly [number, number, number]> = {
  trade: [48, 48, 48], mbp1: [80, 80, 80], mbp10: [368, 368, 368], mbo: [56, 56, 56], bbo: [80, 80, 80], cmbp1: [80, 80, 80],
  cbbo: [80, 80, 80], ohlcv: [56, 56, 56], status: [40, 40, 40], definition: [360, 400, 520], imbalance: [112, 112, 112],
  error: [80, 320, 320], symbolMapping: [80, 176, 176], system: [80, 320, 320], statistics: [64, 64, 80],
};
const VERSIONS: readonly DbnVersion[] = [1, 2, 3];

test("every record has its published size in every version", () => {
  for (const kind of RECORD_KINDS) expect(VERSIONS.map((version) => layoutBytes(layoutOf(kind, version))), kind).toEqual(SIZES[kind]);
  expect(RECORD_KINDS.length).toBe(Object.keys(SIZES).length);
});

test("fields lie side by side: no byte is named twice or left out, wide ones are aligned", () => {
  for (const kind of RECORD_KINDS) {
    for (const version of VERSIONS) {
      const layout = layoutOf(kind, version);
      let at = 16;
      for (const row of layout.toSorted((a, b) => a[1] - b[1])) {
        expect(row[1], `${kind} v${version} ${row[0]}`).toBe(at);
        if (typeof row[3] !== "string") expect(row[1] % fieldWidth(row)).toBe(0);
        at += fieldWidth(row);
      }
    }
  }
});

test("random records survive encode and decode in every version, with and without ts_out", () => {
  const anyRecord = fc.constantFrom(...RECORD_KINDS).chain((kind) => fc.constantFrom(...VERSIONS).chain((version) => {
    const fields = layoutOf(kind, version).filter((row) => row[2] !== "reserved").map((row) => {
      const value: fc.Arbitrary<unknown> =
        row[2] === "char" ? fc.constantFrom("A", "B", "N", "")
        : row[2] === "cstr" ? fc.string({ unit: "grapheme-ascii", maxLength: fieldWidth(row) - 1 }).map((text) => text.replaceAll("\0", ""))
        : row[2] === "price" || row[2] === "i64" ? fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)
        : row[2] === "u64" || row[2] === "time" ? fc.bigInt(0n, 2n ** 64n - 1n)
        : row[2] === "u8" ? fc.nat(255) : row[2] === "u16" ? fc.nat(65_535) : row[2] === "u32" ? fc.nat(4_294_967_295)
        : row[2] === "i8" ? fc.integer({ min: -128, max: 127 }) : row[2] === "i16" ? fc.integer({ min: -32_768, max: 32_767 })
        : fc.integer();
      return [row[0], value] as const;
    });
    return fc.tuple(fc.constant(version), fc.record({ kind: fc.constant(kind), ...Object.fromEntries(fields) }), fc.option(fc.bigInt(0n, 2n ** 64n - 1n), { nil: undefined }));
  }));
  fc.assert(fc.property(anyRecord, ([version, record, tsOut]) => {
    const bytes = encodeRecord(record as PartialRecord, version, tsOut);
    expect(bytes[0]).toBe(bytes.length / 4);
    const decoded = decodeRecord(bytes, version) as unknown as Record<string, unknown>;
    for (const [name, value] of Object.entries(record)) {
      expect(typeof decoded[name] === "bigint" ? BigInt(value as unknown as bigint) === decoded[name] : decoded[name] === value, name).toBe(true);
    }
    expect(decoded["tsOut"]).toBe(tsOut);
    expect(convertRecord(bytes, version, 3, null)[1]).toBe(bytes[1]);
  }), { numRuns: 500 });
});

test("the flyweight reads what the owned record holds", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 80, maxLength: 80 }), fc.constantFrom<[number, number]>([RTYPE.trade, 48], [RTYPE.mbp1, 80], [RTYPE.mbo, 56]), (random, [rtype, length]) => {
    const bytes = random.slice(0, length);
    bytes[0] = length / 4;
    bytes[1] = rtype;
    const view = new RecordView().point(bytes);
    const record = decodeRecord(bytes, 3);
    if (record === null) throw new Error("known type");
    const units = (price: bigint): number => (price >= 2n ** 53n || price < -(2n ** 53n) ? Number.NaN : Number(price));
    const time = (hi: number, lo: number): bigint => (BigInt(hi) << 32n) + BigInt(lo);
    expect(view.lengthBytes).toBe(length);
    expect(view.tsEvent).toBe(record.tsEvent);
    expect(time(view.tsEventHi, view.tsEventLo)).toBe(record.tsEvent);
    expect([view.publisherId, view.instrumentId]).toEqual([record.publisherId, record.instrumentId]);
    if (record.kind === "mbo") {
      expect([view.orderId, view.mboPrice, view.mboSize, view.mboFlags, view.mboChannelId, view.mboTsInDelta, view.mboSequence]).toEqual(
        [record.orderId, units(record.price), record.size, record.flags, record.channelId, record.tsInDelta, record.sequence]);
      expect(time(view.indexHi, view.indexLo)).toBe(record.tsRecv);
      expect(time(view.mboTsRecvHi, view.mboTsRecvLo)).toBe(record.tsRecv);
      expect(String.fromCharCode(view.mboAction).replace("\0", "")).toBe(record.action);
    } else if (record.kind === "trade" || record.kind === "mbp1") {
      expect([view.price, view.size, view.flags, view.depth, view.tsInDelta, view.sequence]).toEqual(
        [units(record.price), record.size, record.flags, record.depth, record.tsInDelta, record.sequence]);
      expect(time(view.tsRecvHi, view.tsRecvLo)).toBe(record.tsRecv);
      expect(time(view.indexHi, view.indexLo)).toBe(record.tsRecv);
      expect(String.fromCharCode(view.side).replace("\0", "")).toBe(record.side);
      if (record.kind === "mbp1") {
        expect([view.bidPx, view.askPx, view.bidSz, view.askSz, view.bidCt, view.askCt]).toEqual(
          [units(record.bidPx00), units(record.askPx00), record.bidSz00, record.askSz00, record.bidCt00, record.askCt00]);
      }
    }
  }), { numRuns: 1000 });
});

test("the writer makes the bytes made by hand, for any time and price", () => {
  const instants = fc.bigInt(0n, 2n ** 63n - 1n);
  fc.assert(fc.property(instants, instants, fc.bigInt(-(2n ** 53n) + 1n, 2n ** 53n - 1n), (tsEvent, tsRecv, price) => {
    const writer = new RecordWriter(16);
    writer.trade({
      publisherId: 1, instrumentId: 42, sec: Number(tsEvent / 1_000_000_000n), nanos: Number(tsEvent % 1_000_000_000n),
      recvSec: Number(tsRecv / 1_000_000_000n), recvNanos: Number(tsRecv % 1_000_000_000n), price: Number(price), size: 3,
      action: "T", side: "B", flags: 0, depth: 0, tsInDelta: 12_345, sequence: 7,
    });
    expect(new Uint8Array(writer.bytes())).toEqual(tradeBytes({ tsEvent, tsRecv, price }));
  }));
});

test("a text or number that does not fit is refused, never cut or wrapped", () => {
  expect(() => encodeRecord({ kind: "symbolMapping", stypeInSymbol: "X".repeat(71) }, 3)).toThrow(/takes 70 characters/);
  expect(() => encodeRecord({ kind: "symbolMapping", stypeInSymbol: "X".repeat(22) }, 1)).toThrow(/takes 21 characters/);
  expect(() => encodeRecord({ kind: "trade", size: 2 ** 32 }, 3)).toThrow(/whole numbers/);
  expect(() => encodeRecord({ kind: "trade", size: 1.5 }, 3)).toThrow(/whole numbers/);
  expect(() => encodeRecord({ kind: "trade", price: 2n ** 63n }, 3)).toThrow(/64-bit/);
});
