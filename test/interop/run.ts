/** Proof that a peer nobody here wrote works with our gateway and our encoder: Databento's official Python client. */
import { existsSync, rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild, startChild } from "./children.ts";
import { startGatewayProcess, type GatewayProcess } from "./gateway-process.ts";
import { readWithOurClient, readWithOurDecoder, type DayOfTrades } from "./our-client.ts";
import { preparePython } from "./python-environment.ts";
import { expectSame, Tally } from "./tally.ts";
import { writeRecordings } from "./write-recordings.ts";
import { writeSamples } from "./write-samples.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..", "..");
/** All checks together take some 30 s on two cores. */
const PYTHON_LIMIT_MS = 150_000;
const GATEWAY_LIMIT_MS = 300_000;
const OVERNIGHT_CONTRACTS = 69_546;

const GATEWAYS = {
  "endless-1": ["--speed", "max", "--dbn", "1"],
  "endless-2": ["--speed", "max", "--dbn", "2"],
  "endless-3": ["--speed", "max", "--dbn", "3"],
  "fast": ["--speed", "60", "--dbn", "2", "--start-at", "09:29:00"],
  "real-time": ["--speed", "1", "--dbn", "3", "--start-at", "20:00:00"],
} as const satisfies Record<string, readonly string[]>;

const OUR_SESSIONS = [
  [1, "TCP", "none"], [1, "WebSocket", "zstd"], [2, "TCP", "zstd"], [3, "TCP", "none"], [3, "WebSocket", "none"],
] as const;

type Gateways = Readonly<Record<string, GatewayProcess>>;

/** What the Python half found: hashes and files to compare with ours. */
type Findings = Readonly<Record<"overnight" | "day" | "stream", string[]>>;

/** Runs one part of the Python half; its lines become ours. */
async function runPython(tally: Tally, python: string, part: "files" | "recordings" | "live", path: string): Promise<Findings> {
  const findings: Findings = { overnight: [], day: [], stream: [] };
  let isDone = false;
  const args = [join(here, "check.py"), part, path];
  const child = startChild(python, args, PYTHON_LIMIT_MS, (line) => {
    const [mark, key = "", ...rest] = line.split(" ");
    if (mark !== "=") tally.adopt(line);
    else if (key === "done") isDone = true;
    else if (key === "overnight" || key === "day" || key === "stream") findings[key].push(rest.join(" "));
  });
  const code = await child.exited;
  if (isDone && code === 0) return findings;
  tally.fail(`check.py ${part}`, `it ended with ${code ?? "a signal"}: ${child.stderr().slice(-300)}`);
  return findings;
}

async function startGateways(tally: Tally): Promise<Gateways | null> {
  const program = join(root, "dist", "bin.js");
  const compiler = join(root, "node_modules", ".bin", "tsc");
  if (!existsSync(program)) await runChild(compiler, ["-p", join(root, "tsconfig.json")], 120_000);
  const started = await tally.check("the gateway starts as a process of its own", () =>
    Promise.all(Object.entries(GATEWAYS).map(async ([name, flags]) =>
      [name, await startGatewayProcess(program, flags, GATEWAY_LIMIT_MS)] as const)),
  );
  return started === null ? null : Object.fromEntries(started);
}

/** Our client and our decoder must read what the official client read. */
async function readByOurselves(tally: Tally, gateways: Gateways, findings: Findings): Promise<void> {
  const [overnight = "none", day = "none"] = [findings.overnight[0], findings.day[0]];
  const same = (found: DayOfTrades): void => {
    expectSame("contracts overnight", found.overnightContracts, OVERNIGHT_CONTRACTS);
    expectSame("trades overnight, count and hash", found.overnight, overnight);
    expectSame("trades of the day, count and hash", found.day, day);
  };
  await tally.check("the official client read the same trades in every session", () => {
    for (const other of findings.overnight) expectSame("trades overnight, count and hash", other, overnight);
    for (const other of findings.day) expectSame("trades of the day, count and hash", other, day);
    if (findings.overnight.length < 2) throw new Error("expected more than one session, found less");
  });
  for (const [version, way, compression] of OUR_SESSIONS) {
    const gateway = gateways[`endless-${version}`];
    if (gateway === undefined) continue;
    const endpoint = way === "TCP"
      ? { transport: "tcp", host: "127.0.0.1", port: gateway.port } as const
      : { transport: "ws", url: gateway.wsUrl } as const;
    const form = { compression, tsOut: compression === "zstd" };
    const name = `version ${version}: our client by ${way}, ${compression}, reads the trades the official one read`;
    await tally.check(name, async () => same(await readWithOurClient(endpoint, gateway.key, form)));
  }
  for (const path of findings.stream) {
    await tally.check(`our decoder reads ${path.split("/").at(-1)}, written by the official client`, async () =>
      same(await readWithOurDecoder(path)));
  }
}

async function runChecks(tally: Tally, python: string, folder: string): Promise<void> {
  await runPython(tally, python, "files", await writeSamples(folder));
  await runPython(tally, python, "recordings", await writeRecordings(folder));
  const gateways = await startGateways(tally);
  if (gateways === null) return;
  const config = join(folder, "config.json");
  await writeFile(config, JSON.stringify({ gateways, folder }));
  const findings = await runPython(tally, python, "live", config);
  await readByOurselves(tally, gateways, findings);
}

async function main(): Promise<number> {
  const tally = new Tally();
  let python: string;
  try {
    python = await preparePython(root, join(here, "requirements.txt"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    tally.skip(`Databento's official client cannot be installed here: ${why}`);
    tally.close();
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), "nq-tui-interop-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  try {
    await runChecks(tally, python, folder);
  } catch (error) {
    tally.fail("the run", error instanceof Error ? error.message : String(error));
  }
  tally.close();
  return tally.failed === 0 ? 0 : 1;
}

// Gateways still run: leaving ends them.
process.exit(await main());
