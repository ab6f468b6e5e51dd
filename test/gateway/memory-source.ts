/** A small market in memory: records given by hand, served in order of index time. */
import type { PartialRecord } from "../../src/dbn/encode.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { compareTime, fromNanos, type UnixTime } from "../../src/lib/time.ts";
import type { GatewaySource, SourceInstrument } from "../../src/gateway/source.ts";

/** 2025-06-13 13:30:00 UTC. */
export const START_NANOS = 1_749_821_400_000_000_000n;
export const MS = 1_000_000n;

export const NQ: SourceInstrument = {
  instrumentId: 42_001, rawSymbol: "NQU5", parents: ["NQ.FUT"], continuous: ["NQ.v.0", "NQ.c.1", "NQ.n.0"],
};
export const NQ_NEXT: SourceInstrument = { instrumentId: 42_002, rawSymbol: "NQZ5", parents: ["NQ.FUT"], continuous: ["NQ.v.1"] };
export const ES: SourceInstrument = { instrumentId: 17, rawSymbol: "ESU5", parents: ["ES.FUT"], continuous: ["ES.v.0"] };

/** A trade `ms` market milliseconds after the start. */
export function tradeAt(ms: number, over: { id?: number; sequence?: number; size?: number; price?: bigint } = {}): PartialRecord {
  const at = START_NANOS + BigInt(Math.round(ms * 1e6));
  return {
    kind: "trade", publisherId: 1, instrumentId: over.id ?? NQ.instrumentId, tsEvent: at - 1000n, tsRecv: at, action: "T", side: "B",
    price: over.price ?? 21_742_250_000_000n, size: over.size ?? 1, sequence: over.sequence ?? 0,
  };
}

/** A quote `ms` market milliseconds after the start; action `T` makes it a trade in a book record. */
export function quoteAt(ms: number, over: { id?: number; sequence?: number; size?: number; action?: string } = {}): PartialRecord {
  const at = START_NANOS + BigInt(Math.round(ms * 1e6));
  return {
    kind: "mbp1", publisherId: 1, instrumentId: over.id ?? NQ.instrumentId, tsEvent: at - 1000n, tsRecv: at, action: over.action ?? "A",
    side: "A", price: 21_742_500_000_000n, size: over.size ?? 2, sequence: over.sequence ?? 0,
    bidPx00: 21_742_250_000_000n, askPx00: 21_742_500_000_000n, bidSz00: 3, askSz00: 4, bidCt00: 1, askCt00: 2,
  };
}

export interface MemorySourceOptions {
  readonly records: readonly PartialRecord[];
  readonly schemas?: readonly string[];
  readonly instruments?: readonly SourceInstrument[];
  /** Market milliseconds after the start at which the clock begins. */
  readonly startMs?: number;
  /** Records per batch. */
  readonly batch?: number;
}

export interface MemorySource extends GatewaySource {
  /** Readers opened and closed so far. */
  readonly opened: number;
  readonly closed: number;
}

export function memorySource(options: MemorySourceOptions): MemorySource {
  const view = new RecordView();
  const records = options.records.map((record) => {
    const bytes = encodeRecord(record, 3);
    view.point(bytes);
    return { bytes, at: fromNanos((BigInt(view.indexHi) << 32n) + BigInt(view.indexLo)) };
  });
  const count = { opened: 0, closed: 0 };
  const startAt = fromNanos(START_NANOS + BigInt(options.startMs ?? 0) * MS);
  return {
    dataset: "GLBX.MDP3",
    mode: "replay",
    instruments: options.instruments ?? [NQ, NQ_NEXT, ES],
    schemas: options.schemas ?? ["trades", "mbp-1"],
    firstAt: records[0]?.at ?? startAt,
    startAt,
    get opened() {
      return count.opened;
    },
    get closed() {
      return count.closed;
    },
    open() {
      count.opened += 1;
      let next = 0;
      return {
        read(until: UnixTime) {
          const from = next;
          while (next < records.length && next - from < (options.batch ?? 1000)) {
            const record = records[next];
            if (record === undefined || compareTime(record.at, until) > 0) break;
            next += 1;
          }
          if (next > from) {
            return Promise.resolve({ bytes: Buffer.concat(records.slice(from, next).map(({ bytes }) => bytes)), records: next - from });
          }
          return Promise.resolve(next === records.length ? "end" : null);
        },
        get nextAt() {
          return records[next]?.at ?? null;
        },
        close() {
          count.closed += 1;
          return Promise.resolve();
        },
      };
    },
  };
}
