/** Whole busy sessions of trades: in bursts, a third of them further fills of one order, over two trading weeks. */
import { RecordWriter } from "../../src/dbn/record-writer.ts";
import { tradingDayOf } from "../../src/market/trading-day.ts";
import { INSTRUMENT_ID, TICK } from "./generate.ts";

/** 2025-06-01 18:00 Eastern, a Sunday. */
const FIRST_OPEN_SEC = 1_748_815_200;

/**
 * Records of version 3 back to back. Some 25 trades come in a burst of a tenth of a second, then there is a pause of
 * seconds; prices walk on the tick grid, sizes are mostly 1 and 2, orders of hundreds sweep several prices.
 */
export function sessionRecords(sessions: number, tradesEach: number): Uint8Array {
  const writer = new RecordWriter(sessions * tradesEach * 48 + 1024);
  let state = 88_172_645;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
  let ticks = 86_970;
  let day = tradingDayOf(FIRST_OPEN_SEC);
  for (let session = 0; session < sessions; session += 1) {
    let at = 0; // seconds since the open
    let buys = true;
    const latest = day.closeSec - day.openSec - 1;
    const pause = (3.1 * latest) / (0.04 * tradesEach);
    for (let trade = 0; trade < tradesEach; trade += 1) {
      const chance = next();
      const isFill = trade > 0 && next() < 0.35;
      if (isFill) {
        if (chance < 0.4) ticks += buys ? 1 : -1;
      } else {
        at = Math.min(latest, at + next() * (next() < 0.06 ? pause : 0.015));
        buys = next() < 0.5;
        if (chance < 0.3) ticks += next() < 0.5 ? 1 : -1;
      }
      const sec = day.openSec + Math.floor(at);
      const nanos = Math.floor((at % 1) * 1e9);
      writer.trade({
        publisherId: 1, instrumentId: INSTRUMENT_ID, sec, nanos, recvSec: sec, recvNanos: nanos, price: ticks * TICK,
        size: chance < 0.8 ? 1 : chance < 0.99 ? 2 : chance < 0.9995 ? 12 : 60,
        action: "T", side: chance > 0.9999 ? "N" : buys ? "B" : "A", flags: 0, depth: 0, tsInDelta: 20_000, sequence: trade,
      });
    }
    day = tradingDayOf(day.endSec);
  }
  return writer.bytes();
}
