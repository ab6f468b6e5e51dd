/** A question on the terminal that must be answered with yes before something is done. */
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
