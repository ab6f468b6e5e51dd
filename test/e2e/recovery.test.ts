/**
 * No trade lost, none counted twice: real processes and sockets, connections cut and gateways killed or frozen under a
 * running reader. At equal market times the reader must have counted what an unbroken one has.
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import { CuttingProxy, type Cut } from "../helpers/cutting-proxy.ts";
import { startProgram, type Running } from "../helpers/run-program.ts";

// A frozen gateway is given up after 15 s, and waits between tries are random up to 8 s; the rest is a busy machine.
vi.setConfig({ testTimeout: 240_000 });

const started: Running[] = [];
let proxy: CuttingProxy | null = null;

afterEach(async () => {
  for (const { child } of started) {
    child.kill("SIGCONT");
    child.kill("SIGKILL");
  }
  await Promise.all(started.map(({ finished }) => finished));
  started.length = 0;
  proxy?.close();
  proxy = null;
});

function start(...args: readonly string[]): Running {
  const running = startProgram(args);
  started.push(running);
  return running;
}

interface Ports {
  readonly gateway: Running;
  readonly tcp: number;
  readonly ws: number;
}

async function startGateway(...args: readonly string[]): Promise<Ports> {
  const gateway = start("gateway", "--speed", "60", "--start-at", "09:30", ...args);
  const printed = await gateway.until(/key /);
  const [, tcp = ""] = /tcp 127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
  const [, ws = "0"] = /ws ws:\/\/127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
  return { gateway, tcp: Number(tcp), ws: Number(ws) };
}

/** Resolves when the reader has printed so many more lines. */
async function lines(reader: Running, count: number): Promise<void> {
  const before = (await reader.until(/^/)).split("\n").length - 1;
  await reader.until(new RegExp(`(\\n[^\\n]*){${before + count}}`));
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Volume by market second, as printed last; the newest two seconds may not be whole yet. */
async function volumesOf(reader: Running): Promise<Map<string, number>> {
  reader.child.kill("SIGINT");
  const { stdout, code } = await reader.finished;
  expect(code).toBe(0);
  const rows = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { ts: string; volume: number });
  const volumes = new Map(rows.map(({ ts, volume }) => [ts.slice(0, 19), volume] as const));
  for (const ts of [...volumes.keys()].toSorted().slice(-2)) volumes.delete(ts);
  return volumes;
}

/** Seconds that both know, and in how many of them the volumes differ. */
function compared(a: Map<string, number>, b: Map<string, number>): { both: number; differ: string[] } {
  const both = [...a.keys()].filter((ts) => b.has(ts));
  return { both: both.length, differ: both.filter((ts) => a.get(ts) !== b.get(ts)).map((ts) => `${ts}: ${a.get(ts)} ≠ ${b.get(ts)}`) };
}

describe.each(["tcp", "ws"] as const)("a connection that is cut, over %s", (transport) => {
  /** By number of the connection: inside the first replay, and inside a replay after a loss. */
  const cuts: Readonly<Record<number, Cut>> = { 0: { afterBytes: 30_000, how: "reset" }, 2: { afterBytes: 200_001, how: "end" } };

  test("again and again leaves the totals of an unbroken reader", async () => {
    const { tcp, ws } = await startGateway("--port", "0", "--ws-port", "0");
    const unbroken = start("stream", "--json", "--gateway", `127.0.0.1:${tcp}`);
    await lines(unbroken, 1);
    proxy = await CuttingProxy.start(transport === "tcp" ? tcp : ws, (connection) => cuts[connection] ?? null);
    const address = transport === "tcp" ? `127.0.0.1:${proxy.port}` : `ws://127.0.0.1:${proxy.port}`;
    const reader = start("stream", "--json", "--gateway", address);
    await lines(reader, 20);
    proxy.cut("reset");
    await until(() => proxy?.connections === 4);
    await lines(reader, 20); // a market minute passes every second
    proxy.cut("end");
    await until(() => proxy?.connections === 5);
    await lines(reader, 120);
    const { both, differ } = compared(await volumesOf(reader), await volumesOf(unbroken));
    expect(differ).toEqual([]);
    expect(both).toBeGreaterThan(100);
  });
});

describe("a gateway", () => {
  test("that is killed and plays another market afterwards is counted afresh", async () => {
    const first = await startGateway("--port", "0");
    const reader = start("stream", "--json", "--gateway", `127.0.0.1:${first.tcp}`);
    await lines(reader, 40);
    first.gateway.child.kill("SIGKILL");
    await first.gateway.finished;
    const second = await startGateway("--port", String(first.tcp), "--seed", "99");
    await lines(reader, 60);
    const unbroken = start("stream", "--json", "--gateway", `127.0.0.1:${second.tcp}`);
    await lines(unbroken, 60);
    const { both, differ } = compared(await volumesOf(reader), await volumesOf(unbroken));
    expect(differ).toEqual([]);
    expect(both).toBeGreaterThan(30);
    expect((await reader.finished).stderr).toMatch(/link DOWN.*\n(.*\n)*.*is back\n/);
  });

  test("that freezes is noticed without a byte, left, and when it is back nothing is missing", async () => {
    const { gateway, tcp } = await startGateway("--port", "0");
    const reader = start("stream", "--json", "--gateway", `127.0.0.1:${tcp}`);
    await lines(reader, 20);
    gateway.child.kill("SIGSTOP");
    const stderr = new Promise<string>((resolve) => {
      let text = "";
      reader.child.stderr.on("data", (part: Buffer) => {
        text += part.toString();
        if (text.includes("DOWN")) resolve(text);
      });
    });
    expect(await stderr).toMatch(/link STALE to .*no byte came.*\n(.*\n)*.*link DOWN to .*nothing for 15 s/);
    gateway.child.kill("SIGCONT");
    await lines(reader, 900); // what was missed is a quarter of an hour of the market
    const unbroken = start("stream", "--json", "--gateway", `127.0.0.1:${tcp}`);
    await lines(unbroken, 60);
    const { both, differ } = compared(await volumesOf(reader), await volumesOf(unbroken));
    expect(differ).toEqual([]);
    expect(both).toBeGreaterThan(30);
  });
});
