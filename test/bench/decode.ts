/** Decode and fold of ten million trades, beside a bare walk over the same bytes' lengths in the same run. */
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { createTradeStore } from "../../src/store/store.ts";
import type { RecordView } from "../../src/dbn/record-view.ts";
import { header, tradeRecords } from "./generate.ts";
import { median } from "./median.ts";

const COUNT = 10_000_000;
const CHUNK = 65_536;
const ROUNDS = 5;

/** The floor: follow the lengths through the same chunks, carrying over what straddles. */
function walkLengths(bytes: Uint8Array): number {
  let records = 0;
  let at = 0;
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const chunk = bytes.subarray(from, from + CHUNK);
    const end = chunk.length;
    while (at < end) {
      at += (chunk[at] ?? 0) * 4;
      records += 1;
    }
    at -= end;
  }
  return records;
}

const HOUR_NANOS = 3_600_000_000_000n;
const TWO_32 = 4_294_967_296n;

/** Last, high, low, average price, volume by hour, large trades: what a screen's figures need. All integers. */
class Fold {
  readonly hours = new Float64Array(24);
  last = 0;
  high = -0x8000_0000;
  low = 0x7fff_ffff;
  first = 0;
  offset = 0;
  volume = 0;
  large = 0;
  #hour = 0;
  /** The hour holds for this high half of ts_event, from and below these low halves. */
  #hi = -1;
  #loFrom = 0;
  #loTo = 0;

  step(view: RecordView): void {
    const ticks = (view.price / 250_000_000) | 0;
    const size = view.size | 0;
    if (this.first === 0) this.first = ticks;
    this.last = ticks;
    if (ticks > this.high) this.high = ticks;
    if (ticks < this.low) this.low = ticks;
    this.offset += (ticks - this.first) * size;
    this.volume += size;
    const lo = view.tsEventLo;
    if (view.tsEventHi !== this.#hi || lo < this.#loFrom || lo >= this.#loTo) this.#findHour(view.tsEvent);
    this.hours[this.#hour]! += size; // 0..23
    if (size >= 25) this.large += 1;
  }

  #findHour(ns: bigint): void {
    const hour = ns / HOUR_NANOS;
    const base = (ns / TWO_32) * TWO_32;
    const clamp = (at: bigint): number => Number(at < 0n ? 0n : at > TWO_32 ? TWO_32 : at);
    this.#hour = Number(hour % 24n);
    this.#hi = Number(ns / TWO_32);
    this.#loFrom = clamp(hour * HOUR_NANOS - base);
    this.#loTo = clamp((hour + 1n) * HOUR_NANOS - base);
  }
}

function decodeAndFold(head: Uint8Array, bytes: Uint8Array): number {
  const decoder = createDbnDecoder();
  const fold = new Fold();
  const take = (view: RecordView): void => fold.step(view);
  decoder.push(head, take);
  for (let from = 0; from < bytes.length; from += CHUNK) decoder.push(bytes.subarray(from, from + CHUNK), take);
  decoder.end();
  const hours = fold.hours.reduce((sum, volume) => sum + volume, 0);
  if (decoder.records !== COUNT || hours !== fold.volume || fold.high <= fold.low || fold.large === 0) throw new Error("the fold is wrong");
  return fold.volume;
}

/** The product's own store with all studies. */
function decodeIntoStore(head: Uint8Array, bytes: Uint8Array): number {
  const store = createTradeStore({ requested: "NQM5", mode: "REPLAY", focus: { instrumentId: 42_005_804, rawSymbol: "NQM5" } });
  const decoder = createDbnDecoder();
  store.beginSession(null);
  decoder.push(head, (view) => store.applyRecord(view));
  for (let from = 0; from < bytes.length; from += CHUNK) decoder.push(bytes.subarray(from, from + CHUNK), (view) => store.applyRecord(view));
  store.commit();
  const { counters } = store.getSnapshot();
  if (counters.trades !== COUNT) throw new Error(`the store counted ${counters.trades} of ${COUNT}`);
  return counters.trades;
}

export interface DecodeResult {
  readonly walkPerSecond: number;
  readonly foldPerSecond: number;
  readonly storePerSecond: number;
  /** fold over walk. */
  readonly ratio: number;
}

function timed(run: () => unknown): number {
  const from = performance.now();
  run();
  return COUNT / ((performance.now() - from) / 1000);
}

export function measureDecode(): DecodeResult {
  const bytes = tradeRecords({ count: COUNT, perSecond: 1, overSeconds: 23_000 });
  const head = header();
  const walks: number[] = [];
  const folds: number[] = [];
  const stores: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    walks.push(timed(() => walkLengths(bytes)));
    folds.push(timed(() => decodeAndFold(head, bytes)));
  }
  for (let round = 0; round < ROUNDS; round += 1) stores.push(timed(() => decodeIntoStore(head, bytes)));
  const [walkPerSecond, foldPerSecond, storePerSecond] = [median(walks), median(folds), median(stores)];
  return { walkPerSecond, foldPerSecond, storePerSecond, ratio: foldPerSecond / walkPerSecond };
}
