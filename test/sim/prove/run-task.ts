/** Does one piece of the large run. A failure is kept as a sentence, and the piece goes on or ends there. */
import { cutChain } from "../cuts/chain.ts";
import { streamLog } from "../cuts/stream-log.ts";
import { CONNECTION_CASES, connectionBytes, cutConnection } from "../cuts/whole-connection.ts";
import { fuzz, inputsPerSeed, type FuzzCount } from "../fuzz/targets.ts";
import type { MarketLog } from "../market-log.ts";
import { simulate } from "../simulation.ts";
import { nothingDone, type Done, type Task } from "./tasks.ts";

/** Each seed with this many hundred is run twice, and must do the same. */
const REPEAT_EVERY = 100;
const logs = new Map<string, MarketLog>();

function logOf(records: number, seed: number): MarketLog {
  const name = `${records} ${seed}`;
  const log = logs.get(name) ?? streamLog(records, seed);
  logs.set(name, log);
  return log;
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function runSeed(seed: number, done: Done): Promise<void> {
  const result = await simulate(seed);
  done.connections += result.connections;
  done.sessions += result.sessions;
  done.simulatedSeconds += result.simulatedSeconds;
  if (seed % REPEAT_EVERY !== 0) return;
  done.repeated += 1;
  const again = await simulate(seed);
  if (again.hash !== result.hash) done.failures.push(`seed ${seed} does not run the same way twice: ${result.hash}, then ${again.hash}`);
}

/** `onCount` is called now and then, so that one sees that it goes on. */
export async function runTask(task: Task, onCount: (count: number) => void): Promise<Done> {
  const done = nothingDone();
  const count = (): void => {
    done.count += 1;
    if (done.count % 100 === 0) onCount(done.count);
  };
  try {
    if (task.group === "cuts") await cutChain(logOf(task.records, 1), task.offset, task.from, task.to, count);
    else if (task.group === "connection") {
      const log = logOf(task.records, 2);
      const one = CONNECTION_CASES[task.number];
      if (one === undefined) throw new RangeError("expected the number of a kind of connection");
      // Two more: a cut beyond the end does not strike.
      const to = Math.min(task.to, (await connectionBytes(log, one)) + 2);
      await cutConnection(log, one, task.from, Math.max(task.from, to), count);
    } else if (task.group === "seeds") {
      let next = task.from;
      // While one world waits for its compressor, the other goes on.
      const lane = async (): Promise<void> => {
        while (next < task.to) {
          const seed = next;
          next += 1;
          await runSeed(seed, done).catch((error: unknown) => done.failures.push(sentence(error)));
          count();
        }
      };
      await Promise.all([lane(), lane()]);
    } else runFuzz(task, done, onCount);
  } catch (error) {
    done.failures.push(sentence(error));
  }
  return done;
}

function runFuzz(task: Extract<Task, { group: `fuzz ${string}` }>, done: Done, onCount: (count: number) => void): void {
  const name = task.group.slice("fuzz ".length);
  const counted: FuzzCount = { inputs: 0, outcomes: new Map() };
  const step = Math.max(1, Math.floor(2_000 / inputsPerSeed(name)));
  try {
    for (let from = task.from; from < task.to; from += step) {
      fuzz(name, from, Math.min(step, task.to - from), counted);
      onCount(counted.inputs);
    }
  } finally {
    done.count = counted.inputs;
  }
}
