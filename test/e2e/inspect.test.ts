/** What `inspect` prints of files that are odd in form: fragments, gateway records, names with control characters. */
import { expect, test } from "vitest";
import { recordingBytes, tradeAtEastern, tradeBytes } from "../helpers/dbn-bytes.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { scratchFolder } from "../helpers/scratch.ts";
import { runProgram } from "../helpers/run-program.ts";

const { file } = scratchFolder();

test("every name is parted from its figure, long ones too", async () => {
  const { stdout } = await runProgram(["inspect", file("live.dbn", recordingBytes([tradeAtEastern("2025-06-13T09:30:00")]))]);
  expect(stdout).toMatch(/^ {2}symbol mapping 1$/m);
  expect(stdout).toMatch(/^ {2}trades {8}1$/m);
});

test("control characters in a file's name do not reach the terminal", async () => {
  const { stdout } = await runProgram(["inspect", file("\u001B[31mred\n.dbn", recordingBytes([tradeAtEastern("2025-06-13T09:30:00")]))]);
  expect(stdout).not.toContain("\u001B");
  expect(stdout).toMatch(/^file .*red.*\.dbn$/m);
});

test("a file that is no DBN file is named, also among others", async () => {
  const good = file("good.dbn", recordingBytes([tradeAtEastern("2025-06-13T09:30:00")]));
  const text = file("prices.csv", Buffer.from("price,size\n1,2\n"));
  for (const args of [["inspect", text], ["replay", good, text]]) {
    const end = await runProgram(args);
    expect(end).toMatchObject({ code: 4, stdout: "" });
    expect(end.stderr).toContain(text);
  }
});

test("of several recordings the damaged one is named", async () => {
  const good = file("whole.dbn", recordingBytes([tradeAtEastern("2025-06-13T09:30:00")]));
  const bytes = recordingBytes([tradeAtEastern("2025-06-13T09:31:00", { sequence: 8 }), tradeAtEastern("2025-06-13T09:32:00", { sequence: 9 })]);
  const cut = file("cut.dbn", bytes.subarray(0, bytes.length - 5));
  const end = await runProgram(["replay", good, cut, "--speed", "max", "--json"]);
  expect(end.code).toBe(4);
  expect(end.stderr).toContain(cut);
  expect(end.stderr).not.toContain(good);
});

test("records without a header: how to read them is said, and their version is printed", async () => {
  const fragment = file("trades.frag", tradeBytes({}));
  const refused = await runProgram(["inspect", fragment]);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain("--fragment");
  const { stdout } = await runProgram(["inspect", "--fragment", "2", fragment]);
  expect(stdout).toMatch(/^version +DBN 2, as told: a fragment$/m);
  expect(JSON.parse((await runProgram(["inspect", "--json", "--fragment", "2", fragment])).stdout)).toMatchObject({ version: 2, records: 1 });
});

describeWithFixtures("bars and sampled quotes", () => {
  test.each(["real/futures_ohlcv-1m_2024-07-01T23-40_2024-07-02T00-10.dbn.zst", "dbn/test_data.bbo-1s.dbn"])("a replay of %s is refused: no trade can come of it", async (name) => {
    const end = await runProgram(["replay", fixture(name), "--speed", "max"]);
    expect(end).toMatchObject({ code: 4, stdout: "" });
    expect(end.stderr).toMatch(/expected a recording with trades or orders, found only (ohlcv-1m|bbo-1s) in /);
  });
});
