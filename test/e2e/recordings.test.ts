/** Record, list, verify, export, replay, prune: the built program on a folder of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { runProgram, startProgram } from "../helpers/run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-rec-"));
afterAll(() => rmSync(folder, { recursive: true }));
const dir = ["--dir", folder];
const demo = [...dir, "--demo"];
const DAY = "2025-06-13";
let recorded = 0;

/** Until the overnight part is in the file. */
beforeAll(async () => {
  const running = startProgram(["record", ...dir, "--demo", "--speed", "60", "--sync", "50"]);
  for (;;) {
    const line = (await runProgram(["recordings", ...demo, "--json"])).stdout.split("\n").find((text) => text.includes(`"tradeDate":"${DAY}"`));
    const found = line === undefined ? null : (JSON.parse(line) as { records: number | null });
    if ((found?.records ?? 0) > 50_000) break;
  }
  running.child.kill("SIGINT");
  const end = await running.finished;
  expect(end).toMatchObject({ code: 0 });
  recorded = Number(/trades\s+([\d,]+) records/.exec(end.stdout)?.[1]?.replaceAll(",", ""));
}, 60_000);

test("the list says contract, span, counts, state, and that it is simulated", async () => {
  const { stdout } = await runProgram(["recordings", ...demo]);
  expect(stdout.split("\n")[0]).toContain("DEMO");
  expect(stdout).toMatch(new RegExp(`${DAY}  NQM5[ A-Z0-9]*\\s+18:00:00–09:\\d\\d:\\d\\d ET\\s+[\\d,]+\\s+\\d+\\.\\d MB  growing\\s+.*trades`));
  expect((await runProgram(["recordings", ...dir])).stderr).toContain("no recordings"); // none of the real market
});

test("everything in it is readable by its owner alone", () => {
  for (const file of readdirSync(join(folder, "demo"))) expect(statSync(join(folder, "demo", file)).mode & 0o077).toBe(0);
});

test("verify reads it through; an unknown date is told with those there are", async () => {
  expect(await runProgram(["recordings", "verify", ...demo, DAY])).toMatchObject({ code: 0, stdout: expect.stringContaining(`ok       ${recorded.toLocaleString("en-US")} records`) });
  expect(await runProgram(["recordings", "verify", ...demo, "2020-01-02"])).toMatchObject({ code: 1, stderr: expect.stringContaining(DAY) });
});

test.each(["csv", "ndjson", "parquet"] as const)("exported as %s it has every trade and the same contracts", async (format) => {
  const out = join(folder, `trades.${format}`);
  expect(await runProgram(["recordings", "export", DAY, ...demo, "--out", out])).toMatchObject({ code: 0, stderr: expect.stringContaining(`${recorded.toLocaleString("en-US")} rows`) });
  let rows: { size: number; mode: string; price: number; symbol: string }[];
  if (format === "parquet") {
    const bytes = readFileSync(out);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    expect(parquetMetadata(file).key_value_metadata).toContainEqual({ key: "nq-tui.mode", value: "DEMO" });
    rows = (await parquetReadObjects({ file })).map((row) => ({ ...row, size: Number(row["size"]) })) as typeof rows;
  } else if (format === "ndjson") rows = readFileSync(out, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as (typeof rows)[0]);
  else {
    const [head = "", ...lines] = readFileSync(out, "utf8").trimEnd().split("\n");
    const at = (name: string): number => head.split(",").indexOf(name);
    rows = lines.map((line) => line.split(",")).map((cells) => ({
      size: Number(cells[at("size")]), mode: cells[at("mode")] ?? "", price: Number(cells[at("price")]), symbol: cells[at("symbol")] ?? "",
    }));
  }
  expect(rows).toHaveLength(recorded);
  expect(rows.every(({ mode }) => mode === "DEMO")).toBe(true);
  expect(rows.every(({ price }) => (price * 4) % 1 === 0)).toBe(true);
  const report = JSON.parse((await runProgram(["volume", "--json", ...readdirSync(join(folder, "demo")).filter((file) => file.includes("trades") && file.endsWith(".part")).map((file) => join(folder, "demo", file))])).stdout.split("\n")[0] ?? "") as { volume: number; rawSymbol: string };
  expect(rows.filter(({ symbol }) => symbol === report.rawSymbol).reduce((sum, { size }) => sum + size, 0)).toBe(report.volume);
});

test("replay by trade date plays the recording", async () => {
  const { code, stdout } = await runProgram(["replay", DAY, ...demo, "--speed", "max"]);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^09:\d\d:\d\d ET .* REPLAY$/);
});

test("export to where nothing can be written, of Parquet to standard output, of what was not recorded", async () => {
  expect(await runProgram(["recordings", "export", DAY, ...demo, "--out", join(folder, "absent", "x.csv")])).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be written") });
  expect(await runProgram(["recordings", "export", DAY, ...demo, "--format", "parquet"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--out") });
  expect(await runProgram(["recordings", "export", DAY, ...demo, "--schema", "ohlcv-1s"])).toMatchObject({ code: 1 });
});

test("prune asks, and without anybody to ask does nothing", async () => {
  expect(await runProgram(["recordings", "prune", ...demo])).toMatchObject({ code: 2, stderr: expect.stringContaining("--keep-days") });
  expect(await runProgram(["recordings", "prune", ...demo, "--keep-days", "0"])).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
  expect(readdirSync(join(folder, "demo")).length).toBeGreaterThan(3);
});

test("a second writer is refused while the first records", async () => {
  const running = startProgram(["record", ...dir, "--demo"]);
  await running.until(/recording NQ/, "stderr");
  expect(await runProgram(["record", ...dir, "--demo"])).toMatchObject({ code: 1, stderr: expect.stringContaining("another") });
  running.child.kill("SIGTERM");
  expect(await running.finished).toMatchObject({ code: 0 });
});

test("a file that was cut in the middle of a record is mended when recording goes on, and a text in its place is set aside", async () => {
  const place = mkdtempSync(join(tmpdir(), "nq-tui-cut-"));
  try {
    const first = startProgram(["record", "--dir", place, "--demo", "--sync", "50"]);
    await first.until(/recording NQ/, "stderr");
    while (!readdirSync(join(place, "demo")).some((file) => file.includes("trades"))) await new Promise((resolve) => setTimeout(resolve, 20));
    first.child.kill("SIGINT");
    await first.finished;
    const trades = join(place, "demo", readdirSync(join(place, "demo")).find((file) => file.includes("trades") && file.endsWith(".part")) ?? "");
    truncateSync(trades, statSync(trades).size - 7);
    writeFileSync(join(place, "demo", "GLBX.MDP3.mbo.2025-06-13.000.dbn.part"), "no market data at all");
    const second = startProgram(["record", "--dir", place, "--demo", "--sync", "50"]);
    const said = await second.until(/recording NQ/, "stderr");
    expect(said).toMatch(/trades.*cut \d+ bytes off the end/);
    expect(said).toContain("unreadable");
    second.child.kill("SIGINT");
    await second.finished;
    expect(await runProgram(["recordings", "verify", "--dir", place, "--demo"])).toMatchObject({ code: 0 });
  } finally {
    rmSync(place, { recursive: true });
  }
});

describeWithFixtures("recorded files of others", () => {
  test("are exported too: 120 trades, 253 contracts", async () => {
    const { stdout } = await runProgram(["recordings", "export", fixture("real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst"), "--format", "ndjson"]);
    const rows = stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as { size: number; mode: string });
    expect(rows).toHaveLength(120);
    expect(rows.reduce((sum, { size }) => sum + size, 0)).toBe(253);
    expect(rows[0]?.mode).toBe("REPLAY");
  });
});
