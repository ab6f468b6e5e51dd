/**
 * `npm run soak -- --hours H --speed S --cuts N`: so many hours of the demo market, all clocks S times as fast, over real
 * sockets between real processes, through a proxy that cuts the connection about N times. Beside the cut reader an
 * unbroken one reads the same gateway; in the end both must have the same trades in every minute, and neither may have
 * grown. `--readme` puts the table into the README. By default an hour in a minute, cut sixty times.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Prng } from "../../../src/lib/prng.ts";
import { CuttingProxy } from "../../helpers/cutting-proxy.ts";
import type { FastTime } from "./fast-clock.ts";
import type { ReaderSample, ReaderTotals } from "./reader.ts";
import { soakTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "1" }, speed: { type: "string", default: "60" }, cuts: { type: "string", default: "60" },
    from: { type: "string", default: "18:00" }, seed: { type: "string", default: "1" }, readme: { type: "boolean", default: false },
  },
});
const speed = Number(values.speed);
const [hour = 18, minute = 0] = values.from.split(":").map(Number);
/** The demo's day opens at 18:00 Eastern on 2025-06-12. */
const marketMs = Date.UTC(2025, 5, 12, 22) + (((hour + 6) % 24) * 60 + minute) * 60_000;
const random = new Prng(Number(values.seed));
/** Real milliseconds from one loss to the next, waiting for the link included. */
const totalMs = (Number(values.hours) * 3_600_000) / speed;
const eachMs = totalMs / Number(values.cuts);
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

async function startGateway(time: FastTime): Promise<number> {
  const { stdout } = start([path("gateway.ts"), JSON.stringify(time)]);
  if (stdout === null) throw new Error("the gateway has no output");
  for await (const line of createInterface(stdout)) {
    const found = /^tcp (\d+)$/.exec(line)?.[1];
    if (found !== undefined) return Number(found);
  }
  throw new Error("the gateway ended before it told its port");
}

class Reader {
  readonly samples: [second: number, sample: ReaderSample][] = [];
  totals: ReaderTotals | null = null;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(port: number, time: FastTime) {
    this.#child = start(["--expose-gc", path("reader.ts"), String(port), JSON.stringify(time)]);
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

  get drops(): number {
    return this.samples.at(-1)?.[1].drops ?? 0;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, Math.max(0, ms)));

const port = await startGateway({ speed, marketMs, startedMs: 0 });
const time: FastTime = { speed, marketMs, startedMs: Date.now() };
const proxy = await CuttingProxy.start(port, () => null);
const cut = new Reader(proxy.port, time);
const unbroken = new Reader(port, time);
const began = performance.now();
let cuts = 0;
while (performance.now() - began < totalMs) {
  // Behind the plan it cuts sooner, ahead of it later.
  const dueMs = began + (cuts + 1) * eachMs - performance.now();
  await pause(Math.min(totalMs - (performance.now() - began), random.exponential(Math.max(eachMs / 4, dueMs))));
  const before = proxy.open;
  proxy.cut(random.chance(0.5) ? "reset" : "end");
  if (before > 0) cuts += 1;
  if (cuts % 60 === 0 && before > 0) process.stderr.write(`${cuts} cuts, ${((performance.now() - began) / 60_000).toFixed(1)} min\n`);
}
// The last loss is made good before the readers are compared.
await pause(Math.max(5_000, 900_000 / speed));
const elapsedMs = performance.now() - began;
await Promise.all([cut.stop(), unbroken.stop()]);
proxy.close();

function compare(): { readonly compared: number; readonly trades: number; readonly different: readonly string[] } {
  const [left, right] = [cut.totals, unbroken.totals].map((totals) => new Map((totals?.minutes ?? []).map(([at, ...rest]) => [at, rest.join(" trades, ")])));
  const newest = Math.min(...[left, right].map((map) => Math.max(0, ...(map?.keys() ?? []))));
  const all = [...new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])].filter((at) => at < newest).sort((a, b) => a - b);
  const different = all.filter((at) => left?.get(at) !== right?.get(at));
  const trades = (cut.totals?.minutes ?? []).filter(([at]) => at < newest).reduce((sum, [, count]) => sum + count, 0);
  return { compared: all.length, trades, different: different.map((at) => `minute ${at}: ${left?.get(at) ?? "none"}, unbroken ${right?.get(at) ?? "none"}`) };
}

const { compared, trades, different } = compare();
const gaps = new Map<string, number>();
for (const state of cut.totals?.gaps ?? []) gaps.set(state, (gaps.get(state) ?? 0) + 1);
const commit = execFileSync("git", ["rev-parse", "--short=10", "HEAD"], { encoding: "utf8" }).trim();
const table = soakTable({
  hours: (elapsedMs * speed) / 3_600_000, speed, minutes: elapsedMs / 60_000, cuts, commit, compared, trades, different: different.length,
  gaps: [...gaps].map(([state, n]) => `${n} ${state}`).join(", ") || "none",
  readers: [["cut", cut.samples], ["unbroken", unbroken.samples]],
});
process.stdout.write(`${table}\n${different.slice(0, 10).map((line) => `  ${line}\n`).join("")}`);
for (const child of children) child.kill("SIGKILL");
const isGood = different.length === 0 && compared > 0;
if (isGood && values.readme) {
  const readme = new URL("../../../README.md", import.meta.url);
  const before = readFileSync(readme, "utf8");
  writeFileSync(readme, before.replace(/(<!-- soak -->\n)[\s\S]*?(<!-- \/soak -->)/, `$1${table}\n$2`));
}
process.exitCode = isGood ? 0 : 1;
