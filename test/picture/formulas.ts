/** The worked examples in docs/formulas.md, written from those that the tests check. */
import { WORKED_EXAMPLES } from "../studies/worked-examples.ts";

function block(name: string): string {
  const example = WORKED_EXAMPLES.find((one) => one.name === name);
  if (example === undefined) throw new Error(`docs/formulas.md has a place for an example ${name}, which there is not`);
  return [...example.given, "", ...example.wanted].map((line) => `    ${line}`.trimEnd()).join("\n");
}

/** Fills every place `<!-- example NAME -->` … `<!-- /example -->`. */
export function formulasWithExamples(document: string): string {
  return document.replaceAll(
    /(<!-- example (\S+) -->\n)[\s\S]*?(<!-- \/example -->)/g,
    (_, before: string, name: string, after: string) => `${before}\n${block(name)}\n\n${after}`,
  );
}
