/** `nq-tui help COMMAND`: the help of a command, or of one below it. */
import type { Command } from "commander";
import { NqError } from "../lib/errors.ts";
import { fullName } from "./command-tree.ts";
import { untilStopped, type Finish } from "./outcome.ts";
import type { System } from "./system.ts";

/** @throws NqError USAGE naming the commands there are */
function find(program: Command, names: readonly string[]): Command {
  let at = program;
  for (const name of names) {
    const next = at.commands.find((command) => command.name() === name);
    if (next === undefined) {
      const below = at.commands.map((command) => command.name()).join(", ");
      throw new NqError("USAGE", below === "" ? `${fullName(at)} has no commands below it, found ${name}` : `unknown command ${name}; there are: ${below}`);
    }
    at = next;
  }
  return at;
}

/** `nq-tui help` */
export function addHelp(program: Command, system: System, finish: Finish): void {
  program.helpCommand(false);
  program
    .command("help")
    .description("the help of a command, e.g. nq-tui help config check")
    .argument("[command...]", "which one; without any the program's own")
    .action((names: string[]) => {
      finish(untilStopped(system, async () => {
        find(program, names).outputHelp();
        return Promise.resolve(0);
      }));
    });
}
