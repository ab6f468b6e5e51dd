/**
 * `npm run sim -- --seed N --trace` replays one simulation and prints what happened; `--seeds N` runs so many, from
 * `--from` on; `--fuzz TARGET --seed N` replays one fuzzed input.
 */
import { parseArgs } from "node:util";
import { forbidAmbient } from "./ambient.ts";
import { fuzz } from "./fuzz/targets.ts";
import { SimFailure, simulate } from "./simulation.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" }, seeds: { type: "string", default: "1" }, from: { type: "string", default: "1" }, trace: { type: "boolean", default: false },
    fuzz: { type: "string" },
  },
});

async function runSeeds(from: number, seeds: number, trace: boolean): Promise<void> {
  const began = performance.now();
  const sum = { connections: 0, sessions: 0, records: 0, failures: 0 };
  const excuses = new Map<string, number>();
  for (let seed = from; seed < from + seeds; seed += 1) {
    const allow = forbidAmbient();
    try {
      const result = await simulate(seed, { trace });
      sum.connections += result.connections;
      sum.sessions += result.sessions;
      sum.records += result.records;
      for (const [excuse, count] of result.excuses) excuses.set(excuse, (excuses.get(excuse) ?? 0) + count);
      if (trace) process.stdout.write(`${result.lines.join("\n")}\n`);
      if (seeds === 1) process.stdout.write(`seed ${seed}: ${result.hash}, ${result.connections} connections, ${result.records} records, ${result.events} events\n`);
    } catch (error) {
      if (!(error instanceof SimFailure)) throw error;
      sum.failures += 1;
      process.exitCode = 1;
      if (trace) process.stdout.write(`${error.lines.join("\n")}\n`);
      process.stdout.write(`${error.message}\n`);
      if (trace) process.stdout.write(`${error.cause instanceof Error ? (error.cause.stack ?? "") : ""}\n`);
    } finally {
      allow();
    }
  }
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${seeds} seeds in ${seconds.toFixed(1)} s (${(seeds / seconds).toFixed(0)}/s), ${sum.failures} failed, ${sum.connections} connections, ${sum.sessions} sessions, ${sum.records} records\n`);
  if (excuses.size > 0) process.stdout.write(`not counted, and why that is right: ${[...excuses].map(([excuse, count]) => `${excuse} ${count}`).join(", ")}\n`);
}

if (values.fuzz !== undefined) fuzz(values.fuzz, Number(values.seed ?? values.from), Number(values.seeds));
else if (values.seed !== undefined) await runSeeds(Number(values.seed), 1, values.trace);
else await runSeeds(Number(values.from), Number(values.seeds), values.trace);
