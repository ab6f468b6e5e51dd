/** What the three completion scripts have in common: which word leads where, and what stands behind which option. */
import type { CommandOfTree, Completes } from "../command-tree.ts";

/** A pattern `PATH WORD` that leads to another command. */
export function steps(tree: readonly CommandOfTree[]): readonly string[] {
  return tree.flatMap(({ path, below }) => below.map(({ name }) => `${path} ${name}`));
}

/** Patterns `PATH --option` of the options that take a value. */
export function valued(tree: readonly CommandOfTree[]): readonly string[] {
  return tree.flatMap(({ path, options }) => options.filter(({ value }) => value !== null).map(({ name }) => `${path} ${name}`));
}

/** What can stand in one place: which patterns `PATH --option`, or which commands' arguments, it goes for. */
export interface Place {
  readonly completes: Completes;
  readonly patterns: readonly string[];
}

function grouped(pairs: readonly (readonly [pattern: string, completes: Completes])[]): readonly Place[] {
  const places = new Map<string, { completes: Completes; patterns: string[] }>();
  for (const [pattern, completes] of pairs) {
    const key = JSON.stringify(completes);
    const place = places.get(key) ?? { completes, patterns: [] };
    place.patterns.push(pattern);
    places.set(key, place);
  }
  return [...places.values()].filter(({ completes }) => completes.kind !== "text");
}

/** What stands behind options; places where any text may stand are left out. */
export function optionPlaces(tree: readonly CommandOfTree[]): readonly Place[] {
  return grouped(tree.flatMap(({ path, options }) =>
    options.flatMap(({ name, value }) => (value === null ? [] : [[`${path} ${name}`, value] as const]))));
}

/** What the commands' arguments are. */
export function argumentPlaces(tree: readonly CommandOfTree[]): readonly Place[] {
  return grouped(tree.flatMap(({ path, argument }) => (argument === null ? [] : [[path, argument] as const])));
}

/** A text in single quotes for bash and zsh. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Patterns of a `case`, each quoted. */
export function alternatives(patterns: readonly string[]): string {
  return patterns.map(quoted).join(" | ");
}
