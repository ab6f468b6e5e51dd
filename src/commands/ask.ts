/** Questions on the terminal that must be answered with yes before something is done. */
import { createInterface } from "node:readline/promises";
import { NqError } from "../lib/errors.ts";
import type { System } from "./system.ts";

/** False for anything but `y` or `yes`. @throws NqError USAGE where there is nobody to ask */
export async function agrees(system: System, sentence: string): Promise<boolean> {
  if (system.stdin.isTTY !== true) throw new NqError("USAGE", "expected --yes, found nobody to ask: standard input is no terminal");
  const ask = createInterface({ input: system.stdin, output: system.stderr });
  try {
    return /^(y|yes)$/i.test((await ask.question(`${sentence} [y/N] `)).trim());
  } finally {
    ask.close();
  }
}

/** What Ctrl-C is where no signal is made of it. */
const CTRL_C = "\u0003";

/**
 * The same answered by one key, before the screen takes the keyboard: `y` is yes, Ctrl-C quits, any other key is no. No
 * where there is no keyboard, or when `signal` aborts.
 */
export function answerByKey({ stdin, stdout }: System, sentence: string, signal: AbortSignal): Promise<"yes" | "no" | "quit"> {
  if (stdin.isTTY !== true || signal.aborted) return Promise.resolve("no");
  stdout.write(`${sentence} [y/N] `);
  return new Promise((resolve) => {
    const done = (answer: "yes" | "no" | "quit"): void => {
      stdin.off("data", take);
      signal.removeEventListener("abort", stop);
      stdin.pause();
      stdin.setRawMode(false);
      stdout.write(answer === "yes" ? "yes\n" : "no\n");
      resolve(answer);
    };
    const take = (bytes: Buffer | string): void => {
      const keys = bytes.toString();
      done(keys.includes(CTRL_C) ? "quit" : /^y/i.test(keys) ? "yes" : "no");
    };
    const stop = (): void => done("no");
    stdin.setRawMode(true);
    stdin.on("data", take);
    signal.addEventListener("abort", stop, { once: true });
    stdin.resume();
  });
}
