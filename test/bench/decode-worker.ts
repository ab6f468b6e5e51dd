/**
 * One way to go through the same bytes, in a thread of its own: the compiler then learns from this way alone, as it does
 * in the program. Answers every message with the seconds that one round took.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createDbnDecoder, type OnTrades } from "../../src/dbn/decoder.ts";
import type { RecordView } from "../../src/dbn/record-view.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { Fold } from "./fold.ts";
import { header, INSTRUMENT_ID } from "./generate.ts";

/** What a worker is given. */
export interface DecodeJob {
  readonly way: Way;
  readonly records: SharedArrayBuffer;
  readonly count: number;
}

export type Way = "walk" | "bare" | "fold" | "store" | "storeEach";

const CHUNK = 65_536;
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

/** Every field that a study needs is read, and nothing is done with it but what keeps the reading from being left out. */
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

function fold(): number {
  const figures = new Fold();
  const records = decode((view) => figures.step(view));
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

const WAYS: Readonly<Record<Way, () => number>> = { walk, bare, fold, store: () => store(true), storeEach: () => store(false) };

parentPort?.on("message", () => {
  const from = performance.now();
  const records = WAYS[job.way]();
  const seconds = (performance.now() - from) / 1000;
  if (records !== job.count) throw new Error(`${job.way} counted ${records} of ${job.count} trades`);
  parentPort?.postMessage(seconds);
});
