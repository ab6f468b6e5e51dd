/** The built program in a real terminal: what a trader sees, presses, and gets back afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill } from "node:process";
import { afterEach, describe, expect, test } from "vitest";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { hasTerminal, startInTerminal, type TerminalSession } from "../helpers/terminal.ts";

const describeInTerminal = hasTerminal() ? describe : describe.skip;
let open: TerminalSession | null = null;
afterEach(() => {
  open?.close();
  open = null;
});

function start(columns: number, rows: number, args: string, env = ""): TerminalSession {
  open = startInTerminal({ columns, rows }, args, env);
  return open;
}

const PRICE = /21,\d{3}\.(00|25|50|75)/;
const lines = (screen: string): string[] => screen.replace(/\n$/, "").split("\n");

describeInTerminal("the screen", () => {
  test.each([[80, 24], [120, 40], [200, 60]])("at %ix%i shows a moving demo market and nothing beyond the terminal", async (columns, rows) => {
    const terminal = start(columns, rows, "--demo --start-at 09:29:55");
    const first = await terminal.until((screen) => PRICE.test(screen) && /vol \d\d,\d{3}/.test(screen));
    expect(first).toMatch(/DEMO/);
    expect(first).toMatch(/NQM5/);
    for (const title of ["Price", "Chart", "Connection"]) expect(first).toContain(title);
    expect(lines(first).length).toBe(rows);
    expect(Math.max(...lines(first).map((line) => line.length))).toBeLessThanOrEqual(columns);
    const volume = /vol (\d\d,\d{3})/.exec(first)?.[1] ?? "";
    await terminal.until((screen) => !screen.includes(`vol ${volume}`));
    expect(terminal.state()).toEqual({ alternate: true, cursor: false });
  });

  test("keys: focus, zoom, help, freeze; then quit gives the terminal back", async () => {
    const terminal = start(120, 40, "--demo");
    await terminal.until(PRICE);
    terminal.press("?");
    await terminal.until(/go to Price/);
    terminal.press("Escape");
    await terminal.until((screen) => !screen.includes("go to Price")); // Esc and a key at once would be another key
    terminal.press("5", "Enter");
    await terminal.until((screen) => screen.includes("Tape") && !screen.includes("Whale alerts"));
    terminal.press("Escape");
    await terminal.until(/Whale alerts/);
    terminal.press("Space");
    await terminal.until(/FROZEN/);
    terminal.press("Space");
    await terminal.until((screen) => !screen.includes("FROZEN"));
    terminal.press("q");
    await terminal.until(/ended with 0/);
    expect(terminal.state()).toEqual({ alternate: false, cursor: true });
    terminal.press("-l", "echo typed-$((1+1))");
    terminal.press("Enter");
    await terminal.until(/^typed-2$/m); // raw mode is off again
  });

  test("resize: smaller and larger, always whole", async () => {
    const terminal = start(200, 60, "--demo");
    await terminal.until(PRICE);
    for (const [columns, rows] of [[80, 24], [60, 15], [150, 45], [80, 24]] as const) {
      terminal.resize(columns, rows);
      await terminal.until((screen) => lines(screen).length === rows && PRICE.test(screen) && /DEMO/.test(screen) && !/ended/.test(screen));
    }
  });

  test.each([["SIGTERM", 0], ["SIGINT", 0], ["SIGHUP", 0]] as const)("%s restores the terminal", async (signal, status) => {
    const terminal = start(100, 30, "--demo");
    await terminal.until(PRICE);
    kill(terminal.pid(), signal);
    await terminal.until(new RegExp(`ended with ${status}`));
    expect(terminal.state()).toEqual({ alternate: false, cursor: true });
  });

  test("Ctrl-C restores the terminal", async () => {
    const terminal = start(100, 30, "--demo");
    await terminal.until(PRICE);
    terminal.press("C-c");
    await terminal.until(/ended with 0/);
    expect(terminal.state()).toEqual({ alternate: false, cursor: true });
  });

  test("a crash restores the terminal and says what happened", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nq-tui-"));
    const crash = join(folder, "crash.mjs");
    writeFileSync(crash, "setTimeout(() => { throw new Error('made to crash'); }, 4000);");
    const terminal = start(100, 30, "--demo", `NODE_OPTIONS="--import ${crash}"`);
    await terminal.until(PRICE);
    await terminal.until(/ended with 70/);
    expect(terminal.screen()).toContain("made to crash");
    rmSync(folder, { recursive: true });
    expect(terminal.state()).toEqual({ alternate: false, cursor: true });
    terminal.press("-l", "echo typed-$((1+1))");
    terminal.press("Enter");
    await terminal.until(/^typed-2$/m);
  });

  test("a gateway that is not there: the screen stays, says DOWN and when it tries again", async () => {
    const terminal = start(120, 40, "--gateway 127.0.0.1:9");
    await terminal.until(/DOWN/);
    await terminal.until(/next try|again in|trying again/i);
    terminal.press("q");
    await terminal.until(/ended with 0/);
  });

  test.each([["--demo --ascii", ""], ["--demo", "TERM=linux"], ["--demo", "LC_ALL=C"]])("%s with %s draws in ASCII only", async (args, env) => {
    const terminal = start(120, 40, args, env);
    const screen = await terminal.until((shown) => PRICE.test(shown) && shown.includes("Volume by hour") && shown.includes("RUNNING"));
    expect(screen).toMatch(/^[\u0020-\u007E\n]*$/);
    expect(screen).toContain("+- 4 Whale alerts -");
  });

  test("a pane without room is shown when its number is pressed, beside price and chart; b changes the basis from anywhere", async () => {
    const terminal = start(80, 24, "--demo");
    await terminal.until(/more: 5 8 9/);
    terminal.press("8");
    const screen = await terminal.until(/━ 8 Delta & profile/);
    for (const title of ["1 Price", "2 Chart"]) expect(screen).toContain(title);
    expect(await terminal.until(/POC +21,\d{3}/)).toMatch(/vs settle/);
    terminal.press("b");
    await terminal.until((shown) => /vs (18:00 open|RTH open|prior)/.test(shown));
  });

  test("NO_COLOR leaves no colour", async () => {
    const terminal = start(80, 24, "--demo", "NO_COLOR=1");
    await terminal.until(PRICE);
    expect(terminal.screen()).toMatch(/[▲▼]/);
  });
});

describeWithFixtures("replay in a terminal", () => {
  const run = hasTerminal() ? test : test.skip;
  run("a real session plays, marked REPLAY, with its own contract", async () => {
    const terminal = start(120, 40, `replay ${fixture("real/esh4-glbx-mdp3-20231225.mbo.dbn.zst")} --speed 60`);
    const screen = await terminal.until((shown) => /REPLAY/.test(shown) && /4,8\d\d\.(00|25|50|75)/.test(shown));
    expect(screen).toContain("ESH4");
    expect(screen).not.toMatch(/DEMO|LIVE/);
    terminal.press("q");
    await terminal.until(/ended with 0/);
  });

  run("at full speed it ends, says so, and stays to be read", async () => {
    const terminal = start(120, 40, `replay ${fixture("real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst")} --speed max`);
    await terminal.until((shown) => /ENDED/.test(shown) && /vol 253/.test(shown));
    terminal.press("q");
    await terminal.until(/ended with 0/);
  });
});
