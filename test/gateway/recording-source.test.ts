/** Recorded files as a market: what is found in them, merging, damage, and the real ones served completely. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata, type DbnMetadata } from "../../src/dbn/metadata.ts";
import type { DbnRecord } from "../../src/dbn/records.ts";
import { openRecordingSource } from "../../src/gateway/recording-source.ts";
import { toNanos } from "../../src/lib/time.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { onCleanup, rig } from "./gateway-rig.ts";
import { MS, quoteAt, START_NANOS, tradeAt } from "./memory-source.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "recording-"));
  onCleanup(() => rmSync(path, { recursive: true }));
  return path;
}

function write(records: readonly PartialRecord[], over: Partial<DbnMetadata> = {}, cutBytes = 0): string {
  const path = join(folder(), "file.dbn");
  const head = encodeMetadata({ ...liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: START_NANOS, tsOut: false }), ...over });
  const bytes = Buffer.concat([head, ...records.map((record) => encodeRecord(record, 3))]);
  writeFileSync(path, bytes.subarray(0, bytes.length - cutBytes));
  return path;
}

async function served(paths: readonly string[], lines: readonly string[]): Promise<readonly DbnRecord[]> {
  const gateway = await rig({ source: await openRecordingSource(paths), dbnVersion: 3 });
  const client = await gateway.session([...lines, "start_session"]);
  await client.toEnd();
  return (await client.stream()).records;
}

const sequencesOf = (found: readonly DbnRecord[]): number[] => found.flatMap((one) => (one.kind === "trade" || one.kind === "mbp1" ? [one.sequence] : []));

test("instruments are named by metadata, the most traded first; roots and roles follow from the names", async () => {
  const mapping = (rawSymbol: string, symbol: string, startDate = 20250601, endDate = 20250701) => ({
    rawSymbol, intervals: [{ startDate, endDate, symbol }],
  });
  const path = write(
    [tradeAt(0, { id: 1 }), tradeAt(1, { id: 2 }), tradeAt(2, { id: 2 }), tradeAt(3, { id: 3 }), tradeAt(3, { id: 4 })],
    {
      stypeIn: 1, symbols: ["NQU5", "NQM5", "NQM5-NQU5"],
      mappings: [mapping("NQU5", "2"), mapping("NQM5", "1"), mapping("NQM5-NQU5", "3"), mapping("ESZ9", "2", 20240101, 20240102)],
    },
  );
  const source = await openRecordingSource([path]);
  expect(source.instruments).toEqual([
    { instrumentId: 2, rawSymbol: "NQU5", parents: ["NQ.FUT"], continuous: ["NQ.v.0", "NQ.n.0", "NQ.c.1"] },
    { instrumentId: 1, rawSymbol: "NQM5", parents: ["NQ.FUT"], continuous: ["NQ.v.1", "NQ.n.1", "NQ.c.0"] },
    { instrumentId: 3, rawSymbol: "NQM5-NQU5", parents: ["NQ.FUT"], continuous: [] },
    { instrumentId: 4, rawSymbol: "4", parents: [], continuous: [] },
  ]);
  expect(source.schemas).toEqual(["trades"]);
});

test("mappings and definitions inside a live recording name its instruments", async () => {
  const path = write([
    { kind: "symbolMapping", instrumentId: 7, tsEvent: START_NANOS, stypeInSymbol: "NQ.v.0", stypeOutSymbol: "NQU5" },
    { kind: "definition", instrumentId: 8, tsEvent: START_NANOS, tsRecv: START_NANOS, rawSymbol: "Q3A P2250", asset: "Q3A", instrumentClass: "P" },
    tradeAt(1, { id: 7 }),
    quoteAt(2, { id: 7, action: "T" }),
  ]);
  const source = await openRecordingSource([path]);
  expect(source.instruments[0]).toEqual({ instrumentId: 7, rawSymbol: "NQU5", parents: ["NQ.FUT"], continuous: ["NQ.v.0"] });
  expect(source.instruments[1]).toMatchObject({ rawSymbol: "Q3A P2250", parents: ["Q3A.OPT"] });
  expect([...source.schemas].sort()).toEqual(["definition", "tbbo", "trades"]);
});

test("several files are merged by index time", async () => {
  const records = Array.from({ length: 9000 }, (_, index) => tradeAt(index, { sequence: index }));
  // Uneven shares in uneven turns: one file ends early, one has long runs.
  const shareOf = (index: number): number => (index < 1000 ? index % 3 : Math.floor(index / 700) % 2);
  const paths = [0, 1, 2].map((file) => write(records.filter((_, index) => shareOf(index) === file)));
  const found = sequencesOf(await served(paths, ["schema=trades|stype_in=raw_symbol|symbols=ALL_SYMBOLS|start=0"]));
  expect(found).toEqual(records.map((_, index) => index));
});

test("the clock starts at the first record, or just before the first trade when there is a long lead", async () => {
  const trade = tradeAt(3_600_000);
  const plain = await openRecordingSource([write([quoteAt(3_590_000), trade])]);
  expect(toNanos(plain.startAt)).toBe(START_NANOS + 3_590_000n * MS);
  const lead = await openRecordingSource([write([quoteAt(0), trade])]);
  expect(toNanos(lead.startAt)).toBe(START_NANOS + 3_599_000n * MS);
  expect(toNanos(lead.firstAt)).toBe(START_NANOS);
  const asked = await openRecordingSource([write([quoteAt(0), trade])], { startAt: { sec: 1_749_822_000, nanos: 0 } });
  expect(asked.startAt.sec).toBe(1_749_822_000);
});

test("damage: what came before it is served, and the source tells", async () => {
  const path = write([tradeAt(0, { sequence: 1 }), tradeAt(1, { sequence: 2 }), tradeAt(2, { sequence: 3 })], {}, 10);
  const source = await openRecordingSource([path]);
  expect(source.damage).toMatchObject({ code: "FILE_TRUNCATED" });
  expect(sequencesOf(await served([path], ["schema=trades|symbols=42001|stype_in=instrument_id"]))).toEqual([1, 2]);
});

test("records that step back in time delay nothing", async () => {
  const path = write([tradeAt(5, { sequence: 1 }), tradeAt(3, { sequence: 2 }), tradeAt(6, { sequence: 3 })]);
  const gateway = await rig({ source: await openRecordingSource([path]), speed: 1 });
  const client = await gateway.session(["schema=trades|symbols=42001|stype_in=instrument_id|start=0", "start_session"]);
  await client.toEnd();
  expect(sequencesOf((await client.stream()).records)).toEqual([1, 2, 3]);
});

test("what cannot be served is said at once", async () => {
  await expect(openRecordingSource([])).rejects.toMatchObject({ code: "USAGE" });
  await expect(openRecordingSource([join(folder(), "none.dbn")])).rejects.toMatchObject({ code: "FILE_OPEN" });
  const other = write([tradeAt(0)], { dataset: "XNAS.ITCH" });
  await expect(openRecordingSource([write([tradeAt(0)]), other])).rejects.toMatchObject({ code: "FILE_CONTENT" });
});

describeWithFixtures("real recordings", () => {
  const volume = (found: readonly DbnRecord[]): [number, number] => {
    const trades = found.filter((one) => one.kind === "trade");
    return [trades.length, trades.reduce((sum, one) => sum + one.size, 0)];
  };
  const real = (name: string): string => fixture(`real/${name}.dbn.zst`);

  test("trades: 120 trades, 253 contracts", async () => {
    const found = await served([real("futures_trades_2024-07-01T23-58_2024-07-02T00-02")], ["schema=trades|stype_in=continuous|symbols=ES.v.0|start=0"]);
    expect(volume(found)).toEqual([120, 253]);
  });

  test("mbp-1: the same trades cut out, and every quote", async () => {
    const path = real("futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02");
    const found = await served([path], ["schema=trades|symbols=ESU4|start=0", "schema=mbp-1|stype_in=parent|symbols=ES.FUT|start=0"]);
    expect(volume(found)).toEqual([120, 253]);
    expect(found.filter((one) => one.kind === "mbp1")).toHaveLength(2288);
    const own = await served([real("futures_trades_2024-07-01T23-58_2024-07-02T00-02")], ["schema=trades|symbols=ESU4|start=0"]);
    const cut = (all: readonly DbnRecord[]): string[] =>
      all.flatMap((one) => (one.kind === "trade" ? [`${one.tsEvent} ${one.price} ${one.size} ${one.side} ${one.sequence}`] : []));
    expect(cut(found)).toEqual(cut(own));
  });

  test("mbo: 2,973 trades, 9,892 contracts, never a fill; all orders; quotes whose book is never crossed while trading", async () => {
    const path = real("esh4-glbx-mdp3-20231225.mbo");
    const source = await openRecordingSource([path]);
    expect(source.instruments[0]).toEqual({
      instrumentId: source.instruments[0]?.instrumentId, rawSymbol: "ESH4", parents: ["ES.FUT"], continuous: ["ES.v.0", "ES.n.0", "ES.c.0"],
    });
    expect(new Date(source.startAt.sec * 1000).toISOString()).toBe("2023-12-25T22:59:59.000Z");
    const found = await served([path], ["trades", "mbo", "mbp-1"].map((schema) => `schema=${schema}|symbols=ESH4|start=0`));
    expect(volume(found)).toEqual([2973, 9892]);
    expect(found.filter((one) => one.kind === "mbo")).toHaveLength(68_792);
    const open = 1_703_545_200_000_000_000n; // 18:00 New York
    const quotes = found.filter((one) => one.kind === "mbp1" && one.tsEvent > open + 1_000_000_000n);
    expect(quotes.length).toBeGreaterThan(5000);
    for (const one of quotes) {
      if (one.kind !== "mbp1") continue;
      expect(one.bidPx00).toBeLessThan(one.askPx00);
      expect(one.bidSz00).toBeGreaterThan(0);
      expect(one.askSz00).toBeGreaterThan(0);
    }
    // A trade happens at the price of the book as it was before it.
    const trades = quotes.filter((one) => one.kind === "mbp1" && one.action === "T");
    const atTop = trades.filter((one) => one.kind === "mbp1" && (one.price === one.bidPx00 || one.price === one.askPx00));
    expect(atTop.length / trades.length).toBeGreaterThan(0.9);
  });

  test("bars counted from the trades are the recorded bars", async () => {
    const bars = await served([real("futures_ohlcv-1m_2024-07-01T23-40_2024-07-02T00-10")], ["schema=ohlcv-1m|symbols=ESU4|start=0"]);
    const made = await served([real("futures_trades_2024-07-01T23-58_2024-07-02T00-02")], ["schema=ohlcv-1m|symbols=ESU4|start=0"]);
    const show = (all: readonly DbnRecord[]): string[] =>
      all.flatMap((one) => (one.kind === "ohlcv" ? [`${one.tsEvent} ${one.open} ${one.high} ${one.low} ${one.close} ${one.volume}`] : []));
    expect(bars.filter((one) => one.kind === "ohlcv")).toHaveLength(30);
    expect(show(made)).toHaveLength(4);
    for (const bar of show(made)) expect(show(bars)).toContain(bar);
  });
});
