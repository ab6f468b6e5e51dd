/** The large run in pieces: each piece stands by itself and can be done by any worker, in any order. */
import { RECORD_BYTES } from "../market-log.ts";
import { inputsPerSeed, TARGETS } from "../fuzz/targets.ts";
import { CONNECTION_CASES } from "../cuts/whole-connection.ts";

/** What is counted together in the table. */
export type Group = "cuts" | "connection" | "seeds" | `fuzz ${string}`;

export type Task =
  /** Cuts in the records `from` to `to` of a log of `records`, at byte `offset` of each. */
  | { readonly group: "cuts"; readonly records: number; readonly offset: number; readonly from: number; readonly to: number }
  /** Cuts of a whole connection, of the `number`-th kind, at the bytes `from` to `to`; `to` beyond its end: up to that. */
  | { readonly group: "connection"; readonly number: number; readonly records: number; readonly from: number; readonly to: number }
  | { readonly group: "seeds"; readonly from: number; readonly to: number }
  | { readonly group: `fuzz ${string}`; readonly from: number; readonly to: number };

/** What came of a task, or of all tasks of a group. */
export interface Done {
  /** Cuts, seeds or inputs. */
  count: number;
  /** Of seeds: connections, sessions that were accepted, simulated seconds, seeds run a second time for comparison. */
  connections: number;
  sessions: number;
  simulatedSeconds: number;
  repeated: number;
  failures: string[];
}

export const nothingDone = (): Done => ({ count: 0, connections: 0, sessions: 0, simulatedSeconds: 0, repeated: 0, failures: [] });

export function addDone(sum: Done, done: Done): void {
  sum.count += done.count;
  sum.connections += done.connections;
  sum.sessions += done.sessions;
  sum.simulatedSeconds += done.simulatedSeconds;
  sum.repeated += done.repeated;
  sum.failures.push(...done.failures);
}

/** One client lives through so many cuts. */
const CUTS_PER_CLIENT = 5_000;
const CONNECTION_RECORDS = 120;
/** More bytes than a whole connection of so many records has. */
const CONNECTION_BYTES_MAX = 8_000;
const CONNECTION_STEP = 250;
const SEEDS_PER_TASK = 100;
const INPUTS_PER_TASK = 50_000;

/** Tasks of a run with so many cuts, seeds, and inputs for each fuzzed target. */
export function tasksOf(wanted: { readonly cuts: number; readonly seeds: number; readonly firstSeed: number; readonly fuzz: number }): Task[] {
  const records = Math.ceil(wanted.cuts / RECORD_BYTES);
  const groups: Task[][] = [];
  const cuts: Task[] = [];
  for (let from = 0; from < records; from += CUTS_PER_CLIENT) {
    const to = Math.min(records, from + CUTS_PER_CLIENT);
    for (let offset = 0; offset < RECORD_BYTES; offset += 1) cuts.push({ group: "cuts", records, offset, from, to });
  }
  groups.push(cuts);
  if (records > 0) {
    groups.push(CONNECTION_CASES.flatMap((_, number) =>
      Array.from({ length: CONNECTION_BYTES_MAX / CONNECTION_STEP }, (__, n): Task => ({
        group: "connection", number, records: CONNECTION_RECORDS, from: n * CONNECTION_STEP, to: (n + 1) * CONNECTION_STEP,
      }))));
  }
  const seeds: Task[] = [];
  const end = wanted.firstSeed + wanted.seeds;
  for (let from = wanted.firstSeed; from < end; from += SEEDS_PER_TASK) {
    seeds.push({ group: "seeds", from, to: Math.min(end, from + SEEDS_PER_TASK) });
  }
  groups.push(seeds);
  for (const name of Object.keys(TARGETS)) {
    const all = Math.ceil(wanted.fuzz / inputsPerSeed(name));
    const step = Math.max(1, Math.floor(INPUTS_PER_TASK / inputsPerSeed(name)));
    const inputs: Task[] = [];
    for (let from = 1; from <= all; from += step) inputs.push({ group: `fuzz ${name}`, from, to: Math.min(all + 1, from + step) });
    groups.push(inputs);
  }
  return interleaved(groups);
}

/** So that a run that is stopped early has done its share of everything. */
function interleaved(groups: readonly (readonly Task[])[]): Task[] {
  const placed = groups.flatMap((tasks) => tasks.map((task, n) => ({ task, at: (n + 0.5) / tasks.length })));
  return placed.sort((a, b) => a.at - b.at).map(({ task }) => task);
}
