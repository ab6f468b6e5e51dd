/**
 * One way to go through the same bytes, in a thread of its own: the compiler then learns from this way alone, as it does
 * in the program. Answers every message with the processor seconds that one round took: others' work on the machine does
 * not count.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createDbnDecoder, type OnTrades } from "../../src/dbn/decoder.ts";
import type { RecordView } from "../../src/dbn/record-view.ts";
import { NanosSplitter } from "../../src/lib/time.ts";
import { ticksOf } from "../../src/market/price.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { Fold } from "./fold.ts";
import { header, INSTRUMENT_ID, TICK } from "./generate.ts";

/** What a worker is given. */
export interface DecodeJob {
  readonly way: Way;
  readonly records: SharedArrayBuffer;
  readonly count: number;
}

export type Way = "walk" | "bare" | "values" | "fold" | "store" | "storeEach";

const CHUNK = 65_536;
/** Side codes as signs. */
const SIGNS = Int8Array.from({ length: 256 }, (_, code) => (code === 66 ? 1 : code === 65 ? -1 : 0));
const job = workerData as DecodeJob;
const bytes = new Uint8Array(job.records);
const head = header();

/** The floor: follow the lengths through the same chunks, carrying over what straddles. */
function walk(): number {
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

function decode(onRecord: (view: RecordView) => void, onTrades?: OnTrades): number {
  const decoder = createDbnDecoder();
  decoder.push(head, onRecord, onTrades);
  for (let from = 0; from < bytes.length; from += CHUNK) decoder.push(bytes.subarray(from, from + CHUNK), onRecord, onTrades);
  decoder.end();
  return decoder.records;
}

/** Every field that a study needs is read as it is on the wire; what is done with it only keeps it from being left out. */
class Bare {
  price = 0;
  bits = 0;

  read(view: RecordView): void {
    this.price += view.price;
    this.bits = (this.bits ^ view.instrumentId ^ view.size ^ view.side ^ view.tsEventHi ^ view.tsEventLo ^ view.sequence) | 0;
  }
}

function bare(): number {
  const sums = new Bare();
  const records = decode((view) => sums.read(view));
  if (sums.price === 0) throw new Error("nothing was read");
  return records;
}

/** The same, but in the form a study takes: whole ticks, seconds and nanoseconds, side as a sign; damage passed by. */
class Values {
  sum = 0;
  bits = 0;
  readonly #splitter = new NanosSplitter();

  read(view: RecordView): void {
    if (view.instrumentId !== INSTRUMENT_ID) return;
    const ticks = ticksOf(view.price, TICK);
    const size = view.size;
    if (ticks === null || size === 0 || size > 100_000) return;
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    const { sec, nanos } = this.#splitter;
    this.sum += ticks;
    this.bits = (this.bits ^ sec ^ nanos ^ size ^ SIGNS[view.side]! ^ view.sequence) | 0; // 256 entries
  }
}

function values(): number {
  const sums = new Values();
  const records = decode((view) => sums.read(view));
  if (sums.sum === 0) throw new Error("nothing was read");
  return records;
}

function fold(): number {
  const figures = new Fold();
  const records = decode(() => {}, (view, count) => figures.take(view, count));
  figures.check();
  return records;
}

/** The product's own store with all studies, fed as the client feeds it, or trade by trade. */
function store(isTogether: boolean): number {
  const market = createTradeStore({
    requested: "NQM5", mode: "REPLAY", focus: { instrumentId: INSTRUMENT_ID, rawSymbol: "NQM5" },
  });
  market.beginSession(null);
  decode(market.applyRecord, isTogether ? market.applyTrades : undefined);
  market.commit();
  return market.getSnapshot().counters.trades;
}

const WAYS: Readonly<Record<Way, () => number>> = { walk, bare, values, fold, store: () => store(true), storeEach: () => store(false) };

parentPort?.on("message", () => {
  const from = process.threadCpuUsage();
  const records = WAYS[job.way]();
  const { user, system } = process.threadCpuUsage(from);
  const seconds = (user + system) / 1e6;
  if (records !== job.count) throw new Error(`${job.way} counted ${records} of ${job.count} trades`);
  parentPort?.postMessage(seconds);
});
