/** Alerts in the built program in a terminal: bell and line when a rule fires, the pane, snooze, keys, edited settings; recordings played. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recordingBytes, tradeAtEastern } from "../helpers/dbn-bytes.ts";
import { hasPty, programInPty, type PtySession } from "../helpers/pty.ts";
import { runProgram, startProgram } from "../helpers/run-program.ts";

const BELL = "\u0007";
let folder = "";
let open: PtySession | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-alerts-"));
  mkdirSync(join(folder, "nq-tui"));
});
afterEach(() => {
  open?.close();
  open = null;
  rmSync(folder, { recursive: true, force: true });
});

const settingsPath = (): string => join(folder, "nq-tui", "config.yaml");
function settings(text: string): void {
  writeFileSync(`${settingsPath()}~`, text);
  renameSync(`${settingsPath()}~`, settingsPath());
}

/** In the demo market a large trade of any size is never far; a title of the window would end with a bell, too. */
const SOON = "title: false\nalerts:\n  - { name: any trade, when: large-trade, size: 1, cooldown_s: 1 }\n";

async function start(args: readonly string[], size = { columns: 120, rows: 40 }): Promise<PtySession> {
  open = programInPty(size, args, { XDG_CONFIG_HOME: folder, XDG_STATE_HOME: join(folder, "state") });
  const session = open;
  const isFirst = await session.until((screen) => /21,\d{3}\.\d\d/.test(screen) || /any key/i.test(screen));
  if (/any key/i.test(isFirst)) session.type(" ");
  return session;
}

/** Bells rung since the output had this length. */
const bells = (session: PtySession, from = 0): number => session.written.slice(from).split(BELL).length - 1;

describe.skipIf(!hasPty())("alerts on the screen", () => {
  test("a rule fires: a bell, a line in words, the pane; snoozed it is listed and quiet; a bad edit changes nothing", async () => {
    settings(SOON);
    const session = await start(["--demo", "--start-at", "09:35:00"]);
    await session.until(/! ALERT \[DEMO\] NQM5 any trade: \d+ contracts? .*, price 21,\d{3}\.\d\d/);
    expect(bells(session)).toBeGreaterThan(0);
    session.type("az");
    const pane = await session.until((screen) => /━ a Alerts/.test(screen) && /! \d\d:\d\d:\d\d any trade: /.test(screen));
    expect(pane).toMatch(/1 rule {2}/);
    expect(pane).toMatch(/large trade 1\+ +(armed|cooling) +[\d,]+×/);
    expect(pane).toMatch(/catch-up/); // what the gateway replayed is listed and was not rung
    session.type("Z");
    await session.until((screen) => screen.includes("snoozed 4m ") && /SNOOZED, 4m \d\ds left/.test(screen));
    const from = session.written.length;
    await session.until((screen) => (screen.match(/ snoozed/g) ?? []).length > 4);
    expect(bells(session, from)).toBe(0);
    settings(`${SOON}  - { name: wrong, when: price-above, price: 21750.1 }\n`);
    await session.until(/not taken: config\.yaml:4: alerts\.1\.price: expected a multiple of 0\.25, found 21750\.1; nearest: 21,750\.00 and 21,750\.25/);
    expect(await session.screen()).toMatch(/1 rule {2}/);
    settings(`${SOON}  - { name: second, when: price-above, price: 21999.75 }\n`);
    await session.until((screen) => /2 rules/.test(screen) && /second +price up to 21,999\.75 +\+[\d,]+ t +armed/.test(screen));
    session.type("ZZZ");
    await session.until(/alerts are awake again/);
    const awake = session.written.length;
    await session.until(() => bells(session, awake) > 0);
    session.type("q");
    expect(await session.ended).toBe(0);
  });

  test("! sets an alert at the price and takes it away; both are said, and it is for this run only", async () => {
    const session = await start(["--demo", "--start-at", "09:35:00", "--layout", "tape"]);
    await session.until((screen) => /21,\d{3}\.\d\d/.test(screen) && /RUNNING/.test(screen));
    session.type(" a!"); // frozen, so that the second ! finds the same price
    const set = await session.until(/alert set at (21,\d{3}\.\d\d), for this run only: it is no live price/);
    const [, price = ""] = /alert set at (21,\d{3}\.\d\d)/.exec(set) ?? [];
    expect(set).toMatch(/1 rule, 1 by key/);
    session.type("d");
    await session.until(new RegExp(`alert at ${price.replace(",", "")} removed`));
    session.type("q");
    expect(await session.ended).toBe(0);
  });

  test("a replay lists and is quiet; asked for, it rings", async () => {
    const recording = join(folder, "day.dbn");
    writeFileSync(recording, recordingBytes(Array.from({ length: 400 }, (_, index) => {
      const time = `2025-06-13T10:${String(Math.floor(index / 60)).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}`;
      return tradeAtEastern(time, { sequence: index + 1, size: 5 });
    })));
    settings("title: false\nalerts:\n  - { name: five, when: large-trade, size: 5, cooldown_s: 0 }\n");
    const quiet = await start(["replay", recording, "--speed", "10"]);
    quiet.type("az");
    await quiet.until((screen) => /only listed: a replay/.test(screen) && / replay *┃/.test(screen));
    expect(bells(quiet)).toBe(0);
    quiet.type("q");
    expect(await quiet.ended).toBe(0);
    const loud = await start(["replay", recording, "--speed", "10", "--alerts-on-replay"]);
    await loud.until(/! ALERT \[REPLAY\] .*five: 5 contracts/);
    expect(bells(loud)).toBeGreaterThan(0);
    loud.type("q");
    expect(await loud.ended).toBe(0);
  });

  test("a webhook that hangs holds nothing up: the screen goes on, and the pane says what became of it", async () => {
    const server = createServer(() => {}); // never answers
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    settings(`title: false\nalerts:\n  - { name: hook, when: large-trade, size: 1, once: true, actions: [{ do: webhook, url: "http://127.0.0.1:${port}/VerySecret", timeout_s: 1 }] }\n`);
    const session = await start(["--demo", "--start-at", "09:35:00"]);
    session.type("az");
    await session.until(/1 failed/, 60_000);
    expect(await session.screen()).toMatch(/failed: webhook 127\.0/);
    const volume = /21,\d{3}\.\d\d/.exec(await session.screen())?.[0] ?? "";
    await session.until((screen) => !screen.includes(volume));
    expect(session.written).not.toContain("VerySecret");
    session.type("q");
    expect(await session.ended).toBe(0);
    server.closeAllConnections();
    server.close();
  }, 90_000);
});

describe("alerts without a screen", () => {
  test("watch prints firings of the running market and runs their commands; nothing of the past", async () => {
    const out = join(folder, "out");
    settings(`alerts:\n  - { name: any, when: large-trade, size: 1, cooldown_s: 1, actions: [{ do: command, run: [sh, -c, 'echo "$NQ_ALERT_MODE $NQ_ALERT_RULE" >> "$0"', "${out}"] }] }\n`);
    const running = startProgram(["alerts", "watch", "--demo", "--start-at", "09:35:00", "--config", settingsPath(), "--json"]);
    const printed = await running.until(/\n.*\n/);
    running.child.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 0 });
    const [first] = printed.split("\n");
    expect(JSON.parse(first ?? "")).toMatchObject({ mode: "DEMO", rule: "any", when: "large-trade", symbol: "NQM5", ts: expect.stringMatching(/^2025-06-13T13:35:/) });
    expect(readFileSync(out, "utf8")).toMatch(/^DEMO any\n/);
  });

  test("list says what there is, without what is secret", async () => {
    settings('alerts:\n  - { name: a, when: price-above, price: 21750, session: RTH }\n  - { name: b, when: feed, once: true, actions: [{ do: webhook, url: "https://hooks.example.com/VerySecret" }, { do: command, run: [say, hello] }] }\n');
    const end = await runProgram(["alerts", "list"], { XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder });
    expect(end).toEqual({
      code: 0, signal: null, stderr: "",
      stdout: "a: price up to 21750; every 60 s at most, RTH only; bell\nb: feed stale, down or with a gap; once; webhook hooks.example.com, command say\n",
    });
    const shown = await runProgram(["config", "show", "--json"], { XDG_CONFIG_HOME: folder });
    expect(shown.stdout).toContain("https://hooks.example.com/…");
    expect(shown.stdout).not.toContain("VerySecret");
  });
});
