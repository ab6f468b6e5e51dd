/** A program with an argument list: no shell, no key in its environment, an end after a time whatever it does. */
import { spawn } from "node:child_process";
import { kill } from "node:process";
import { sanitiseText } from "../../lib/sanitise.ts";
import type { System } from "../system.ts";

export interface ProgramRun {
  readonly run: readonly string[];
  readonly timeoutMs: number;
  /** Over the program's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Never handed on, wherever they come from. */
const SECRETS: readonly string[] = ["DATABENTO_API_KEY", "NQ_TUI_GATEWAY_KEY"];
/** So long after it was asked to end it is ended. */
const GRACE_MS = 1000;
const SAID_BYTES_MAX = 1000;
const SAID_MAX = 120;

function environment(system: System, own: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(system.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !SECRETS.includes(entry[0]));
  return { ...Object.fromEntries(inherited), ...own };
}

function startProblem(error: NodeJS.ErrnoException, program: string): string {
  const name = sanitiseText(program, 60);
  if (error.code === "ENOENT") return `there is no program ${name}`;
  return error.code === "EACCES" ? `${name} may not be run` : `${name} could not be started: ${error.code ?? error.message}`;
}

/** Runs it to its end. Resolves to what went wrong, null when it ended with 0. */
export function runProgram(system: System, { run, timeoutMs, env, signal }: ProgramRun): Promise<string | null> {
  const [program = "", ...args] = run;
  const { promise, resolve } = Promise.withResolvers<string | null>();
  let ending: string | null = null;
  let said = "";
  let cancel = (): void => {};
  const child = spawn(program, args, { shell: false, detached: true, stdio: ["ignore", "ignore", "pipe"], env: environment(system, env), windowsHide: true });
  /** With everything it has started. */
  const send = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) kill(-child.pid, name);
    } catch {
      child.kill(name); // its group is gone, or there are no groups here
    }
  };
  const end = (why: string): void => {
    if (ending !== null) return;
    ending = why;
    send("SIGTERM");
    cancel();
    cancel = system.clock.after(GRACE_MS, () => {
      send("SIGKILL");
      child.stderr.destroy(); // what it started may hold it open for ever
    });
  };
  const onAbort = (): void => {
    end("the program ended before it did");
    send("SIGKILL");
    child.stderr.destroy();
  };
  child.stderr.on("data", (part: Buffer) => {
    if (said.length < SAID_BYTES_MAX) said += part.toString("utf8").slice(0, SAID_BYTES_MAX);
  });
  child.stderr.on("error", () => {});
  child.once("error", (error: NodeJS.ErrnoException) => finish(startProblem(error, program)));
  child.once("close", (code, by) => {
    if (ending !== null || code === 0) return finish(ending);
    const words = sanitiseText(said.split("\n")[0] ?? "", SAID_MAX);
    finish(`ended with ${code ?? by ?? "nothing"}${words === "" ? "" : `: ${words}`}`);
  });
  const finish = (problem: string | null): void => {
    cancel();
    signal.removeEventListener("abort", onAbort);
    resolve(problem);
  };
  cancel = system.clock.after(timeoutMs, () => end(`did not end within ${timeoutMs / 1000} s`));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return promise;
}
