/** Records of every kind with a value of its own in every field, and the DBN files that hold them. */
import { SCHEMA_CODES, STYPE_CODES, UNDEF_TIME, type DbnVersion } from "../../src/dbn/constants.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { fieldWidth, layoutBytes, type FieldRow } from "../../src/dbn/layout.ts";
import { layoutOf, RECORD_KINDS, rtypesOf, type RecordKind } from "../../src/dbn/layouts.ts";
import { encodeMetadata, liveMetadata, type DbnMetadata } from "../../src/dbn/metadata.ts";

/** What a reader must find in one record: DBN's own field names; 64-bit numbers and texts as text. */
export type Expected = Readonly<Record<string, string | number>>;

/** One DBN file before it is written. */
export interface Sample {
  readonly name: string;
  readonly version: DbnVersion;
  /** Null: kinds are mixed, as in a live session. */
  readonly kind: RecordKind | null;
  readonly metadata: DbnMetadata;
  readonly bytes: Uint8Array;
  readonly expected: readonly Expected[];
}

/** 2025-06-13 13:30 UTC, in nanoseconds. */
const OPEN = 1_749_821_400_000_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const IDS = [42_005_804, 42_139_265] as const;

const SCHEMA_OF_KIND: Readonly<Partial<Record<RecordKind, string>>> = {
  trade: "trades", mbp1: "mbp-1", mbp10: "mbp-10", mbo: "mbo", bbo: "bbo-1s", cmbp1: "cmbp-1", cbbo: "cbbo-1s",
  ohlcv: "ohlcv-1s", status: "status", imbalance: "imbalance", statistics: "statistics", definition: "definition",
};

/** Coded fields take only the values the format names. */
const CODED: Readonly<Record<string, readonly (string | number)[]>> = {
  action: ["T", "A", "C", "M", "R", "F"], side: ["B", "A", "N"], legSide: ["A", "B", "N"],
  instrumentClass: ["F", "S", "C", "P"], legInstrumentClass: ["F", "C"], matchAlgorithm: ["F", "K", "Q"],
  securityUpdateAction: ["A", "M", "D"], userDefinedInstrument: ["N", "Y"], isTrading: ["Y", "N", "~"],
  isQuoting: ["N", "Y", "~"], isShortSellRestricted: ["~", "Y", "N"], statType: [1, 3, 6, 9, 13], updateAction: [1, 2],
  stypeIn: [1, 3, 4, 0], stypeOut: [1, 0], tradingEvent: [2, 0, 1], reason: [1, 2, 10],
  significantImbalance: ["~", "Y"], unpairedSide: ["B", "A", "N"], auctionType: ["O", "C"], isLast: [1, 0],
};
/** Fields without a "not set" value that official readers take. */
const NEEDED: ReadonlySet<string> = new Set(["tsRecv", "instrumentClass", "statType"]);
const STATUS_ACTIONS = [7, 1, 12];
const SYSTEM_CODES = [0, 1, 3, 4];
const ERROR_CODES = [4, 7, 5];

const LIMITS = {
  u8: 250, i8: 120, u16: 65_000, i16: 32_000, u32: 4_294_000_000, i32: 2_147_000_000,
} as const;

function codedValue(kind: RecordKind, name: string, round: number): string | number | undefined {
  const list =
    kind === "status" && name === "action" ? STATUS_ACTIONS
    : kind === "system" && name === "code" ? SYSTEM_CODES
    : kind === "error" && name === "code" ? ERROR_CODES
    : CODED[name];
  return list?.[round % list.length];
}

/** A value no other field of the record has; the third round goes to the limits of the field. */
function valueOf(kind: RecordKind, row: FieldRow, index: number, round: number): string | number | bigint {
  const coded = codedValue(kind, row[0], round);
  if (coded !== undefined) return coded;
  const seed = (index + 3) * 7 + round * 1_009;
  switch (row[2]) {
    case "cstr": return `${row[0]}${seed}`.repeat(round === 2 ? 60 : 1).slice(0, fieldWidth(row) - 1);
    case "char": return "N";
    case "reserved": return "";
    case "time": return OPEN + BigInt(seed) * SECOND + 123_456_789n;
    case "price": return (round % 2 === 0 ? 1n : -1n) * (21_680_750_000_000n + BigInt(seed) * 250_000_000n);
    case "i64":
    case "u64": return 9_007_199_254_740_993n + BigInt(seed);
    case "u8":
    case "u16":
    case "u32": return round === 2 ? LIMITS[row[2]] - index : seed % LIMITS[row[2]];
    default: return round === 2 ? index - LIMITS[row[2]] : seed % LIMITS[row[2]];
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]|\d\d$/g, (part) => `_${part.toLowerCase()}`);
}

interface Made {
  readonly bytes: Uint8Array;
  readonly expected: Expected;
}

/** `round` 0 to 2 fills every field; 3 leaves all but the header to the layout's "not set" values. */
function makeRecord(kind: RecordKind, version: DbnVersion, round: number, tsOut?: bigint): Made {
  const layout = layoutOf(kind, version);
  const header = {
    rtype: rtypesOf(kind)[0] ?? 0,
    publisherId: kind === "system" || kind === "error" ? 0 : 1,
    instrumentId: kind === "system" || kind === "error" ? 0 : (IDS[round % 2] ?? 0),
    tsEvent: OPEN + BigInt(round) * MINUTE + 987_654_321n,
  };
  const loose: Record<string, unknown> = { kind, ...header };
  const expected: Record<string, string | number> = {
    length: (layoutBytes(layout) + (tsOut === undefined ? 0 : 8)) / 4, rtype: header.rtype,
    publisher_id: header.publisherId, instrument_id: header.instrumentId, ts_event: String(header.tsEvent),
  };
  for (const [index, row] of layout.entries()) {
    if (row[2] === "reserved") continue;
    const isLeftOut = round === 3 && !NEEDED.has(row[0]);
    const value = isLeftOut ? row[3] : valueOf(kind, row, index, round % 3);
    if (!isLeftOut) loose[row[0]] = value;
    expected[snake(row[0])] = typeof value === "bigint" ? String(value) : value;
  }
  if (tsOut !== undefined) expected["ts_out"] = String(tsOut);
  const record = loose as PartialRecord; // made from the table its type is made from
  return { bytes: encodeRecord(record, version, tsOut), expected };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function historicalMetadata(version: DbnVersion, schema: string): DbnMetadata {
  const interval = (id: number): { startDate: number; endDate: number; symbol: string } =>
    ({ startDate: 20_250_612, endDate: 20_250_614, symbol: String(id) });
  return {
    version,
    dataset: "GLBX.MDP3",
    schema: SCHEMA_CODES[schema] ?? 0,
    start: OPEN - 15n * 60n * MINUTE,
    end: OPEN + 24n * 60n * MINUTE,
    limit: 10_000n,
    stypeIn: STYPE_CODES["parent"] ?? 0,
    stypeOut: STYPE_CODES["instrument_id"] ?? 0,
    tsOut: false,
    symbolCstrLen: version === 1 ? 22 : 71,
    symbols: ["NQM5", "NQM5-NQU5"],
    partial: ["NQZ9"],
    notFound: ["NOPE5", "ES:BF M5-U5-Z5"],
    mappings: [
      { rawSymbol: "NQM5", intervals: [interval(IDS[0])] },
      { rawSymbol: "NQM5-NQU5", intervals: [interval(IDS[1])] },
    ],
  };
}

function schemaSample(kind: RecordKind, schema: string, version: DbnVersion): Sample {
  const metadata = historicalMetadata(version, schema);
  const made = [0, 1, 2, 3].map((round) => makeRecord(kind, version, round));
  return {
    name: `${schema}-v${version}`, version, kind, metadata,
    bytes: join([encodeMetadata(metadata), ...made.map(({ bytes }) => bytes)]),
    expected: made.map(({ expected }) => expected),
  };
}

/** A live session's stream: kinds mixed, records of the gateway itself among them. */
function mixedSample(version: DbnVersion, tsOut: boolean): Sample {
  const metadata = liveMetadata({ version, dataset: "GLBX.MDP3", start: OPEN, tsOut });
  const sent = (round: number): bigint | undefined => (tsOut ? OPEN + BigInt(round) * 1_000n + 5n : undefined);
  const rounds: readonly number[] = [0, 1, 2];
  const made = rounds.flatMap((round) => RECORD_KINDS.map((kind) => makeRecord(kind, version, round, sent(round))));
  return {
    name: `mixed${tsOut ? "-ts_out" : ""}-v${version}`, version, kind: null, metadata,
    bytes: join([encodeMetadata(metadata), ...made.map(({ bytes }) => bytes)]),
    expected: made.map(({ expected }) => expected),
  };
}

/** All samples of a version. */
export function samplesOf(version: DbnVersion): readonly Sample[] {
  const ofSchemas = RECORD_KINDS.flatMap((kind) => {
    const schema = SCHEMA_OF_KIND[kind];
    return schema === undefined ? [] : [schemaSample(kind, schema, version)];
  });
  return [...ofSchemas, mixedSample(version, false), mixedSample(version, true)];
}

/** Metadata fields as a reader names them; what is not set is null. */
export function expectedMetadata({ metadata }: Sample): Readonly<Record<string, unknown>> {
  const name = (codes: Readonly<Record<string, number>>, code: number): string | null =>
    Object.keys(codes).find((key) => codes[key] === code) ?? null;
  return {
    version: metadata.version,
    dataset: metadata.dataset,
    schema: name(SCHEMA_CODES, metadata.schema),
    start: String(metadata.start),
    end: metadata.end === UNDEF_TIME ? null : String(metadata.end),
    limit: metadata.limit === 0n ? null : Number(metadata.limit),
    stype_in: name(STYPE_CODES, metadata.stypeIn),
    stype_out: name(STYPE_CODES, metadata.stypeOut),
    ts_out: metadata.tsOut,
    symbols: metadata.symbols,
    partial: metadata.partial,
    not_found: metadata.notFound,
    mappings: metadata.mappings.map(({ rawSymbol, intervals }) => ({ rawSymbol, intervals })),
  };
}

