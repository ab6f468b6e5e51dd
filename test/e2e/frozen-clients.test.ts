/**
 * Twenty clients of a real gateway process, five of them frozen: the others get everything, in order, it does not grow, and
 * who wakes up again gets what it missed.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { LOCAL_KEY_TEXT } from "../../src/commands/local-gateway.ts";
import { RawClient } from "../gateway/raw-client.ts";
import { startProgram, type Running } from "../helpers/run-program.ts";

vi.setConfig({ testTimeout: 300_000 });

let gateway: Running | null = null;
const clients: RawClient[] = [];
const programs: Running[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const { child, finished } of programs.splice(0)) {
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    await finished;
  }
  gateway?.child.kill("SIGKILL");
  await gateway?.finished;
});

/** Resident memory of a process, bytes. */
const residentBytes = (pid: number): number => 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

/** Sockets that a process has open. What a frozen client does not read, it cannot see end: the other side must be looked at. */
const socketsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).filter((fd) => {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith("socket:");
  } catch {
    return false; // closed meanwhile
  }
}).length;

const FROZEN = 5;
/** What each of them may make the gateway hold. */
const HELD_MB = 4;
/** How much the heap of a busy gateway may come and go meanwhile. */
const HEAP_MB = 64;

/** The market second of a row. */
const TS = /"ts":"([^"]{19})/;
const lastSecond = (printed: string): string => TS.exec(printed.trimEnd().split("\n").at(-1) ?? "")?.[1] ?? "";

/** Volume by market second, as printed last; the newest two seconds may not be whole yet. */
async function volumesOf({ child, finished }: Running): Promise<Map<string, number>> {
  child.kill("SIGINT");
  const { stdout } = await finished;
  const rows = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { ts: string; volume: number });
  const volumes = new Map(rows.map(({ ts, volume }) => [ts.slice(0, 19), volume] as const));
  for (const ts of [...volumes.keys()].toSorted().slice(-2)) volumes.delete(ts);
  return volumes;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

// How much memory another process has, and how many sockets, only this system tells.
test.runIf(existsSync("/proc/self/fd"))("frozen clients are left after 5 s and harm nobody", async () => {
  gateway = startProgram(["gateway", "--port", "0", "--speed", "60", "--start-at", "09:30", "--stay", "--dbn", "3"]);
  const port = Number(/tcp \S+:(\d+)/.exec(await gateway.until(/key /))?.[1]);
  const pid = gateway.child.pid ?? 0;
  const lines = (...schemas: string[]): string[] => [...schemas.map((schema, index) => `schema=${schema}|stype_in=continuous|symbols=NQ.v.0|id=${index}`), "start_session"];
  const open = async (): Promise<RawClient> => {
    const client = new RawClient(port);
    clients.push(client);
    await client.authenticate("", LOCAL_KEY_TEXT);
    return client;
  };
  const readers = await Promise.all(Array.from({ length: 14 }, open));
  const frozen = await Promise.all(Array.from({ length: 4 }, open));
  // One of each kind is a program of its own; it is stopped by signal once it reads.
  const [unbroken, child] = ["unbroken", "frozen"].map(() => startProgram(["stream", "--json", "--gateway", `127.0.0.1:${port}`]));
  if (unbroken === undefined || child === undefined) throw new Error("two programs were started");
  programs.push(unbroken, child);
  await Promise.all(programs.map((one) => one.until(/\n/)));
  for (const client of readers) client.send(...lines("trades"));
  for (const client of frozen) client.send(...lines("trades", "mbp-1"));
  await Promise.all(readers.map((one) => one.until(() => one.socket.bytesRead > 300_000)));
  child.child.kill("SIGSTOP");
  for (const one of frozen) one.socket.pause();
  const [before, sockets] = [residentBytes(pid), socketsOf(pid)];
  let most = before;
  // The system's own buffers take megabytes before a write waits; a market at 60 times its pace fills them.
  while (socketsOf(pid) > sockets - FROZEN) {
    await pause(100);
    most = Math.max(most, residentBytes(pid));
  }
  expect(most - before).toBeLessThan((FROZEN * HELD_MB + HEAP_MB) * 1024 * 1024);
  const total = Math.max(...readers.map((one) => one.socket.bytesRead));
  await Promise.all(readers.map((one) => one.until(() => one.socket.bytesRead > total + 200_000)));
  expect(readers.filter((one) => one.isEnded)).toEqual([]);
  const tapes = await Promise.all(readers.map(async (one) => (await one.stream()).records.flatMap((record) => (record.kind === "trade" ? [record.sequence] : []))));
  const first = Math.max(...tapes.map((tape) => tape[0] ?? Number.POSITIVE_INFINITY));
  const length = Math.min(...tapes.map((tape) => tape.length - tape.indexOf(first)));
  expect(length).toBeGreaterThan(1_000);
  const compared = tapes.map((tape) => tape.slice(tape.indexOf(first), tape.indexOf(first) + length));
  for (const tape of compared) expect(tape).toEqual(compared[0]);
  expect(compared[0]).toEqual(compared[0]?.toSorted((a, b) => a - b));
  child.child.kill("SIGCONT");
  const missed = lastSecond(await unbroken.until(/\n$/));
  const laterRows = async (one: Running): Promise<number> => (await one.until(/^/)).split("\n").filter((line) => (TS.exec(line)?.[1] ?? "") > missed).length;
  await expect.poll(async () => Math.min(...(await Promise.all(programs.map(laterRows)))), { timeout: 120_000, interval: 200 }).toBeGreaterThan(30);
  const [whole, woken] = await Promise.all(programs.map((one) => volumesOf(one)));
  const both = [...(whole ?? [])].filter(([ts]) => woken?.has(ts) === true && ts >= missed);
  expect(both.length).toBeGreaterThan(10);
  for (const [ts, volume] of both) expect(`${ts} ${woken?.get(ts)}`).toBe(`${ts} ${volume}`);
});
