/** The worked examples of docs/formulas.md are right, and are what the document shows. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { formulasWithExamples } from "../picture/formulas.ts";
import { WORKED_EXAMPLES } from "./worked-examples.ts";

const document = readFileSync(fileURLToPath(new URL("../../docs/formulas.md", import.meta.url)), "utf8");

test.each(WORKED_EXAMPLES.map((example) => [example.name, example] as const))("%s", (_, { found, wanted }) => {
  expect(found()).toEqual(wanted);
});

test("docs/formulas.md shows each of them (npm run picture writes them anew)", () => {
  const shown = [...document.matchAll(/<!-- example (\S+) -->/g)].map(([, name]) => name);
  expect(shown).toHaveLength(WORKED_EXAMPLES.length);
  expect(new Set(shown)).toEqual(new Set(WORKED_EXAMPLES.map(({ name }) => name)));
  expect(formulasWithExamples(document)).toBe(document);
});
