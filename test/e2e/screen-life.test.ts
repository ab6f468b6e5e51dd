/** A day in the life of a screen, in a pseudo-terminal: sizes that change and lie, a shell between, slow lines, garbage typed, violent ends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { Prng } from "../../src/lib/prng.ts";
import { hasPty, programInPty, shellInPty, type PtySession } from "../helpers/pty.ts";

let open: PtySession | null = null;
afterEach(() => {
  open?.close();
  open = null;
});

const PRICE = /21,\d{3}\.(00|25|50|75)/;
const DEMO = ["--demo", "--start-at", "10:58:31"] as const;

function start(columns: number, rows: number, args: readonly string[] = DEMO, env: Readonly<Record<string, string>> = {}): PtySession {
  open = programInPty({ columns, rows }, args, env);
  return open;
}

function startInShell(columns: number, rows: number, env: Readonly<Record<string, string>> = {}): PtySession {
  open = shellInPty({ columns, rows }, DEMO.join(" "), env);
  return open;
}

/** Seconds of the market's clock on screen. */
function clockOn(screen: string): number | null {
  const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d) ET/.exec(screen) ?? [];
  return hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

async function leaves(pty: PtySession): Promise<void> {
  pty.type("q");
  expect(await pty.ended).toBe(0);
  await pty.screen();
  expect([pty.isAlternate, pty.reportsMouse]).toEqual([false, false]);
}

describe.skipIf(!hasPty())("sizes", () => {
  test("a storm of 200 sizes while the market trades: never taller than the terminal, and the last picture is right", async () => {
    const pty = start(120, 40);
    await pty.until(PRICE);
    const prng = new Prng(4711);
    const upTo = (most: number): number => 1 + Math.floor(prng.float() * most);
    for (let at = 0; at < 200; at++) {
      pty.resize(upTo(300), upTo(90));
      if (at % 10 === 0) await sleep(30);
    }
    for (const [columns, rows] of [[300, 90], [60, 15], [59, 14], [20, 5], [1, 1], [2, 2], [97, 31]] as const) {
      pty.resize(columns, rows);
      if (columns < 20) {
        await sleep(150);
        continue;
      }
      const screen = await pty.until((shown) => /DEMO/.test(shown.split("\n")[0] ?? "") && (columns < 60 || PRICE.test(shown)));
      const lines = screen.split("\n");
      expect(lines).toHaveLength(rows);
      expect(lines.every((line) => line.length <= columns)).toBe(true);
      // A picture that was taller than the terminal would have rolled the screen.
      expect(pty.emulator.buffer.active.baseY).toBe(0);
      if (rows > 20) {
        await pty.until((shown) => shown.split("\n").at(-1)?.includes("help") === true);
        for (const title of ["1 Price", "2 Chart"]) expect((await pty.screen()).split(title)).toHaveLength(2);
      }
    }
    await leaves(pty);
  });

  test.each([[0, 0], [0, 24], [65_535, 65_535], [65_535, 3]])("a terminal that says it has %i columns and %i rows gets a screen, and a right size later", async (columns, rows) => {
    const pty = start(columns, rows);
    await pty.until(() => pty.bytes > 500 && pty.isAlternate, 60_000);
    pty.resize(100, 30);
    const screen = await pty.until((shown) => PRICE.test(shown) && /DEMO/.test(shown.split("\n")[0] ?? "") && shown.includes("help"), 60_000);
    expect(screen.split("\n")).toHaveLength(30);
    await leaves(pty);
  });
});

describe.skipIf(!hasPty())("a shell between", () => {
  test("Ctrl-Z gives the terminal back, fg draws the market as it is then", async () => {
    const pty = startInShell(110, 34);
    await pty.until((screen) => PRICE.test(screen) && /━ 1 Price/.test(screen));
    pty.type("\u001A");
    await pty.until(/Stopped/);
    expect([pty.isAlternate, pty.reportsMouse]).toEqual([false, false]);
    pty.type("echo typed-$((1+1))\r");
    await pty.until(/^typed-2$/m);
    pty.resize(90, 28);
    pty.type("fg\r");
    const screen = await pty.until((shown) => PRICE.test(shown) && /━ 1 Price/.test(shown) && shown.split("\n").at(-1)?.includes("help") === true);
    expect(screen).not.toContain("typed-2");
    expect([pty.isAlternate, pty.reportsMouse]).toEqual([true, true]);
    pty.type("4");
    await pty.until(/━ 4 Whale/);
    pty.type("q");
    await pty.until((shown) => !pty.isAlternate && /[#$]$/m.test(shown));
    pty.type("echo typed-$((2+2))\r");
    await pty.until(/^typed-4$/m);
  });

  test("SIGTSTP and SIGCONT from elsewhere do the same, as often as one likes", async () => {
    const pty = startInShell(100, 30);
    await pty.until(PRICE);
    for (let round = 0; round < 3; round++) {
      const group = await programOf(pty);
      kill(group, "SIGTSTP");
      await pty.until((screen) => !pty.isAlternate && screen.includes("Stopped"));
      pty.type("clear; fg\r");
      await pty.until((screen) => pty.isAlternate && PRICE.test(screen) && screen.includes("1 Price"));
    }
    pty.type("q");
    await pty.until(() => !pty.isAlternate);
  });

  test("without a shell to go back to Ctrl-Z leaves the screen as it is", async () => {
    const pty = start(100, 30);
    await pty.until(PRICE);
    pty.type("\u001A");
    await sleep(400);
    await pty.until((screen) => pty.isAlternate && PRICE.test(screen) && screen.includes("help"));
    pty.type("4");
    await pty.until(/━ 4 Whale/);
    await leaves(pty);
  });
});

/** The program that a shell in the terminal runs. */
async function programOf(pty: PtySession): Promise<number> {
  const { execFileSync } = await import("node:child_process");
  return Number(execFileSync("pgrep", ["-P", String(await pty.pid())], { encoding: "utf8" }).trim().split("\n")[0]);
}

describe.skipIf(!hasPty())("a slow line", () => {
  test.each([[65_536, 160, 48], [6000, 160, 48]])("read with %i bytes a second the screen stays at the market's time, and a key is answered", async (rate, columns, rows) => {
    const pty = start(columns, rows, [...DEMO, "--debug-overlay"]);
    await pty.until((screen) => screen.includes("● RUNNING") && clockOn(screen) !== null && PRICE.test(screen));
    const begun = performance.now();
    const clock = clockOn(await pty.screen()) ?? 0;
    const bytes = pty.bytes;
    pty.rate(rate);
    await sleep(15_000);
    /** How many seconds the picture is behind where the market must be, of a market that goes as fast as the clock. */
    const behind = async (): Promise<number> => (performance.now() - begun) / 1000 - ((clockOn(await pty.screen()) ?? 0) - clock);
    // A frame that is on its way may take its time; what must not be is a queue of them.
    const limit = 3 + (3 * 16_384) / rate;
    let least = await behind();
    for (let look = 0; look < 40 && least > limit; look++) {
      await sleep(100);
      least = Math.min(least, await behind());
    }
    expect(least, await pty.screen()).toBeLessThan(limit);
    expect((pty.bytes - bytes) / 15).toBeLessThan(rate * 1.3);
    expect(await pty.screen()).toMatch(/terminal [\d.]+ k?B\/s/);
    pty.type("?");
    await pty.until(/go to Price/);
    pty.rate(null);
    await leaves(pty);
  });
});

describe.skipIf(!hasPty())("garbage", () => {
  test("whatever bytes are typed, the screen stays whole and hears the next key", async () => {
    const home = mkdtempSync(join(tmpdir(), "nq-tui-garbage-"));
    const env = { HOME: home, XDG_DATA_HOME: join(home, "data"), XDG_STATE_HOME: join(home, "state") };
    const pty = start(100, 30, DEMO, env);
    await pty.until(PRICE);
    const prng = new Prng(12);
    for (let burst = 0; burst < 120; burst++) {
      // All bytes but those that are meant to end or stop it: q, Ctrl-C, Ctrl-Z.
      const bytes = Array.from({ length: 1 + Math.floor(prng.float() * 24) }, () => Math.floor(prng.float() * 256)).filter((byte) => ![0x71, 0x03, 0x1a].includes(byte));
      pty.type(Uint8Array.from(bytes));
      if (burst % 20 === 0) await sleep(50);
    }
    pty.type("\u001B[200~");
    pty.type("q".repeat(50_000)); // a paste is no keys
    pty.type("\u001B[201~");
    await sleep(300);
    pty.type("\u001B");
    await sleep(200);
    pty.type("\u001B");
    await sleep(200);
    pty.type("?");
    await pty.until((screen) => screen.includes("go to Price") || screen.includes("1 Price"));
    expect((await pty.screen()).split("\n")[0]).toMatch(/DEMO/);
    pty.type("\u0003");
    expect(await pty.ended).toBe(0);
    rmSync(home, { recursive: true, force: true });
  });
});

describe.skipIf(!hasPty())("violent ends", () => {
  test.each(["SIGTERM", "SIGHUP"] as const)("%s: the terminal is as it was, and reads lines again", async (signal) => {
    const pty = startInShell(100, 30);
    await pty.until(PRICE);
    kill(await programOf(pty), signal);
    await pty.until((screen) => !pty.isAlternate && screen.includes("ended with 0"));
    pty.type("echo typed-$((1+1))\r");
    await pty.until(/^typed-2$/m);
    expect(pty.reportsMouse).toBe(false);
  });

  test.each([["an error that nobody caught", "throw new Error('made to crash')"], ["a promise that nobody caught", "Promise.reject(new Error('made to crash'))"]])("%s: the terminal is as it was, with what happened on it", async (_, failure) => {
    const folder = mkdtempSync(join(tmpdir(), "nq-tui-"));
    const crash = join(folder, "crash.mjs");
    writeFileSync(crash, `process.on('SIGUSR2', () => setImmediate(() => { ${failure}; }));`);
    const pty = startInShell(100, 30, { NODE_OPTIONS: `--import ${crash}` });
    await pty.until(PRICE);
    kill(await programOf(pty), "SIGUSR2");
    await pty.until((screen) => !pty.isAlternate && screen.includes("ended with 70") && screen.includes("made to crash"));
    pty.type("echo typed-$((1+1))\r");
    await pty.until(/^typed-2$/m);
    expect(pty.reportsMouse).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
