/**
 * What a person waits for, in a pseudo-terminal of 160x48: from the start of the program to its first whole frame, and from a
 * key to what it changes while 1,000 trades a second come in; and what the program costs when the market is closed.
 */
import { readFileSync } from "node:fs";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { hasPty, programInPty, type PtySession } from "../helpers/pty.ts";
import { serveRecords } from "./gateway-process.ts";
import { OPEN_SEC, tradeRecords } from "./generate.ts";
import { median, percentile } from "./median.ts";

const SIZE = { columns: 160, rows: 48 } as const;
const STARTS = 15;
const KEYS = 150;
const CLOSED_SECONDS = 30;
const CLOSE_SEC = OPEN_SEC + 7.5 * 3_600;
/** What only a whole frame has, and only the palette; as UTF-8 read a byte a character. */
const latin = (text: string): string => Buffer.from(text).toString("latin1");
const FOOTER = latin("quit");
const PALETTE = latin("Esc closes");

export interface AtOnceResult {
  readonly firstFrameMs: number;
  readonly keyP50Ms: number;
  readonly keyP99Ms: number;
  /** Share of one core, 0.01 is 1 %. */
  readonly closedCpu: number;
}

async function waitMs(session: PtySession, text: string, from = 0): Promise<number> {
  const began = performance.now();
  while (session.written.indexOf(text, from) < 0) {
    if (performance.now() - began > 20_000) throw new Error(`'${text}' did not appear:\n${await session.screen()}`);
    await setImmediate();
  }
  return performance.now() - began;
}

async function firstFrameMs(args: readonly string[]): Promise<number> {
  const session = programInPty(SIZE, args);
  await session.pid();
  const ms = await waitMs(session, FOOTER);
  session.close();
  await sleep(200);
  return ms;
}

async function keyMs(session: PtySession): Promise<number> {
  const from = session.written.length;
  session.type(":");
  const ms = await waitMs(session, PALETTE, from);
  session.type("\u001B");
  await session.until((screen) => !screen.includes("Esc closes"), 5_000);
  await sleep(performance.now() % 90); // anywhere between two frames
  return ms;
}

async function closedShare(): Promise<number> {
  const gateway = await serveRecords(tradeRecords({ count: 3_000, perSecond: 1_000, startSec: CLOSE_SEC - 3 }), ["--speed", "1", "--stay"]);
  const session = programInPty(SIZE, ["--gateway", `127.0.0.1:${gateway.port}`, "--symbol", "NQM5"]);
  const pid = await session.pid();
  const cpuSeconds = (): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  };
  try {
    await session.until(/weekend/, 30_000);
    await sleep(10_000);
    const [cpu, at] = [cpuSeconds(), performance.now()];
    await sleep(CLOSED_SECONDS * 1_000);
    return (cpuSeconds() - cpu) / ((performance.now() - at) / 1_000);
  } finally {
    session.close();
    gateway.close();
  }
}

/** null where nothing can hold a pseudo-terminal. */
export async function measureAtOnce(): Promise<AtOnceResult | null> {
  if (!hasPty()) return null;
  const gateway = await serveRecords(tradeRecords({ count: 120_000, perSecond: 1_000, withQuotes: true }), ["--speed", "1", "--stay"]);
  const args = ["--gateway", `127.0.0.1:${gateway.port}`, "--symbol", "NQM5"];
  const starts: number[] = [];
  for (let n = 0; n < STARTS; n += 1) starts.push(await firstFrameMs(args));
  const session = programInPty(SIZE, args);
  await waitMs(session, FOOTER);
  await sleep(5_000);
  const keys: number[] = [];
  for (let n = 0; n < KEYS; n += 1) keys.push(await keyMs(session));
  session.close();
  gateway.close();
  return { firstFrameMs: median(starts), keyP50Ms: median(keys), keyP99Ms: percentile(keys, 0.99), closedCpu: await closedShare() };
}
