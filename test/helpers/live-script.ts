/** What a scripted gateway sends to look like a live market of today: whatever day it is when the tests run. */
import { encodeRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { DATASET } from "../client/scripted-gateway.ts";

const SECOND = 1_000_000_000n;

/** Unix seconds: a moment ago while the market is open, else ten minutes before its last close. */
function lastOpenSec(): number {
  const now = Math.floor(Date.now() / 1000) - 5;
  const { kind, startSec } = builtInCalendar.phaseAt(now);
  return kind === "ETH" || kind === "RTH" ? now : startSec - 600;
}

export interface LiveScript {
  header(): Uint8Array;
  /** NQZ6, 42, as what `NQ.c.0` stands for. */
  mapping(): Uint8Array;
  /** A buy at 21,000.25, seconds after the beginning. */
  trade(afterSec: number, size: number): Uint8Array;
  quote(afterSec: number): Uint8Array;
  /** The replays that subscription lines ask for are over. */
  replayed(lines: readonly string[]): Uint8Array;
}

export function liveScript(): LiveScript {
  const base = BigInt(lastOpenSec()) * SECOND;
  const at = (afterSec: number): bigint => base + BigInt(Math.round(afterSec * 1000)) * 1_000_000n;
  return {
    header: () => encodeMetadata(liveMetadata({ version: 3, dataset: DATASET, start: base, tsOut: false })),
    mapping: () => encodeRecord({ kind: "symbolMapping", instrumentId: 42, tsEvent: base, stypeInSymbol: "NQ.c.0", stypeOutSymbol: "NQZ6" }, 3),
    trade: (afterSec, size) => encodeRecord({
      kind: "trade", publisherId: 1, instrumentId: 42, tsEvent: at(afterSec), tsRecv: at(afterSec), action: "T", side: "B",
      price: 21_000_250_000_000n, size, sequence: 1,
    }, 3),
    quote: (afterSec) => encodeRecord({
      kind: "mbp1", publisherId: 1, instrumentId: 42, tsEvent: at(afterSec), tsRecv: at(afterSec), action: "A", side: "B",
      price: 21_000_000_000_000n, size: 1, bidPx00: 21_000_000_000_000n, askPx00: 21_000_250_000_000n, bidSz00: 3, askSz00: 4, bidCt00: 1, askCt00: 2,
    }, 3),
    replayed(lines) {
      const schemas = lines.filter((line) => line.includes("|start=")).map((line) => /schema=([^|]+)/.exec(line)?.[1] ?? "");
      return Buffer.concat(schemas.map((schema) => encodeRecord({ kind: "system", tsEvent: base, msg: `Finished ${schema} replay`, code: 3 }, 3)));
    },
  };
}
