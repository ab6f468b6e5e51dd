/** Questions on the terminal that must be answered with yes before something is done. */
import { createInterface } from "node:readline/promises";
import { NqError } from "../lib/errors.ts";
import type { System } from "./system.ts";

/**
 * The same answered by one key, before the screen takes the keyboard: `y` is yes, any other key is no. False where there is
 * no keyboard, or when `signal` aborts.
 */
export function agreesByKey({ stdin, stdout }: System, sentence: string, signal: AbortSignal): Promise<boolean> {
  if (stdin.isTTY !== true || signal.aborted) return Promise.resolve(false);
  stdout.write(`${sentence} [y/N] `);
  return new Promise((resolve) => {
    const done = (isAgreed: boolean): void => {
      stdin.off("data", take);
      signal.removeEventListener("abort", stop);
      stdin.pause();
      stdin.setRawMode(false);
      stdout.write(isAgreed ? "yes\n" : "no\n");
      resolve(isAgreed);
    };
    const take = (bytes: Buffer | string): void => done(/^y/i.test(bytes.toString()));
    const stop = (): void => done(false);
    stdin.setRawMode(true);
    stdin.on("data", take);
    signal.addEventListener("abort", stop, { once: true });
    stdin.resume();
  });
}

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
