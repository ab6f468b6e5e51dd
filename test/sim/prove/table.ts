/** What was really run, as a table for people: how much of each kind, and at which commits. */
import { cpus } from "node:os";
import type { Result } from "./results.ts";
import { addDone, nothingDone, type Done, type Group } from "./tasks.ts";

interface Sum {
  readonly done: Done;
  /** Commit → how much of it. */
  readonly commits: Map<string, number>;
  seconds: number;
  /** Bytes of the stream that is cut. */
  streamBytes: number;
  /** Of seeds: the lowest, and the one after the highest. */
  first: number;
  end: number;
}

const count = (value: number): string => Math.round(value).toLocaleString("en-US");
const ORDER: readonly string[] = ["cuts", "connection", "seeds"];
const rank = (group: string): number => (ORDER.includes(group) ? ORDER.indexOf(group) : ORDER.length);

/** Group → what was done, in words. */
function words(group: Group, { done, streamBytes, first, end }: Sum): string {
  if (group === "cuts") {
    const where = done.count === streamBytes ? `at each of its ${count(streamBytes)} bytes` : `at some of its ${count(streamBytes)} bytes`;
    return `cuts within a stream of trades, ${where}, each resumed by a replay`;
  }
  if (group === "connection") {
    return "cuts of whole connections, at every byte of greeting, authentication, metadata and stream, both directions, plain and zstd";
  }
  if (group === "seeds") {
    return `simulated worlds, seeds between ${count(first)} and ${count(end - 1)}: ${count(done.connections)} connections, ` +
      `${count(done.sessions)} sessions, ${count(done.simulatedSeconds / 3600)} hours of market; ${count(done.repeated)} run twice, the same way`;
  }
  return `damaged inputs to ${group.slice("fuzz ".length)}`;
}

function sumOf(results: readonly Result[]): Map<Group, Sum> {
  const sums = new Map<Group, Sum>();
  for (const { task, done, commit, seconds } of results) {
    const sum = sums.get(task.group) ?? { done: nothingDone(), commits: new Map<string, number>(), seconds: 0, streamBytes: 0, first: Number.POSITIVE_INFINITY, end: 0 };
    addDone(sum.done, done);
    sum.seconds += seconds;
    sum.commits.set(commit, (sum.commits.get(commit) ?? 0) + done.count);
    if (task.group === "cuts") sum.streamBytes = task.records * 48;
    sum.first = Math.min(sum.first, task.from);
    sum.end = Math.max(sum.end, task.to);
    sums.set(task.group, sum);
  }
  return sums;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export function proofTable(results: readonly Result[]): string {
  const sums = sumOf(results);
  const names = [...new Set(results.map(({ commit }) => commit))];
  const numbered = (commit: string): string => String.fromCodePoint("a".codePointAt(0)! + names.indexOf(commit));
  const where = ({ commits }: Sum): string =>
    names.length === 1 ? "" : ` ${[...commits].map(([commit, n]) => (commits.size === 1 ? numbered(commit) : `${numbered(commit)} ${count(n)}`)).join(", ")} |`;
  const rows = [...sums]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([group, sum]) => `| ${words(group, sum)} | ${count(sum.done.count)} | ${count(sum.done.failures.length)} |${where(sum)}`);
  const head = names.length === 1 ? ["| what | how many | failed |", "|---|---:|---:|"] : ["| what | how many | failed | at |", "|---|---:|---:|---|"];
  const days = [...new Set(results.map(({ at }) => dayOf(at)))];
  const hours = [...sums.values()].reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  const at = names.length === 1 ? `commit ${names[0] ?? ""}` : `these commits: ${names.map((name) => `${numbered(name)} ${name}`).join(", ")}`;
  const mega = Math.max(0, ...results.map((result) => result.mega));
  const footer = `Run on ${days.join(", ")} at ${at}; ${hours.toFixed(1)} hours of one core (${cpus()[0]?.model.trim() ?? "unknown"}), ` +
    `Node ${process.versions.node}; a worker held ${count(mega)} MB at most.`;
  return [...head, ...rows, "", footer].join("\n");
}
