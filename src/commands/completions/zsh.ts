/** The completion script for zsh: autoloaded as `_nq-tui` from a folder of fpath, or sourced after compinit. */
import type { CommandOfTree, Completes } from "../command-tree.ts";
import { alternatives, argumentPlaces, optionPlaces, quoted, steps, valued, type Place } from "./walk.ts";

function offer(completes: Completes): string {
  switch (completes.kind) {
    case "words": return `found=(${completes.words.map(quoted).join(" ")}); compadd -a found`;
    case "folder": return "_files -/";
    case "file": return "_files";
    case "text": return "_message 'a text'";
  }
}

const arms = (places: readonly Place[], indent: string): string[] =>
  places.map(({ completes, patterns }) => `${indent}${alternatives(patterns)}) ${offer(completes)} ;;`);

/** `name:what it is`, as _describe wants it. */
const described = (name: string, about: string): string => quoted(`${name.replaceAll(":", "\\:")}:${about}`);

function arm(path: string, pairs: readonly { readonly name: string; readonly about: string }[]): string[] {
  if (pairs.length === 0) return [];
  return [`      ${quoted(path)}) found=(${pairs.map(({ name, about }) => described(name, about)).join(" ")}) ;;`];
}

export function zshScript(tree: readonly CommandOfTree[]): string {
  return [
    "#compdef nq-tui",
    "_nq-tui() {",
    "  local at=nq-tui option= word",
    "  local -i i",
    "  local -a found",
    "  for ((i = 2; i < CURRENT; i++)); do",
    "    word=$words[i]",
    "    if [[ -n $option ]]; then option=; continue; fi",
    '    case "$at $word" in',
    `      ${alternatives(steps(tree))}) at="$at $word" ;;`,
    `      ${alternatives(valued(tree))}) option=$word ;;`,
    "    esac",
    "  done",
    "  # --theme=dark in one word",
    "  if [[ -z $option && $words[CURRENT] == --*=* ]]; then option=${words[CURRENT]%%=*}; compset -P '*='; fi",
    "  if [[ -n $option ]]; then",
    '    case "$at $option" in',
    ...arms(optionPlaces(tree), "      "),
    `      *) ${offer({ kind: "text" })} ;;`,
    "    esac",
    "    return",
    "  fi",
    "  if [[ $words[CURRENT] == -* ]]; then",
    '    case "$at" in',
    ...tree.flatMap(({ path, options }) => arm(path, options)),
    "    esac",
    "    _describe option found",
    "    return",
    "  fi",
    '  case "$at" in',
    ...tree.flatMap(({ path, below }) => arm(path, below)),
    "  esac",
    "  if (( $#found )); then _describe command found; return; fi",
    '  case "$at" in',
    ...arms(argumentPlaces(tree), "    "),
    "  esac",
    "}",
    'if [[ $funcstack[1] == _nq-tui ]]; then _nq-tui "$@"; else compdef _nq-tui nq-tui; fi',
    "",
  ].join("\n");
}
