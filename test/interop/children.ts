/** Processes of a run: started, listened to line by line, and ended on every way out. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

const children = new Set<ChildProcess>();

function endAll(): void {
  for (const child of children) child.kill("SIGKILL");
}

process.on("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

export interface Child {
  readonly pid: number;
  /** What it has written to standard error so far, the end of it. */
  stderr(): string;
  /** Exit status; null after a signal. */
  readonly exited: Promise<number | null>;
  kill(): void;
}

const STDERR_KEPT = 4_000;

/** Our keys must not reach a child, nor change what it does. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  delete env["DATABENTO_API_KEY"];
  delete env["NQ_TUI_GATEWAY_KEY"];
  return env;
}

/** Starts a program; `onLine` gets each line of its standard output. It is killed after `limitMs`. */
export function startChild(
  command: string,
  args: readonly string[],
  limitMs: number,
  onLine: (line: string) => void,
): Child {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: cleanEnvironment() });
  children.add(child);
  let stderr = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", onLine);
  const limit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      stderr += error.message;
      clearTimeout(limit);
      children.delete(child);
      resolve(127);
    });
    child.once("close", (code) => {
      clearTimeout(limit);
      children.delete(child);
      resolve(code);
    });
  });
  return { pid: child.pid ?? 0, stderr: () => stderr, exited, kill: () => void child.kill("SIGKILL") };
}

/** Runs a program to its end; rejects with the end of its standard error unless it exits with 0. */
export async function runChild(command: string, args: readonly string[], limitMs: number): Promise<string> {
  const lines: string[] = [];
  const child = startChild(command, args, limitMs, (line) => lines.push(line));
  const code = await child.exited;
  if (code === 0) return lines.join("\n");
  const said = child.stderr().trim().split("\n").at(-1) ?? "";
  throw new Error(`${command} ended with ${code ?? "a signal"}: ${said === "" ? (lines.at(-1) ?? "") : said}`);
}
