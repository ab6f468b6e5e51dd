/** The first screen of somebody without a key, in a real terminal: shown once, away with any key. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasTerminal, startInTerminal, type TerminalSession } from "../helpers/terminal.ts";

let folder = "";
let session: TerminalSession | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-first-"));
});
afterEach(() => {
  session?.close();
  session = null;
  rmSync(folder, { recursive: true, force: true });
});

function start(args = "", state = folder): TerminalSession {
  session?.close();
  session = startInTerminal({ columns: 80, rows: 24 }, args, `XDG_STATE_HOME=${state} LANG=C.UTF-8`);
  return session;
}

const PRICE = /21,\d{3}\.(00|25|50|75)/;

describe.skipIf(!hasTerminal())("without a key", () => {
  test("it says what is shown and how the market gets live, over a price that moves; any key goes on, for good", async () => {
    const first = start();
    const shown = await first.until((screen) => /Welcome to nq-tui/.test(screen) && PRICE.test(screen));
    expect(shown).toMatch(/DEMO/);
    expect(shown.replace(/\s+/g, " ")).toMatch(/costs nothing to try/);
    expect(shown).toMatch(/export DATABENTO_API_KEY=db-/);
    expect(shown).toMatch(/nq-tui doctor/);
    expect(shown).toMatch(/Any key goes on/);
    first.press("x");
    await first.until((screen) => !screen.includes("Welcome") && /1 Price/.test(screen));
    first.press("q");
    await first.until(/ended with 0/);
    const second = start();
    await second.until((screen) => PRICE.test(screen) && /1 Price/.test(screen));
    expect(second.screen()).not.toContain("Welcome");
  });

  test("leaving at once is reading it too", async () => {
    const screen = start();
    await screen.until(/Welcome/);
    screen.press("q");
    await screen.until(/ended with 0/);
    expect(existsSync(join(folder, "nq-tui", "welcomed"))).toBe(true);
  });

  test("whoever asks for the demo is not told that it is one", async () => {
    const screen = start("--demo");
    await screen.until((shown) => PRICE.test(shown) && /1 Price/.test(shown));
    expect(screen.screen()).not.toContain("Welcome");
  });

  test("a home that cannot be written is no trouble", async () => {
    writeFileSync(join(folder, "file"), "");
    const screen = start("", join(folder, "file", "state"));
    await screen.until(/Welcome/);
    screen.press("Enter");
    await screen.until((shown) => !shown.includes("Welcome") && /1 Price/.test(shown));
    screen.press("q");
    await screen.until(/ended with 0/);
  });
});
