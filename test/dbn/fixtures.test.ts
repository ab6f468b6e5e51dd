/** Every recorded file decodes to the values its own description states, and encodes back to the same bytes. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DBN_VERSION_MAX, type DbnVersion } from "../../src/dbn/constants.ts";
import { encodeRecord, convertRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata } from "../../src/dbn/metadata.ts";
import { decodeRecord, type DbnRecord } from "../../src/dbn/records.ts";
import { decodeAll, expandAll, isZstd } from "../helpers/decode-all.ts";
import { describeWithFixtures, fixture, fixturesFolder } from "../helpers/fixtures.ts";

const UNDEFINED_BY_TYPE = [0x7fff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn];

async function bytesOf(path: string): Promise<Uint8Array> {
  const bytes = readFileSync(path);
  return isZstd(bytes) ? expandAll(bytes) : bytes;
}

function fragmentVersion(name: string): DbnVersion | null {
  if (!name.includes(".frag")) return null;
  const found = /\.v(\d)\./.exec(name)?.[1];
  return found === "1" ? 1 : found === "3" ? 3 : 2;
}

interface Described {
  readonly file: string;
  readonly metadata: string | null;
  readonly first: string | null;
  readonly last: string | null;
}

function descriptions(): Described[] {
  const text = readFileSync(fixture("dbn/README.md"), "utf8").split("## First and last record of each file")[1] ?? "";
  return text.split("\n### ").slice(1).flatMap((section) => {
    const [head = "", ...lines] = section.split("\n");
    const part = (prefix: string): string | null => lines.find((line) => line.startsWith(prefix))?.slice(prefix.length) ?? null;
    const files = [...head.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
    return files.map((file) => ({
      file, metadata: part("- metadata: "), first: part("- first record: "), last: part("- last record: "),
    }));
  });
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function expectRecord(bytes: Uint8Array, version: DbnVersion, described: string): void {
  const record = decodeRecord(bytes, version) as unknown as Record<string, unknown>;
  let checked = 0;
  for (const [, name = "", value = ""] of described.matchAll(/(\w+)=('[^']*'|\S+)/g)) {
    const found = record[camel(name)];
    if (value === "UNDEF") expect(UNDEFINED_BY_TYPE, name).toContain(found);
    else if (value.startsWith("'")) expect(found, name).toBe(value.slice(1, -1));
    else expect(BigInt(found as number), name).toBe(BigInt(value));
    checked += 1;
  }
  expect(checked).toBeGreaterThan(5);
}

function countsTable(): Map<string, { version: number; records: number; decodedBytes: number }> {
  const rows = readFileSync(fixture("dbn/README.md"), "utf8").matchAll(
    /^\| `([^`]+)` \| (\d) \| [^|]+ \| [^|]+ \| \d+ \| (\d+) \| \d+ \| [^|]+ \| (\d+) \|/gm,
  );
  return new Map([...rows].map(([, file = "", version, decodedBytes, records]) => [
    file, { version: Number(version), records: Number(records), decodedBytes: Number(decodedBytes) },
  ]));
}

describeWithFixtures("Databento's own files", () => {
  for (const described of descriptions()) {
    test(`${described.file} decodes to the stated values and back to the same bytes`, async () => {
      const bytes = await bytesOf(fixture(`dbn/${described.file}`));
      const fragment = fragmentVersion(described.file);
      const { decoder, records, error } = decodeAll(bytes, { upgrade: false, ...(fragment && { fragment: { version: fragment } }) });
      expect(error).toBeNull();
      const version = fragment ?? decoder.metadata?.version ?? 3;
      const stated = countsTable().get(described.file);
      expect(records.length).toBe(stated?.records);
      expect(version).toBe(stated?.version);
      expect(bytes.length).toBe(stated?.decodedBytes);
      if (described.first !== null && records[0]) expectRecord(records[0], version, described.first);
      if (described.last !== null && records.length > 0) expectRecord(records.at(-1) ?? new Uint8Array(), version, described.last);
      for (const record of records) {
        expect(encodeRecord(decodeRecord(record, version) as DbnRecord, version)).toEqual(new Uint8Array(record));
      }
      if (decoder.metadata !== null) {
        const head = encodeMetadata(decoder.metadata);
        expect(head).toEqual(new Uint8Array(bytes.subarray(0, head.length)));
      }
      if (described.metadata !== null) {
        const metadata = decoder.metadata;
        expect(described.metadata).toContain(`dataset=${metadata?.dataset} schema=${metadata?.schema} start=${metadata?.start} `);
        expect(described.metadata).toContain(`symbols=[${metadata?.symbols.map((symbol) => `'${symbol}'`).join(", ")}]`);
        const mapping = metadata?.mappings[0];
        if (mapping !== undefined) {
          const interval = mapping.intervals[0];
          expect(described.metadata).toContain(
            `${mapping.rawSymbol} -> ${mapping.intervals.length} interval(s), first ${interval?.startDate}..${interval?.endDate}=${interval?.symbol}`,
          );
        }
      }
    });
  }

  test("older definitions and statistics become the bytes of the newest files", async () => {
    for (const [older, version, newest] of [
      ["test_data.definition.v1.dbn.frag.zst", 1, "test_data.definition.v3.dbn.frag"],
      ["test_data.definition.v2.dbn.frag", 2, "test_data.definition.v3.dbn.frag"],
      ["test_data.statistics.v2.dbn.zst", null, "test_data.statistics.v3.dbn.zst"],
    ] as const) {
      const options = (given: DbnVersion | null): object => (given === null ? {} : { fragment: { version: given } });
      const upgraded = decodeAll(await bytesOf(fixture(`dbn/${older}`)), options(version)).records;
      const expected = decodeAll(await bytesOf(fixture(`dbn/${newest}`)), options(version === null ? null : 3)).records;
      expect(upgraded.length).toBe(2);
      expect(upgraded).toEqual(expected);
    }
  });

  test("a legacy file is refused in words", async () => {
    await expect(expandAll(readFileSync(fixture("dbn/test_data.mbo.dbz")))).resolves.toBeDefined();
    const { error } = decodeAll(readFileSync(fixture("dbn/test_data.mbo.dbz")));
    expect(error).toMatchObject({ code: "DBN_LEGACY" });
  });

  test("the live capture holds 20 mappings and 26 data records of nine types", async () => {
    const { records, error } = decodeAll(await bytesOf(fixture("dbn/databento-python/test_data.live.dbn.zst")));
    expect(error).toBeNull();
    expect(records.filter((record) => record[1] === 0x16).length).toBe(20);
    expect(records.filter((record) => record[1] !== 0x16).length).toBe(26);
  });

  test("every file gives the same records in pieces of 1, 2, 7, 16 bytes and whole", async () => {
    const folder = `${fixturesFolder()}dbn/`;
    for (const name of readdirSync(folder).filter((file) => file.includes(".dbn") && !file.includes(".frag"))) {
      const bytes = await bytesOf(folder + name);
      const whole = decodeAll(bytes, {}, bytes.length);
      expect(whole.error, name).toBeNull();
      for (const size of [1, 2, 7, 16]) expect(decodeAll(bytes, {}, size).records, `${name} by ${size}`).toEqual(whole.records);
    }
  });

  test("compressed files expand the same in pieces of 1, 3, 1000 bytes", async () => {
    for (const name of ["dbn/multi-frame.definition.v1.dbn.frag.zst", "real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst"]) {
      const bytes = readFileSync(fixture(name));
      const whole = await expandAll(bytes, bytes.length);
      for (const size of [1, 3, 1000]) expect(Buffer.compare(await expandAll(bytes, size), whole), `${name} by ${size}`).toBe(0);
    }
  });
});

describeWithFixtures("Recorded CME hours", () => {
  test.each([
    ["futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst", 120],
    ["futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst", 2288],
    ["futures_ohlcv-1m_2024-07-01T23-40_2024-07-02T00-10.dbn.zst", 60],
    ["esh4-glbx-mdp3-20231225.mbo.dbn.zst", 68_792],
  ])("%s has %i records and encodes back to its bytes", async (name, count) => {
    const bytes = await bytesOf(fixture(`real/${name}`));
    const { decoder, records, error } = decodeAll(bytes, { upgrade: false });
    expect(error).toBeNull();
    expect(records.length).toBe(count);
    const version = decoder.metadata?.version ?? DBN_VERSION_MAX;
    const encoded = Buffer.concat(records.map((record) => encodeRecord(decodeRecord(record, version) as DbnRecord, version)));
    expect(Buffer.compare(encoded, bytes.subarray(bytes.length - encoded.length))).toBe(0);
  });

  test("trades: 253 contracts in the trades file, 9,892 in the order file", async () => {
    const trades = decodeAll(await bytesOf(fixture("real/futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst"))).records;
    const size = (record: Uint8Array): number => {
      const decoded = decodeRecord(record, 3);
      return decoded?.kind === "trade" || (decoded?.kind === "mbo" && decoded.action === "T") ? decoded.size : 0;
    };
    expect(trades.reduce((sum, record) => sum + size(record), 0)).toBe(253);
    const orders = decodeAll(await bytesOf(fixture("real/esh4-glbx-mdp3-20231225.mbo.dbn.zst"))).records;
    expect(orders.reduce((sum, record) => sum + size(record), 0)).toBe(9892);
  });

  test("converting version 1 definitions up and down keeps what both have", async () => {
    const { records } = decodeAll(await bytesOf(fixture("real/definition-glbx-es-fut.dbn.zst")), { upgrade: false });
    for (const record of records) {
      const there = decodeRecord(convertRecord(record, 1, 3), 3);
      const back = decodeRecord(convertRecord(convertRecord(record, 1, 3), 3, 1), 1);
      const original = decodeRecord(record, 1);
      if (there?.kind !== "definition" || back?.kind !== "definition" || original?.kind !== "definition") throw new Error("not a definition");
      expect(back.rawSymbol).toBe(original.rawSymbol);
      expect(there.minPriceIncrement).toBe(original.minPriceIncrement);
      expect(back.expiration).toBe(original.expiration);
    }
    expect(records.length).toBeGreaterThan(0);
  });
});
