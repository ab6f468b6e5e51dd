/** A long log of trades for cutting: about two a second, with bursts, equal times, identical fills and jitter. */
import { Prng } from "../../../src/lib/prng.ts";
import { BASE_MS, MarketLog } from "../market-log.ts";

const SECONDS_PER_RECORD = 0.5;

export function streamLog(records: number, seed: number): MarketLog {
  return new MarketLog(
    {
      records, fromUs: 0, toUs: records * SECONDS_PER_RECORD * 1e6 * 2, burst: 1, jitterUs: 400_000, lateUs: 5_000_000, secondUs: 0,
      hasOthers: false, isRolling: false, hasBreak: false, hasUnusable: false, hasIdenticalFills: true,
    },
    new Prng(seed, 11),
  );
}

export const LOG_START_MS = BASE_MS;

/** Order does not matter to it: how many records, how many contracts, and a number made of all their keys. */
export class Tally {
  records = 0;
  contracts = 0;
  keys = 0;

  add(key: number, size: number): void {
    this.records += 1;
    this.contracts += size;
    this.keys = (this.keys + key) >>> 0;
  }

  isSame(other: Tally): boolean {
    return this.records === other.records && this.contracts === other.contracts && this.keys === other.keys;
  }

  toString(): string {
    return `${this.records} records, ${this.contracts} contracts, keys ${this.keys}`;
  }
}

/** A number for what makes a record what it is; the same live and in a replay. */
export function keyNumber(dv: DataView, base: number): number {
  let key = 0x811c_9dc5;
  const mix = (value: number): void => {
    key = Math.imul(key ^ value, 0x0100_0193);
    key ^= key >>> 15;
  };
  mix(dv.getUint16(base + 2, true));
  for (let at = 4; at < 28; at += 4) mix(dv.getUint32(base + at, true));
  mix(dv.getUint16(base + 28, true));
  mix(dv.getUint32(base + 44, true));
  return key >>> 0;
}
