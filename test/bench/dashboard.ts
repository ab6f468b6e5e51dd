/**
 * The whole program in a real terminal of 160x48 at 1,000 trades/s, started an hour into such a market: the hour comes as
 * catch-up, then a minute is measured: processor, memory, bytes. A further half minute shows the loop's delay.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { OPEN_SEC, tradeRecords } from "./generate.ts";
import { binPath, serveRecords } from "./gateway-process.ts";

const SECONDS = 60;
const WARM_UP_SECONDS = 20;
const DELAY_SECONDS = 30;
const HOUR_SECONDS = 3_600;
const PER_SECOND = 1_000;
const CLOCK_TICKS_PER_SECOND = 100;
const SOCKET = "nq-tui-bench";

export interface DashboardResult {
  /** Share of one core, 0.03 is 3 %. */
  readonly cpu: number;
  readonly rssMb: number;
  readonly terminalBytesPerSecond: number;
  readonly loopDelayP99Ms: number;
}

const tmux = (...args: readonly string[]): string => execFileSync("tmux", ["-L", SOCKET, ...args], { encoding: "utf8" });

function cpuSeconds(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

function written(pid: string): number {
  return Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}

/** The flags the program's first line gives to Node. */
function firstLineFlags(): string {
  return /^#!\S+ -S node (.*)$/m.exec(readFileSync(binPath(), "utf8"))?.[1] ?? "";
}

/** null where there is no tmux or no /proc. */
export async function measureDashboard(): Promise<DashboardResult | null> {
  try {
    execFileSync("tmux", ["-V"]);
  } catch {
    return null;
  }
  if (!existsSync("/proc/self/stat")) return null;
  const hour = tradeRecords({ count: HOUR_SECONDS * PER_SECOND, perSecond: PER_SECOND, startSec: OPEN_SEC - HOUR_SECONDS });
  const count = (SECONDS + WARM_UP_SECONDS + DELAY_SECONDS + 30) * PER_SECOND;
  const minute = tradeRecords({ count, perSecond: PER_SECOND, withQuotes: true });
  const gateway = await serveRecords([hour, minute], ["--speed", "1", "--stay", "--start-at", "09:30"]);
  const folder = mkdtempSync(join(tmpdir(), "nq-tui-bench-"));
  const delays = join(folder, "delay");
  const hook = fileURLToPath(new URL("loop-delay.js", import.meta.url));
  const program = `exec env -u CI NODE_OPTIONS="--import ${hook}" LOOP_DELAY_FILE=${delays} LOOP_DELAY_FROM_S=${WARM_UP_SECONDS + SECONDS + 3} ${process.execPath} ${firstLineFlags()} ${binPath()} --gateway 127.0.0.1:${gateway.port} --symbol NQM5`;
  try {
    tmux("-f", "/dev/null", "new-session", "-d", "-s", "bench", "-x", "160", "-y", "48", program);
    const pid = tmux("list-panes", "-t", "bench", "-F", "#{pane_pid}").trim();
    await sleep(WARM_UP_SECONDS * 1000);
    const screen = tmux("capture-pane", "-p", "-t", "bench");
    if (!screen.includes("NQM5")) throw new Error(`the dashboard did not come up:\n${screen}`);
    const [cpu0, written0, at0] = [cpuSeconds(pid), written(pid), performance.now()];
    await sleep(SECONDS * 1000);
    const seconds = (performance.now() - at0) / 1000;
    const rssMb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
    const cpu = (cpuSeconds(pid) - cpu0) / seconds;
    const terminalBytesPerSecond = (written(pid) - written0) / seconds;
    await sleep(DELAY_SECONDS * 1000);
    return {
      cpu,
      rssMb,
      terminalBytesPerSecond,
      loopDelayP99Ms: Number(readFileSync(delays, "utf8")),
    };
  } finally {
    tmux("kill-server");
    gateway.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
