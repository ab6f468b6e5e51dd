/** The completion scripts in the shells they are for: what is typed, and what is offered. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "../helpers/run-program.ts";
import { hasTerminal, startShell } from "../helpers/terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-completions-"));
afterAll(() => rmSync(folder, { recursive: true }));
const SHELLS = ["bash", "zsh", "fish"] as const;
const script = (shell: string): string => join(folder, `script.${shell}`);

function isInstalled(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "exit 0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  for (const shell of SHELLS) {
    const end = await runProgram(["completions", shell]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    writeFileSync(script(shell), end.stdout);
  }
  mkdirSync(join(folder, "day one"));
  writeFileSync(join(folder, "nq one.dbn"), "");
});

/** What bash would offer for these words, the last one being typed. */
function inBash(words: readonly string[]): string[] {
  const run = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _nq_tui; printf "%s\\n" "${COMPREPLY[@]}"';
  return execFileSync("bash", ["--noprofile", "--norc", "-c", run, "_", script("bash"), ...words], { encoding: "utf8" }).split("\n").filter((word) => word !== "");
}

describe.skipIf(!isInstalled("bash"))("bash", () => {
  test.each([
    ["a command", ["nq-tui", "re"], ["replay", "record", "recordings"]],
    ["a command below another", ["nq-tui", "config", ""], ["path", "check", "init", "show"]],
    ["an option of the command", ["nq-tui", "config", "init", "--f"], ["--force"]],
    ["a value", ["nq-tui", "--theme", "l"], ["light"]],
    ["a value behind =, which bash takes apart", ["nq-tui", "stream", "--roll", "=", "mon"], ["monday"]],
    ["the values of one command, not of another", ["nq-tui", "recordings", "export", "--format", ""], ["csv", "ndjson", "parquet"]],
    ["a command behind an option with a value", ["nq-tui", "--theme", "config", "keys", "--j"], ["--json"]],
    ["the words of an argument", ["nq-tui", "completions", ""], ["bash", "zsh", "fish"]],
    ["a command to be helped with", ["nq-tui", "help", "do"], ["doctor"]],
    ["nothing where any text may stand", ["nq-tui", "--symbol", "N"], []],
    ["nothing hidden", ["nq-tui", "--no-d"], []],
  ])("%s", (_, words, expected) => {
    expect(inBash(words)).toEqual(expected);
  });

  test("what was typed is never run", () => {
    inBash(["nq-tui", "replay", `$(touch ${join(folder, "ran")})`, `\`touch ${join(folder, "ran")}\``, ""]);
    expect(execFileSync("ls", [folder], { encoding: "utf8" })).not.toContain("ran\n");
  });

  test.skipIf(!hasTerminal())("at the prompt: commands, values, and file names with blanks", async () => {
    const session = startShell({ columns: 100, rows: 10 }, `env PS1='shell> ' bash --norc --noprofile`);
    try {
      session.press("-l", `cd ${folder}; source script.bash; clear; echo rea""dy`);
      session.press("Enter");
      await session.until(/^ready$/m);
      session.press("-l", "nq-tui insp");
      session.press("Tab");
      await session.until(/^shell> nq-tui inspect *$/m);
      session.press("-l", "nq");
      session.press("Tab");
      await session.until(/^shell> nq-tui inspect nq\\ one\.dbn *$/m);
    } finally {
      session.close();
    }
  });
});

describe.skipIf(!isInstalled("fish"))("fish", () => {
  const inFish = (typed: string): string[] =>
    execFileSync("fish", ["--no-config", "-c", `cd ${folder}; source ${script("fish")}; complete -C '${typed}'`], { encoding: "utf8", env: { ...process.env, HOME: folder } })
      .split("\n").filter((row) => row !== "").map((row) => row.split("\t")[0] ?? "");

  test.each([
    ["nq-tui rep", ["replay"]],
    ["nq-tui config ", ["check", "init", "path", "show"]],
    ["nq-tui config init --for", ["--force"]],
    ["nq-tui --theme l", ["light"]],
    ["nq-tui stream --roll=mon", ["--roll=monday"]],
    ["nq-tui --theme config keys --j", ["--json"]],
    ["nq-tui completions z", ["zsh"]],
    ["nq-tui inspect nq", ["nq one.dbn"]],
    ["nq-tui record --dir d", ["day one/"]],
    ["nq-tui --symbol N", []],
  ])("%s", (typed, expected) => {
    expect(inFish(typed).sort()).toEqual([...expected].sort());
  });
});

describe.skipIf(!isInstalled("zsh") || !hasTerminal())("zsh", () => {
  test("at the prompt: commands, options, values and files", async () => {
    const session = startShell({ columns: 100, rows: 20 }, "env PS1='shell> ' zsh -f");
    const complete = async (typed: string, expected: RegExp): Promise<void> => {
      session.press("C-u");
      session.press("-l", typed);
      session.press("Tab");
      await session.until(expected);
    };
    try {
      session.press("-l", `PS1='shell> '; cd ${folder}; autoload -Uz compinit; compinit -D -u; source script.zsh; clear; echo rea""dy`);
      session.press("Enter");
      await session.until(/^ready$/m);
      await complete("nq-tui insp", /^shell> nq-tui inspect *$/m);
      await complete("nq-tui config ini", /^shell> nq-tui config init *$/m);
      await complete("nq-tui config init --fo", /^shell> nq-tui config init --force *$/m);
      await complete("nq-tui --theme li", /^shell> nq-tui --theme light *$/m);
      await complete("nq-tui stream --roll=mon", /^shell> nq-tui stream --roll=monday *$/m);
      await complete("nq-tui inspect nq", /^shell> nq-tui inspect nq\\ one\.dbn *$/m);
    } finally {
      session.close();
    }
  });
});
