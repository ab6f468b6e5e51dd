/** `recordings fill`: the built program against the historical API as it is documented, on recordings with holes. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { coverageFile, readKeptCoverage, writeKeptCoverage } from "../../src/commands/kept-coverage.ts";
import { headOf } from "../../src/commands/record-keeper.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { builtInCalendar, tradingDayOf } from "../../src/market/trading-day.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import { realClock } from "../client/hand-clock.ts";
import { CANARY, leaksBelow } from "../helpers/canary.ts";
import { runProgram, type Finished } from "../helpers/run-program.ts";
import { startFakeApi, type FakeApi, type FakeApiOptions } from "../historical/fake-api.ts";

const DATE = "2025-06-13";
const DAY = tradingDayOf(1_749_821_400);
const RTH = DAY.rthOpenSec;
/** One trade in ten seconds, every fifth of them twice the same. */
const EVERY_SEC = 10;

function tradeAt(sec: number, n: number, recvOffset: bigint): PartialRecord {
  const at = BigInt(sec) * 1_000_000_000n;
  return {
    kind: "trade", publisherId: 1, instrumentId: 42, tsEvent: at - 5_000n, tsRecv: at + recvOffset, action: "T", side: n % 2 === 0 ? "B" : "A",
    price: 21_680_750_000_000n + BigInt(n % 40) * 250_000_000n, size: 1 + (n % 3), sequence: n,
  };
}

interface Made {
  readonly sec: number;
  readonly n: number;
}
const truth: readonly Made[] = Array.from({ length: Math.floor((DAY.closeSec - DAY.openSec) / EVERY_SEC) }, (_, n) => ({ sec: DAY.openSec + 3 + n * EVERY_SEC, n }))
  .flatMap((one) => (one.n % 5 === 0 ? [one, one] : [one]));

let folder = "";
let api: FakeApi | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-fill-"));
});
afterEach(async () => {
  await api?.close();
  api = null;
  rmSync(folder, { recursive: true });
});

/** Records what `keeps` says, as a recorder does, and notes this coverage. */
async function record(keeps: (sec: number, index: number) => boolean, fromSec: number, gaps: readonly (readonly [from: number, to: number])[]): Promise<void> {
  const recorder = await Recorder.start({
    disk: realDisk, clock: realClock, directory: folder, dataset: "GLBX.MDP3", dayOf: (sec) => builtInCalendar.dayOf(sec),
    headFor: (schema, day) => headOf("GLBX.MDP3", schema, day, new Map([[42, "NQM5"]])),
  });
  const view = new RecordView();
  // The live gateway's clock is not the archive's.
  for (const [index, { sec, n }] of truth.entries()) if (keeps(sec, index)) recorder.record(view.point(encodeRecord(tradeAt(sec, n, 7_000n), 3)));
  await recorder.stop();
  await writeKeptCoverage(realDisk, coverageFile(folder, "GLBX.MDP3", DATE), {
    contract: "NQM5", from: { sec: fromSec, nanos: 0 },
    gaps: gaps.map(([from, to]) => ({ from: { sec: from, nanos: 0 }, to: { sec: to, nanos: 0 }, state: "not filled" as const, how: "replay aged out" })),
  });
}

async function serve(options: Partial<FakeApiOptions> = {}): Promise<void> {
  api = await startFakeApi({ keyText: CANARY, records: truth.map(({ sec, n }) => tradeAt(sec, n, 0n)), ...options });
}

function fill(...args: readonly string[]): Promise<Finished> {
  return runProgram(["recordings", "fill", DATE, "--dir", folder, ...args], { DATABENTO_API_KEY: CANARY, DATABENTO_HISTORICAL_URL: api?.url ?? "" });
}

/** Sequence numbers in the recording, in the order of time. */
async function recorded(): Promise<number[]> {
  const { stdout } = await runProgram(["recordings", "export", DATE, "--dir", folder, "--format", "ndjson"]);
  return stdout.trimEnd().split("\n").filter((line) => line !== "").map((line) => (JSON.parse(line) as { sequence: number }).sequence);
}

const all = truth.map(({ n }) => n);
const ranges = (): number => (api?.calls ?? []).filter(({ method }) => method === "timeseries.get_range").length;

describe("recordings fill", () => {
  test("says what is missing and what it costs, fetches it after yes, and every trade is in the recording once", async () => {
    await record((sec) => sec >= DAY.openSec + 3600 && (sec < RTH + 600 || sec >= RTH + 930) && sec < DAY.rthCloseSec, DAY.openSec + 3600, [[RTH + 600, RTH + 930]]);
    await serve();
    const end = await fill("--yes");
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(end.stdout).toMatch(/^2025-06-13 {2}NQM5 {2}trades of GLBX\.MDP3\nmissing {4}18:00:00–19:00:00 ET {2}recording began later\nmissing {4}09:40:00–09:45:30 ET {2}lost, not filled\nmissing {4}15:59:5\d–17:00:00 ET {2}recording ended before\n/);
    expect(end.stdout).toMatch(/\nto fetch {3}18:00:00–19:01:00 ET {2}4\d\d records, 0\.0 MB, \$0\.0\d{3}\n/);
    expect(end.stdout).toMatch(/\nfilled {5}\d+ records fetched, [1-9]\d* of them were recorded already, [1-9]\d* are new\n( {11}.*\.00[123]\.dbn\.zst\n){3}$/);
    expect(await recorded()).toEqual(all);
    const coverage = await readKeptCoverage(realDisk, coverageFile(folder, "GLBX.MDP3", DATE));
    expect(coverage).toMatchObject({ from: { sec: DAY.openSec }, gaps: [{ state: "filled", how: expect.stringContaining("historical") }] });
    expect(await runProgram(["recordings", "verify", "--dir", folder])).toMatchObject({ code: 0 });
    // Again: nothing to do, nothing spent.
    const before = ranges();
    expect(await fill("--yes")).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing is missing") });
    expect(ranges()).toBe(before);
    expect(leaksBelow(folder)).toEqual([]);
    expect(end.stdout + end.stderr).not.toContain(CANARY.slice(5, 20));
  });

  test("a day of which nothing was recorded is filled whole, with its contract named", async () => {
    await serve({ frameRecords: 0 });
    expect(await fill("--yes")).toMatchObject({ code: 2, stderr: expect.stringContaining("--symbol") });
    expect(await fill("--yes", "--symbol", "NQ.v.0")).toMatchObject({ code: 2, stderr: expect.stringContaining("NQZ6") });
    expect(await fill("--yes", "--symbol", "NQM5")).toMatchObject({ code: 0, stderr: "" });
    expect(await recorded()).toEqual(all);
    const price = await runProgram(["volume", ...readdirSync(folder).filter((name) => name.endsWith(".zst")).map((name) => join(folder, name)), "--json"]);
    expect(price.code).toBe(0);
    expect(price.stdout).toContain("NQM5");
  });

  test("of two equal fills of which one was lost the other comes in, for every reader of the recording", async () => {
    const twin = truth.findIndex(({ sec }, index) => sec > RTH && truth[index + 1]?.n === truth[index]?.n);
    await record((_, index) => index !== twin + 1, DAY.openSec, [[(truth[twin]?.sec ?? 0) - 1, (truth[twin]?.sec ?? 0) + 1]]);
    await serve();
    const end = await fill("--yes");
    expect(end).toMatchObject({ code: 0, stdout: expect.stringContaining(", 1 are new\n") });
    expect(await recorded()).toEqual(all);
    const files = readdirSync(folder).filter((name) => /\.dbn\.(part|zst)$/.test(name)).map((name) => join(folder, name));
    const volume = await runProgram(["volume", ...files, "--json"]);
    expect(JSON.parse(volume.stdout)).toMatchObject({ trades: truth.length, volume: truth.reduce((sum, { n }) => sum + 1 + (n % 3), 0) });
  });

  test("without a yes nothing is fetched and nothing spent; nor above the most that may be spent", async () => {
    await record((sec) => sec < RTH, DAY.openSec, []);
    await serve({ dollarsPerRecord: 0.01 });
    const asked = await fill("--max-cost", "99.5");
    expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    expect(asked.stdout).toMatch(/to fetch .*\$3\d\.\d\d\n/);
    expect(await fill("--yes")).toMatchObject({ code: 2, stderr: expect.stringMatching(/it costs \$3\d\.\d\d; expected at most \$10\.00\. Nothing was fetched/) });
    expect(ranges()).toBe(0);
    expect(await fill("--yes", "--max-cost", "99.5")).toMatchObject({ code: 0 });
    expect(await recorded()).toEqual(all);
  });

  test("limits, faults and bodies that break off leave no hole and no double", async () => {
    await record((sec) => sec >= RTH, RTH, []);
    await serve({
      frameRecords: 40,
      faults: {
        "metadata.get_cost": [{ status: 429, headers: { "Retry-After": "1" } }],
        "timeseries.get_range": [{ status: 503 }, { cutAfter: 5_000, how: "reset" }, { cutAfter: 9_001, how: "end" }, { onlyRecords: 80 }, { drop: true }],
      },
    });
    const end = await fill("--yes");
    expect(end.code).toBe(0);
    expect(end.stderr).toMatch(/status 429.*trying again in 1\.\d s/);
    expect(end.stderr).toMatch(/records are missing, going on from the last whole record/);
    expect(await recorded()).toEqual(all);
  });

  test("every call is billed, so one that breaks off again and again ends where the limit is", async () => {
    await record((sec) => sec >= RTH, RTH, []);
    await serve({ dollarsPerRecord: 0.001, frameRecords: 20, faults: { "timeseries.get_range": Array.from({ length: 9 }, () => ({ onlyRecords: 40 })) } });
    const end = await fill("--yes", "--max-cost", "20");
    expect(end).toMatchObject({ code: 2, stderr: expect.stringMatching(/broke off so often that going on may cost \$2\d\.\d\d in all; expected at most \$20\.00/) });
    expect(ranges()).toBe(3);
    expect((await recorded()).length).toBeGreaterThan(truth.filter(({ sec }) => sec >= RTH).length);
  });

  test("what came before a failure is kept, said, and not doubled by the next try", async () => {
    await record((sec) => sec >= RTH, RTH, []);
    await serve({ faults: { "timeseries.get_range": [{ onlyRecords: 303 }, { onlyRecords: 1 }, { onlyRecords: 1 }, { onlyRecords: 1 }] } });
    const failed = await fill("--yes");
    expect(failed).toMatchObject({ code: 4, stderr: expect.stringContaining("records are missing") });
    expect(failed.stdout).toMatch(/filled {5}\d+ records fetched/);
    const kept = await recorded();
    expect(kept.length).toBeGreaterThan(all.length / 3);
    expect(kept.length).toBeLessThan(all.length);
    expect(await readKeptCoverage(realDisk, coverageFile(folder, "GLBX.MDP3", DATE))).toMatchObject({ from: { sec: RTH } });
    await api?.close();
    await serve();
    expect(await fill("--yes")).toMatchObject({ code: 0 });
    expect(await recorded()).toEqual(all);
  });

  test.each([
    [401, { detail: "Not authenticated" }, 3, "DATABENTO_API_KEY"],
    [402, { detail: { case: "payment", message: "Payment is overdue" } }, 3, "Payment is overdue"],
    [403, { detail: { case: "license_not_found_unauthorized", message: "A live data license is required" } }, 3, "live licence"],
    [422, { detail: { case: "data_start_before_available_start", message: "Available from 2030" } }, 1, "Available from 2030"],
  ])("%i is told with what to do", async (status, body, code, text) => {
    await serve({ faults: { "metadata.get_cost": [{ status, body: JSON.stringify(body) }] } });
    expect(await fill("--yes", "--symbol", "NQM5")).toMatchObject({ code, stderr: expect.stringContaining(text) });
  });

  test("what is not there yet is not asked for", async () => {
    await record((sec) => sec < RTH, DAY.openSec, []);
    await serve({ availableEnd: new Date((RTH + 1800) * 1000).toISOString() });
    const end = await fill("--yes");
    expect(end).toMatchObject({ code: 0, stdout: expect.stringMatching(/–10:00:00 ET {2}recording ended before\n/) });
    expect(await recorded()).toEqual(truth.filter(({ sec }) => sec < RTH + 1800).map(({ n }) => n));
  });

  test.each([["2025-13-01"], ["2025-06-14"], ["yesterday"]])("%s is no trade date", async (date) => {
    await serve();
    const end = await runProgram(["recordings", "fill", date, "--dir", folder], { DATABENTO_API_KEY: CANARY, DATABENTO_HISTORICAL_URL: api?.url ?? "" });
    expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining("expected a trade date") });
  });

  test("no key, an address elsewhere, another writer in the folder: each said before anything is sent", async () => {
    await serve();
    const args = ["recordings", "fill", DATE, "--dir", folder, "--symbol", "NQM5"];
    expect(await runProgram(args, { DATABENTO_HISTORICAL_URL: api?.url ?? "" })).toMatchObject({ code: 3, stderr: expect.stringContaining("DATABENTO_API_KEY") });
    expect(await runProgram(args, { DATABENTO_API_KEY: CANARY, DATABENTO_HISTORICAL_URL: "https://example.com/v0/" })).toMatchObject({ code: 2, stderr: expect.stringContaining("sent nowhere else") });
    expect(api?.heard).toEqual([]);
  });
});
