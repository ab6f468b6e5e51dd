/**
 * `npm run soak -- --minutes M --speed S --cut-every SECONDS`: the demo market over real sockets, through a proxy that keeps
 * cutting the connection. Beside the cut reader an unbroken one reads the same gateway; in the end both must have the
 * same trades in every minute, and neither may have grown. One minute by default.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Prng } from "../../../src/lib/prng.ts";
import { CuttingProxy } from "../../helpers/cutting-proxy.ts";
import type { ReaderSample, ReaderTotals } from "./reader.ts";
import { slopeOf } from "./slope.ts";

const { values } = parseArgs({
  options: {
    "minutes": { type: "string", default: "1" }, "speed": { type: "string", default: "60" }, "cut-every": { type: "string", default: "2" },
    "start-at": { type: "string", default: "09:30" }, "seed": { type: "string", default: "1" },
  },
});
const minutes = Number(values.minutes);
const everySec = Number(values["cut-every"]);
const random = new Prng(Number(values.seed));
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const children: ChildProcess[] = [];
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

function start(args: readonly string[]): ChildProcess {
  const env = { ...process.env };
  delete env["DATABENTO_API_KEY"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env });
  children.push(child);
  return child;
}

async function startGateway(): Promise<number> {
  const gateway = start([path("../../../dist/bin.js"), "gateway", "--port", "0", "--speed", values.speed, "--start-at", values["start-at"], "--stay"]);
  if (gateway.stdout === null) throw new Error("the gateway has no output");
  for await (const line of createInterface(gateway.stdout)) {
    const port = /^tcp \S+:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("the gateway ended before it told its port");
}

class Reader {
  readonly samples: [second: number, sample: ReaderSample][] = [];
  totals: ReaderTotals | null = null;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(port: number) {
    this.#child = start(["--expose-gc", path("reader.ts"), String(port)]);
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("the reader has no output");
    this.#ended = new Promise((resolve) => void this.#child.once("close", () => resolve()));
    const began = performance.now();
    createInterface(stdout).on("line", (line) => {
      const told = JSON.parse(line) as ReaderSample | ReaderTotals;
      if ("minutes" in told) this.totals = told;
      else this.samples.push([(performance.now() - began) / 1000, told]);
    });
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const port = await startGateway();
const proxy = await CuttingProxy.start(port, () => null);
const cut = new Reader(proxy.port);
const unbroken = new Reader(port);
const endsAt = performance.now() + minutes * 60_000;
let cuts = 0;
while (performance.now() < endsAt) {
  await pause(Math.min(endsAt - performance.now(), random.exponential(everySec * 1000)));
  proxy.cut(random.chance(0.5) ? "reset" : "end");
  cuts += 1;
}
// The last loss is made good before the readers are compared.
await pause(15_000);
await Promise.all([cut.stop(), unbroken.stop()]);
proxy.close();

function compare(): { readonly compared: number; readonly trades: number; readonly different: readonly string[] } {
  const [left, right] = [cut.totals, unbroken.totals].map((totals) => new Map((totals?.minutes ?? []).map(([minute, ...rest]) => [minute, rest.join(" trades, ")])));
  const newest = Math.min(...[left, right].map((map) => Math.max(0, ...(map?.keys() ?? []))));
  const all = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])].filter((minute) => minute < newest).sort((a, b) => a - b);
  const different = all.filter((minute) => left?.get(minute) !== right?.get(minute));
  const trades = (cut.totals?.minutes ?? []).filter(([minute]) => minute < newest).reduce((sum, [, count]) => sum + count, 0);
  return { compared: all.length, trades, different: different.map((minute) => `minute ${minute}: ${left?.get(minute) ?? "none"}, unbroken ${right?.get(minute) ?? "none"}`) };
}

function describe(name: string, reader: Reader): string[] {
  // The beginning, when code is compiled and buffers are made, says nothing about growth.
  const steady = reader.samples.slice(Math.floor(reader.samples.length / 4));
  const first = steady[0]?.[1];
  const last = steady.at(-1)?.[1];
  if (first === undefined || last === undefined || steady.length < 3) return [`${name}: too few samples`];
  const { low, middle, high } = slopeOf(steady.map(([second, { heapMb }]) => [second / 3600, heapMb]));
  const most = (of: (sample: ReaderSample) => number): string => Math.max(...steady.map(([, sample]) => of(sample))).toFixed(0);
  return [
    `${name}: ${last.sessions} sessions, ${last.trades} trades, ${last.notTwice} not counted twice`,
    `  heap after collection ${first.heapMb.toFixed(1)} → ${last.heapMb.toFixed(1)} MB, slope ${middle.toFixed(1)} MB/h (95 %: ${low.toFixed(1)} to ${high.toFixed(1)})`,
    `  most resident memory ${most(({ rssMb }) => rssMb)} MB; files ${first.files} → ${last.files} (most ${most(({ files }) => files)}), ` +
      `timers ${first.timers} → ${last.timers}, listeners ${first.listeners} → ${last.listeners}`,
  ];
}

const { compared, trades, different } = compare();
const lines = [
  `${minutes} min at ${values.speed}×, ${cuts} cuts of ${proxy.connections} connections`,
  ...describe("cut", cut),
  ...describe("unbroken", unbroken),
  `gaps told: ${[...new Set(cut.totals?.gaps ?? [])].join(", ") || "none"}`,
  `${compared} market minutes compared, ${trades} trades: ${different.length === 0 ? "all the same" : `${different.length} differ`}`,
  ...different.slice(0, 10).map((line) => `  ${line}`),
];
process.stdout.write(`${lines.join("\n")}\n`);
for (const child of children) child.kill("SIGKILL");
process.exitCode = different.length === 0 && compared > 0 ? 0 : 1;
