/**
 * A key that must be nowhere: every command run with it, against a gateway that repeats the key, parts of it and the
 * answers made from it wherever it may speak; then everything printed, drawn and written is searched.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { serveTcp, serveWs, type Script, type ScriptedGateway } from "../client/scripted-gateway.ts";
import { CANARY, leaksBelow } from "../helpers/canary.ts";
import { liveScript } from "../helpers/live-script.ts";
import { runProgram, startProgram } from "../helpers/run-program.ts";
import { hasTerminal, startInTerminal } from "../helpers/terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-canary-"));
const printed = join(folder, "printed");
const env = {
  DATABENTO_API_KEY: CANARY, HOME: join(folder, "home"), XDG_CONFIG_HOME: join(folder, "config"), XDG_DATA_HOME: join(folder, "data"),
  XDG_STATE_HOME: join(folder, "state"), XDG_CACHE_HOME: join(folder, "cache"),
};
let gateway: ScriptedGateway;
let address = "";

/** Everything a gateway may say, with the key in it. */
const echoing: Script = async (peer) => {
  await peer.write(`lsg_version=0.9.4\ncram=HCxTgxMcqglVMTMeaDZ2ICmcnrW8j92e\n`);
  const auth = /auth=([^|]*)/.exec(await peer.line())?.[1] ?? "";
  await peer.write(`success=1|session_id=${auth.slice(0, 64)}\n`);
  const lines = await peer.subscriptions();
  const script = liveScript();
  const secrets = [CANARY, CANARY.slice(3), CANARY.slice(5, 25), auth, auth.slice(0, 40), `auth=${auth}`, JSON.stringify({ key: CANARY })];
  await peer.write(script.header());
  await peer.write(script.mapping());
  for (const secret of secrets) {
    const at = BigInt(Date.now()) * 1_000_000n;
    await peer.write(encodeRecord({ kind: "system", tsEvent: at, msg: `Note about ${secret}`, code: 255 }, 3));
    await peer.write(encodeRecord({ kind: "system", tsEvent: at, msg: `Warning: slow reading, ${secret}`, code: 2 }, 3));
    await peer.write(encodeRecord({ kind: "error", tsEvent: at, err: `Slow client detected for ${secret}. Skipped records`, code: 7, isLast: 1 }, 3));
    await peer.write(encodeRecord({ kind: "error", tsEvent: at, err: `unknown trouble with ${secret}`, code: 255, isLast: 1 }, 3));
  }
  for (let n = 0; n < 20; n += 1) await peer.write(script.trade(n / 10, n + 1));
  await peer.write(script.quote(2));
  await peer.write(script.replayed(lines));
  for (let n = 0; n < 600; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await peer.write(script.trade(2 + n / 20, 1));
  }
};

/** Refuses, repeating everything. */
const refusing: Script = async (peer) => {
  await peer.write(`lsg_version=0.9.4\ncram=HCxTgxMcqglVMTMeaDZ2ICmcnrW8j92e\n`);
  const line = await peer.line();
  await peer.write(`success=0|error=Authentication failed. for ${CANARY} ${line.replaceAll("|", " ")}\n`);
  peer.end();
};

/** Ends in the middle of the stream, with an error that repeats the key. */
const breaking: Script = async (peer) => {
  await peer.write(`lsg_version=0.9.4\ncram=HCxTgxMcqglVMTMeaDZ2ICmcnrW8j92e\n`);
  const auth = /auth=([^|]*)/.exec(await peer.line())?.[1] ?? "";
  await peer.write("success=1|session_id=1\n");
  await peer.subscriptions();
  await peer.write(liveScript().header());
  await peer.write(encodeRecord({ kind: "error", tsEvent: 1n, err: `Invalid subscription param ${CANARY} ${auth}`, code: 5, isLast: 1 }, 3));
  peer.end();
};

let runs = 0;
function keep(name: string, text: string): void {
  mkdirSync(printed, { recursive: true });
  runs += 1;
  writeFileSync(join(printed, `${runs} ${name.replaceAll(/[^a-z0-9 -]/gi, "_").slice(0, 100)}`), text);
}

/** Runs to its end, or for as long as `until` is awaited; what it printed is kept for the search. */
async function run(args: readonly string[], until?: RegExp): Promise<number | null> {
  if (until === undefined) {
    const end = await runProgram(args, env);
    keep(args.join(" "), end.stdout + end.stderr);
    return end.code;
  }
  const running = startProgram(args, env);
  await running.until(until);
  const cmdline = readFileSync(`/proc/${running.child.pid}/cmdline`, "latin1");
  running.child.kill("SIGINT");
  const end = await running.finished;
  keep(args.join(" "), end.stdout + end.stderr + cmdline);
  return end.code;
}

beforeAll(async () => {
  gateway = await serveTcp(echoing);
  address = `127.0.0.1:${gateway.port}`;
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true });
});

describe("the key is in nothing that is printed, drawn or written", () => {
  test("by commands that read the market", async () => {
    const live = ["--gateway", address, "--symbol", "NQ.c.0"];
    expect(await run(["stream", ...live, "--json", "--limit", "25"])).toBe(0);
    expect(await run(["stream", ...live], /ET .*\n/)).toBe(0);
    expect(await run(["price", ...live])).toBe(0);
    expect(await run(["price", ...live, "--json"])).toBe(0);
    const logging = startProgram(["log", ...live, "--every", "1s", "--out", join(folder, "log.csv")], env);
    await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith("log")), { timeout: 30_000 }).not.toEqual([]);
    logging.child.kill("SIGINT");
    const logged = await logging.finished;
    keep("log", logged.stdout + logged.stderr);
    expect(await run(["log", ...live, "--every", "1s", "--format", "ndjson"], /\n.*\n/)).toBe(0);
    expect(await run(["doctor", ...live])).not.toBeNull();
    expect(await run(["doctor", ...live, "--json"])).not.toBeNull();
    expect(leaksBelow(folder)).toEqual([]);
  });

  test("by recordings of it, their lists, exports and replays", async () => {
    const dir = ["--dir", join(folder, "recordings")];
    const running = startProgram(["record", "--gateway", address, "--symbol", "NQ.c.0", ...dir, "--sync", "50"], env);
    await expect.poll(async () => (await runProgram(["recordings", ...dir, "--json"], env)).stdout, { timeout: 30_000 }).toMatch(/"records":[1-9]/);
    running.child.kill("SIGINT");
    const end = await running.finished;
    keep("record", end.stdout + end.stderr);
    expect(end.code).toBe(0);
    expect(await run(["recordings", ...dir])).toBe(0);
    expect(await run(["recordings", "verify", ...dir])).toBe(0);
    expect(leaksBelow(folder)).toEqual([]);
  });

  test("by refusals, breaks and mistakes", async () => {
    for (const script of [refusing, breaking]) {
      for (const serve of [serveTcp, serveWs]) {
        const other = await serve(script);
        const to = serve === serveTcp ? `127.0.0.1:${other.port}` : `ws://127.0.0.1:${other.port}`;
        for (const args of [["stream"], ["price"], ["doctor", "--json"]]) expect(await run([...args, "--gateway", to])).not.toBe(0);
        await other.close();
      }
    }
    mkdirSync(join(env.XDG_CONFIG_HOME, "nq-tui"), { recursive: true });
    const config = join(env.XDG_CONFIG_HOME, "nq-tui", "config.yaml");
    const elsewhere = join(folder, "mistake.yaml");
    expect(await run(["config", "show"])).toBe(0);
    for (const line of [`api_key: ${CANARY}`, `theme: ${CANARY}`, `${CANARY}: 1`, `symbol: x${CANARY.slice(3)}`]) {
      writeFileSync(config, `${line}\n`);
      expect(await run(["config", "check"])).not.toBe(0);
      expect(await run(["stream", "--demo", "--limit", "1"])).not.toBe(0);
    }
    rmSync(config);
    expect(await run(["--key", CANARY, "stream"])).toBe(2); // typed where it has no place: no such option
    expect(await run(["stream", "--config", elsewhere])).not.toBe(0);
    expect(leaksBelow(folder)).toEqual([]);
  });

  test.skipIf(!hasTerminal())("by the screen", async () => {
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" ");
    const session = startInTerminal({ columns: 160, rows: 48 }, `--gateway ${address} --symbol NQ.c.0 --layout connection`, variables);
    try {
      await session.until(/Note about/);
      // What was typed to start it is not the program's.
      const drawn = session.screen().split("\n").filter((line) => !line.includes("DATABENTO_API_KEY")).join("\n");
      keep("the screen", drawn);
      session.press("q");
      await session.until(/ended with 0/);
    } finally {
      session.close();
    }
    expect(leaksBelow(folder)).toEqual([]);
  });

  test("and the search would find it", () => {
    const where = join(folder, "control");
    mkdirSync(where);
    writeFileSync(join(where, "plain"), `x${CANARY}x`);
    writeFileSync(join(where, "part"), CANARY.slice(8, 20));
    writeFileSync(join(where, "basic"), `Authorization: Basic ${Buffer.from(`${CANARY}:`).toString("base64")}`);
    writeFileSync(join(where, "answer"), `${"0a".repeat(32)}-12345`);
    expect(leaksBelow(where)).toHaveLength(4);
    rmSync(where, { recursive: true });
  });
});
