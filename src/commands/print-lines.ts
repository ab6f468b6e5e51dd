/** Lines to standard output that wait for a slow reader, and end in peace when the reader goes away. */
import { NqError } from "../lib/errors.ts";
import type { System } from "./system.ts";

export interface LinePrinter {
  print(line: string): void;
  /** Text with line ends of its own. */
  write(text: string): void;
  /** Resolves when all lines were taken, or nobody reads any more. @throws NqError FILE_WRITE when they cannot be written */
  flush(): Promise<void>;
}

/** Errors of a pipe whose reader is gone; every other one (a full disk) lost something. */
const GONE: ReadonlySet<string> = new Set(["EPIPE", "EOF", "ERR_STREAM_DESTROYED", "ECONNRESET"]);

/** `onGone` is called once when nothing can be written any more: a closed pipe, a full disk. */
export function createLinePrinter(system: System, onGone: () => void = () => {}): LinePrinter {
  let isGone = false;
  let failure: NqError | null = null;
  system.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (isGone) return;
    isGone = true;
    if (!GONE.has(error.code ?? "")) failure = writeError("standard output", error);
    onGone();
  });
  const write = (text: string): void => {
    if (!isGone) system.stdout.write(text);
  };
  return {
    print: (line) => write(`${line}\n`),
    write,
    async flush() {
      if (!isGone) await new Promise<void>((resolve) => void system.stdout.write("", () => resolve()));
      if (failure !== null) throw failure;
    },
  };
}

/**
 * Nobody may be reading what is printed, or the disk may be full: neither is a crash. Returns what could not be written,
 * null when everything was or nobody wants it.
 */
export function watchOutput(system: System): () => Promise<NqError | null> {
  let failure: NqError | null = null;
  system.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!GONE.has(error.code ?? "")) failure ??= writeError("standard output", error);
  });
  system.stderr.on("error", () => {}); // the exit status still tells it
  return async () => {
    if (system.stdout.writable) await new Promise<void>((resolve) => void system.stdout.write("", () => resolve()));
    else await new Promise<void>((resolve) => void system.clock.after(0, resolve)); // its error is still to be told
    return failure;
  };
}

/** What the system said when `what` could not be written, as a sentence. */
export function writeError(what: string, error: unknown): NqError {
  const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const why = code === "ENOSPC" || code === "EDQUOT" ? "no space is left" : code === "EACCES" ? "it may not be written" : code;
  return new NqError("FILE_WRITE", `${what} cannot be written: ${why}`, { cause: error });
}
