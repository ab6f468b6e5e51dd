/**
 * `npm run prove -- --cuts N --seeds N --fuzz N --minutes M`: the proofs at length, on all cores, with what was really run
 * as a table; `--readme` puts it into the README. Without numbers a few minutes of each. `--ledger FILE` keeps what was done,
 * so that runs add up: what is in the file is not run again, and the table is of all runs.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { Results } from "./results.ts";
import { proofTable } from "./table.ts";
import { nothingDone, tasksOf, type Done, type Group, type Task } from "./tasks.ts";
import type { WorkerMessage } from "./worker.ts";

const DEFAULTS = { cuts: 96_000, seeds: 2_000, fuzz: 100_000 };
/** A worker that tells nothing for so long hangs; one that gets little of a busy machine only seems to. */
const SILENCE_MS = 600_000;
/** What one worker may hold; the decoder's own bound is far below. */
const HEAP_MB = 160;

const { values } = parseArgs({
  options: {
    cuts: { type: "string" }, seeds: { type: "string" }, from: { type: "string", default: "1" }, fuzz: { type: "string" },
    minutes: { type: "string", default: "Infinity" }, workers: { type: "string" }, readme: { type: "boolean", default: false },
    ledger: { type: "string" },
  },
});

function number(text: string | undefined, name: "cuts" | "seeds" | "fuzz"): number {
  const isAnyGiven = values.cuts !== undefined || values.seeds !== undefined || values.fuzz !== undefined;
  if (text === undefined) return isAnyGiven ? 0 : DEFAULTS[name];
  const value = Number(text.replaceAll("_", ""));
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`expected --${name} and a whole number, found ${text}`);
  return value;
}

const wanted = { cuts: number(values.cuts, "cuts"), seeds: number(values.seeds, "seeds"), firstSeed: Number(values.from), fuzz: number(values.fuzz, "fuzz") };
const results = new Results(values.ledger ?? null);
const tasks = tasksOf(wanted).filter((task) => !results.isDone(task));
const endsAt = Date.now() + Number(values.minutes) * 60_000;
const atCommit = commit();
/** Of this run: how fast it goes. */
const sums = new Map<Group, { count: number; seconds: number; failures: number }>();
const running = new Map<Worker, { task: Task; count: number; beganMs: number; toldMs: number }>();
let next = 0;

/** Seconds of work so far and yet to come, by what each group's tasks have taken. */
function secondsLeft(): number {
  let left = 0;
  for (const task of tasks.slice(next)) {
    const sum = sums.get(task.group);
    const rate = sum === undefined || sum.seconds === 0 ? 0 : sum.count / sum.seconds;
    if (rate > 0) left += (task.group === "cuts" || task.group === "connection" || task.group === "seeds" ? task.to - task.from : 50_000) / rate;
  }
  return left / Math.max(1, running.size);
}

function show(): void {
  const rates = [...sums].map(([group, { count, seconds }]) => `${group} ${count.toLocaleString("en-US")} (${Math.round(count / Math.max(1, seconds)).toLocaleString("en-US")}/s)`);
  const failures = [...sums.values()].reduce((sum, one) => sum + one.failures, 0);
  const left = Math.min(secondsLeft(), (endsAt - Date.now()) / 1000);
  process.stderr.write(`${next} of ${tasks.length} tasks, ${failures} failed, about ${Math.ceil(Math.max(0, left) / 60)} min left: ${rates.join(", ")}\n`);
}

function finish(task: Task, done: Done, seconds: number, mega = 0): void {
  const sum = sums.get(task.group) ?? { count: 0, seconds: 0, failures: 0 };
  sum.count += done.count;
  sum.seconds += seconds;
  sum.failures += done.failures.length;
  sums.set(task.group, sum);
  results.add({ task, done, commit: atCommit, at: Date.now(), seconds, mega });
  for (const failure of done.failures) process.stderr.write(`FAILED ${failure}\n`);
}

function work(): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("worker.ts", import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 32 } });
    const takeNext = (): void => {
      const task = Date.now() < endsAt ? tasks[next] : undefined;
      if (task === undefined) {
        running.delete(worker);
        void worker.terminate().then(() => resolve());
        return;
      }
      next += 1;
      running.set(worker, { task, count: 0, beganMs: Date.now(), toldMs: Date.now() });
      worker.postMessage(task);
    };
    /** The task it was at is lost, and that is a failure; another worker goes on with the rest. */
    const giveUp = (why: string): void => {
      const state = running.get(worker);
      if (state === undefined) return;
      running.delete(worker);
      finish(state.task, { ...nothingDone(), failures: [`${JSON.stringify(state.task)}: ${why}`] }, (Date.now() - state.beganMs) / 1000);
      void worker.terminate().then(() => work()).then(resolve);
    };
    worker.on("message", (message: WorkerMessage) => {
      const state = running.get(worker);
      if (state === undefined) return;
      state.toldMs = Date.now();
      if (message.kind === "progress") {
        state.count = message.count;
        return;
      }
      finish(state.task, message.done, (Date.now() - state.beganMs) / 1000, message.mega);
      takeNext();
    });
    worker.on("error", (error) => giveUp(`the worker broke: ${error.message}`));
    const watch = setInterval(() => {
      const state = running.get(worker);
      if (state !== undefined && Date.now() - state.toldMs > SILENCE_MS) giveUp(`nothing for ${SILENCE_MS / 1000} s after ${state.count}`);
    }, 5_000);
    worker.on("exit", () => clearInterval(watch));
    takeNext();
  });
}

function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
    return git("rev-parse", "--short=10", "HEAD") + (git("status", "--porcelain", "src", "test/sim") === "" ? "" : " with changes");
  } catch {
    return "unknown";
  }
}

const ticker = setInterval(show, 15_000);
await Promise.all(Array.from({ length: Number(values.workers ?? availableParallelism()) }, work));
clearInterval(ticker);
show();
const text = proofTable(results.all);
process.stdout.write(`${text}\n`);
if ([...sums.values()].some(({ failures }) => failures > 0)) process.exitCode = 1;
else if (values.readme) {
  const readme = new URL("../../../README.md", import.meta.url);
  const before = readFileSync(readme, "utf8");
  writeFileSync(readme, before.replace(/(<!-- prove -->\n)[\s\S]*?(<!-- \/prove -->)/, `$1${text}\n$2`));
}
