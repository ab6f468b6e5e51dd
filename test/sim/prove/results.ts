/**
 * What earlier runs did, kept in a file outside the repository so that runs add up: one line of JSON for each finished
 * task, with the commit it ran at. A run goes on with the tasks that are not done yet, so no task counts twice.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Done, Task } from "./tasks.ts";

/** One finished task. */
export interface Result {
  readonly task: Task;
  readonly done: Done;
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly seconds: number;
  /** Megabytes that the worker held afterwards. */
  readonly mega: number;
}

export class Results {
  readonly #path: string | null;
  /** The newest of each task, by its text. */
  readonly #newest = new Map<string, Result>();

  /** `path` null: nothing is kept. A line that was cut off by a crash is passed by, its task is done again. */
  constructor(path: string | null) {
    this.#path = path;
    if (path === null || !existsSync(path)) return;
    const text = readFileSync(path, "utf8");
    if (text !== "" && !text.endsWith("\n")) appendFileSync(path, "\n");
    for (const line of text.split("\n")) {
      if (!line.endsWith("}")) continue;
      this.#take(JSON.parse(line) as Result);
    }
  }

  get all(): readonly Result[] {
    return [...this.#newest.values()];
  }

  /** Done without a failure; one that failed is to be done again. */
  isDone(task: Task): boolean {
    return this.#newest.get(JSON.stringify(task))?.done.failures.length === 0;
  }

  add(result: Result): void {
    this.#take(result);
    if (this.#path !== null) appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
  }

  #take(result: Result): void {
    this.#newest.set(JSON.stringify(result.task), result);
  }
}
