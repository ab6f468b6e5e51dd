/** What is done when a rule fires, with real programs and a real server: bounded whatever they do, and no secret in what is said. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kill } from "node:process";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { Firing } from "../../src/alerts/firing.ts";
import { desktopProgram } from "../../src/commands/alert-actions/desktop.ts";
import { Lane } from "../../src/commands/alert-actions/lane.ts";
import { ActionRunner, type ActionResult } from "../../src/commands/alert-actions/runner.ts";
import { notification } from "../../src/commands/alert-actions/terminal.ts";
import { createSystem, type System } from "../../src/commands/system.ts";
import type { AlertAction } from "../../src/config/alert-settings.ts";
import { rule } from "../alerts/alert-rig.ts";
import { DAY } from "../store/market-records.ts";
import { sampleInstrument } from "../ui/sample-snapshot.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-actions-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The real one, ten times as fast. */
function system(env: Readonly<Record<string, string>> = {}): System {
  const real = createSystem();
  return {
    ...real,
    random: () => 0,
    env: { ...real.env, ...env },
    clock: { ...real.clock, monotonicMs: () => real.clock.monotonicMs() * 10, after: (ms, run) => real.clock.after(ms / 10, run) },
  };
}

function firing(actions: readonly AlertAction[], number = 1): Firing {
  return {
    number, rule: rule({ when: "large-trade", size: 100, actions }, "whale"), index: 0, at: { sec: DAY.rthOpenSec + 5, nanos: 7 }, ticks: 87_000,
    seen: { kind: "large", aggressor: 1, size: 120, least: 100 }, instrument: sampleInstrument, day: DAY, isCatchUp: false,
  };
}

interface Rig {
  readonly runner: ActionRunner;
  readonly results: ActionResult[];
  readonly written: string[];
  /** Resolves when so many actions have ended. */
  readonly ended: (count: number) => Promise<readonly ActionResult[]>;
}

let open: ActionRunner[] = [];
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(open.map((runner) => runner.close()));
  open = [];
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

function rig(on = system()): Rig {
  const results: ActionResult[] = [];
  const written: string[] = [];
  const runner = new ActionRunner(on, { terminal: (codes) => void written.push(codes), onResult: (result) => void results.push(result) });
  open.push(runner);
  return { runner, results, written, ended: async (count) => vi.waitFor(() => {
    expect(results.length).toBeGreaterThanOrEqual(count);
    return results;
  }, { timeout: 20_000, interval: 20 }) };
}

interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A server that answers with these statuses one after the other; null: never. Its address without a path. */
async function server(...answers: readonly (number | null)[]): Promise<{ readonly address: string; readonly requests: Request[] }> {
  const requests: Request[] = [];
  const it = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push({ url: request.url ?? "", headers: request.headers, body });
      if (answer === null || answer === undefined) return;
      response.writeHead(answer, answer === 302 ? { location: "/elsewhere" } : {});
      response.end("thanks");
    });
  });
  servers.push(it);
  await new Promise<void>((resolve) => it.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(it.address() as AddressInfo).port}`, requests };
}

const webhook = (url: string, timeout_s = 1): AlertAction => ({ do: "webhook", url, timeout_s });
const command = (run: readonly string[], timeout_s = 10): AlertAction => ({ do: "command", run, timeout_s });

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o700);
  return path;
}

describe("a webhook", () => {
  test("gets the alert as JSON, marked with the mode, name and password as a header", async () => {
    const { address, requests } = await server(204);
    const { runner, ended } = rig();
    runner.run(firing([webhook(address.replace("http://", "http://me:pass%20word@") + "/hook?token=abc")]), "DEMO");
    expect(await ended(1)).toEqual([{ firing: 1, rule: "whale", action: `webhook ${address.slice(7)}`, problem: null }]);
    expect(requests[0]?.url).toBe("/hook?token=abc");
    expect(requests[0]?.headers["authorization"]).toBe(`Basic ${Buffer.from("me:pass word").toString("base64")}`);
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
      text: "[DEMO] NQM5 whale: 120 contracts bought by one aggressor, price 21,750.00",
      content: "[DEMO] NQM5 whale: 120 contracts bought by one aggressor, price 21,750.00",
      ts: "2025-06-13T13:30:05.000000007Z", trade_date: "2025-06-13", session: "RTH", symbol: "NQM5", mode: "DEMO", rule: "whale", when: "large-trade",
      what: "120 contracts bought by one aggressor", price: 21_750,
    });
  });

  test("that fails for now is tried three times, one that refuses once; nobody is sent on elsewhere", async () => {
    const back = await server(500, 429, 200);
    const busy = await server(503);
    const refusing = await server(404);
    const moved = await server(302);
    const { runner, ended } = rig();
    for (const { address } of [back, busy, refusing, moved]) runner.run(firing([webhook(`${address}/a`)]), "LIVE");
    const problems = new Map((await ended(4)).map(({ action, problem }) => [action.slice(8), problem]));
    expect([back, busy, refusing, moved].map(({ address }) => problems.get(address.slice(7)))).toEqual([null, "answered 503, 3 times", "answered 404", "answered 302"]);
    expect([back, busy, refusing, moved].map(({ requests }) => requests.length)).toEqual([3, 3, 1, 1]);
  });

  test("that hangs is given up, harms nothing else, and what is said has no secret of its address", async () => {
    const { address, requests } = await server(null);
    const { runner, results, written, ended } = rig();
    const secret = "VerySecretToken";
    for (let number = 1; number <= 150; number += 1) runner.run(firing([webhook(`${address}/${secret}?key=${secret}`, 5)], number), "LIVE");
    // Others are done while every place for webhooks is taken.
    runner.run(firing([command([script("quick", "exit 0")]), { do: "bell" }]), "LIVE");
    expect((await ended(1))[0]).toMatchObject({ action: expect.stringMatching(/^command .*quick$/), problem: null });
    expect(written).toEqual(["\u0007"]);
    expect(runner.waiting).toBe(104);
    expect(runner.dropped).toBe(46);
    await ended(5);
    expect(results.find(({ action }) => action.startsWith("webhook"))?.problem).toBe("no answer within 5 s, 3 times");
    expect(JSON.stringify(results)).not.toContain(secret);
    expect(requests[0]?.url).toContain(secret);
    await runner.close();
    expect(runner.waiting).toBe(0);
  });

  test("that is not there says so without its address", async () => {
    const { runner, ended } = rig();
    runner.run(firing([webhook("http://127.0.0.1:9/VerySecretToken")]), "LIVE");
    const [result] = await ended(1);
    expect(result?.problem).toMatch(/^could not be reached.*3 times$/);
    expect(JSON.stringify(result)).not.toContain("VerySecretToken");
  });
});

describe("a command", () => {
  test("gets its arguments as they are, what fired in variables, and no key", async () => {
    const out = join(folder, "out");
    const path = script("tell", `printf '%s\\n' "$@" "$NQ_ALERT_RULE|$NQ_ALERT_WHAT|$NQ_ALERT_PRICE|$NQ_ALERT_SYMBOL|$NQ_ALERT_MODE|$NQ_ALERT_TS" "key=$DATABENTO_API_KEY$NQ_TUI_GATEWAY_KEY" > ${out}`);
    const { runner, ended } = rig(system({ DATABENTO_API_KEY: "db-secret", NQ_TUI_GATEWAY_KEY: "db-secret" }));
    runner.run(firing([command([path, "$(touch /tmp/never)", "; rm -rf /", "a b"])]), "REPLAY");
    expect((await ended(1))[0]?.problem).toBeNull();
    expect(readFileSync(out, "utf8").split("\n")).toEqual([
      "$(touch /tmp/never)", "; rm -rf /", "a b", "whale|120 contracts bought by one aggressor|21750|NQM5|REPLAY|2025-06-13T13:30:05.000000007Z", "key=", "",
    ]);
  });

  test.each([
    [["/nonexistent/program"], "there is no program /nonexistent/program"],
    [[script("three", "echo 'no such sound\u001B[31m' >&2; exit 3")], "ended with 3: no such sound"],
    [["a\u0000b"], /^could not be done/],
  ])("%j that goes wrong says why", async (run, problem) => {
    const { runner, ended } = rig();
    runner.run(firing([command(run)]), "LIVE");
    const said = (await ended(1))[0]?.problem;
    if (typeof problem === "string") expect(said).toBe(problem);
    else expect(said).toMatch(problem);
  });

  test("that may not be run says so", async () => {
    const path = join(folder, "text");
    writeFileSync(path, "text");
    const { runner, ended } = rig();
    runner.run(firing([command([path])]), "LIVE");
    expect((await ended(1))[0]?.problem).toBe(`${path} may not be run`);
  });

  test("that never ends, and does not want to, is ended with everything it started", async () => {
    const pids = join(folder, "pids");
    const path = script("stubborn", `trap '' TERM\necho $$ >> ${pids}\n(trap '' TERM; while :; do sleep 1; done) &\necho $! >> ${pids}\nwhile :; do sleep 1; done`);
    const { runner, ended } = rig();
    runner.run(firing([command([path], 5)]), "LIVE");
    expect((await ended(1))[0]?.problem).toBe("did not end within 5 s");
    const isRunning = (pid: number): boolean => {
      try {
        kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    await vi.waitFor(() => {
      const all = readFileSync(pids, "utf8").trim().split("\n").map(Number);
      expect(all).toHaveLength(2);
      // One that is gone and not yet reaped by whoever took it over counts as ended.
      expect(all.filter((pid) => isRunning(pid) && !isZombie(pid))).toEqual([]);
    }, { timeout: 10_000 });
  });
});

function isZombie(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && readFileSync(path, "utf8").split(") ")[1]?.startsWith("Z") === true;
}

describe("the terminal", () => {
  test("rings and notifies at most so often; what is left out is counted", () => {
    let now = 0;
    const real = createSystem();
    const { runner, written } = rig({ ...real, env: {}, clock: { ...real.clock, monotonicMs: () => now } });
    for (let count = 0; count < 5; count += 1) runner.run(firing([{ do: "bell" }, { do: "notify" }]), "LIVE");
    now = 2000;
    runner.run(firing([{ do: "bell" }]), "LIVE");
    expect(written.map((codes) => codes.slice(0, 5))).toEqual(["\u0007", "\u001B]9;N", "\u0007"]);
    expect(runner.dropped).toBe(8);
  });

  test("gets the form that it knows, both where it is not known, wrapped inside tmux and screen", () => {
    const [ESC, BEL] = ["\u001B", "\u0007"];
    const nine = `${ESC}]9;a, b: c${BEL}`;
    const sevens = `${ESC}]777;notify;a, b;c${BEL}`;
    const of = (env: Readonly<Record<string, string>>): string => notification("a; b", "c", env);
    expect(of({})).toBe(nine + sevens);
    expect(of({ TERM_PROGRAM: "iTerm.app" })).toBe(nine);
    expect(of({ TERM: "foot" })).toBe(sevens);
    expect(of({ VTE_VERSION: "7600" })).toBe(sevens);
    expect(of({ TERM: "foot", TMUX: "/tmp/x" })).toBe(`${ESC}Ptmux;${ESC}${sevens}${ESC}\\`);
    expect(of({ TERM: "foot", STY: "1" })).toBe(`${ESC}P${sevens}${ESC}\\`);
  });

  test("never gets an escape out of a rule's name", () => {
    const { runner, written } = rig({ ...createSystem(), env: {} });
    const evil = firing([{ do: "notify" }]);
    runner.run({ ...evil, rule: { ...evil.rule, name: "x\u0007\u001B]0;owned\u0007\u202Ey" } }, "LIVE");
    expect(written[0]?.split("\u0007")).toHaveLength(3); // the ends of both forms
    expect(written[0]).not.toContain("owned");
    expect(written[0]).not.toContain("\u202E");
  });
});

test("the desktop is told by its own program, text as arguments", () => {
  expect(desktopProgram("linux", "-t <b>", "a & b <i>")).toEqual(["notify-send", "--app-name=nq-tui", "--", "-t <b>", "a &amp; b &lt;i&gt;"]);
  expect(desktopProgram("darwin", "t\" & do shell script \"x", "b")?.slice(-2)).toEqual(["t\" & do shell script \"x", "b"]);
  expect(desktopProgram("win32", "t", "b")).toBeNull();
});

test("a lane runs so many at once, in order, and drops what finds no room", async () => {
  const lane = new Lane(2, 3);
  const started: number[] = [];
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  gates.forEach(({ promise }, at) => lane.add(async () => {
    started.push(at);
    await promise;
  }));
  expect([started, lane.waiting, lane.dropped]).toEqual([[0, 1], 5, 1]);
  gates[1]?.resolve();
  await vi.waitFor(() => expect(started).toEqual([0, 1, 2]));
  const closed = lane.close();
  for (const { resolve } of gates) resolve();
  await closed;
  expect([started, lane.waiting]).toEqual([[0, 1, 2], 0]);
});
