/** Ten million trades decoded, folded and counted, beside a bare walk over the same bytes' lengths in the same run. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { DecodeJob, Way } from "./decode-worker.ts";
import { median } from "./median.ts";
import { sessionRecords } from "./sessions.ts";

const SESSIONS = 10;
const TRADES_EACH = 1_000_000;
const COUNT = SESSIONS * TRADES_EACH;
/** The first rounds are the compiler's. */
const WARM_UP_ROUNDS = 2;
const ROUNDS = 7;
const WAYS: readonly Way[] = ["walk", "bare", "values", "fold", "store", "storeEach"];

/** Trades per second of each way. */
export type DecodeResult = Readonly<Record<Way, number>>;

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

async function round(worker: Worker): Promise<number> {
  worker.postMessage(null);
  const [seconds] = (await once(worker, "message")) as [number];
  return seconds;
}

/** Medians of rounds taken in turns, so that a slow moment of the machine is everybody's. */
export async function measureDecode(): Promise<DecodeResult> {
  const records = shared(sessionRecords(SESSIONS, TRADES_EACH));
  const workers = WAYS.map((way) => {
    const workerData: DecodeJob = { way, records, count: COUNT };
    return { way, worker: new Worker(new URL("decode-worker.ts", import.meta.url), { workerData }), seconds: [] as number[] };
  });
  for (let turn = 0; turn < WARM_UP_ROUNDS + ROUNDS; turn += 1) {
    for (const { worker, seconds } of workers) {
      const took = await round(worker);
      if (turn >= WARM_UP_ROUNDS) seconds.push(took);
    }
  }
  await Promise.all(workers.map(({ worker }) => worker.terminate()));
  return Object.fromEntries(workers.map(({ way, seconds }) => [way, COUNT / median(seconds)])) as DecodeResult;
}
