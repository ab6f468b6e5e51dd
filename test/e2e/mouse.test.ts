/** The mouse in a real terminal: reports in, garbage in, and the mouse given back on every way out. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill } from "node:process";
import { afterEach, describe, expect, test } from "vitest";
import { hasPty, programInPty, type PtySession } from "../helpers/pty.ts";

let open: PtySession | null = null;
afterEach(() => {
  open?.close();
  open = null;
});

function start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): PtySession {
  open = programInPty({ columns: 120, rows: 40 }, ["--demo", "--start-at", "09:35:00", ...args], env);
  return open;
}

const PRICE = /21,\d{3}\.(00|25|50|75)/;

/** A report for the first cell of a text on screen. */
async function report(pty: PtySession, text: string, button: number, end = "M"): Promise<string> {
  const lines = (await pty.screen()).split("\n");
  const y = lines.findIndex((one) => one.includes(text));
  expect(y).toBeGreaterThanOrEqual(0);
  return `\u001B[<${button};${(lines[y]?.indexOf(text) ?? 0) + 1};${y + 1}${end}`;
}

describe.skipIf(!hasPty())("the mouse", () => {
  test("a click goes to a pane, the wheel scrolls it, broken and foreign reports do nothing, and quit gives it back", async () => {
    const pty = start();
    await pty.until((screen) => PRICE.test(screen) && /━ 1 Price/.test(screen));
    expect(pty.reportsMouse).toBe(true);
    pty.type(await report(pty, "5 Tape", 0));
    await pty.until(/━ 5 Tape/);
    pty.type(await report(pty, "5 Tape", 65));
    await pty.until(/newer above/);
    // Cut in two: the digits that follow must not go to panes 1 and 2.
    const click = await report(pty, "4 Whale", 0);
    pty.type(click.slice(0, 6));
    await new Promise((resolve) => setTimeout(resolve, 300));
    pty.type(click.slice(6));
    await pty.until(/━ 4 Whale/);
    for (const garbage of ["\u001B[<999;999;999M", "\u001B[<0;9999;9999M", "\u001B[<-1;2;3M", "\u001B[<0;0;0M", "\u001B[M qq", "\u001B[<0;1;1", "x\u001B[<0;1;1m", "\u001B[<35;1;1M"]) pty.type(garbage);
    pty.type("\u001B[<0;1;1m");
    await pty.until((screen) => PRICE.test(screen) && /━ /.test(screen));
    expect(await pty.screen()).not.toMatch(/[<;]\d+[Mm]/);
    pty.type("q");
    expect(await pty.ended).toBe(0);
    await pty.screen();
    expect(pty.reportsMouse).toBe(false);
    expect(pty.isAlternate).toBe(false);
  });

  test("--no-mouse, and the setting, leave it to the terminal", async () => {
    for (const [args, env] of [[["--no-mouse"], {}], [[], { NQ_TUI_MOUSE: "false" }]] as const) {
      const pty = start(args, env);
      await pty.until(PRICE);
      expect(pty.written).not.toContain("\u001B[?1000h");
      pty.type("q");
      expect(await pty.ended).toBe(0);
    }
  });

  test.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("%s gives it back", async (signal) => {
    const pty = start();
    await pty.until(PRICE);
    expect(pty.reportsMouse).toBe(true);
    kill(await pty.pid(), signal);
    expect(await pty.ended).toBe(0);
    await pty.screen();
    expect([pty.reportsMouse, pty.isAlternate]).toEqual([false, false]);
  });

  test("a crash gives it back", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nq-tui-"));
    const crash = join(folder, "crash.mjs");
    writeFileSync(crash, "process.on('SIGUSR2', () => { setImmediate(() => { throw new Error('made to crash'); }); });");
    const pty = start([], { NODE_OPTIONS: `--import ${crash}` });
    await pty.until(PRICE);
    kill(await pty.pid(), "SIGUSR2");
    expect(await pty.ended).toBe(70);
    await pty.until(/made to crash/);
    expect([pty.reportsMouse, pty.isAlternate]).toEqual([false, false]);
    rmSync(folder, { recursive: true });
  });
});
