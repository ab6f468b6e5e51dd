/** `nq-tui log` from outside: rows of real seconds, files that are whole whatever happens to the program or the disk. */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openRecordReader } from "../../src/recording/record-reader.ts";
import { decodeRecord } from "../../src/dbn/records.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { KEY_TEXT, serveTcp } from "../client/scripted-gateway.ts";
import { recordingBytes, tradeAtEastern } from "../helpers/dbn-bytes.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { liveScript } from "../helpers/live-script.ts";
import { programPath, runProgram, startProgram } from "../helpers/run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-log-"));
afterAll(() => rmSync(folder, { recursive: true }));
let folders = 0;
function freshFolder(): string {
  const path = join(folder, String((folders += 1)));
  mkdirSync(path);
  return path;
}

const TRADES = fixture("real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst");
const COLUMNS = "ts,trade_date,session,symbol,price,change,change_pct,basis,volume,vwap,delta,mode,coverage,gap,interval_volume,age_seconds";

interface Row {
  readonly ts: string;
  readonly price: number;
  readonly volume: number;
  readonly delta: number;
  readonly intervalVolume: number;
  readonly age: number;
  readonly gap: string;
  readonly session: string;
}

/** Parses what the log wrote; every line must be whole. */
function rowsOf(text: string): Row[] {
  expect(text.endsWith("\n")).toBe(true);
  const [head, ...lines] = text.slice(0, -1).split("\n");
  expect(head).toBe(COLUMNS);
  return lines.map((line) => {
    const fields = line.replace(/"[^"]*"/g, (quoted) => quoted.replaceAll(",", ";")).split(",");
    expect(fields, line).toHaveLength(16);
    expect(fields[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-0[45]:00$/);
    const number = (at: number): number => Number(fields[at]);
    return {
      ts: fields[0] ?? "", session: fields[2] ?? "", price: number(4), volume: number(8), delta: number(10), gap: fields[13] ?? "",
      intervalVolume: number(14), age: number(15),
    };
  });
}

describeWithFixtures("a real recording", () => {
  /** What the rows must say, counted from the records themselves. */
  async function expected(): Promise<Map<number, { price: number; volume: number }>> {
    const reader = await openRecordReader(TRADES);
    const view = new RecordView();
    const bySecond = new Map<number, { price: number; volume: number }>();
    for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
      for (let at = 0; at < batch.bytes.length; at += view.point(batch.bytes, at).lengthBytes) {
        const record = decodeRecord(batch.bytes, 3, at);
        if (record?.kind !== "trade") continue;
        const sec = Number(record.tsEvent / 1_000_000_000n);
        const volume = (bySecond.get(sec)?.volume ?? 0) + record.size;
        bySecond.set(sec, { price: Number(record.price) / 1e9, volume });
      }
    }
    await reader.close();
    return bySecond;
  }

  test("has a row for each second, the last price of it, and what traded in it", async () => {
    const end = await runProgram(["log", TRADES]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    const rows = rowsOf(end.stdout);
    const traded = await expected();
    const first = Math.min(...traded.keys());
    expect(rows).toHaveLength(Date.UTC(2024, 6, 2, 0, 2) / 1000 - first); // to the end that was asked for
    let price = 0;
    let volume = 0;
    let lastSec = first;
    for (const [index, row] of rows.entries()) {
      const sec = first + index;
      expect(Date.parse(row.ts) / 1000).toBe(sec);
      const here = traded.get(sec);
      if (here !== undefined) [price, lastSec] = [here.price, sec];
      volume += here?.volume ?? 0;
      expect(row).toMatchObject({ price, volume, intervalVolume: here?.volume ?? 0, age: sec - lastSec, gap: "0", session: "ETH" });
    }
    expect(volume).toBe(253);
  });

  test("--every 1m sums up; NDJSON says the same as CSV", async () => {
    const csv = rowsOf((await runProgram(["log", TRADES, "--every", "1m"])).stdout);
    const json = (await runProgram(["log", TRADES, "--every", "60", "--format", "ndjson"])).stdout.trimEnd().split("\n");
    expect(csv.map(({ ts }) => ts.slice(11, 16))).toEqual(["19:58", "19:59", "20:00", "20:01"]);
    expect(csv.reduce((sum, { intervalVolume }) => sum + intervalVolume, 0)).toBe(253);
    expect(json.map((line) => JSON.parse(line) as Record<string, unknown>)).toMatchObject(
      csv.map(({ ts, price, volume, delta, age }) => ({ ts, price, volume, delta, age_seconds: age, gap: false, mode: "REPLAY", coverage: "partial: from 19:58" })),
    );
  });

  test("a file for each trade date; it is gone on with, its header stays one, and a torn row is cut off and told", async () => {
    const out = join(freshFolder(), "nq.csv");
    expect(await runProgram(["log", TRADES, "--out", out])).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const path = out.replace(".csv", "-2024-07-02.csv");
    expect(existsSync(out)).toBe(false);
    const once = readFileSync(path, "utf8");
    truncateSync(path, once.length - 40);
    const again = await runProgram(["log", TRADES, "--out", out]);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/nq-2024-07-02\.csv ended in the middle of a row; its \d+ bytes were cut off/);
    // The torn row is written again, those before it are not: the file is as if nothing had happened.
    expect(again.stderr).toMatch(/nq-2024-07-02\.csv has rows up to 2024-07-01T20:01:5\d-04:00; rows up to then are not written again\n$/);
    expect(readFileSync(path, "utf8")).toBe(once);
    expect((await runProgram(["log", TRADES, "--out", out])).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(once);
    // A crash of the machine leaves zeros.
    appendFileSync(path, Buffer.alloc(100));
    expect((await runProgram(["log", TRADES, "--out", out])).stderr).toMatch(/100 bytes/);
    rowsOf(readFileSync(path, "utf8"));
  });

  test("rows of another kind of market do not get into one file", async () => {
    const out = join(freshFolder(), "nq.csv");
    await runProgram(["log", TRADES, "--out", out]);
    const path = out.replace(".csv", "-2024-07-02.csv");
    const live = readFileSync(path, "utf8").replaceAll(",REPLAY,", ",LIVE,");
    writeFileSync(path, live);
    const end = await runProgram(["log", TRADES, "--out", out]);
    expect(end.code).not.toBe(0);
    expect(end.stderr).toMatch(/expected a file with rows marked REPLAY to go on with, found rows marked LIVE in .*nq-2024-07-02\.csv; name another file with --out/);
    expect(readFileSync(path, "utf8")).toBe(live);
  });

  test("%d puts the date where it is wanted; the ending chooses the format", async () => {
    const place = freshFolder();
    expect((await runProgram(["log", TRADES, "--out", join(place, "%d", "nq.ndjson")])).code).toBe(0);
    const lines = readFileSync(join(place, "2024-07-02", "nq.ndjson"), "utf8").trimEnd().split("\n");
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ symbol: "ESU4" });
  });

  test("a file of something else is left alone", async () => {
    const place = freshFolder();
    const path = join(place, "nq-2024-07-02.csv");
    writeFileSync(path, "my,own,table\n1,2,3\n");
    const end = await runProgram(["log", TRADES, "--out", join(place, "nq.csv")]);
    expect(end).toMatchObject({ code: 1, stdout: "" });
    expect(end.stderr).toMatch(/found something else in .*--out/s);
    expect(readFileSync(path, "utf8")).toBe("my,own,table\n1,2,3\n");
    expect((await runProgram(["log", TRADES, "--out", join(place, "absent", "nq.csv")])).code).toBe(1);
  });

  test("a full disk ends it with a sentence and no broken row, on a device, in a file and in a pipe", async () => {
    const end = await runProgram(["log", TRADES, "--out", "/dev/full"]);
    expect(end).toMatchObject({ code: 1, stdout: "" });
    expect(end.stderr).toMatch(/\/dev\/full cannot be written: no space is left/);
    // A limit on the size of files lets the beginning of a row through, as a disk does that fills up.
    const out = join(freshFolder(), "nq.csv");
    const limited = spawnSync("bash", ["-c", 'ulimit -f 8; exec "$@"', "bash", process.execPath, programPath(), "log", TRADES, "--out", out], { encoding: "utf8" });
    expect(limited.status).toBe(1);
    expect(limited.stderr).toMatch(/cannot be written/);
    const written = readFileSync(out.replace(".csv", "-2024-07-02.csv"), "utf8");
    expect(rowsOf(written).length).toBeGreaterThan(10);
    expect(written.length).toBeLessThanOrEqual(8192);
    const redirected = spawnSync("bash", ["-c", '"$@" > /dev/full', "bash", process.execPath, programPath(), "log", TRADES], { encoding: "utf8" });
    expect(redirected.status).toBe(1);
    expect(redirected.stderr).toMatch(/standard output cannot be written: no space is left/);
  });

  test("a reader that goes away ends it in peace", () => {
    const piped = spawnSync("bash", ["-c", '"$@" | head -2; exit "${PIPESTATUS[0]}"', "bash", process.execPath, programPath(), "log", TRADES], { encoding: "utf8" });
    expect(piped).toMatchObject({ status: 0, stderr: "" });
    expect(piped.stdout.split("\n")).toHaveLength(3);
  });
});

describe("made recordings", () => {
  const file = (name: string, times: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, recordingBytes(times.map((time) => tradeAtEastern(time))));
    return path;
  };

  test("a hole between two files is flagged, not passed off as a quiet market", async () => {
    const morning = file("morning.dbn", ["2025-06-13T10:00:00", "2025-06-13T10:00:03"]);
    const later = file("later.dbn", ["2025-06-13T10:00:07", "2025-06-13T10:00:09"]);
    const rows = rowsOf((await runProgram(["log", morning, later])).stdout);
    expect(rows.map(({ ts, gap }) => `${ts.slice(17, 19)} ${gap}`)).toEqual([
      "00 0", "01 0", "02 0", "03 0", "04 1", "05 1", "06 1", "07 0", "08 0", "09 0",
    ]);
  });

  test("each trade date gets a file of its own; between the close and the open there are no rows", async () => {
    const place = freshFolder();
    const path = file("two-days.dbn", ["2025-06-12T16:59:58", "2025-06-12T18:00:02", "2025-06-12T18:00:04"]);
    expect((await runProgram(["log", path, "--out", join(place, "nq.csv")])).code).toBe(0);
    expect(readdirSync(place).sort()).toEqual(["nq-2025-06-12.csv", "nq-2025-06-13.csv"]);
    const timesOf = (name: string): string[] => rowsOf(readFileSync(join(place, name), "utf8")).map(({ ts }) => ts.slice(11, 19));
    expect(timesOf("nq-2025-06-12.csv")).toEqual(["16:59:58", "16:59:59"]);
    expect(timesOf("nq-2025-06-13.csv")).toEqual(["18:00:02", "18:00:03", "18:00:04"]);
  });
});

describe("the demo market", () => {
  test("logs second by second, marked, until Ctrl-C", async () => {
    const running = startProgram(["log", "--demo", "--speed", "10"]);
    await running.until(/(\n.*){12}/);
    running.child.kill("SIGINT");
    const end = await running.finished;
    expect(end).toMatchObject({ code: 0, signal: null, stderr: "" });
    const rows = rowsOf(end.stdout);
    for (const [index, { ts }] of rows.entries()) expect(Date.parse(ts)).toBe(Date.parse(rows[0]?.ts ?? "") + index * 1000);
    expect(end.stdout).toMatch(/,NQM5,21\d{3}(\.\d+)?,-\d.*,settlement,69\d{3},.*,DEMO,complete since 18:00,0,/);
  });

  test("the whole day at once: a row for every second of the session, and every contract in one of them", async () => {
    const rows = rowsOf((await runProgram(["log", "--demo", "--speed", "max", "--every", "1m"])).stdout);
    expect(rows).toHaveLength(23 * 60);
    expect(rows.filter(({ session }) => session === "RTH")).toHaveLength(390);
    expect(rows.reduce((sum, { intervalVolume }) => sum + intervalVolume, 0)).toBe(rows.at(-1)?.volume);
  });

  test("--backfill brings the session so far, once: a log that was killed has no hole and no row twice", async () => {
    const out = join(freshFolder(), "nq.csv");
    const path = out.replace(".csv", "-2025-06-13.csv");
    const rowsFrom = async (startAt: string): Promise<Row[]> => {
      const running = startProgram(["log", "--demo", "--start-at", startAt, "--speed", "60", "--every", "1m", "--backfill", "--out", out]);
      const wanted = `T${startAt.slice(0, 4)}`; // a row of the running market
      while (!existsSync(path) || !readFileSync(path, "utf8").includes(wanted)) await new Promise((resolve) => setTimeout(resolve, 30));
      running.child.kill("SIGKILL");
      await running.finished;
      return rowsOf(readFileSync(path, "utf8"));
    };
    await rowsFrom("18:40:00");
    const rows = await rowsFrom("20:10:00");
    expect(rows[0]?.ts.slice(11, 16)).toBe("18:00");
    for (const [index, { ts, gap }] of rows.entries()) {
      expect(Date.parse(ts)).toBe(Date.parse(rows[0]?.ts ?? "") + index * 60_000);
      expect(gap).toBe("0");
    }
    expect(rows.length).toBeGreaterThan(130);
    expect(rows.reduce((sum, { intervalVolume }) => sum + intervalVolume, 0)).toBe(rows.at(-1)?.volume);
  });

  test("a second one into the same file is refused, by whatever way it is named, and the first goes on; once it is gone the next begins", async () => {
    const place = freshFolder();
    const path = join(place, "nq-2025-06-13.csv");
    const first = startProgram(["log", "--demo", "--speed", "60", "--out", join(place, "nq.csv")]);
    while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const name of ["nq.csv", "../" + basename(place) + "/nq.csv", "nq-%d.csv"]) {
      const second = await runProgram(["log", "--demo", "--speed", "60", "--out", `${place}/${name}`]);
      expect(second).toMatchObject({ code: 1, stdout: "" });
      expect(second.stderr).toMatch(/^nq-tui: expected to be the only one that writes to .*nq-%d\.csv, found another program doing so/);
      expect(second.stderr).toContain("choose another name with --out");
    }
    first.child.kill("SIGKILL");
    await first.finished;
    const before = rowsOf(readFileSync(path, "utf8")).length;
    const third = startProgram(["log", "--demo", "--speed", "60", "--start-at", "11:00", "--out", join(place, "nq.csv")]);
    while (rowsOf(readFileSync(path, "utf8").replace(/[^\n]*$/, "")).length === before) await new Promise((resolve) => setTimeout(resolve, 20));
    third.child.kill("SIGINT");
    expect((await third.finished).code).toBe(0);
    const times = rowsOf(readFileSync(path, "utf8")).map(({ ts }) => ts);
    expect(times).toEqual([...new Set(times)].toSorted());
    expect(readdirSync(place)).toEqual(["nq-2025-06-13.csv"]);
  });

  test("killed at any moment it leaves whole rows, and goes on with the file next time", async () => {
    const place = freshFolder();
    const out = join(place, "nq.csv");
    for (let round = 0; round < 6; round += 1) {
      const running = startProgram(["log", "--demo", "--speed", "60", "--out", out]);
      const path = join(place, "nq-2025-06-13.csv");
      const before = existsSync(path) ? readFileSync(path).length : 0;
      while (!existsSync(path) || readFileSync(path).length === before) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, (round * 137) % 400));
      running.child.kill("SIGKILL");
      // The first row is of the second in which it was up: that may be after the last row of the run before.
      expect((await running.finished).stderr).toMatch(round === 0 ? /^$/ : /^(nq-tui: .*nq-2025-06-13\.csv has rows up to .*; rows up to then are not written again\n)?$/);
      expect(readdirSync(place)).toEqual(["nq-2025-06-13.csv"]);
      const times = rowsOf(readFileSync(path, "utf8")).map(({ ts }) => ts);
      expect(times.length).toBeGreaterThan(round);
      expect(times).toEqual([...new Set(times)].toSorted());
    }
  });
});

describe("a live market", () => {
  test("goes on without trades, and flags the rows written while the link was lost", async () => {
    const live = liveScript();
    const gateway = await serveTcp(async (peer, index) => {
      const lines = await peer.accept();
      await peer.write(Buffer.concat([live.header(), live.mapping(), live.trade(0, 1), ...(index === 0 ? [] : [live.trade(3, 2)]), live.replayed(lines)]));
      if (index > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 2600));
      peer.reset();
    });
    const running = startProgram(["log", "--gateway", `127.0.0.1:${gateway.port}`, "--symbol", "NQ.c.0"], { DATABENTO_API_KEY: KEY_TEXT });
    await running.until(/,1,\d*,\d+\n[^]*,0,\d*,\d+\n$/); // a flagged row, and one after it that is not
    running.child.kill("SIGINT");
    const end = await running.finished;
    await gateway.close();
    expect(end.code).toBe(0);
    expect(end.stdout).not.toContain(KEY_TEXT);
    expect(gateway.failures).toEqual([]);
    const rows = rowsOf(end.stdout);
    const gaps = rows.map(({ gap }) => gap).join("");
    expect(gaps).toMatch(/^0+1+0+$/);
    expect(rows[1]).toMatchObject({ age: 1, intervalVolume: 0, price: 21_000.25 });
    for (const [index, { ts }] of rows.entries()) expect(Date.parse(ts)).toBe(Date.parse(rows[0]?.ts ?? "") + index * 1000);
    expect(end.stdout).toMatch(/,NQZ6,21000\.25,.*,LIVE,/);
  });
});
