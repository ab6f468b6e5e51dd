/** The setting `history.fill: ask`: what today's recording lacks is offered before the live screen opens, in a real terminal. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { coverageFile, readKeptCoverage, writeKeptCoverage } from "../../src/commands/kept-coverage.ts";
import { headOf } from "../../src/commands/record-keeper.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { realClock } from "../client/hand-clock.ts";
import { KEY_TEXT, serveTcp, type Script, type ScriptedGateway } from "../client/scripted-gateway.ts";
import { liveScript } from "../helpers/live-script.ts";
import { runProgram } from "../helpers/run-program.ts";
import { hasTerminal, startInTerminal, type TerminalSession } from "../helpers/terminal.ts";
import { startFakeApi, type FakeApi } from "../historical/fake-api.ts";

/** The session of now, as far as it has come; the market may be closed, its last session is not. */
const NOW = Math.floor(Date.now() / 1000);
const DAY = builtInCalendar.dayOf(NOW);
const END = Math.min(NOW, DAY.closeSec) - 120;
const HOLE = { from: DAY.openSec + Math.floor((END - DAY.openSec) / 3), to: DAY.openSec + Math.floor((END - DAY.openSec) / 2) };
/** Just after the open there is no room for a hole. */
const hasRoom = END - DAY.openSec > 600;

function tradeAt(sec: number, sequence: number): PartialRecord {
  const at = BigInt(sec) * 1_000_000_000n;
  return { kind: "trade", publisherId: 1, instrumentId: 42, tsEvent: at, tsRecv: at, action: "T", side: "B", price: 21_000_000_000_000n, size: 1, sequence };
}
const truth = Array.from({ length: 300 }, (_, n) => ({ sec: DAY.openSec + Math.floor(((END - DAY.openSec) * n) / 300), n }));

/** A live market with a trade now and then. */
const live: Script = async (peer) => {
  const lines = await peer.accept();
  const script = liveScript();
  await peer.write(script.header());
  await peer.write(script.mapping());
  await peer.write(script.trade(0, 1));
  await peer.write(script.replayed(lines));
};

let folder = "";
let api: FakeApi | null = null;
let gateway: ScriptedGateway | null = null;
let session: TerminalSession | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-offer-"));
  const recordings = join(folder, "recordings");
  mkdirSync(recordings);
  const recorder = await Recorder.start({
    disk: realDisk, clock: realClock, directory: recordings, dataset: "GLBX.MDP3", dayOf: (sec) => builtInCalendar.dayOf(sec),
    headFor: (schema, day) => headOf("GLBX.MDP3", schema, day, new Map([[42, "NQZ6"]])),
  });
  const view = new RecordView();
  for (const { sec, n } of truth) if (sec < HOLE.from || sec >= HOLE.to) recorder.record(view.point(encodeRecord(tradeAt(sec, n), 3)));
  await recorder.stop();
  await writeKeptCoverage(realDisk, coverageFile(recordings, "GLBX.MDP3", DAY.tradeDate), {
    contract: "NQZ6", from: { sec: DAY.openSec, nanos: 0 },
    gaps: [{ from: { sec: HOLE.from, nanos: 0 }, to: { sec: HOLE.to, nanos: 0 }, state: "not filled", how: "the replay had aged out" }],
  });
  api = await startFakeApi({ keyText: KEY_TEXT, records: truth.map(({ sec, n }) => tradeAt(sec, n)), symbol: "NQZ6" });
  gateway = await serveTcp(live);
});
afterEach(async () => {
  session?.close();
  session = null;
  await api?.close();
  await gateway?.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(fill: "off" | "ask"): TerminalSession {
  mkdirSync(join(folder, "nq-tui"));
  writeFileSync(join(folder, "nq-tui", "config.yaml"), `history:\n  fill: ${fill}\nrecord:\n  dir: ${join(folder, "recordings")}\n`);
  const env = `XDG_CONFIG_HOME=${folder} XDG_STATE_HOME=${folder} DATABENTO_API_KEY=${KEY_TEXT} DATABENTO_HISTORICAL_URL=${api?.url}`;
  session = startInTerminal({ columns: 160, rows: 48 }, `--gateway 127.0.0.1:${gateway?.port} --symbol NQ.c.0`, env);
  return session;
}

const bought = (): number => (api?.calls ?? []).filter(({ method }) => method === "timeseries.get_range").length;
async function kept(): Promise<number[]> {
  const { stdout } = await runProgram(["recordings", "export", DAY.tradeDate, "--dir", join(folder, "recordings"), "--format", "ndjson"]);
  return stdout.trimEnd().split("\n").map((line) => (JSON.parse(line) as { sequence: number }).sequence);
}

describe.skipIf(!hasTerminal() || !hasRoom)("today's holes", () => {
  test("are offered with what they cost; y fetches them, and the screen opens on the whole of it", async () => {
    const screen = start("ask");
    const asked = await screen.until(/Fetch it from Databento for \$0\.\d{4}\? \[y\/N\]/);
    expect(asked).toMatch(/missing {4}\d\d:\d\d:\d\d–\d\d:\d\d:\d\d ET {2}lost, not filled/);
    expect(asked).toMatch(/to fetch {3}.* records, .* MB, \$0\.\d{4}/);
    expect(bought()).toBe(0);
    screen.press("y");
    await screen.until(/\[(LIVE|QUIET|CLOSED|STALE)/);
    
    screen.press("q");
    await screen.until(/ended with 0/);
    expect(bought()).toBe(1);
    expect(await kept()).toEqual(truth.map(({ n }) => n));
    const coverage = await readKeptCoverage(realDisk, coverageFile(join(folder, "recordings"), "GLBX.MDP3", DAY.tradeDate));
    expect(coverage?.gaps[0]).toMatchObject({ state: "filled" });
  });

  test("any other key buys nothing, and the screen opens all the same", async () => {
    const screen = start("ask");
    await screen.until(/\[y\/N\]/);
    screen.press("n");
    await screen.until(/\[(LIVE|QUIET|CLOSED|STALE)/);
    screen.press("q");
    await screen.until(/ended with 0/);
    expect(bought()).toBe(0);
  });

  test("Ctrl-C buys nothing and quits", async () => {
    const screen = start("ask");
    await screen.until(/\[y\/N\]/);
    screen.press("C-c");
    expect(await screen.until(/ended with 0/)).not.toMatch(/\[(LIVE|QUIET|CLOSED|STALE)/);
    expect(bought()).toBe(0);
  });

  test("an API that refuses keeps no screen from opening", async () => {
    await api?.close();
    api = await startFakeApi({ keyText: "db-another", records: [], symbol: "NQZ6" });
    const screen = start("ask");
    await screen.until(/\[(LIVE|QUIET|CLOSED|STALE)/);
    screen.press("q");
    const end = await screen.until(/ended with 0/);
    expect(end).toMatch(/not filled from historical data: .*status 401/);
  });

  test("are not asked about by default", async () => {
    const screen = start("off");
    await screen.until(/\[(LIVE|QUIET|CLOSED|STALE)/);
    screen.press("q");
    await screen.until(/ended with 0/);
    expect(api?.heard).toEqual([]);
  });
});
