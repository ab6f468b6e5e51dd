/** `nq-tui price` from outside: one answer and an exit status, or a sentence that says why there is none. */
import { afterEach, describe, expect, test } from "vitest";
import { KEY_TEXT, serveTcp, type Script, type ScriptedGateway } from "../client/scripted-gateway.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { liveScript } from "../helpers/live-script.ts";
import { runProgram } from "../helpers/run-program.ts";

let gateway: ScriptedGateway | null = null;
afterEach(async () => {
  await gateway?.close();
  const failures = gateway?.failures ?? [];
  gateway = null;
  expect(failures).toEqual([]);
});

/** Runs `price` against a gateway that serves what it says as a live market. */
async function priceOf(script: Script, ...args: string[]): Promise<Awaited<ReturnType<typeof runProgram>>> {
  gateway = await serveTcp(script);
  const end = await runProgram(["price", "--gateway", `127.0.0.1:${gateway.port}`, "--symbol", "NQ.c.0", ...args], { DATABENTO_API_KEY: KEY_TEXT });
  expect(end.stdout + end.stderr).not.toContain(KEY_TEXT);
  return end;
}

const live = liveScript();

describe("the demo market", () => {
  test("answers in a few rows, and in JSON", async () => {
    const end = await runProgram(["price", "--demo"], { LC_ALL: "C.UTF-8" });
    expect(end).toMatchObject({ code: 0, stderr: "" });
    const [price = "", quotes = "", last = "", covers = ""] = end.stdout.trimEnd().split("\n");
    expect(price).toMatch(/^NQM5 {2}21,\d{3}\.\d\d {2}−\d+\.\d\d {2}−\d\.\d\d% vs settle 21,929\.00$/);
    expect(quotes).toMatch(/^bid \d+ × 21,\d{3}\.\d\d {2}ask 21,\d{3}\.\d\d × \d+ {2}volume 69,\d{3} {2}high 21,901\.75 {2}low 21,508\.50$/);
    expect(last).toMatch(/^last trade 09:29:\d\d ET, \d\.\d s ago {2}session US pre-market \(ETH\)$/);
    expect(covers).toBe("[DEMO simulated prices]  complete since 18:00");
    const json = JSON.parse((await runProgram(["price", "--demo", "--json"])).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({
      symbol: "NQM5", mode: "DEMO", basis: "settlement", basis_price: 21_929, session: "ETH", phase: "US pre-market", is_open: true,
      coverage: "complete since 18:00", trade_date: "2025-06-13",
    });
    expect(Number(json["ask"])).toBeGreaterThan(Number(json["bid"]));
    expect(Number(json["age_seconds"])).toBeGreaterThanOrEqual(0);
  });
});

describe("a live market", () => {
  test("prints the last trade of the session so far, with its age, when nothing trades any more", async () => {
    const end = await priceOf(async (peer) => {
      const lines = await peer.accept();
      await peer.write(Buffer.concat([live.header(), live.mapping(), live.trade(0, 1), live.trade(0.5, 2), live.replayed(lines)]));
    }, "--json");
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(end.stdout)).toMatchObject({ symbol: "NQZ6", price: 21_000.25, volume: 3, mode: "LIVE", bid: null });
  });

  test("does not answer in the middle of the replay, and takes the quote along", async () => {
    const end = await priceOf(async (peer) => {
      const lines = await peer.accept();
      await peer.write(Buffer.concat([live.header(), live.mapping(), live.trade(0, 1)]));
      await new Promise((resolve) => setTimeout(resolve, 700));
      await peer.write(Buffer.concat([live.trade(0.5, 2), live.trade(0.6, 3), live.replayed(lines)]));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await peer.write(live.quote(0.7));
    }, "--json", "--timeout", "1");
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(end.stdout)).toMatchObject({ volume: 6, bid: 21_000, bid_size: 3, ask: 21_000.25, ask_size: 4 });
  });

  test("names the session when nothing comes, and ends with 1", async () => {
    const end = await priceOf(async (peer) => {
      const lines = await peer.accept();
      await peer.write(Buffer.concat([live.header(), live.mapping(), live.replayed(lines)]));
    }, "--timeout", "1");
    expect(end).toMatchObject({ code: 1, stdout: "" });
    expect(end.stderr).toMatch(/no trade of NQ\.c\.0 came within 1 s, and the gateway has none of the session; session: \S+/);
  });

  test("a gateway that does not answer, none at all, and one that refuses the symbol", async () => {
    const silent = await priceOf(() => Promise.resolve(), "--timeout", "1");
    expect(silent).toMatchObject({ code: 5, stdout: "" });
    expect(silent.stderr).toMatch(/found 127\.0\.0\.1:\d+ still not connected/);
    const port = gateway?.port ?? 0;
    await gateway?.close();
    gateway = null;
    const none = await runProgram(["price", "--gateway", `127.0.0.1:${port}`], { DATABENTO_API_KEY: KEY_TEXT });
    expect(none).toMatchObject({ code: 5, stdout: "" });
    const unknown = await runProgram(["price", "--demo", "--symbol", "ZZZ9"]);
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("ZZZ9");
  });
});

describeWithFixtures("a recording", () => {
  test("gives the price at its end", async () => {
    const end = await runProgram(["price", "--json", fixture("real/futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst")]);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(end.stdout)).toMatchObject({ symbol: "ESU4", price: 5529.25, volume: 253, bid: 5529, ask: 5529.25, mode: "REPLAY", coverage: "partial: from 19:58" });
    expect(await runProgram(["price", fixture("dbn/test_data.mbp-1.dbn")])).toMatchObject({ code: 1, stdout: "" });
  });
});
