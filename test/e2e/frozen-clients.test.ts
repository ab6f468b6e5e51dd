/** Twenty clients of a real gateway process, five of them frozen: the others get everything, in order, and it does not grow. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { LOCAL_KEY_TEXT } from "../../src/commands/local-gateway.ts";
import { RawClient } from "../gateway/raw-client.ts";
import { startProgram, programPath, NO_SETTINGS, type Running } from "../helpers/run-program.ts";

vi.setConfig({ testTimeout: 180_000 });

let gateway: Running | null = null;
const clients: RawClient[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const child of children.splice(0)) child.kill("SIGKILL");
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
  const readers = await Promise.all(Array.from({ length: 15 }, open));
  const frozen = await Promise.all(Array.from({ length: 4 }, open));
  // One is a program of its own, stopped by signal once it reads.
  const child = spawn(process.execPath, [programPath(), "stream", "--gateway", `127.0.0.1:${port}`], { env: { ...process.env, ...NO_SETTINGS, DATABENTO_API_KEY: LOCAL_KEY_TEXT }, stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  for (const client of readers) client.send(...lines("trades"));
  for (const client of frozen) client.send(...lines("trades", "mbp-1"));
  await Promise.all(readers.map((one) => one.until(() => one.socket.bytesRead > 300_000)));
  child.kill("SIGSTOP");
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
});
