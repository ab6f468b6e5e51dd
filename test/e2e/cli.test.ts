/** The built program from outside: what it prints, what it exits with. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { concatBytes, liveHeaderBytes, tradeBytes } from "../helpers/dbn-bytes.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { runProgram, startProgram } from "../helpers/run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-"));
afterAll(() => rmSync(folder, { recursive: true }));
const KEY = "db-ThisKeyMustNeverBeSeen0123456";

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A server that is no gateway. */
async function listen(onSocket: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

describe("help and usage", () => {
  test.each([[[]], [["replay"]], [["stream"]], [["price"]], [["log"]], [["volume"]], [["gateway"]], [["inspect"]], [["recordings", "verify"]], [["config", "check"]], [["doctor"]]])("%j --help explains and exits 0", async (args) => {
    const end = await runProgram([...args, "--help"]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(end.stdout).toContain("Usage: nq-tui");
  });

  test("--version is the package's", async () => {
    const version = JSON.parse(readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8")) as { version: string };
    expect(await runProgram(["--version"])).toMatchObject({ code: 0, stdout: `${version.version}\n` });
  });

  test.each([
    [["--frobnicate"], "--symbol"],
    [["stream", "--frobnicate"], "--limit"],
    [["stream", "--speed", "7"], "1, 10, 60, max"],
    [["frobnicate"], "replay, stream, price, log, volume, record, recordings, alerts, gateway, inspect"],
    [["repaly", "day.dbn"], "did you mean replay?"],
    [["config", "chekc"], "did you mean check?"],
    [["--symbol", "NQ.FUT"], "NQ.v.0"],
    [["stream", "--limit", "0"], "from 1"],
    [["--gateway", "nowhere"], "HOST:PORT"],
    [["--start-at", "25:00"], "09:29:30"],
    [["gateway", "--port", "70000"], "0 to 65535"],
    [["replay"], "files"],
    [["gateway", "--dbn", "4"], "1, 2, 3"],
    [["price", "--timeout", "0"], "from 1"],
    [["log", "--every", "0s"], "1s to 24h"],
    [["log", "--format", "xml"], "csv, ndjson"],
    [["price", "live", "x.dbn"], "./live"],
    [["stream", "--demo", "--gateway", "127.0.0.1:1"], "--demo and --gateway"],
    [["stream", "--gateway", "127.0.0.1:1", "--speed", "60", "--seed", "3"], "--speed, --seed"],
    [["--gateway", "127.0.0.1:1", "--start-at", "10:00"], "--start-at"],
  ])("%j is refused with what is allowed", async (args, allowed) => {
    const end = await runProgram(args);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain(allowed);
  });

  test("an old Node gets one sentence", () => {
    const bin = readFileSync(fileURLToPath(new URL("../../dist/bin.js", import.meta.url)), "utf8");
    const old = file("old.mjs", Buffer.from(bin.replace("process.versions.node.split", '"20.20.2".split')));
    try {
      execFileSync(process.execPath, [old], { encoding: "utf8", stdio: "pipe" });
      expect.unreachable("it must refuse");
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      expect(status).toBe(1);
      expect(stderr).toMatch(/^nq-tui needs Node 22\.15 or newer.*\n$/);
    }
  });
});

describe("stream", () => {
  test("prints a line a second of the demo market, marked, and stops after the limit", async () => {
    const end = await runProgram(["stream", "--demo", "--speed", "10", "--limit", "200"]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    const lines = end.stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line).toMatch(/^09:\d\d:\d\d ET {2}21,\d{3}\.(00|25|50|75) {2}−\d+\.\d\d {2}−\d\.\d\d% vs settle {2}size \d+ {2}vol 6\d,\d{3} {2}DEMO$/);
    expect(new Set(lines.map((line) => line.slice(0, 8))).size).toBe(lines.length);
  });

  test("--json counts every trade once: the volume grows by exactly what traded", async () => {
    const end = await runProgram(["--json", "--demo", "--speed", "60", "--limit", "50"]);
    const rows = end.stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(end.code).toBe(0);
    expect(rows.at(-1)).toMatchObject({ mode: "DEMO", symbol: "NQM5", basis: "settlement", coverage: "complete since 18:00", trade_date: "2025-06-13" });
    for (const row of rows) expect((Number(row["price"]) * 4) % 1).toBe(0);
  });

  test("the limit counts trades of the contract on screen, not of the one beside it", async () => {
    // Asked for by its id, nothing is asked for beside it.
    const ends = await Promise.all(["NQ.v.0", "42005804"].map((symbol) =>
      runProgram(["--json", "--demo", "--speed", "max", "--start-at", "18:00", "--limit", "3000", "--symbol", symbol])));
    expect(ends[0]?.stdout.length).toBeGreaterThan(1000);
    expect(ends[0]?.stdout).toBe(ends[1]?.stdout);
  });

  test.each([["monday", "NQM5"], ["thursday", "NQU5"], ["expiry", "NQM5"], ["volume", "NQM5"]])("--roll %s shows %s of the demo's day", async (rule, symbol) => {
    const end = await runProgram(["--json", "--demo", "--speed", "max", "--start-at", "18:00", "--limit", "5", "--roll", rule]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(end.stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ symbol });
  });

  test("--roll with one contract by name is refused", async () => {
    const end = await runProgram(["stream", "--demo", "--roll", "monday", "--symbol", "NQU5"]);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain("--roll monday chooses the contract; expected a --symbol such as NQ.v.0 with it, found NQU5");
  });

  test("a contract that has expired is not asked for live, and the lead month is named", async () => {
    const end = await runProgram(["stream", "--symbol", "NQM24"], { DATABENTO_API_KEY: KEY });
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toMatch(/^nq-tui: NQM24 stopped trading on 2024-06-21 at 09:30 ET; the lead month is NQ[HMUZ]\d\n/);
  });

  test("a wrong calendar file names the entry", async () => {
    const calendar = file("calendar.json", Buffer.from('{ "days": [ { "date": "2025-06-13", "type": "shut" } ] }'));
    const end = await runProgram(["stream", "--demo", "--limit", "1", "--calendar", calendar]);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toMatch(/calendar\.json: day 1 \(2025-06-13\): expected a type of closed, halt, early, regular, found "shut"/);
  });

  test("the same seed gives the same lines", async () => {
    const [one, two] = await Promise.all([1, 2].map(() => runProgram(["stream", "--demo", "--speed", "max", "--start-at", "18:00", "--limit", "3000", "--seed", "9"])));
    expect(one?.stdout.length).toBeGreaterThan(1000);
    expect(one?.stdout).toBe(two?.stdout);
  });

  test("Ctrl-C and SIGTERM end it in peace", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const running = startProgram(["stream", "--demo", "--speed", "10"]);
      await running.until(/DEMO\n/);
      running.child.kill(signal);
      expect(await running.finished).toMatchObject({ code: 0, signal: null, stderr: "" });
    }
  });

  test("a reader that goes away ends it in peace", async () => {
    const running = startProgram(["stream", "--demo", "--speed", "60"]);
    await running.until(/DEMO\n/);
    running.child.stdout.destroy();
    expect(await running.finished).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("refusals and broken links", () => {
  test.each([["db-short"], ["xx-0123456789012345678901234567890"], ["db-with a blank inside it, 32 char"]])("a malformed key is refused without showing it", async (key) => {
    const end = await runProgram(["stream"], { DATABENTO_API_KEY: key });
    expect(end.code).toBe(3);
    expect(end.stderr).toContain("DATABENTO_API_KEY");
    expect(end.stderr).not.toContain(key);
  });

  test("what only the demo market can do is refused where a key makes it live", async () => {
    const end = await runProgram(["stream", "--speed", "60"], { DATABENTO_API_KEY: KEY });
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toMatch(/--speed.*--demo/);
  });

  test("a malformed key of the gateway's own is called by its name", async () => {
    const end = await runProgram(["gateway", "--port", "0"], { NQ_TUI_GATEWAY_KEY: "short" });
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain("NQ_TUI_GATEWAY_KEY");
    expect(end.stderr).not.toContain("DATABENTO_API_KEY");
  });

  test("a wrong key stops, says what to do, and the key is nowhere", async () => {
    const gateway = startProgram(["gateway", "--port", "0"]);
    const port = /tcp 127\.0\.0\.1:(\d+)/.exec(await gateway.until(/key /))?.[1] ?? "";
    const end = await runProgram(["stream", "--gateway", `127.0.0.1:${port}`], { DATABENTO_API_KEY: KEY });
    expect(end).toMatchObject({ code: 3, stdout: "" });
    expect(end.stderr).toMatch(/DATABENTO_API_KEY/);
    expect(end.stderr).not.toContain(KEY);
    gateway.child.kill("SIGTERM");
    const served = await gateway.finished;
    expect(served).toMatchObject({ code: 0, stderr: "" });
    expect(served.stdout).not.toContain(KEY);
  });

  test("a gateway by address, over TCP and WebSocket, says that its market is simulated", async () => {
    const gateway = startProgram(["gateway", "--port", "0", "--ws-port", "0", "--speed", "60"]);
    const printed = await gateway.until(/key /);
    const port = /tcp 127\.0\.0\.1:(\d+)/.exec(printed)?.[1] ?? "";
    const url = /ws (ws:\S+)/.exec(printed)?.[1] ?? "";
    for (const address of [`127.0.0.1:${port}`, url]) {
      const end = await runProgram(["stream", "--gateway", address, "--limit", "30"]);
      expect(end).toMatchObject({ code: 0, stderr: "" });
      expect(end.stdout.trimEnd().split("\n").at(-1)).toMatch(/ET .* DEMO$/);
    }
    gateway.child.kill("SIGINT");
    expect((await gateway.finished).code).toBe(0);
  });

  test("a symbol that the gateway does not know ends it and is named", async () => {
    const end = await runProgram(["stream", "--demo", "--symbol", "ZZZ9"]);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain("ZZZ9");
  });

  test("something that is no gateway is named, and tried again until stopped", async () => {
    const { server, port } = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const running = startProgram(["stream", "--gateway", `127.0.0.1:${port}`]);
    await new Promise((resolve) => running.child.stderr.once("data", resolve));
    running.child.kill("SIGINT");
    const end = await running.finished;
    expect(end).toMatchObject({ code: 0, stdout: "" });
    expect(end.stderr).toMatch(/^nq-tui: link DOWN to 127\.0\.0\.1:\d+: .*an HTTP server.*trying again/);
    server.close();
  });

  test("a gateway that is killed and comes back: said once each, and no trade counted twice", async () => {
    const args = ["gateway", "--speed", "60", "--start-at", "09:30"];
    const first = startProgram([...args, "--port", "0"]);
    const port = /tcp 127\.0\.0\.1:(\d+)/.exec(await first.until(/key /))?.[1] ?? "";
    const running = startProgram(["stream", "--gateway", `127.0.0.1:${port}`, "--json"]);
    await running.until(/(\n.*){5}/);
    first.child.kill("SIGKILL");
    await first.finished;
    const before = (await running.until(/\n$/)).trimEnd().split("\n").length;
    const second = startProgram([...args, "--port", port]);
    await running.until(new RegExp(`(\\n.*){${before + 20}}`));
    running.child.kill("SIGINT");
    const end = await running.finished; // before its gateway goes: that loss would be said too
    second.child.kill("SIGKILL");
    expect(end.code).toBe(0);
    expect(end.stderr).toMatch(/^nq-tui: link DOWN to .*\n(nq-tui: link DOWN to .*\n)*nq-tui: link to .* is back\n$/);
    const rows = end.stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { ts: string; volume: number });
    // The second gateway plays the same day again: equal times must show equal volumes.
    const volumes = new Map<string, number>();
    for (const { ts, volume } of rows) expect(volumes.get(ts) ?? volume).toBe((volumes.set(ts, volume), volume));
    for (const { volume } of rows) expect(volume).toBeGreaterThanOrEqual(69_546);
    await second.finished;
  });

  test("with keys of its own a gateway listens beyond this machine, lets each of them in, and prints none", async () => {
    const keys = ["db-FirstKeyOfTheGateway00000000A", "db-SecondKeyOfTheGateway0000000B"];
    const gateway = startProgram(["gateway", "--listen", "0.0.0.0", "--port", "0", "--speed", "60"], { NQ_TUI_GATEWAY_KEY: keys.join(",") });
    const port = /tcp 0\.0\.0\.0:(\d+)/.exec(await gateway.until(/key /))?.[1] ?? "";
    for (const key of [...keys, "db-nqtuiLocalGateway000000000000"]) {
      const end = await runProgram(["stream", "--gateway", `127.0.0.1:${port}`, "--limit", "3"], { DATABENTO_API_KEY: key });
      expect(end.code).toBe(keys.includes(key) ? 0 : 3);
    }
    gateway.child.kill("SIGTERM");
    const { stdout, stderr } = await gateway.finished;
    for (const key of keys) expect(stdout + stderr).not.toContain(key.slice(3, 20));
    expect(stdout).toContain("key one of the 2 in NQ_TUI_GATEWAY_KEY");
  });

  test("without --listen a gateway is on this machine alone", async () => {
    const gateway = startProgram(["gateway", "--port", "0"]);
    const port = Number(/tcp 127\.0\.0\.1:(\d+)/.exec(await gateway.until(/key /))?.[1]);
    const addresses = Object.values(networkInterfaces()).flat().filter((one) => one?.internal === false && one.family === "IPv4");
    for (const address of addresses) {
      const outcome = await new Promise<string>((resolve) => {
        const socket = connect({ host: address?.address ?? "", port });
        socket.once("connect", () => resolve("let in")).once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
        socket.once("connect", () => socket.destroy());
      });
      expect(outcome).not.toBe("let in");
    }
    gateway.child.kill("SIGTERM");
    await gateway.finished;
  });

  test("a gateway beyond this machine needs a key of its own; a port in use is named", async () => {
    for (const address of ["0.0.0.0", "::", "0", "192.0.2.1", "example.com"]) {
      const end = await runProgram(["gateway", "--listen", address, "--port", "0"]);
      expect(end).toMatchObject({ code: 2, stdout: "" });
      expect(end.stderr).toContain(`--listen ${address} lets other machines in; expected keys of your own in NQ_TUI_GATEWAY_KEY`);
    }
    const { server, port } = await listen(() => {});
    expect(await runProgram(["gateway", "--port", String(port)])).toMatchObject({ code: 1, stderr: expect.stringContaining("in use") });
    server.close();
  });
});

describe("bad files", () => {
  const cut = (): string => file("cut.dbn", concatBytes(liveHeaderBytes(3), tradeBytes({}), tradeBytes({}).subarray(0, 10)));
  test.each([
    ["inspect", "an empty file", () => file("empty.dbn", new Uint8Array(0)), 4, "no bytes"],
    ["inspect", "a directory", () => folder, 4, "directory"],
    ["inspect", "no file", () => join(folder, "absent"), 1, "no such file"],
    ["inspect", "a text", () => file("text.dbn", Buffer.from("price,size\n1,2\n")), 4, "begins with DBN"],
    ["inspect", "4 GiB of metadata", () => file("huge.dbn", concatBytes(liveHeaderBytes(3).subarray(0, 4), Uint8Array.of(255, 255, 255, 255))), 4, "4294967295"],
    ["replay", "an empty file", () => file("empty.dbn", new Uint8Array(0)), 4, "no bytes"],
    ["replay", "a directory", () => folder, 4, "directory"],
    ["replay", "a text", () => file("text.dbn", Buffer.from("price,size\n1,2\n")), 4, "begins with DBN"],
    ["replay", "a file without records", () => file("none.dbn", liveHeaderBytes(3)), 4, "expected"],
    ["volume", "a text", () => file("text.dbn", Buffer.from("price,size\n1,2\n")), 4, "begins with DBN"],
    ["volume", "a file without records", () => file("none.dbn", liveHeaderBytes(3)), 4, "expected"],
    ["volume", "no file", () => join(folder, "absent"), 1, "no such file"],
    ["log", "an empty file", () => file("empty.dbn", new Uint8Array(0)), 4, "no bytes"],
    ["price", "a directory", () => folder, 4, "directory"],
    ["gateway --port 0 --source", "a text", () => file("text.dbn", Buffer.from("price,size\n1,2\n")), 4, "begins with DBN"],
  ])("%s of %s", async (command, _, path, code, sentence) => {
    const end = await runProgram([...command.split(" "), path()]);
    expect(end).toMatchObject({ code, stdout: "" });
    expect(end.stderr).toContain(sentence);
    expect(end.stderr).not.toMatch(/ {4}at /);
  });

  test("a damaged tail is reported with its byte, and what was readable is counted", async () => {
    const end = await runProgram(["inspect", cut()]);
    expect(end.code).toBe(4);
    expect(end.stdout).toMatch(/records {9}1\n/);
    expect(end.stdout).toMatch(/DAMAGED.*byte 176/);
    const json = await runProgram(["inspect", "--json", cut()]);
    expect(JSON.parse(json.stdout)).toMatchObject({ records: 1, damage: { code: "FILE_TRUNCATED", atByte: 176 } });
  });
});

describeWithFixtures("recorded files", () => {
  test("a gateway begins a recording at the time of day asked for, with what came before as history", async () => {
    const source = fixture("real/esh4-glbx-mdp3-20231225.mbo.dbn.zst");
    const gateway = startProgram(["gateway", "--port", "0", "--source", source, "--start-at", "18:30"]);
    const port = /tcp 127\.0\.0\.1:(\d+)/.exec(await gateway.until(/key /))?.[1] ?? "";
    const { stdout } = await runProgram(["stream", "--gateway", `127.0.0.1:${port}`, "--symbol", "ESH4", "--limit", "1"]);
    expect(stdout).toMatch(/^18:[03]\d:\d\d ET .* REPLAY\n$/);
    gateway.child.kill("SIGTERM");
    await gateway.finished;
    const outside = await runProgram(["gateway", "--port", "0", "--source", source, "--start-at", "10:30"]);
    expect(outside).toMatchObject({ code: 2, stdout: "" });
    expect(outside.stderr).toContain("expected a time within the recording, 2023-12-24 19:00:00 to 2023-12-25 18:59:59 Eastern");
  });

  test("replay of trades, quotes and orders ends with every contract counted", async () => {
    for (const [name, volume, trades] of [
      ["futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst", 253, 120],
      ["futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst", 253, 120],
      ["esh4-glbx-mdp3-20231225.mbo.dbn.zst", 9892, 2973],
    ] as const) {
      const end = await runProgram(["replay", fixture(`real/${name}`), "--speed", "max", "--json"]);
      expect(end, name).toMatchObject({ code: 0, stderr: "" });
      const last = JSON.parse(end.stdout.trimEnd().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
      expect(last).toMatchObject({ mode: "REPLAY", volume });
      const limited = await runProgram(["replay", fixture(`real/${name}`), "--speed", "max", "--json", "--limit", String(trades)]);
      expect(limited.stdout, name).toBe(end.stdout);
    }
  });

  test("a recording that begins after 18:00 says what its change is measured against", async () => {
    const end = await runProgram(["replay", fixture("real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst"), "--speed", "max", "--json"]);
    const last = JSON.parse(end.stdout.trimEnd().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
    expect(last).toMatchObject({ coverage: "partial: from 19:58", basis: "first trade seen" });
  });

  test("a recording without trades says so instead of printing nothing", async () => {
    const end = await runProgram(["replay", fixture("dbn/test_data.mbp-1.dbn"), "--speed", "max"]);
    expect(end).toMatchObject({ code: 1, stdout: "" });
    expect(end.stderr).toContain("without a trade");
  });

  test("inspect knows a real file", async () => {
    const end = await runProgram(["inspect", "--json", fixture("real/esh4-glbx-mdp3-20231225.mbo.dbn.zst")]);
    expect(JSON.parse(end.stdout)).toMatchObject({ version: 1, schema: "mbo", records: 68_792, trades: 2973, contracts: 9892, damage: null });
  });
});
