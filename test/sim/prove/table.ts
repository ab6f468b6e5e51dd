/** What was really run, as a table for people. */
import { cpus } from "node:os";
import type { Done, Task } from "./tasks.ts";

export interface Proof {
  readonly sums: ReadonlyMap<Task["group"], Done & { readonly seconds: number }>;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly minutes: number;
  readonly commit: string;
  readonly megaMost: number;
  readonly firstSeed: number;
  /** Bytes of the stream that was to be cut. */
  readonly streamBytes: number;
}

const count = (value: number): string => Math.round(value).toLocaleString("en-US");

/** Group → what was done, in words. */
function words(group: Task["group"], done: Done, { firstSeed, streamBytes }: Proof): string {
  if (group === "cuts") {
    const where = done.count === streamBytes ? `at each of its ${count(streamBytes)} bytes` : `at some of its ${count(streamBytes)} bytes`;
    return `cuts within a stream of trades, ${where}, each resumed by a replay`;
  }
  if (group === "connection") {
    return "cuts of whole connections, at every byte of greeting, authentication, metadata and stream, both directions, plain and zstd";
  }
  if (group === "seeds") {
    const last = firstSeed + done.count - 1;
    return `simulated worlds, seeds ${count(firstSeed)} to ${count(last)}: ${count(done.connections)} connections, ` +
      `${count(done.sessions)} sessions, ${count(done.simulatedSeconds / 3600)} hours of market; ${count(done.repeated)} run twice, the same way`;
  }
  return `damaged inputs to ${group.slice("fuzz ".length)}`;
}

export function proofTable(proof: Proof): string {
  const order: readonly string[] = ["cuts", "connection", "seeds"];
  const rank = (group: string): number => (order.includes(group) ? order.indexOf(group) : order.length);
  const rows = [...proof.sums]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([group, done]) => `| ${words(group, done, proof)} | ${count(done.count)} | ${count(done.failures.length)} |`);
  const when = new Date(proof.began).toISOString().slice(0, 10);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"})`;
  const footer = `Run on ${when} at commit ${proof.commit}, ${count(proof.minutes)} min on ${machine}, Node ${process.versions.node}; ` +
    `a worker held ${count(proof.megaMost)} MB at most.`;
  return ["| what | how many | failed |", "|---|---:|---:|", ...rows, "", footer].join("\n");
}
