/** Trades shaped like a busy session, made once and used by every measurement. */
import { liveMetadata, encodeMetadata } from "../../src/dbn/metadata.ts";
import { RecordWriter } from "../../src/dbn/record-writer.ts";

export const INSTRUMENT_ID = 42_005_804;
export const TICK = 250_000_000;
/** 2025-06-13 09:30:00 Eastern. */
export const OPEN_SEC = 1_749_821_400;

export interface TradeShape {
  readonly count: number;
  readonly perSecond: number;
  /** A quote after each trade. */
  readonly withQuotes?: boolean;
  /** Spread over this many seconds from 18:00 instead of at a fixed pace. */
  readonly overSeconds?: number;
  readonly startSec?: number;
}

/** Records of version 3 back to back: a price walk on the tick grid, sizes mostly 1 and 2, some of hundreds. */
export function tradeRecords(shape: TradeShape): Uint8Array {
  const writer = new RecordWriter(shape.count * (shape.withQuotes === true ? 128 : 48) + 1024);
  let state = 88_172_645;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
  let ticks = 86_970;
  const step = shape.overSeconds === undefined ? 1 / shape.perSecond : shape.overSeconds / shape.count;
  for (let i = 0; i < shape.count; i += 1) {
    const at = (shape.startSec ?? OPEN_SEC) + i * step;
    const sec = Math.floor(at);
    const nanos = Math.floor((at - sec) * 1e9);
    const chance = next();
    if (chance < 0.3) ticks += next() < 0.5 ? 1 : -1;
    const buys = next() < 0.5;
    const base = {
      publisherId: 1, instrumentId: INSTRUMENT_ID, sec, nanos, recvSec: sec, recvNanos: nanos, price: ticks * TICK,
      size: chance < 0.8 ? 1 : chance < 0.99 ? 2 : chance < 0.9995 ? 12 : 60,
      action: "T", side: buys ? "B" : "A", flags: 0, depth: 0, tsInDelta: 20_000, sequence: i,
    };
    writer.trade(base);
    if (shape.withQuotes === true) {
      writer.mbp1({
        ...base, action: "A", bidPx: (ticks - (buys ? 1 : 0)) * TICK, askPx: (ticks + (buys ? 0 : 1)) * TICK,
        bidSz: 1 + Math.floor(next() * 4), askSz: 1 + Math.floor(next() * 4), bidCt: 1, askCt: 1,
      });
    }
  }
  return writer.bytes();
}

/** Metadata for a file of these trades, naming the contract. */
export function header(): Uint8Array {
  return encodeMetadata({
    ...liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: BigInt(OPEN_SEC) * 1_000_000_000n, tsOut: false }),
    stypeIn: 1,
    symbols: ["NQM5"],
    mappings: [{ rawSymbol: "NQM5", intervals: [{ startDate: 20250612, endDate: 20250614, symbol: String(INSTRUMENT_ID) }] }],
  });
}
