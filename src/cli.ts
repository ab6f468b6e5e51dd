/** Arguments → command → exit status. */
import { runProgram } from "./commands/program.ts";
import { createSystem } from "./commands/system.ts";

/** Runs the program; resolves to the exit status. */
export function main(args: readonly string[]): Promise<number> {
  return runProgram(createSystem(), args);
}
