/** The commands as a tree: all of them, and what each is called in full. */
import type { Command } from "commander";

/** The command and all commands below it. */
export function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** `nq-tui config check` of that command. */
export function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

/** What stands behind an option or in place of an argument: one of some words, a file, a folder, or a text. */
export type Completes =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" }
  | { readonly kind: "folder" }
  | { readonly kind: "text" };

export interface OptionOfTree {
  readonly name: string;
  readonly about: string;
  /** Null: it stands alone. */
  readonly value: Completes | null;
}

/** A command as a shell's completion has to know it. */
export interface CommandOfTree {
  /** `nq-tui recordings verify`. */
  readonly path: string;
  readonly about: string;
  readonly options: readonly OptionOfTree[];
  /** Names of the commands below it, with what they are. */
  readonly below: readonly { readonly name: string; readonly about: string }[];
  /** What its arguments are; null when it takes none. */
  readonly argument: Completes | null;
}

/** What a placeholder such as `<file>` or `[files...]` asks for. */
function completesOf(name: string, choices: readonly string[] | undefined): Completes {
  if (choices !== undefined && choices.length > 0) return { kind: "words", words: choices };
  if (/folder/i.test(name)) return { kind: "folder" };
  return { kind: /file|^what$/i.test(name) ? "file" : "text" };
}

/** Every command with what can follow it; hidden options are left out. */
export function describeTree(program: Command): readonly CommandOfTree[] {
  const commands = program.commands.map((command) => command.name());
  return allCommands(program).map((command) => {
    const help = command.createHelp();
    const [argument] = command.registeredArguments;
    return {
      path: fullName(command),
      about: command.description(),
      options: help.visibleOptions(command).flatMap((option) => {
        const { flags, long, description, argChoices, required, optional } = option;
        if (long === undefined || long === null) return [];
        const placeholder = /[<[](.*)[>\]]/.exec(flags)?.[1] ?? "";
        return [{ name: long, about: description, value: required || optional ? completesOf(placeholder, argChoices) : null }];
      }),
      below: command.commands.map((each) => ({ name: each.name(), about: each.description() })),
      argument: argument === undefined ? null : completesOf(argument.name(), argument.name() === "command" ? commands : argument.argChoices),
    };
  });
}
