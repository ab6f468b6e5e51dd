/** What exports look like in text, and which recordings prune would take. */
import { expect, test } from "vitest";
import { exportColumns } from "../../src/commands/export-columns.ts";
import { csvRow, decimalText, jsonRow } from "../../src/commands/export-text.ts";
import { chooseOld } from "../../src/commands/recordings-prune.ts";
import { UNDEF_PRICE, UNDEF_TIME } from "../../src/dbn/constants.ts";
import { decodeRecord } from "../../src/dbn/records.ts";
import type { RecordedDay } from "../../src/recording/library.ts";
import { tradeBytes } from "../helpers/dbn-bytes.ts";

test.each([[21_742_500_000_000n, "21742.5"], [-50_000_000n, "-0.05"], [0n, "0"], [1n, "0.000000001"], [9_000_000_000n, "9"]])("%s is %s", (units, text) => {
  expect(decimalText(units)).toBe(text);
});

test("a trade in CSV and NDJSON, with what is not set left empty", () => {
  const columns = exportColumns("trades", (id) => (id === 42 ? "=NQ\"M5" : ""), "LIVE");
  const record = decodeRecord(tradeBytes({ price: UNDEF_PRICE, tsRecv: UNDEF_TIME, tsEvent: 1_749_821_400_000_000_001n }), 3);
  if (record === null) throw new Error("no record");
  const values = columns.map((column) => column.read(record));
  expect(csvRow(columns, values)).toBe('2025-06-13T13:30:00.000000001Z,1,42,"\'=NQ""M5",,3,T,B,0,0,,12345,7,LIVE');
  expect(JSON.parse(jsonRow(columns, values))).toMatchObject({ symbol: '=NQ"M5', price: null, ts_recv: null, size: 3, mode: "LIVE" });
});

const day = (tradeDate: string, bytes: number): RecordedDay =>
  ({ dataset: "GLBX.MDP3", tradeDate, files: [{ bytes } as RecordedDay["files"][0]] });
const days = [day("2026-11-18", 10), day("2026-11-19", 20), day("2026-11-20", 30), day("2026-11-23", 40)];

test.each([
  [{ keepDays: 2, maxBytes: null }, ["2026-11-18", "2026-11-19"]],
  [{ keepDays: null, maxBytes: 75 }, ["2026-11-18", "2026-11-19"]],
  [{ keepDays: 9, maxBytes: 1000 }, []],
  [{ keepDays: 0, maxBytes: null }, ["2026-11-18", "2026-11-19", "2026-11-20"]],
])("prune with %j takes the oldest, never the running day", (options, gone) => {
  expect(chooseOld(days, options, "2026-11-23").map(({ tradeDate }) => tradeDate)).toEqual(gone);
});
