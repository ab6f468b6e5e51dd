/** The built program as a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../dist/bin.js", import.meta.url));

/** Path of the built program. */
export function programPath(): string {
  return BIN;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly finished: Promise<Finished>;
  /** Resolves with everything printed so far, there, once it matches. */
  readonly until: (pattern: RegExp, where?: "stdout" | "stderr") => Promise<string>;
}

/** Whoever runs the tests may have settings of their own. */
export const NO_SETTINGS = { XDG_CONFIG_HOME: "/nonexistent/config", XDG_CACHE_HOME: "/dev/null/cache" } as const;

/** What a failed test left running must not outlive the tests. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts `nq-tui ARGS`; without a key in the environment unless one is given. */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const inherited = { ...process.env };
  delete inherited["DATABENTO_API_KEY"];
  delete inherited["NQ_TUI_GATEWAY_KEY"];
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...inherited, ...NO_SETTINGS, ...env } });
  running.add(child);
  child.once("close", () => running.delete(child));
  let stdout = "";
  let stderr = "";
  const waiting = new Set<() => void>();
  child.stdout.on("data", (part: Buffer) => {
    stdout += part.toString();
    for (const check of waiting) check();
  });
  child.stderr.on("data", (part: Buffer) => {
    stderr += part.toString();
    for (const check of waiting) check();
  });
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const until = (pattern: RegExp, where: "stdout" | "stderr" = "stdout"): Promise<string> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const printed = where === "stdout" ? stdout : stderr;
        if (!pattern.test(printed)) return;
        waiting.delete(check);
        resolve(printed);
      };
      waiting.add(check);
      void finished.then((end) => reject(new Error(`the program ended first: ${JSON.stringify(end)}`)));
      check();
    });
  return { child, finished, until };
}

/** Runs to the end. */
export function runProgram(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const running = startProgram(args, env);
  running.child.stdin.end();
  return running.finished;
}
