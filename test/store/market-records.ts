/** Records of a small market, as bytes and as applied to a store. */
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { NO_STATS, type LinkPhase, type LinkState } from "../../src/lsg/link-state.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { createTradeStore, type TradeStore, type TradeStoreOptions } from "../../src/store/store.ts";

/** Friday 2025-06-13; it opened on Thursday at 18:00 Eastern. */
export const DAY = tradingDayOf(Date.parse("2025-06-13T10:00:00-04:00") / 1000);
export const MONDAY = tradingDayOf(DAY.endSec);
export const NQ = 42;
const TICK = 250_000_000n;

function ns(sec: number, nanos = 0): bigint {
  return BigInt(sec) * 1_000_000_000n + BigInt(nanos);
}

export interface TradeOptions {
  readonly sec?: number;
  readonly nanos?: number;
  readonly ticks?: number;
  readonly price?: bigint;
  readonly size?: number;
  readonly side?: string;
  readonly instrumentId?: number;
  readonly sequence?: number;
}

export function trade(options: TradeOptions = {}): PartialRecord {
  const { sec = DAY.openSec, nanos = 0, ticks = 86_970, size = 1, side = "B", instrumentId = NQ } = options;
  return {
    kind: "trade", instrumentId, tsEvent: ns(sec, nanos), tsRecv: ns(sec, nanos), size, side, action: "T",
    price: options.price ?? BigInt(ticks) * TICK, sequence: options.sequence ?? 0,
  };
}

/** An mbp-1 record; `action` T is the quote after a trade. */
export function quote(sec: number, bidTicks: number | null, askTicks: number | null, action = "A"): PartialRecord {
  const px = (ticks: number | null): bigint => (ticks === null ? 2n ** 63n - 1n : BigInt(ticks) * TICK);
  return {
    kind: "mbp1", instrumentId: NQ, tsEvent: ns(sec), tsRecv: ns(sec, 5), action, side: "B", size: 3, price: px(bidTicks),
    bidPx00: px(bidTicks), askPx00: px(askTicks), bidSz00: 7, askSz00: 8,
  };
}

/** A one-minute bar that begins at `sec`. */
export function bar(sec: number, volume: number, instrumentId = NQ): PartialRecord {
  return { kind: "ohlcv", rtype: 0x21, instrumentId, tsEvent: ns(sec), open: TICK, high: TICK, low: TICK, close: TICK, volume: BigInt(volume) };
}

export function mapping(instrumentId = NQ, stypeOutSymbol = "NQM5", stypeInSymbol = "NQ.v.0"): PartialRecord {
  return { kind: "symbolMapping", instrumentId, stypeIn: 3, stypeInSymbol, stypeOut: 1, stypeOutSymbol, tsEvent: ns(DAY.openSec) };
}

export function definition(fields: Partial<Extract<PartialRecord, { kind: "definition" }>> = {}): PartialRecord {
  return {
    kind: "definition", instrumentId: NQ, rawSymbol: "NQM5", instrumentClass: "F", minPriceIncrement: TICK,
    unitOfMeasureQty: 20_000_000_000n, tsEvent: ns(DAY.openSec), ...fields,
  };
}

export function settlement(refDate: string, ticks: number | null, fields: { statFlags?: number; updateAction?: number } = {}): PartialRecord {
  return {
    kind: "statistics", instrumentId: NQ, tsEvent: ns(DAY.openSec), tsRecv: ns(DAY.openSec), statType: 3, statFlags: 3,
    tsRef: BigInt(Date.parse(refDate)) * 1_000_000n, price: ticks === null ? 2n ** 63n - 1n : BigInt(ticks) * TICK, ...fields,
  };
}

export function system(msg: string, sec = DAY.openSec): PartialRecord {
  return { kind: "system", msg, code: msg === "Heartbeat" ? 0 : 3, tsEvent: ns(sec) };
}

export function apply(store: TradeStore, ...records: readonly PartialRecord[]): void {
  const view = new RecordView();
  for (const record of records) store.applyRecord(view.point(encodeRecord(record, 3)));
}

export function newStore(options: Partial<TradeStoreOptions> = {}): TradeStore {
  return createTradeStore({ requested: "NQ.v.0", mode: "DEMO", ...options });
}

/** A store that knows its instrument, with these records. */
export function storeWith(...records: readonly PartialRecord[]): TradeStore {
  const store = newStore();
  apply(store, mapping(), ...records);
  store.commit();
  return store;
}

export function link(phase: LinkPhase): LinkState {
  return {
    phase, gateway: "127.0.0.1:1", transport: "tcp", dataset: "GLBX.MDP3", sessionId: null, gatewayVersion: null, dbnVersion: 3, reason: "",
    advice: "", attempt: 0, nextTryAtMs: null, sinceMs: 0, messages: [], stats: NO_STATS,
  };
}
