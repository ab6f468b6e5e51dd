/** Subscriptions: symbols of every kind, answers before data, overlaps, bad lines. */
import { describe, expect, test } from "vitest";
import type { DbnRecord } from "../../src/dbn/records.ts";
import { rig } from "./gateway-rig.ts";
import { ES, memorySource, NQ, NQ_NEXT, quoteAt, tradeAt } from "./memory-source.ts";
import { brief } from "./raw-client.ts";

const records = [
  tradeAt(0, { sequence: 1 }),
  tradeAt(1, { sequence: 2, id: ES.instrumentId }),
  quoteAt(2, { sequence: 3 }),
  tradeAt(3, { sequence: 4, id: NQ_NEXT.instrumentId }),
  quoteAt(4, { sequence: 5, action: "T" }),
  tradeAt(5, { sequence: 6, id: 999 }),
];
const source = memorySource({ records });

async function all(...lines: string[]): Promise<readonly DbnRecord[]> {
  const gateway = await rig({ source, dbnVersion: 3 });
  const client = await gateway.session([...lines, "start_session"]);
  await client.toEnd();
  return (await client.stream()).records;
}

const END = "End of recording";

describe("symbols", () => {
  test.each([
    ["raw_symbol", "NQU5", [`${NQ.instrumentId}: NQU5 -> NQU5`], [1]],
    ["instrument_id", "17", ["17: 17 -> ESU5"], [2]],
    ["continuous", "NQ.v.0", [`${NQ.instrumentId}: NQ.v.0 -> NQU5`], [1]],
    ["parent", "NQ.FUT", [`${NQ.instrumentId}: NQ.FUT -> NQU5`, `${NQ_NEXT.instrumentId}: NQ.FUT -> NQZ5`], [1, 4]],
    ["raw_symbol", "NQU5,ESU5", [`${NQ.instrumentId}: NQU5 -> NQU5`, "17: ESU5 -> ESU5"], [1, 2]],
  ] as const)("%s %s", async (stype, symbols, mappings, sequences) => {
    const found = (await all(`schema=trades|stype_in=${stype}|symbols=${symbols}|id=7`)).map(brief);
    const trades = sequences.map((sequence) => `trade ${sequence}`);
    expect(found).toEqual(["Subscription request 7 for trades data succeeded", ...mappings, ...trades, END]);
  });

  test("ALL_SYMBOLS gives every instrument, unlisted ones too", async () => {
    const found = await all("schema=trades|stype_in=raw_symbol|symbols=ALL_SYMBOLS");
    expect(found.flatMap((one) => (one.kind === "trade" ? [one.sequence] : []))).toEqual([1, 2, 4, 6]);
    expect(found.filter((one) => one.kind === "symbolMapping")).toHaveLength(3);
  });

  test("an unknown symbol is an error of its own; the others go on", async () => {
    const found = await all("schema=trades|stype_in=raw_symbol|symbols=NQX9,ESU5,nqu5");
    expect(found.map(brief)).toEqual([
      "Subscription request for trades data succeeded",
      "error 4: Failed to resolve symbol NQX9",
      "error 4: Failed to resolve symbol nqu5",
      "17: ESU5 -> ESU5",
      "trade 2",
      END,
    ]);
  });

  test("a subscription in two lines is answered once", async () => {
    const found = await all(
      "schema=trades|stype_in=raw_symbol|symbols=NQU5|id=3|is_last=0",
      "schema=trades|stype_in=raw_symbol|symbols=ESU5|id=3|is_last=1",
    );
    expect(found.map(brief).filter((text) => text.startsWith("Subscription"))).toHaveLength(1);
    expect(found.filter((one) => one.kind === "trade")).toHaveLength(2);
  });
});

test("each subscription is answered and mapped before any data", async () => {
  const found = await all(
    "schema=trades|stype_in=continuous|symbols=NQ.v.0|id=1",
    "schema=mbp-1|stype_in=raw_symbol|symbols=NQU5|id=2",
    "schema=status|stype_in=raw_symbol|symbols=NQU5|id=3",
  );
  expect(found.map(brief)).toEqual([
    "Subscription request 1 for trades data succeeded",
    `${NQ.instrumentId}: NQ.v.0 -> NQU5`,
    "Subscription request 2 for mbp-1 data succeeded",
    `${NQ.instrumentId}: NQU5 -> NQU5`,
    "Subscription request 3 for status data succeeded",
    `${NQ.instrumentId}: NQU5 -> NQU5`,
    "trade 1",
    "mbp1 3",
    "mbp1 5",
    END,
  ]);
});

test("overlapping subscriptions bring each record once", async () => {
  const found = await all(
    "schema=trades|stype_in=continuous|symbols=NQ.v.0",
    "schema=trades|stype_in=parent|symbols=NQ.FUT|start=0",
    "schema=trades|stype_in=raw_symbol|symbols=ALL_SYMBOLS",
  );
  expect(found.flatMap((one) => (one.kind === "trade" ? [one.sequence] : []))).toEqual([1, 2, 4, 6]);
});

test("trades are cut out of book records where the source has none of its own", async () => {
  for (const schemas of [["mbp-1"], ["tbbo"]]) {
    const gateway = await rig({
      source: memorySource({ records: [quoteAt(0, { sequence: 1 }), quoteAt(1, { sequence: 2, action: "T", size: 5 })], schemas }),
    });
    const client = await gateway.session(["schema=trades|symbols=NQU5", "schema=tbbo|symbols=NQU5", "start_session=0"]);
    await client.toEnd();
    const found = (await client.stream()).records;
    expect(found.filter((one) => one.kind === "trade").map(({ sequence, size, action }) => [sequence, size, action])).toEqual([[2, 5, "T"]]);
    expect(found.filter((one) => one.kind === "mbp1").map(({ sequence }) => sequence)).toEqual([2]);
  }
});

test("a bad line before the start is told as error 5 and ends the session", async () => {
  const found = await all("schema=trades|stype_in=raw_symbol|symbols=NQU5|colour=red");
  expect(found.map(brief)).toEqual(["error 5: Unknown subscription param 'colour'"]);
});

test("a bad line later ends the session too", async () => {
  const gateway = await rig({ source: memorySource({ records: [tradeAt(1)] }), endOfSource: "stay", dbnVersion: 3 });
  const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
  await client.records((found) => found.map(brief).includes(END));
  client.send("schema=trades|symbols=NQU5|start=0");
  await client.toEnd();
  expect((await client.stream()).records.map(brief).at(-1)).toMatch(/^error 5: /);
  client.close();
  await expect.poll(() => gateway.events.at(-1)?.kind).toBe("closed");
});

test("a start in the future is an invalid subscription", async () => {
  const gateway = await rig({ source, speed: 1, dbnVersion: 3 });
  const client = await gateway.session(["schema=trades|symbols=NQU5|start=2030-01-01", "start_session"]);
  await client.toEnd();
  expect((await client.stream()).records.map(brief)).toEqual(["error 5: expected a start that is not in the future"]);
});

test("a subscription after the start is answered and gets what comes from then on", async () => {
  const many = Array.from({ length: 40 }, (_, index) => tradeAt(index * 10, { sequence: index, id: index % 2 === 0 ? NQ.instrumentId : ES.instrumentId }));
  const gateway = await rig({ source: memorySource({ records: many }), speed: 1 });
  const client = await gateway.session(["schema=trades|symbols=NQU5|id=1", "start_session"]);
  await client.records((found) => found.some((one) => one.kind === "trade"));
  client.send("schema=trades|symbols=ESU5|id=2");
  await client.toEnd();
  const found = (await client.stream()).records;
  const answer = found.findIndex((one) => brief(one) === "Subscription request 2 for trades data succeeded");
  expect(brief(found[answer + 1] ?? found[0]!)).toBe("17: ESU5 -> ESU5");
  const es = found.flatMap((one, index) => (one.kind === "trade" && one.instrumentId === 17 ? [{ index, sequence: one.sequence }] : []));
  expect(es.length).toBeGreaterThan(5);
  expect(es.every(({ index }) => index > answer)).toBe(true);
  const sequences = es.map(({ sequence }) => sequence);
  expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, index) => 39 - 2 * (sequences.length - 1 - index)));
});
