/**
 * `npm run bench`: measures, prints a table, and with `-- --readme` puts it into the README.
 * With names (`decode socket latency frozen dashboard`) only those.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { measureAtOnce } from "./at-once.ts";
import { measureDashboard } from "./dashboard.ts";
import { measureDecode } from "./decode.ts";
import { measureFrozen } from "./frozen.ts";
import { measureLatency } from "./latency.ts";
import { measureRecording } from "./recording.ts";
import { measureReplay } from "./replay.ts";
import { measureSocket } from "./socket.ts";

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly wanted: string;
}

const million = (value: number): string => `${(value / 1e6).toFixed(value > 2e7 ? 0 : 1)} M/s`;

const MEASUREMENTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  async decode() {
    const { walk, bare, values, fold, store, storeEach } = await measureDecode();
    const cost = (way: number): string =>
      `${million(way)}: ${(bare / way).toFixed(1)} times the bare decode, ${(values / way).toFixed(1)} times the decode to values`;
    return [
      { what: "walk the lengths of 10 M trades, nothing else (the floor)", measured: million(walk), wanted: "" },
      { what: "bare decode: read the fields that a study needs", measured: million(bare), wanted: "" },
      { what: "decode to the values a study takes: ticks, seconds, signs", measured: million(values), wanted: "" },
      { what: "decode and fold", measured: `${million(fold)}, ${(fold / walk).toFixed(2)} of the floor`, wanted: "0.25 of it" },
      { what: "decode, store and all studies", measured: cost(store), wanted: "2 times the bare decode" },
      { what: "… with a call for every trade", measured: cost(storeEach), wanted: "" },
    ];
  },
  async socket() {
    const found = await measureSocket();
    return [{ what: "gateway process → loopback → client → store and studies", measured: million(found.tradesPerSecond), wanted: "2 M/s" }];
  },
  async replay() {
    const found = await measureReplay();
    return [
      { what: "the bare reading of a plain recording", measured: million(found.bareRead), wanted: "" },
      { what: "replay at full speed from it, gateway, client, store and studies in one process", measured: million(found.plain), wanted: "5 M/s" },
      { what: "the bare unpacking of a zstd recording", measured: million(found.bareUnpack), wanted: "" },
      { what: "replay at full speed from it", measured: million(found.packed), wanted: "2 M/s" },
      { what: "a jump in a day of a million trades, to all figures of that time", measured: `p50 ${found.jumpMs.toFixed(0)} ms, worst ${found.jumpWorstMs.toFixed(0)} ms`, wanted: "under 200 ms" },
    ];
  },
  async recording() {
    const { cpu } = await measureRecording();
    return [{ what: "recording 10,000 records/s", measured: `${(cpu * 100).toFixed(1)} % of a core`, wanted: "under 5 %" }];
  },
  async latency() {
    const found = await measureLatency();
    return [{
      what: "gateway's write → store at 1,000 trades/s",
      measured: `p50 ${found.p50Ms.toFixed(2)} ms, p99 ${found.p99Ms.toFixed(2)} ms`, wanted: "p99 under 5 ms",
    }];
  },
  async frozen() {
    const { noneP99Ms, frozenP99Ms } = await measureFrozen();
    return [{
      what: "p99 delay of 15 of 20 clients: the other 5 read, the other 5 are frozen",
      measured: `${noneP99Ms.toFixed(1)} ms, ${frozenP99Ms.toFixed(1)} ms`, wanted: "frozen ones cost less than 5 ms",
    }];
  },
  async dashboard() {
    const found = await measureDashboard();
    if (found === null) return [{ what: "dashboard at 160x48", measured: "not measured: needs tmux and /proc", wanted: "" }];
    return [
      { what: "dashboard at 160x48, 1,000 trades/s: processor", measured: `${(found.cpu * 100).toFixed(1)} % of a core`, wanted: "under 5 %" },
      { what: "… memory after an hour of it as catch-up, and a minute", measured: `${found.rssMb.toFixed(0)} MB`, wanted: "under 110 MB" },
      { what: "… written to the terminal", measured: `${(found.terminalBytesPerSecond / 1000).toFixed(0)} kB/s`, wanted: "" },
      { what: "… event-loop delay p99", measured: `${found.loopDelayP99Ms.toFixed(1)} ms`, wanted: "" },
    ];
  },
  async "at-once"() {
    const found = await measureAtOnce();
    if (found === null) return [{ what: "start and keys", measured: "not measured: needs Python 3 to hold a terminal", wanted: "" }];
    return [
      { what: "start → first whole frame, median", measured: `${found.firstFrameMs.toFixed(0)} ms`, wanted: "under 400 ms" },
      { what: "key → painted, at 1,000 trades/s", measured: `p50 ${found.keyP50Ms.toFixed(1)} ms, p99 ${found.keyP99Ms.toFixed(1)} ms`, wanted: "p99 under 50 ms" },
      { what: "market closed: processor", measured: `${(found.closedCpu * 100).toFixed(2)} % of a core`, wanted: "under 1 %" },
    ];
  },
};

const asked = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const rows: Row[] = [];
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  rows.push(...(await measure()));
}
const table = [
  "| what | measured | wanted |", "|---|---:|---:|", ...rows.map((row) => `| ${row.what} | ${row.measured} | ${row.wanted} |`),
].join("\n");
const machine = `Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}). Read the ratios; absolute figures vary with the machine.`;
process.stdout.write(`${table}\n\n${machine}\n`);
if (process.argv.includes("--readme")) {
  const readme = new URL("../../README.md", import.meta.url);
  const text = readFileSync(readme, "utf8");
  writeFileSync(readme, text.replace(/(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/, `$1${table}\n\n${machine}\n$2`));
}
