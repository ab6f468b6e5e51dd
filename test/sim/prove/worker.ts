/** A worker of the large run: takes a task, tells how far it is, tells what came of it. */
import { parentPort } from "node:worker_threads";
import { forbidAmbient } from "../ambient.ts";
import { runTask } from "./run-task.ts";
import type { Done, Task } from "./tasks.ts";

/** What a worker tells. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly count: number }
  /** `mega`: memory outside the heap and in it, MB. */
  | { readonly kind: "done"; readonly done: Done; readonly mega: number };

// Stacks of errors that are expected cost more than what is measured.
Error.stackTraceLimit = 0;

const port = parentPort;
if (port === null) throw new Error("a worker is started by prove.ts");

const tell = (message: WorkerMessage): void => port.postMessage(message);

async function take(task: Task): Promise<void> {
  const allow = forbidAmbient();
  try {
    const done = await runTask(task, (count) => tell({ kind: "progress", count }));
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    tell({ kind: "done", done, mega: (heapUsed + external + arrayBuffers) / 1024 / 1024 });
  } finally {
    allow();
  }
}

port.on("message", (task: Task) => void take(task));
