/** The settings file edited under a running screen, in a real terminal: what a person sees change, and what stays. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasTerminal, startInTerminal, type TerminalSession } from "../helpers/terminal.ts";

let folder = "";
let session: TerminalSession | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-live-"));
});
afterEach(() => {
  session?.close();
  session = null;
  rmSync(folder, { recursive: true, force: true });
});

const path = (): string => join(folder, "nq-tui", "config.yaml");
function write(text: string): void {
  mkdirSync(join(folder, "nq-tui"), { recursive: true });
  writeFileSync(path(), text);
}

/** As editors do that keep the old file until the new one is whole. */
function replace(text: string): void {
  writeFileSync(`${path()}~`, text);
  renameSync(`${path()}~`, path());
}

function start(args = ""): TerminalSession {
  session = startInTerminal({ columns: 160, rows: 48 }, `--demo ${args}`, `XDG_CONFIG_HOME=${folder}`);
  return session;
}

describe.skipIf(!hasTerminal())("a settings file that is edited", () => {
  test("applies at once; a bad edit is told with its line and changes nothing until it is right again", async () => {
    write("whales:\n  size: 40\nbasis: session open\n");
    const screen = start();
    await screen.until(/40\+ fixed/);
    await screen.until(/% vs 18:00 open/);
    replace("whales:\n  size: 60\nbasis: session open\n");
    await screen.until(/60\+ fixed/);
    await screen.until(/config\.yaml: whales changed/);
    write("whales:\n  size: many\n");
    const told = await screen.until(/not taken: config\.yaml:2: whales\.size: expected a number, found 'many'/);
    expect(told).toMatch(/60\+ fixed/);
    write("whales:\n  size: 30\nkeys:\n  quit: x\n");
    await screen.until(/30\+ fixed/);
    await screen.until(/config\.yaml: basis, whales, keys changed/);
    await screen.until(/x quit/, 20_000);
    screen.press("q");
    screen.press("x");
    await screen.until(/ended with 0/);
  });

  test("says what only the next start takes up, and what a flag stands above", async () => {
    write("theme: dark\n");
    const screen = start("--symbol NQM5");
    await screen.until(/\[DEMO/);
    replace("theme: dark\ncalendar: mine.json\nsymbol: NQU5\n");
    await screen.until(/config\.yaml: calendar from the next start on/);
    screen.press("q");
    await screen.until(/ended with 0/);
  });

  test("is noticed when it appears, and when it goes", async () => {
    const screen = start();
    await screen.until(/25\+ fixed/);
    write("whales: { size: 35 }\n");
    await screen.until(/35\+ fixed/);
    rmSync(path());
    expect(await screen.until(/config\.yaml is gone; its settings stay/)).toMatch(/35\+ fixed/);
    screen.press("q");
    await screen.until(/ended with 0/);
  });
});
