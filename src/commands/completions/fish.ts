/** The completion script for fish. */
import type { CommandOfTree, Completes } from "../command-tree.ts";
import { steps, valued } from "./walk.ts";

/** A text in single quotes for fish. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function offer(completes: Completes): string {
  switch (completes.kind) {
    case "words": return `-x -a ${quoted(completes.words.join(" "))}`;
    case "folder": return "-x -a '(__fish_complete_directories)'";
    case "file": return "-r -F";
    case "text": return "-x";
  }
}

function commandLines({ path, options, below, argument }: CommandOfTree): string[] {
  const at = `complete -c nq-tui -n ${quoted(`__nq_tui_at ${path}`)}`;
  return [
    ...below.map(({ name, about }) => `${at} -a ${quoted(name)} -d ${quoted(about)}`),
    ...options.map(({ name, about, value }) => `${at} -l ${name.slice(2)} -d ${quoted(about)}${value === null ? "" : ` ${offer(value)}`}`),
    ...(argument === null || argument.kind === "text" || below.length > 0 ? [] : [`${at} ${argument.kind === "file" ? "-F" : offer(argument).replace("-x ", "")}`]),
  ];
}

export function fishScript(tree: readonly CommandOfTree[]): string {
  return [
    "# fish completion for nq-tui",
    "function __nq_tui_at -d 'Whether the words so far lead to this command'",
    "  set -l at nq-tui",
    "  set -l option 0",
    "  for word in (commandline -opc)[2..-1]",
    "    if test $option = 1",
    "      set option 0",
    "      continue",
    "    end",
    '    switch "$at $word"',
    `      case ${steps(tree).map(quoted).join(" ")}`,
    '        set at "$at $word"',
    `      case ${valued(tree).map(quoted).join(" ")}`,
    "        set option 1",
    "    end",
    "  end",
    '  test "$at" = "$argv"',
    "end",
    "complete -c nq-tui -f",
    ...tree.flatMap(commandLines),
    "",
  ].join("\n");
}
