/** `nq-tui volume` from outside, on real recordings: the same figures as the replay, in every form. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { recordingBytes, tradeAtEastern } from "../helpers/dbn-bytes.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { runProgram } from "../helpers/run-program.ts";
import { hasTerminal, startInTerminal } from "../helpers/terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-volume-"));
afterAll(() => rmSync(folder, { recursive: true }));

const real = (name: string): string => fixture(`real/${name}.dbn.zst`);
const TRADES = real("futures_trades_2024-07-01T23-58_2024-07-02T00-02");
const QUOTES = real("futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02");
const ORDERS = real("esh4-glbx-mdp3-20231225.mbo");

interface Report {
  mode: string; rawSymbol: string; instrumentId: number; coverage: string; trades: number; volume: number; buyVolume: number;
  sellVolume: number; noneVolume: number; delta: number; open: number; high: number; low: number; last: number; vwap: number;
  hours: { start: string; volume: number; trades: number; buyVolume: number; sellVolume: number; session: string }[];
  largeTrades: { tsEvent: string; side: string; size: number; fills: number; levels: number; averagePrice: number; firstPrice: number; lastPrice: number }[];
  profile: { pointOfControl: number; valueAreaHigh: number; valueAreaLow: number };
  otherInstruments: string[]; notes: string[]; damage: { code: string } | null; heldBack: number; tradeDate: string;
}

async function reports(...args: string[]): Promise<Report[]> {
  const end = await runProgram(["volume", "--json", ...args]);
  expect(end).toMatchObject({ code: 0, stderr: "" });
  return end.stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Report);
}

async function report(...args: string[]): Promise<Report> {
  const all = await reports(...args);
  expect(all).toHaveLength(1);
  return all[0]!; // counted above
}

function tradesFile(name: string, trades: Parameters<typeof recordingBytes>[0]): string {
  const path = join(folder, name);
  writeFileSync(path, recordingBytes(trades));
  return path;
}

const trade = tradeAtEastern;

describeWithFixtures("real recordings", () => {
  test("trades and quotes of the same minutes give the same analysis, and the figures are the recording's", async () => {
    const [fromTrades, fromQuotes] = [await report(TRADES), await report(QUOTES)];
    expect(fromTrades).toMatchObject({
      mode: "REPLAY", rawSymbol: "ESU4", coverage: "partial: from 19:58 to 20:02", trades: 120, volume: 253, heldBack: 0, damage: null, tradeDate: "2024-07-02",
    });
    expect(fromTrades.buyVolume + fromTrades.sellVolume + fromTrades.noneVolume).toBe(253);
    expect(fromTrades.delta).toBe(fromTrades.buyVolume - fromTrades.sellVolume);
    expect(fromTrades.hours.map(({ start, session }) => [start, session])).toEqual([
      ["2024-07-01T19:00:00-04:00", "ETH"], ["2024-07-01T20:00:00-04:00", "ETH"],
    ]);
    expect(fromTrades.hours.reduce((sum, { volume }) => sum + volume, 0)).toBe(253);
    expect(fromQuotes).toEqual(fromTrades);
  });

  test("of orders only the trades count, and every large one is listed", async () => {
    const all = await report(ORDERS, "--large", "1");
    expect(all).toMatchObject({ rawSymbol: "ESH4", trades: 2973, volume: 9892, coverage: "complete since 18:00 to 19:00" });
    // Every contract is in exactly one event.
    expect(all.largeTrades.reduce((sum, { size }) => sum + size, 0)).toBe(9892);
    expect(all.largeTrades.reduce((sum, { fills }) => sum + fills, 0)).toBe(2973);
    const ten = await report(ORDERS);
    expect(ten.largeTrades).toEqual(all.largeTrades.filter(({ size }) => size >= 10));
    expect(ten.largeTrades.length).toBeGreaterThan(100);
    for (const { tsEvent, side, averagePrice, firstPrice, lastPrice } of all.largeTrades) {
      expect(tsEvent).toMatch(/^2023-12-25T23:\d\d:\d\d\.\d{9}Z$/);
      expect(["buy", "sell", "none"]).toContain(side);
      expect((firstPrice * 4) % 1).toBe(0);
      const [low, high] = [Math.min(firstPrice, lastPrice), Math.max(firstPrice, lastPrice)];
      expect(averagePrice).toBeGreaterThanOrEqual(low);
      expect(averagePrice).toBeLessThanOrEqual(high);
    }
  });

  test("the figures are those of the replayed market", async () => {
    for (const path of [TRADES, QUOTES, ORDERS]) {
      const end = await runProgram(["replay", path, "--speed", "max", "--json"]);
      const last = JSON.parse(end.stdout.trimEnd().split("\n").at(-1) ?? "{}") as Record<string, unknown>;
      const found = await report(path);
      expect({ volume: found.volume, delta: found.delta, price: found.last, vwap: Math.round(found.vwap * 10_000) / 10_000, symbol: found.rawSymbol })
        .toEqual({ volume: last["volume"], delta: last["delta"], price: last["price"], vwap: last["vwap"], symbol: last["symbol"] });
    }
  });

  test("--from and --to cut by Eastern time, and say so; two halves are the whole", async () => {
    const first = await report(TRADES, "--to", "20:00");
    const second = await report(TRADES, "--from", "2024-07-01T20:00:00-04:00");
    expect(first.coverage).toBe("partial: from 19:58 to 20:00");
    expect(second.coverage).toBe("partial: from 20:00 to 20:02");
    expect(first.volume + second.volume).toBe(253);
    expect(first.hours).toHaveLength(1);
    const nothing = await runProgram(["volume", TRADES, "--from", "10:00"]);
    expect(nothing).toMatchObject({ code: 1, stdout: "" });
    expect(nothing.stderr).toMatch(/no trade of ESU4 between --from and --to; the files cover 19:58:00 to 20:02:00 ET of trade date 2024-07-02/);
  });

  test("the report reads the same in a pipe without UTF-8, only in ASCII; with UTF-8 it has bars", async () => {
    const plain = await runProgram(["volume", ORDERS], { LANG: "C", LC_ALL: "" });
    expect(plain.code).toBe(0);
    expect(plain.stdout).toMatch(/^[\n\u0020-\u007E]+$/);
    expect(plain.stdout).toMatch(/contracts 9,892 {2}trades 2,973/);
    expect(plain.stdout).toMatch(/18:00 ETH +9,892 +100\.0% +2,973 +\+796 #+/);
    const fine = await runProgram(["volume", ORDERS], { LC_ALL: "C.UTF-8" });
    expect(fine.stdout).toContain("█");
    expect(fine.stdout).not.toContain("\u001B");
    expect(fine.stdout.split("\n").length).toBe(plain.stdout.split("\n").length);
  });

  test("CSV tables add up to the totals", async () => {
    const rows = async (table: string): Promise<Record<string, string>[]> => {
      const end = await runProgram(["volume", ORDERS, "--csv", "--table", table]);
      const [head = "", ...lines] = end.stdout.trimEnd().split("\n");
      const names = head.split(",");
      return lines.map((line) => Object.fromEntries(line.split(",").map((value, index) => [names[index] ?? "", value])));
    };
    const sum = (all: Record<string, string>[], name: string): number => all.reduce((total, row) => total + Number(row[name]), 0);
    expect(sum(await rows("hours"), "volume")).toBe(9892);
    expect(sum(await rows("profile"), "volume")).toBe(9892);
    expect((await rows("large")).length).toBe((await report(ORDERS)).largeTrades.length);
  });

  test("trades and quotes of the same minutes together still count each trade once; of other times both are taken", async () => {
    const both = await runProgram(["volume", "--json", QUOTES, TRADES]);
    expect(both.code).toBe(0);
    expect(both.stderr).toMatch(/the trades in .*mbp-1.* are not counted: other files have theirs as trade records/);
    expect(JSON.parse(both.stdout)).toMatchObject({ trades: 120, volume: 253 });
    const apart = await report(QUOTES, ORDERS, "--symbol", "ESU4");
    expect(apart).toMatchObject({ trades: 120, otherInstruments: ["ESH4"] });
    expect(await report(QUOTES, ORDERS)).toMatchObject({ rawSymbol: "ESH4", trades: 2973, volume: 9892 });
  });

  test("a symbol that is not in the file is named with those that are", async () => {
    const end = await runProgram(["volume", TRADES, "--symbol", "NQZ6"]);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toMatch(/NQZ6 is not in the files; there are: ESU4/);
  });

  test("a file cut off in the middle: what was readable is reported, exit status 4, and the end is said", async () => {
    const path = join(folder, "cut.dbn.zst");
    const whole = readFileSync(ORDERS);
    writeFileSync(path, whole.subarray(0, whole.length - 100_000));
    const end = await runProgram(["volume", "--json", path]);
    expect(end.code).toBe(4);
    const found = JSON.parse(end.stdout) as Report;
    expect(found.volume).toBeGreaterThan(1000);
    expect(found.volume).toBeLessThan(9892);
    expect(found.coverage).toMatch(/^complete since 18:00 to 18:\d\d:\d\d$/);
    expect(found.notes.join(" ")).toMatch(/what came before was kept/);
    expect(found.damage).toMatchObject({ code: "FILE_TRUNCATED" });
    expect(end.stderr).toMatch(/what came before was kept/);
  });
});

describe("made recordings", () => {
  test("the 09 hour is two, one hour each side of a border is none, and hours without trades are left out", async () => {
    const path = tradesFile("hours.dbn", [
      trade("2025-06-12T18:00:00.000", { size: 2 }), trade("2025-06-13T09:29:59.999", { size: 3, side: "A" }),
      trade("2025-06-13T09:30:00.000", { size: 5 }), trade("2025-06-13T15:59:59.999", { size: 7 }), trade("2025-06-13T16:00:00.000", { size: 11, side: "N" }),
    ]);
    const found = await report(path);
    expect(found.hours.map(({ start, session, volume, trades }) => [start.slice(0, 16), session, volume, trades])).toEqual([
      ["2025-06-12T18:00", "ETH", 2, 1], ["2025-06-13T09:00", "ETH", 3, 1], ["2025-06-13T09:30", "RTH", 5, 1],
      ["2025-06-13T15:00", "RTH", 7, 1], ["2025-06-13T16:00", "ETH", 11, 1],
    ]);
    expect(found).toMatchObject({ volume: 28, buyVolume: 14, sellVolume: 3, noneVolume: 11, delta: 11 });
  });

  test("each session of a file gets a report of its own; times of day mean each of them", async () => {
    const path = tradesFile("week.dbn", [
      trade("2025-06-12T20:00:00", { size: 1 }), trade("2025-06-13T10:00:00", { size: 2 }),
      trade("2025-06-15T18:00:01", { size: 4 }), trade("2025-06-16T10:00:00", { size: 8 }),
    ]);
    expect((await reports(path)).map(({ tradeDate, volume, coverage }) => [tradeDate, volume, coverage])).toEqual([
      ["2025-06-13", 3, "partial: from 20:00 to 17:00"], ["2025-06-16", 12, "complete since 18:00 to 10:00:01"],
    ]);
    expect((await reports(path, "--from", "09:30", "--to", "16:00")).map(({ volume }) => volume)).toEqual([2, 8]);
  });

  test("files days apart are sessions of their own, from their first trade on", async () => {
    const monday = tradesFile("monday.dbn", [trade("2025-06-09T10:00:00", { size: 1 }), trade("2025-06-09T10:00:01", { size: 2 })]);
    const friday = tradesFile("friday.dbn", [trade("2025-06-13T10:00:00", { size: 4 }), trade("2025-06-13T10:00:01", { size: 8 })]);
    for (const files of [[monday, friday], [friday, monday]]) {
      expect((await reports(...files)).map(({ tradeDate, volume, heldBack, coverage }) => [tradeDate, volume, heldBack, coverage])).toEqual([
        ["2025-06-09", 3, 0, "partial: from 10:00 to 10:00:02"], ["2025-06-13", 12, 0, "partial: from 10:00 to 10:00:02"],
      ]);
    }
    const log = await runProgram(["log", monday, friday]);
    expect(log.stdout.trimEnd().split("\n").slice(1).map((row) => `${row.slice(0, 19)} ${row.split(",")[14] ?? ""}`)).toEqual([
      "2025-06-09T10:00:00 1", "2025-06-09T10:00:01 2", "2025-06-13T10:00:00 4", "2025-06-13T10:00:01 8",
    ]);
  });

  test("of several instruments the one with the most trades, the others named; files are merged by time", async () => {
    const other = { instrumentId: 7 };
    const one = tradesFile("one.dbn", [trade("2025-06-13T10:00:00"), trade("2025-06-13T10:00:02"), trade("2025-06-13T10:00:03", other)]);
    const two = tradesFile("two.dbn", [trade("2025-06-13T10:00:01", { price: 21_701_000_000_000n }), trade("2025-06-13T10:00:04", { price: 21_702_000_000_000n })]);
    const found = await report(one, two);
    expect(found).toMatchObject({ rawSymbol: "NQU5", trades: 4, otherInstruments: ["7"], last: 21_702 });
  });

  test("what overlapping files hold twice counts once, equal fills of one file all count", async () => {
    const fill = trade("2025-06-13T10:00:00", { sequence: 5 });
    const one = tradesFile("first-half.dbn", [fill, fill, trade("2025-06-13T10:00:01"), trade("2025-06-13T10:00:02")]);
    const two = tradesFile("second-half.dbn", [trade("2025-06-13T10:00:01", { tsRecv: 1_749_823_201_000_009_999n }), trade("2025-06-13T10:00:02"), trade("2025-06-13T10:00:03")]);
    for (const files of [[one, two], [two, one], [one, two, one]]) {
      const end = await runProgram(["volume", "--json", ...files]);
      expect(end.code).toBe(0);
      expect(end.stderr).toMatch(/\d records were in more than one file and were counted once/);
      expect(JSON.parse(end.stdout)).toMatchObject({ trades: 5, volume: 5, last: 21_700 });
    }
    expect(await report(one)).toMatchObject({ trades: 4 });
  });

  test("one aggressor's fills are one large trade; records that cannot be trades are counted as held back", async () => {
    const sweep = (price: bigint, size: number): ReturnType<typeof trade> => trade("2025-06-13T10:00:00", { price, size, side: "A" });
    const path = tradesFile("sweep.dbn", [
      sweep(21_700_000_000_000n, 6), sweep(21_699_750_000_000n, 5), sweep(21_699_500_000_000n, 1),
      trade("2025-06-13T10:00:01", { size: 0 }), trade("2025-06-13T10:00:01", { price: 21_700_100_000_000n }), trade("2025-06-13T10:00:02", { size: 9 }),
    ]);
    const found = await report(path, "--large", "10");
    expect(found.largeTrades).toEqual([{
      tsEvent: "2025-06-13T14:00:00.000000000Z", side: "sell", size: 12, fills: 3, levels: 3,
      averagePrice: (6 * 21_700 + 5 * 21_699.75 + 21_699.5) / 12, firstPrice: 21_700, lastPrice: 21_699.5, slippage: -0.5, minuteVolume: 12,
    }]);
    expect(found).toMatchObject({ trades: 4, volume: 21, heldBack: 2 });
  });

  test("what is contradictory or wrong is refused", async () => {
    const path = tradesFile("some.dbn", [trade("2025-06-13T10:00:00")]);
    for (const [args, sentence] of [
      [[path, "--json", "--csv"], "both"], [[path, "--demo"], "both"], [[path, "live"], "both"], [[path, "--from", "noon"], "09:29:30"],
      [[path, "--from", "2025-06-13T10:00"], "2025-06-13T09:30:00-04:00"], [[path, "--large", "0"], "from 1"], [["--table", "x", path], "hours, large, profile"],
    ] as const) {
      const end = await runProgram(["volume", ...args]);
      expect(end, args.join(" ")).toMatchObject({ code: 2, stdout: "" });
      expect(end.stderr).toContain(sentence);
    }
  });
});

describe("the running market", () => {
  test("collects until --to and reports the session so far", async () => {
    const found = await report("live", "--demo", "--speed", "60", "--to", "09:30");
    expect(found).toMatchObject({ mode: "DEMO", rawSymbol: "NQM5", volume: 69_546, rthVolume: 0, coverage: "complete since 18:00 to 09:30", last: 21_683 });
  });

  test.skipIf(!hasTerminal())("on a terminal it tells how far it has come; Ctrl-C prints the report, in colour", async () => {
    const terminal = startInTerminal({ columns: 110, rows: 50 }, "volume live --demo --speed 60");
    try {
      await terminal.until(/\d\d,\d{3} contracts, [\d,]+ trades\/s, 09:\d\d:\d\d ET; Ctrl-C prints the report/);
      terminal.press("C-c");
      const shown = await terminal.until(/ended with 0/);
      expect(shown).toMatch(/09:00 ETH {2}.*█/);
      expect(shown).toMatch(/point of control 21,\d{3}/);
      expect(shown).not.toContain("Ctrl-C prints");
    } finally {
      terminal.close();
    }
  });
});
