/** The process guards its memory and its environment: no inspector by signal, no key in crash reports or in children. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { CANARY, leaksBelow } from "../helpers/canary.ts";
import { startProgram } from "../helpers/run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-guard-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isOpen = (port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false)).once("connect", () => socket.destroy());
});

describe("SIGUSR1", () => {
  test("opens the inspector of a Node program that does nothing about it: this test would see it", async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [`--inspect-port=${port}`, "-e", "console.log('up'); setInterval(() => {}, 1000)"], { stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGUSR1");
    await expect.poll(() => isOpen(port), { timeout: 20_000 }).toBe(true);
    child.kill("SIGKILL");
  });

  test("opens nothing in nq-tui, which goes on", async () => {
    const port = await freePort();
    const running = startProgram(["stream", "--demo", "--speed", "60"], { NODE_OPTIONS: `--inspect-port=${port}`, DATABENTO_API_KEY: CANARY });
    await running.until(/DEMO\n/);
    for (let n = 1; n <= 3; n += 1) {
      running.child.kill("SIGUSR1");
      await running.until(new RegExp(`(\\n.*){${n * 100}}`)); // a market minute passes every second
      expect(await isOpen(port)).toBe(false);
    }
    running.child.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("a crash report has no key, and no environment where Node lets one say so", () => {
  /** Loaded before the program: breaks it once it runs. */
  const broken = (what: string): string => `--import "data:text/javascript,setTimeout(()=>{${encodeURIComponent(what)}},1500)"`;
  const reports = (name: string): string => join(folder, name);

  async function crash(name: string, options: string, signal?: NodeJS.Signals): Promise<Record<string, unknown>[]> {
    const directory = reports(name);
    mkdirSync(directory);
    const running = startProgram(["stream", "--demo", "--speed", "60"], {
      NODE_OPTIONS: `--report-directory=${directory} ${options}`, DATABENTO_API_KEY: CANARY, NQ_TUI_GATEWAY_KEY: CANARY,
    });
    if (signal !== undefined) {
      await running.until(/DEMO\n/);
      running.child.kill(signal);
      await running.until(/(\n.*){200}/);
      running.child.kill("SIGKILL");
    }
    await running.finished;
    return readdirSync(directory).map((file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as Record<string, unknown>);
  }

  test.each([
    ["an error that nobody catches", `--report-uncaught-exception ${broken("throw new Error('broken on purpose')")}`, undefined, false],
    // Node looks at no setting when memory has ended; the keys were taken out of the environment before.
    ["memory that ends", `--report-on-fatalerror --max-old-space-size=48 ${broken("const a=[];for(;;)a.push(new Array(1000).fill(a))")}`, undefined, true],
    ["a signal", "--report-on-signal", "SIGUSR2", false],
  ] as const)("after %s", async (name, options, signal, hasEnvironment) => {
    const found = await crash(name.replaceAll(" ", "-"), options, signal);
    expect(found).toHaveLength(1);
    expect(found[0]).toHaveProperty("header.nodejsVersion");
    if (!hasEnvironment) expect(found[0]).not.toHaveProperty("environmentVariables");
    expect(leaksBelow(reports(name.replaceAll(" ", "-")))).toEqual([]);
  });
});
