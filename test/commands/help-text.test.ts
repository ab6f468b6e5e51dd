/** Help of every command: complete, of readable width, and reachable by name. */
import { expect, test } from "vitest";
import { allCommands, describeTree, fullName } from "../../src/commands/command-tree.ts";
import { commandsWithoutEnding } from "../../src/commands/help-text.ts";
import { createProgram } from "../../src/commands/program.ts";
import type { System } from "../../src/commands/system.ts";

const program = createProgram({} as System, () => {});

/** What `--help` prints, with everything before and after it. */
function helpOf(path: string): string {
  const command = allCommands(program).find((each) => fullName(each) === path);
  let text = "";
  command?.configureOutput({ writeOut: (part) => (text += part) });
  command?.outputHelp();
  return text;
}

test("every command has exit statuses, files and variables of its own", () => {
  expect(commandsWithoutEnding(program)).toEqual([]);
});

test.each(allCommands(program).map(fullName))("%s explains itself to the end", (path) => {
  const text = helpOf(path);
  expect(text).toContain(`Usage: ${path}`);
  expect(text).toMatch(/^Exit status:\n {2}0 /m);
  expect(text).toMatch(/^ {2}70 /m);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(130);
});

test("no option of a command goes without a word about it", () => {
  for (const { path, about, options } of describeTree(program)) {
    expect(about, path).not.toBe("");
    for (const option of options) expect(option.about, `${path} ${option.name}`).not.toBe("");
  }
});

test("commands that show a market tell of key, settings and calendar", () => {
  for (const path of ["nq-tui", "nq-tui stream", "nq-tui price", "nq-tui record"]) {
    expect(helpOf(path)).toContain("DATABENTO_API_KEY");
    expect(helpOf(path)).toContain("config.yaml");
    expect(helpOf(path)).toContain("calendar.json");
  }
});
