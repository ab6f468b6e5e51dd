/** The doctor from outside: what it finds right and wrong on the way to a market, and what it says to do. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/commands/doctor/finding.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { failure, header, KEY_TEXT, serveTcp, type Script } from "../client/scripted-gateway.ts";
import { runProgram, startProgram, type Finished } from "../helpers/run-program.ts";
import { hasTerminal, startInTerminal } from "../helpers/terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));
/** A home of its own: nobody's recordings are looked at. */
const HOME = { HOME: folder, XDG_DATA_HOME: join(folder, "data") };

interface Report {
  readonly end: Finished;
  readonly ok: boolean;
  readonly state: (name: string) => string | undefined;
  readonly of: (name: string) => Finding | undefined;
}

async function examine(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Report> {
  const end = await runProgram(["doctor", "--json", ...args], { ...HOME, ...env });
  expect(end.stderr).toBe("");
  const report = JSON.parse(end.stdout) as { ok: boolean; checks: Finding[] };
  expect(end.code).toBe(report.ok ? 0 : 1);
  const of = (name: string): Finding | undefined => report.checks.find((finding) => finding.name === name);
  // Whatever failed comes with something to do.
  for (const { state, advice } of report.checks) if (state === "fail") expect(advice).not.toBe("");
  return { end, ok: report.ok, of, state: (name) => of(name)?.state };
}

async function listen(onSocket: (socket: Socket) => void): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => new Promise((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(() => resolve());
  });
  return { port: (server.address() as AddressInfo).port, close };
}

describe("without a key", () => {
  test("the demo market is examined, and what is left out is said", async () => {
    const report = await examine([]);
    expect(report.ok).toBe(true);
    expect(report.of("API key")).toMatchObject({ state: "skip", advice: expect.stringContaining("DATABENTO_API_KEY") });
    expect(report.of("gateway")).toMatchObject({ state: "skip", found: expect.stringContaining("without a key") });
    for (const name of ["node", "characters", "settings", "calendar", "recordings", "demo market"]) expect(report.state(name), name).toBe("ok");
  });

  test("a person reads a line for each, with a sign and a word, and in the end how many failed", async () => {
    const end = await runProgram(["doctor"], { ...HOME, LANG: "C.UTF-8" });
    expect(end.stdout).toMatch(/^● ok {3}demo market {8}served by this program/m);
    expect(end.stdout).toMatch(/^○ skip API key/m);
    expect(end.stdout.trimEnd()).toMatch(/\nnothing is wrong$/);
    const ascii = await runProgram(["doctor"], { ...HOME, LANG: "C", LC_ALL: "C" });
    expect(ascii.stdout).toMatch(/^[\x20-\x7E\n]+$/);
    expect(ascii.stdout).toMatch(/warn characters/);
  });
});

describe("on this machine", () => {
  test("mistakes in settings and calendar, and a folder that cannot be written, fail", async () => {
    const config = join(folder, "config");
    mkdirSync(join(config, "nq-tui"), { recursive: true });
    writeFileSync(join(config, "nq-tui", "config.yaml"), "theme: drak\nflash: 3\n");
    writeFileSync(join(config, "nq-tui", "calendar.json"), "{");
    const report = await examine(["--dir", join(config, "nq-tui", "config.yaml", "recordings")], { XDG_CONFIG_HOME: config });
    expect(report.ok).toBe(false);
    expect(report.of("settings")).toMatchObject({ state: "fail", found: expect.stringContaining("config.yaml:1: theme: expected one of") });
    expect(report.of("calendar")).toMatchObject({ state: "warn", advice: expect.stringContaining("The built-in calendar is used") });
    expect(report.of("recordings")).toMatchObject({ state: "fail", found: expect.stringContaining("may not be written") });
  });

  test("a recording under way is seen, and not disturbed", async () => {
    const dir = join(folder, "recorded");
    const recorder = startProgram(["record", "--demo", "--dir", dir, "--speed", "60"], HOME);
    try {
      let report = await examine(["--dir", join(dir, "demo")]);
      for (let tries = 0; tries < 20 && report.of("recording")?.found !== "an nq-tui records into it now; a second one could not"; tries += 1) {
        report = await examine(["--dir", join(dir, "demo")]);
      }
      expect(report.of("recording")).toMatchObject({ state: "ok", found: expect.stringContaining("records into it now") });
    } finally {
      recorder.child.kill("SIGINT");
    }
    expect(await recorder.finished).toMatchObject({ code: 0 });
    expect(await examine(["--dir", join(dir, "demo")]).then((report) => report.of("recording")?.found)).toBe("nobody records into it now");
  });

  test.skipIf(!hasTerminal())("a terminal is measured", async () => {
    const session = startInTerminal({ columns: 56, rows: 30 }, "doctor", `XDG_DATA_HOME=${HOME.XDG_DATA_HOME}`);
    try {
      await session.until(/warn terminal size +56 × 30/);
      await session.until(/ended with 0/);
      expect(session.screen()).toMatch(/ok {3}keyboard/);
      expect(session.screen()).toMatch(/ok {3}mouse/);
    } finally {
      session.close();
    }
  });
});

describe("on the way to a gateway", () => {
  const OWN_KEY = "db-OwnGatewayKey0123456789abcdef";
  const WRONG_KEY = "db-ThisKeyMustNeverBeSeen0123456";

  test("every step is right with the right key; a wrong one is refused and never shown", async () => {
    const gateway = startProgram(["gateway", "--port", "0", "--ws-port", "0"], { NQ_TUI_GATEWAY_KEY: OWN_KEY });
    const shown = await gateway.until(/ws .*\n/);
    const tcp = /tcp (\S+)/.exec(shown)?.[1] ?? "";
    const ws = /ws (\S+)/.exec(shown)?.[1] ?? "";
    try {
      for (const address of [tcp, ws.startsWith("ws://") ? ws : `ws://${ws}`]) {
        const report = await examine(["--gateway", address], { DATABENTO_API_KEY: OWN_KEY });
        expect(report.ok, address).toBe(true);
        for (const name of ["API key", "name", "port", "login", "schema trades", "schema mbp-1", "schema definition"]) expect(report.state(name), name).toBe("ok");
        expect(report.of("clock")).toMatchObject({ state: "skip", found: expect.stringContaining("market of another time") });
      }
      const unknown = await examine(["--gateway", tcp, "--symbol", "NQX9"], { DATABENTO_API_KEY: OWN_KEY });
      expect(unknown.of("schema trades")).toMatchObject({ state: "warn", found: expect.stringContaining("NQX9") });
      const wrong = await examine(["--gateway", tcp], { DATABENTO_API_KEY: WRONG_KEY });
      expect(wrong.of("login")).toMatchObject({ state: "fail", found: expect.stringContaining("refused"), advice: expect.stringContaining("DATABENTO_API_KEY") });
      expect(wrong.end.stdout).not.toContain("MustNever");
    } finally {
      gateway.child.kill("SIGINT");
      await gateway.finished;
    }
  });

  test("a key of the wrong form is never sent and never shown", async () => {
    const report = await examine([], { DATABENTO_API_KEY: "MustNeverBeSeen" });
    expect(report.of("API key")).toMatchObject({ state: "fail", found: expect.stringContaining("begins with db-") });
    expect(report.state("gateway")).toBe("skip");
    expect(report.end.stdout).not.toContain("MustNever");
  });

  test("nobody there, a stranger, and a host that says nothing are told apart, each in bounded time", async () => {
    const gone = await listen(() => {});
    await gone.close();
    expect((await examine(["--gateway", `127.0.0.1:${gone.port}`])).of("port")).toMatchObject({ state: "fail", found: expect.stringContaining("nobody listens there") });
    const stranger = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const silent = await listen(() => {});
    try {
      expect((await examine(["--gateway", `127.0.0.1:${stranger.port}`])).of("login")).toMatchObject({ state: "fail", found: expect.stringContaining("an HTTP server") });
      const report = await examine(["--gateway", `127.0.0.1:${silent.port}`]);
      expect(report.state("port")).toBe("ok");
      expect(report.of("login")).toMatchObject({ state: "fail", found: expect.stringContaining("within 8 s") });
    } finally {
      await Promise.all([stranger.close(), silent.close()]);
    }
  });

  test("what each schema is answered with is told, and how far the clocks are apart", async () => {
    const script: Script = async (peer) => {
      const [line = ""] = await peer.accept();
      const schema = /schema=([a-z0-9-]+)/.exec(line)?.[1] ?? "";
      await peer.write(header());
      if (schema === "mbp-1") {
        await peer.write(failure("Not entitled: a licence for mbp-1 is required", 5));
        peer.end();
      } else {
        const tsEvent = BigInt(Date.now() + 5000) * 1_000_000n;
        await peer.write(encodeRecord({ kind: "system", tsEvent, msg: `Subscription request 1 for ${schema} data succeeded`, code: 1 }, 3));
      }
    };
    const gateway = await serveTcp(script);
    try {
      const report = await examine(["--gateway", `127.0.0.1:${gateway.port}`], { DATABENTO_API_KEY: KEY_TEXT });
      expect(report.state("schema trades")).toBe("ok");
      expect(report.of("schema mbp-1")).toMatchObject({ state: "fail", found: expect.stringContaining("Not entitled"), advice: expect.stringContaining("licence") });
      expect(report.of("clock")).toMatchObject({ state: "warn", found: expect.stringMatching(/[45]\.\d\d s behind the gateway's/) });
      expect(report.ok).toBe(false);
    } finally {
      await gateway.close();
    }
    expect(gateway.failures).toEqual([]);
  });
});
