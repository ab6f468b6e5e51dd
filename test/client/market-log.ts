/** A gateway's log of trades as a test makes it up, and the plainest possible accounting to compare with. */
import { encodeRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import type { Prng } from "../../src/lib/prng.ts";

/** One trade of the log; times in nanoseconds since `LOG_START`. */
export interface LogTrade {
  readonly publisherId: number;
  readonly instrumentId: number;
  readonly event: number;
  readonly recv: number;
  readonly sequence: number;
  readonly price: number;
  readonly size: number;
  readonly side: "B" | "A" | "N";
}

export const LOG_START = 1_790_000_000_000_000_000n;
const MS = 1_000_000;
const TICK = 250_000_000n;

/** How a log can be nasty; one letter each. */
export const REGIMES = {
  A: { title: "one publisher, ts_event never goes back" },
  B: { title: "ts_event jitters" },
  C: { title: "two publishers, in another order when replayed" },
  D: { title: "late prints" },
  E: { title: "another host: other ts_recv, ts_in_delta and flags when replayed" },
} as const;

export type Regime = keyof typeof REGIMES;

/** Largest lateness of regime D, and of all others. */
export const LATE_NS = { D: 40_000 * MS, other: 200 * MS } as const;

/** A log in order of arrival: fills in groups of one ts_event and sequence, some of them identical in every field. */
export function makeLog(prng: Prng, regime: Regime, count: number): LogTrade[] {
  const trades: LogTrade[] = [];
  let now = 0;
  let sequence = 1;
  while (trades.length < count) {
    now += Math.floor(prng.exponential(300 * MS));
    const publisherId = regime === "C" ? prng.int(1, 2) : 1;
    const jitter = regime === "A" ? 0 : regime === "D" && prng.chance(0.05) ? prng.int(0, LATE_NS.D) : prng.int(0, LATE_NS.other);
    const event = Math.max(0, now - jitter);
    sequence += prng.int(0, 1);
    const fills = prng.chance(0.3) ? prng.int(2, 4) : 1;
    for (let fill = 0; fill < fills && trades.length < count; fill += 1) {
      const isSame = fill > 0 && prng.chance(0.5);
      const before = trades.at(-1);
      if (isSame && before !== undefined) trades.push(before);
      else {
        trades.push({
          publisherId, instrumentId: 42, event, recv: now + 50_000, sequence, price: 84_000 + prng.int(-2, 2), size: prng.int(1, 3),
          side: prng.chance(0.5) ? "B" : "A",
        });
      }
    }
  }
  return trades;
}

/** The log as another session's replay sends it: what may differ, differs. */
export function replayed(log: readonly LogTrade[], regime: Regime, prng: Prng): { trade: LogTrade; flags: number; inDelta: number }[] {
  const shift = regime === "E" ? prng.int(1, 900_000) : 0;
  const flags = regime === "E" ? 0x80 : 0;
  const entries = log.map((trade, at) => ({ at, trade: { ...trade, recv: trade.recv + shift }, flags, inDelta: shift >> 4 }));
  if (regime !== "C") return entries;
  // Each publisher keeps its own order; how they are merged differs by up to a few records.
  const delay = [0, prng.int(0, 4), prng.int(0, 4)];
  return entries.toSorted((a, b) => a.at + (delay[a.trade.publisherId] ?? 0) - (b.at + (delay[b.trade.publisherId] ?? 0)) || a.at - b.at);
}

/** A trade's record of version 3, its time shifted by nothing. */
export function recordOf(trade: LogTrade, extra: { flags?: number; inDelta?: number; tsOut?: bigint | undefined } = {}): Uint8Array {
  return encodeRecord({
    kind: "trade", publisherId: trade.publisherId, instrumentId: trade.instrumentId, tsEvent: LOG_START + BigInt(trade.event),
    tsRecv: LOG_START + BigInt(trade.recv), sequence: trade.sequence, price: BigInt(trade.price) * TICK, size: trade.size, action: "T",
    side: trade.side, flags: extra.flags ?? 0, tsInDelta: extra.inDelta ?? 0,
  }, 3, extra.tsOut);
}

export function viewOf(bytes: Uint8Array): RecordView {
  return new RecordView().point(bytes);
}

/** The identity of a trade as text. */
export function keyOf(trade: LogTrade): string {
  const { publisherId, instrumentId, event, sequence, price, size, side } = trade;
  return [publisherId, instrumentId, event, sequence, price, size, side].join("/");
}

/** How often each identity occurs. */
export function countsOf(trades: readonly LogTrade[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const trade of trades) counts.set(keyOf(trade), (counts.get(keyOf(trade)) ?? 0) + 1);
  return counts;
}

/** The rule itself, with maps of texts, never forgetting anything. */
export class NaiveLedger {
  readonly counted = new Map<string, number>();
  #before = new Map<string, number>();
  #seen = new Map<string, number>();

  beginSession(): void {
    this.#before = new Map(this.counted);
    this.#seen = new Map();
  }

  admit(trade: LogTrade): boolean {
    const key = keyOf(trade);
    const seen = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, seen);
    if (seen <= (this.#before.get(key) ?? 0)) return false;
    this.counted.set(key, (this.counted.get(key) ?? 0) + 1);
    return true;
  }

  /** Of the identities counted before this session from `from` on: how many did not come again. */
  missing(from: number): number {
    let missing = 0;
    for (const [key, count] of this.#before) {
      if (Number(key.split("/")[2]) >= from) missing += Math.max(0, count - (this.#seen.get(key) ?? 0));
    }
    return missing;
  }
}
