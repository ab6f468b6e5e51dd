/**
 * Twenty clients of one gateway process: how late records come to those that read, with none of the others frozen and with
 * five. Frozen ones asked for the whole day first, so that all buffers on their way are full.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { LOCAL_KEY_TEXT } from "../../src/commands/local-gateway.ts";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { RawClient } from "../gateway/raw-client.ts";
import { binPath } from "./gateway-process.ts";
import { median, percentile } from "./median.ts";

const CLIENTS = 20;
const FROZEN = 5;
const ROUNDS = 5;
const ROUND_MS = 6_000;
/** The replay of the day until all buffers are full is work that any new client makes; it is not measured. */
const FILLING_MS = 10_000;

export interface FrozenResult {
  readonly noneP99Ms: number;
  readonly frozenP99Ms: number;
  readonly records: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
const subscription = (schema: string, more = ""): string => `schema=${schema}|stype_in=continuous|symbols=NQ.v.0${more}`;

async function startGateway(): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [binPath(), "gateway", "--port", "0", "--start-at", "09:30", "--dbn", "3"], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<number>((resolve) => {
    let text = "";
    child.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      const found = /^tcp \S+:(\d+)$/m.exec(text)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return { child, port };
}

/** Milliseconds from the gateway's write to here, but for a constant that is the same for all of one gateway's records. */
async function openReader(port: number, onDelay: (ms: number) => void): Promise<RawClient> {
  const client = new RawClient(port);
  await client.authenticate("|ts_out=1", LOCAL_KEY_TEXT);
  const decoder = createDbnDecoder();
  client.socket.removeAllListeners("data");
  client.socket.on("data", (bytes: Buffer) => {
    const now = performance.timeOrigin + performance.now();
    decoder.push(bytes, (view) => {
      if (view.tsOut !== null) onDelay(now - Number(view.tsOut / 1_000n) / 1_000);
    });
  });
  client.send(subscription("trades"), subscription("mbp-1"), "start_session");
  return client;
}

async function openFrozen(port: number): Promise<RawClient> {
  const client = new RawClient(port);
  await client.authenticate("", LOCAL_KEY_TEXT);
  client.socket.pause();
  client.send(subscription("trades", "|start=0"), subscription("mbp-1", "|start=0"), "start_session");
  return client;
}

export async function measureFrozen(): Promise<FrozenResult> {
  const { child, port } = await startGateway();
  const rounds = { none: [] as number[][], frozen: [] as number[][] };
  let into: number[] | null = null;
  const readers = await Promise.all(Array.from({ length: CLIENTS - FROZEN }, () => openReader(port, (ms) => into?.push(ms))));
  await pause(3_000);
  for (let round = 0; round < ROUNDS; round += 1) {
    const others = await Promise.all(Array.from({ length: FROZEN }, () => openReader(port, () => {})));
    await pause(1_000);
    into = [];
    rounds.none.push(into);
    await pause(ROUND_MS);
    into = null;
    for (const one of others) one.close();
    const frozen = await Promise.all(Array.from({ length: FROZEN }, () => openFrozen(port)));
    await pause(FILLING_MS);
    into = [];
    rounds.frozen.push(into);
    await pause(ROUND_MS);
    into = null;
    for (const one of frozen) one.close();
  }
  for (const one of readers) one.close();
  child.kill("SIGKILL");
  const all = [...rounds.none, ...rounds.frozen];
  const least = all.flat().reduce((min, ms) => Math.min(min, ms), Number.POSITIVE_INFINITY);
  // Of the rounds the middle one: a machine that is busy with something else for a moment says nothing about either.
  const p99 = (each: readonly number[][]): number => median(each.map((delays) => percentile(delays, 0.99))) - least;
  return { noneP99Ms: p99(rounds.none), frozenP99Ms: p99(rounds.frozen), records: all.flat().length };
}
