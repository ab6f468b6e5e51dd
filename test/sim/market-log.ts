/**
 * The truth of a simulation: every trade record that the exchange made, in the order in which it reached the gateway.
 * Written byte by byte here, without the product's encoder, because everything is checked against it.
 */
import type { Prng } from "../../src/lib/prng.ts";
import { CLOSE_US, OPEN_US } from "./session-plan.ts";

/** 2025-06-13 13:30:00 UTC, the moment at which simulated time begins. */
export const BASE_MS = 1_749_821_400_000;
export const BASE_NANOS: bigint = BigInt(BASE_MS) * 1_000_000n;
export const RECORD_BYTES = 48;
/** The contract on screen, and the next one. */
export const NQ_ID = 42_001;
export const NEXT_ID = 42_002;
/** Symbols as they are asked for → contracts. */
export const CONTRACTS: Readonly<Record<string, { readonly instrumentId: number; readonly rawSymbol: string }>> = {
  "NQ.v.0": { instrumentId: NQ_ID, rawSymbol: "NQM5" },
  "NQ.v.1": { instrumentId: NEXT_ID, rawSymbol: "NQU5" },
};
/** The same after the market has moved on. */
export const ROLLED: typeof CONTRACTS = {
  "NQ.v.0": { instrumentId: NEXT_ID, rawSymbol: "NQU5" },
  "NQ.v.1": { instrumentId: 42_003, rawSymbol: "NQZ5" },
};
/** Contracts by their own names. */
export const BY_NAME: typeof CONTRACTS = {
  NQM5: { instrumentId: NQ_ID, rawSymbol: "NQM5" },
  NQU5: { instrumentId: NEXT_ID, rawSymbol: "NQU5" },
};
/** Shares of the trades that are of the next contract: on most days, and when the market moves on to it. */
const OTHERS_SHARE = 0.1;
const ROLLING_SHARE = 0.5;
/** A trade of the last moment arrives up to this much after the close. */
const LATE_CLOSE_US = 5_000_000;
const UNDEF_PRICE = 0x7fff_ffff_ffff_ffffn;
const TICK = 250_000_000n;
/** Of one minute. */
export const MINUTE_NANOS = 60_000_000_000n;

/** What a market is like. */
export interface MarketPlan {
  readonly records: number;
  /** Simulated time over which they come; the first may lie before 0. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Latest records come in bursts of this many at once. */
  readonly burst: number;
  /** ts_event may go backwards by up to this much. */
  readonly jitterUs: number;
  /** One in a hundred records comes this late at most. */
  readonly lateUs: number;
  /** A second publisher, whose records come up to this late; 0: there is none. */
  readonly secondUs: number;
  readonly hasOthers: boolean;
  readonly isRolling: boolean;
  /** Nothing trades from the session's close to the next open. */
  readonly hasBreak: boolean;
  readonly hasUnusable: boolean;
  /** Fills of one event are often equal in every field. */
  readonly hasIdenticalFills: boolean;
}

/** Key of a record: the fields that are the same live and in a replay, on whichever host. */
export function keyOf(bytes: Uint8Array, base: number): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("latin1", base + 2, base + 30) + buffer.toString("latin1", base + 44, base + 48);
}

export class MarketLog {
  readonly count: number;
  /** When each record reaches the gateway; never falls. */
  readonly arrivalUs: Float64Array;
  readonly tsEvent: BigUint64Array;
  /** Records back to back, ts_recv as the first host stamps it. */
  readonly bytes: Uint8Array;
  readonly keys: readonly string[];
  /** True for a record that a store of its contract is to count. */
  readonly isUsable: readonly boolean[];
  readonly sizes: Uint32Array;
  readonly instruments: Uint32Array;
  /** Contracts of the contract on screen by minute since 1970, as the exchange's own bars have them. */
  readonly minuteVolumes: ReadonlyMap<number, number>;

  constructor(plan: MarketPlan, random: Prng) {
    this.count = plan.records;
    this.arrivalUs = new Float64Array(plan.records);
    this.tsEvent = new BigUint64Array(plan.records);
    this.sizes = new Uint32Array(plan.records);
    this.instruments = new Uint32Array(plan.records);
    this.bytes = new Uint8Array(plan.records * RECORD_BYTES);
    const dv = new DataView(this.bytes.buffer);
    const usable: boolean[] = [];
    const meanUs = (plan.toUs - plan.fromUs) / Math.max(1, plan.records);
    let arrivalUs = plan.fromUs;
    let sequence = 1_000;
    let ticks = 86_970;
    let fill = { tsEvent: 0n, ticks: 0, size: 1, side: 66, sequence: 0, publisher: 1, instrument: NQ_ID, left: 0 };
    let burstLeft = 0;
    for (let n = 0; n < plan.records; n += 1) {
      const isNew = fill.left <= 0;
      if (isNew) {
        if (burstLeft > 0) burstLeft -= 1;
        else {
          arrivalUs = Math.min(plan.toUs, arrivalUs + Math.floor(random.exponential(meanUs * plan.burst)));
          burstLeft = plan.burst > 1 ? random.int(0, plan.burst * 2) : 0;
        }
        if (plan.hasBreak && arrivalUs > CLOSE_US + LATE_CLOSE_US && arrivalUs < OPEN_US) arrivalUs = OPEN_US + random.int(1_000, 2_000_000);
        ticks += random.int(-2, 2);
        sequence += random.int(1, 3);
        const isSecond = plan.secondUs > 0 && random.chance(0.4);
        let lateUs = random.int(100, 100_000);
        if (plan.jitterUs > 0) lateUs += random.int(0, plan.jitterUs);
        if (plan.lateUs > 0 && random.chance(0.01)) lateUs += random.int(0, plan.lateUs);
        if (isSecond) lateUs += random.int(0, plan.secondUs);
        fill = {
          tsEvent: BASE_NANOS + BigInt(tradedAt(plan, arrivalUs, lateUs)) * 1_000n + BigInt(random.int(0, 999)),
          ticks,
          size: random.int(1, 5),
          side: [66, 65, 66, 65, 78][random.int(0, 4)] ?? 66,
          sequence,
          publisher: isSecond ? 2 : 1,
          instrument: plan.hasOthers && random.chance(plan.isRolling ? ROLLING_SHARE : OTHERS_SHARE) ? NEXT_ID : NQ_ID,
          left: random.chance(0.4) ? random.int(1, 6) : 1,
        };
      } else if (!plan.hasIdenticalFills || random.chance(0.3)) {
        fill.size = random.int(1, 5);
        if (random.chance(0.5)) fill.ticks += fill.side === 66 ? 1 : -1;
      }
      fill.left -= 1;
      this.#write(dv, n, fill, arrivalUs);
      usable.push(fill.instrument !== NQ_ID || !(plan.hasUnusable && random.chance(0.03) && spoil(dv, n * RECORD_BYTES, random)));
      this.sizes[n] = dv.getUint32(n * RECORD_BYTES + 24, true);
      this.instruments[n] = fill.instrument;
    }
    this.isUsable = usable;
    this.keys = Array.from({ length: plan.records }, (_, n) => keyOf(this.bytes, n * RECORD_BYTES));
    const volumes = new Map<number, number>();
    for (let n = 0; n < plan.records; n += 1) {
      if (usable[n] !== true || this.instruments[n] !== NQ_ID) continue;
      const minute = Number((this.tsEvent[n] ?? 0n) / MINUTE_NANOS);
      volumes.set(minute, (volumes.get(minute) ?? 0) + (this.sizes[n] ?? 0));
    }
    this.minuteVolumes = volumes;
  }

  /** Records that have reached the gateway by then: those before the result. */
  arrivedBy(us: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.arrivalUs[middle] ?? 0) <= us) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #write(dv: DataView, n: number, fill: { tsEvent: bigint; ticks: number; size: number; side: number; sequence: number; publisher: number; instrument: number }, arrivalUs: number): void {
    const at = n * RECORD_BYTES;
    this.arrivalUs[n] = arrivalUs;
    this.tsEvent[n] = fill.tsEvent;
    dv.setUint8(at, RECORD_BYTES / 4);
    dv.setUint8(at + 1, 0);
    dv.setUint16(at + 2, fill.publisher, true);
    dv.setUint32(at + 4, fill.instrument, true);
    dv.setBigUint64(at + 8, fill.tsEvent, true);
    dv.setBigInt64(at + 16, BigInt(fill.ticks) * TICK, true);
    dv.setUint32(at + 24, fill.size, true);
    dv.setUint8(at + 28, 84);
    dv.setUint8(at + 29, fill.side);
    dv.setUint8(at + 30, 128);
    dv.setBigUint64(at + 32, BASE_NANOS + BigInt(Math.floor(arrivalUs)) * 1_000n, true);
    dv.setInt32(at + 40, 12_000, true);
    dv.setUint32(at + 44, fill.sequence, true);
  }
}

/** When a record that arrives then was traded: before it, and while its session was open. */
function tradedAt({ hasBreak }: MarketPlan, arrivalUs: number, lateUs: number): number {
  const us = Math.floor(arrivalUs) - lateUs;
  if (!hasBreak) return us;
  return arrivalUs >= OPEN_US ? Math.max(us, OPEN_US) : Math.min(us, CLOSE_US - 1);
}

/** Makes a record one that no total may hold. */
function spoil(dv: DataView, at: number, random: Prng): true {
  const kind = random.int(0, 2);
  if (kind === 0) dv.setBigInt64(at + 16, UNDEF_PRICE, true);
  else if (kind === 1) dv.setUint32(at + 24, 0, true);
  else dv.setBigInt64(at + 16, dv.getBigInt64(at + 16, true) + 1n, true);
  return true;
}
