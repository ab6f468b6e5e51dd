/** The real clock, randomness, streams, signals and disk: the only ambient calls of the program; everything else is handed them. */
import { randomBytes } from "node:crypto";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "../lib/clock.ts";
import { realDisk, type Disk } from "../recording/disk.ts";
import { lockFolder, type FolderLock } from "../recording/lock.ts";
import type { RuntimeFigures } from "../ui/debug-row.ts";

export interface JobControl {
  /** Stops this process, and whoever runs it in the shell's job, until the shell lets them go on. */
  readonly stop: () => void;
  /** Asks the terminal for its size again: changes while this process was stopped were told to others. */
  readonly lookAtSize: () => void;
  /** Calls `run` when somebody else wants this process stopped; returns how to end that. */
  readonly onStop: (run: () => void) => () => void;
  /** Calls `run` when it goes on; returns how to end that. */
  readonly onContinue: (run: () => void) => () => void;
}

export interface System {
  readonly clock: Clock;
  /** Seconds to add to UTC for this machine's wall time at a time in milliseconds since 1970. */
  readonly localOffsetSec: (wallMs: number) => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
  /** The API key's text, read once and taken out of the environment; null when none is set. */
  readonly apiKeyText: string | null;
  /** Key that clients of our own gateway must prove; null when none is set. */
  readonly gatewayKeyText: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** HTTP; loaded when it is called first. */
  readonly fetch: typeof fetch;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** What this process costs now; the delay of the event loop is that of the time since it was asked last. */
  readonly runtime: () => RuntimeFigures;
  /** Calls `run` on SIGINT, SIGTERM and SIGHUP, and when npm, which started the program, is gone; returns how to stop. */
  readonly onStop: (run: (signal: NodeJS.Signals) => void) => () => void;
  /** Stopping and going on as a shell wants it; null where there are no such signals. */
  readonly jobControl: JobControl | null;
  /** Calls `run` with what nobody caught; returns how to stop. */
  readonly onCrash: (run: (error: unknown) => void) => () => void;
  readonly exit: (code: number) => never;
  /** Where recordings are kept. */
  readonly disk: Disk;
  /** Makes a folder if need be, and keeps other writers out of it. @throws NqError RECORD_LOCKED */
  readonly lockFolder: (folder: string) => Promise<FolderLock>;
  /** Which system this is, who this process is, and who else runs. */
  readonly process: { readonly platform: string; readonly nodeVersion: string; readonly pid: number; readonly isRunning: (pid: number) => boolean };
}

const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Timers are watched from the first question on: it costs a little. */
function createRuntime(): () => RuntimeFigures {
  let delay: ReturnType<typeof monitorEventLoopDelay> | null = null;
  return () => {
    if (delay === null) {
      delay = monitorEventLoopDelay({ resolution: LOOP_LOOK_MS });
      delay.enable();
    }
    // A timer comes its own interval late even where nothing holds it up.
    const loopDelayMs = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) / 1e6 - LOOP_LOOK_MS);
    delay.reset();
    const { heapUsed, rss } = process.memoryUsage();
    return { heapBytes: heapUsed, rssBytes: rss, loopDelayMs };
  };
}

function take(name: string): string | null {
  const text = process.env[name];
  delete process.env[name]; // children must not see it
  return text === undefined || text.trim() === "" ? null : text.trim();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's, but running
  }
}

/** How often the event loop is looked at, milliseconds. */
const LOOP_LOOK_MS = 20;

/** How often it is looked whether npm's shell is still there, milliseconds. */
const PARENT_LOOK_MS = 500;

/**
 * npm hands a signal to the shell it started, and that shell dies of it alone: the program would live on, drawing on a
 * terminal that is no longer its own. Returns how to stop looking.
 */
function onParentGone(run: () => void): () => void {
  if (process.env["npm_lifecycle_event"] === undefined) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) run();
  }, PARENT_LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function onSignal(signal: NodeJS.Signals): (run: () => void) => () => void {
  return (run) => {
    process.on(signal, run);
    return () => void process.off(signal, run);
  };
}

/** A signal that is listened to stops nobody, so whoever listens has to end that before `stop`. */
const JOB_CONTROL: JobControl = {
  stop: () => void process.kill(0, "SIGTSTP"),
  lookAtSize: () => void process.kill(process.pid, "SIGWINCH"),
  onStop: onSignal("SIGTSTP"),
  onContinue: onSignal("SIGCONT"),
};

/** The system this process runs on. */
export function createSystem(): System {
  const apiKeyText = take("DATABENTO_API_KEY");
  const gatewayKeyText = take("NQ_TUI_GATEWAY_KEY");
  const self = { platform: process.platform, nodeVersion: process.versions.node, pid: process.pid, isRunning };
  return {
    clock: realClock,
    localOffsetSec: (wallMs) => -60 * new Date(wallMs).getTimezoneOffset(),
    random: () => Math.random(),
    randomBytes: (count) => randomBytes(count),
    runtime: createRuntime(),
    apiKeyText,
    gatewayKeyText,
    env: process.env,
    fetch: (input, init) => fetch(input, init),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    onStop(run) {
      const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
      for (const signal of signals) process.on(signal, run);
      const forgetParent = onParentGone(() => run("SIGTERM"));
      return () => {
        forgetParent();
        for (const signal of signals) process.off(signal, run);
      };
    },
    onCrash(run) {
      process.on("uncaughtException", run);
      process.on("unhandledRejection", run);
      return () => {
        process.off("uncaughtException", run);
        process.off("unhandledRejection", run);
      };
    },
    jobControl: process.platform === "win32" ? null : JOB_CONTROL,
    exit: (code) => process.exit(code),
    disk: realDisk,
    lockFolder: (folder) => lockFolder(folder, self),
    process: self,
  };
}
