/** The completion script for bash, from 3.2 on; nothing that was typed is ever run. */
import type { CommandOfTree, Completes } from "../command-tree.ts";
import { alternatives, argumentPlaces, optionPlaces, quoted, steps, valued, type Place } from "./walk.ts";

function reply(completes: Completes): string {
  switch (completes.kind) {
    case "words": return `COMPREPLY=($(compgen -W ${quoted(completes.words.join(" "))} -- "$current"))`;
    case "folder": return "compopt -o plusdirs 2> /dev/null";
    // An empty reply leaves file names to readline, which knows how to quote them.
    case "file": return ":";
    case "text": return "compopt +o default 2> /dev/null";
  }
}

const arms = (places: readonly Place[], indent: string): string[] =>
  places.map(({ completes, patterns }) => `${indent}${alternatives(patterns)}) ${reply(completes)} ;;`);

const other = (indent: string): string => `${indent}*) ${reply({ kind: "text" })} ;;`;

/** The words that can begin something at a command. */
function wordsAt({ path, options, below }: CommandOfTree): string[] {
  const commands = below.map(({ name }) => name).join(" ");
  const flags = options.map(({ name }) => name).join(" ");
  return [`    ${quoted(path)}) flags=${quoted(flags)} commands=${quoted(commands)} ;;`];
}

export function bashScript(tree: readonly CommandOfTree[]): string {
  return [
    "# bash completion for nq-tui",
    "_nq_tui() {",
    "  local at=nq-tui option= flags= commands= word i",
    '  local current="${COMP_WORDS[COMP_CWORD]}"',
    "  COMPREPLY=()",
    "  for ((i = 1; i < COMP_CWORD; i++)); do",
    '    word="${COMP_WORDS[i]}"',
    "    # bash takes --theme=dark apart",
    '    [[ $word == "=" ]] && continue',
    "    if [[ -n $option ]]; then option=; continue; fi",
    '    case "$at $word" in',
    `      ${alternatives(steps(tree))}) at="$at $word" ;;`,
    `      ${alternatives(valued(tree))}) option="$word" ;;`,
    "    esac",
    "  done",
    '  [[ $current == "=" ]] && current=',
    "  if [[ -n $option ]]; then",
    '    case "$at $option" in',
    ...arms(optionPlaces(tree), "      "),
    other("      "),
    "    esac",
    "    return",
    "  fi",
    '  case "$at" in',
    ...tree.flatMap(wordsAt),
    "  esac",
    '  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$current")); return; fi',
    '  if [[ -n $commands ]]; then COMPREPLY=($(compgen -W "$commands" -- "$current")); compopt +o default 2> /dev/null; return; fi',
    '  case "$at" in',
    ...arms(argumentPlaces(tree), "    "),
    other("    "),
    "  esac",
    "}",
    "complete -o default -F _nq_tui nq-tui",
    "",
  ].join("\n");
}
