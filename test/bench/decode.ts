/** Decode and fold of ten million trades, beside a bare walk over the same bytes' lengths in the same run. */
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { NanosSplitter } from "../../src/lib/time.ts";
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

/** Last, high, low, average price, volume by hour, large trades: what a screen's figures need. */
function decodeAndFold(head: Uint8Array, bytes: Uint8Array): number {
  const decoder = createDbnDecoder();
  const splitter = new NanosSplitter();
  const hours = new Float64Array(24);
  let last = 0;
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let offset = 0;
  let volume = 0;
  let large = 0;
  let first = 0;
  const fold = (view: { price: number; size: number; tsEventHi: number; tsEventLo: number }): void => {
    const ticks = view.price / 250_000_000;
    const { size } = view;
    if (first === 0) first = ticks;
    last = ticks;
    if (ticks > high) high = ticks;
    if (ticks < low) low = ticks;
    offset += (ticks - first) * size;
    volume += size;
    splitter.split(view.tsEventHi, view.tsEventLo);
    hours[Math.floor(splitter.sec / 3600) % 24]! += size;
    if (size >= 25) large += 1;
  };
  decoder.push(head, fold);
  for (let from = 0; from < bytes.length; from += CHUNK) decoder.push(bytes.subarray(from, from + CHUNK), fold);
  decoder.end();
  if (decoder.records !== COUNT || !(low < high) || last === 0 || large === 0 || offset === 0) throw new Error("the fold is wrong");
  return volume;
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
    stores.push(timed(() => decodeIntoStore(head, bytes)));
  }
  const [walkPerSecond, foldPerSecond, storePerSecond] = [median(walks), median(folds), median(stores)];
  return { walkPerSecond, foldPerSecond, storePerSecond, ratio: foldPerSecond / walkPerSecond };
}
