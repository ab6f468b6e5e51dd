/**
 * `nq-tui alerts test` over a recorded market against alerts.py, an independent script over the same bytes; what is printed
 * is kept in test/golden/alerts (UPDATE_GOLDEN=1 writes it anew). And the same through the gateway, byte for byte.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { recordingBytes, tradeAtEastern } from "../helpers/dbn-bytes.ts";
import { describeWithFixtures, expandedBytes, fixture } from "../helpers/fixtures.ts";
import { runProgram } from "../helpers/run-program.ts";
import { hasPython } from "../studies/figures.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const RULES = here("rules.json");
const GOLDEN = here("../golden/alerts/");
const ES = "real/esh4-glbx-mdp3-20231225.mbo.dbn.zst";
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";
const folder = mkdtempSync(join(tmpdir(), "nq-tui-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  readonly ts: string;
  readonly rule: string;
  readonly price: number;
  readonly later: readonly { readonly minutes: number; readonly price: number | null; readonly ticks: number | null; readonly reason?: string }[];
}

/** Standard output of a good end. */
async function printed(...args: readonly string[]): Promise<string> {
  const end = await runProgram(["alerts", ...args]);
  expect(end).toMatchObject({ code: 0, stderr: "" });
  return end.stdout;
}

const rowsOf = (text: string): readonly Row[] => text.trimEnd().split("\n").map((line) => JSON.parse(line) as Row);

function compare(name: string, text: string): void {
  if (isUpdating) {
    mkdirSync(GOLDEN, { recursive: true });
    writeFileSync(GOLDEN + name, text);
  }
  expect(text).toBe(readFileSync(GOLDEN + name, "utf8"));
}

/** What the script prints: rule, nanoseconds, ticks, ticks later. */
type ScriptRow = readonly [string, string, number, readonly (number | null)[]];

function scriptRows(path: string): readonly ScriptRow[] {
  const { status, stdout, stderr } = spawnSync("python3", [here("alerts.py"), RULES], { input: expandedBytes(path), maxBuffer: 2 ** 26, timeout: 55_000, encoding: "utf8" });
  if (status !== 0) throw new Error(`expected firings from alerts.py, found: ${stderr}`);
  return JSON.parse(stdout) as ScriptRow[];
}

/** Nanoseconds since 1970 of an ISO time with nine digits. */
function nanosOf(ts: string): string {
  return `${Date.parse(`${ts.slice(0, 19)}Z`) / 1000}${ts.slice(20, 29)}`;
}

const inTicks = ({ rule, ts, price, later }: Row): ScriptRow => [rule, nanosOf(ts), price * 4, later.map(({ price: one }) => (one === null ? null : one * 4))];

describeWithFixtures("a recorded hour of ESH4", () => {
  const path = fixture(ES);

  test.skipIf(!hasPython())("fires as the script says, with the prices it says", async () => {
    const rows = rowsOf(await printed("test", "--rules", RULES, path, "--json"));
    expect(rows.length).toBeGreaterThan(200);
    expect(rows.map(inTicks)).toEqual(scriptRows(path));
  });

  test("as table, CSV and JSON is what it was", async () => {
    compare("esh4.txt", await printed("test", "--rules", RULES, path));
    compare("esh4.csv", await printed("test", "--rules", RULES, path, "--csv"));
    compare("esh4.ndjson", await printed("test", "--rules", RULES, path, "--json"));
  });

  test("gives through the gateway, as it happens, the same bytes", async () => {
    const tested = await printed("test", "--rules", RULES, path, "--lines");
    expect(tested.split("\n").length).toBeGreaterThan(200);
    expect(await printed("watch", "--rules", RULES, path, "--json")).toBe(tested);
  });
});

describeWithFixtures("quotes", () => {
  test("of a recorded market make rules about the spread fire, and the same ones through the gateway", async () => {
    const rules = join(folder, "spread.yaml");
    writeFileSync(rules, "alerts:\n  - { name: wide, when: spread, ticks: 2, cooldown_s: 0 }\n");
    const path = fixture("real/futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst");
    const tested = await printed("test", "--rules", rules, path, "--lines");
    expect(rowsOf(tested).length).toBeGreaterThan(0);
    expect(await printed("watch", "--rules", rules, path, "--json")).toBe(tested);
    const without = await runProgram(["alerts", "test", "--rules", rules, fixture("real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst")]);
    expect(without).toMatchObject({ code: 0, stderr: "nq-tui: there are no quotes in the recordings, so no rule about the spread can fire\n" });
  });
});

describe("made-up recordings", () => {
  const rules = join(folder, "rules.yaml");
  writeFileSync(rules, "alerts:\n  - { name: line, when: price-cross, price: 21750, cooldown_s: 0 }\n  - { name: bell, when: session, at: RTH close }\n");
  const P = 21_750_000_000_000n;
  let sequence = 0;
  const at = (time: string, ticksAway: bigint): ReturnType<typeof tradeAtEastern> =>
    tradeAtEastern(`2025-06-13T${time}`, { sequence: (sequence += 1), price: P + ticksAway * 250_000_000n });

  test("the price later is that of the last trade up to then, and where there is none it says why", async () => {
    const path = join(folder, "a.dbn");
    writeFileSync(path, recordingBytes([
      at("15:50:00", -1n), at("15:50:01", 0n), at("15:51:01", 3n), at("15:51:02", 9n), at("15:55:00", 5n), at("15:59:59", 6n), at("16:00:30", -4n), at("16:05:00", 1n), at("16:58:00", -8n),
    ]));
    const rows = rowsOf(await printed("test", "--rules", rules, path, "--json"));
    expect(rows.map(({ rule, ts, price, later }) => [rule, ts.slice(11, 19), price, later.map((one) => one.reason ?? one.ticks)])).toEqual([
      // A trade a minute later to the nanosecond is of that time still.
      ["line", "19:50:01", 21_750, [3, 5, 1]],
      ["bell", "20:00:00", 21_751.5, [-10, -5, -5]],
      ["line", "20:00:30", 21_749, [0, 5, 5]],
      ["line", "20:05:00", 21_750.25, [0, 0, 0]],
      ["line", "20:58:00", 21_748, ["the recording ends before", "the session was over by then", "the session was over by then"]],
    ]);
    const table = await printed("test", "--rules", rules, path);
    expect(table).toContain("Trade date 2025-06-13, NQU5");
    expect(table).toMatch(/15:50:01\.000 {2}line +21,750\.00 reached from below +21,750\.00 +21,750\.75 +\+3 +21,751\.25 +\+5 +21,750\.25 +\+1\n/);
    expect(table).toContain("– closed: the session was over by then\n– ended: the recording ends before\n");
  });

  test("rules of the settings in use count where no file is named; without any it says so", async () => {
    const path = join(folder, "b.dbn");
    writeFileSync(path, recordingBytes([at("10:00:00", -1n), at("10:00:01", 0n)]));
    expect(rowsOf(await printed("test", path, "--config", rules, "--json"))).toHaveLength(1);
    const none = await runProgram(["alerts", "test", path]);
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("expected alert rules under `alerts:`");
  });
});

describe("rules that are wrong", () => {
  test("are told with file and line, the nearest prices and names", async () => {
    const path = join(folder, "wrong.yaml");
    writeFileSync(path, [
      "alerts:", "  - { name: a, when: price-above, price: 21750.1 }", "  - { name: a, when: spread }", "  - { name: c, when: spread, ticks: 4, price: 3 }",
      "  - { name: d, when: large-trade, size: 9, adaptive: true }", "  - { name: e, when: delta-spike, times: 3, window_s: 600, average_min: 10 }",
    ].join("\n"));
    const { code, stderr } = await runProgram(["alerts", "check", path]);
    expect(code).toBe(2);
    expect(stderr.split("\n").slice(0, 6)).toEqual([
      `nq-tui: ${path}:2: alerts.0.price: expected a multiple of 0.25, found 21750.1; nearest: 21,750.00 and 21,750.25`,
      `nq-tui: ${path}:3: alerts.1.name: expected a name of its own, found that of rule 1`,
      `nq-tui: ${path}:3: alerts.1.when: spread needs ticks`,
      `nq-tui: ${path}:4: alerts.2.price: means nothing for spread; it has name, when, ticks`,
      `nq-tui: ${path}:5: alerts.3.adaptive: expected size or adaptive, found both`,
      `nq-tui: ${path}:6: alerts.4.average_min: expected at least twice the window of 600 s, found 10 min`,
    ]);
  });

  test("are none where there are ten thousand good ones", async () => {
    const path = join(folder, "many.yaml");
    writeFileSync(path, `alerts:\n${Array.from({ length: 10_000 }, (_, n) => `  - { name: r${n}, when: price-cross, price: ${20_000 + n / 4}, cooldown_s: 0 }\n`).join("")}`);
    expect(await printed("check", path)).toBe(`${path}: 10000 alert rules, nothing wrong\n`);
    const recording = join(folder, "c.dbn");
    writeFileSync(recording, recordingBytes([tradeAtEastern("2025-06-13T10:00:00", { sequence: 1, price: 20_000_000_000_000n }), tradeAtEastern("2025-06-13T10:00:01", { sequence: 2, price: 22_400_000_000_000n })]));
    expect((await printed("test", "--rules", path, recording, "--lines")).trimEnd().split("\n")).toHaveLength(9600);
  });
});
