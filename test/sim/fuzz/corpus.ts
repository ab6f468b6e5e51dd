/** Good inputs to start from: small streams, blocks, frames and lines of every kind the program reads. */
import { constants, zstdCompressSync } from "node:zlib";
import { explainedSettings } from "../../../src/config/template.ts";
import type { DbnVersion } from "../../../src/dbn/constants.ts";
import { encodeRecord, type PartialRecord } from "../../../src/dbn/encode.ts";
import { RECORD_KINDS } from "../../../src/dbn/layouts.ts";
import { encodeMetadata, liveMetadata, PRELUDE_BYTES } from "../../../src/dbn/metadata.ts";
import { ApiKey } from "../../../src/lsg/api-key.ts";
import { concatBytes } from "../../helpers/dbn-bytes.ts";

export const DATASET = "GLBX.MDP3";
/** In no output may this text ever appear. */
export const CANARY = "db-CanaryCanaryCanaryCanary12345";
export const CANARY_KEY: ApiKey = ApiKey.parse(CANARY);
export const CHALLENGE = "HCxTgxMcqglVMTMeaDZ2ICmcnrW8j92e";
const T0 = 1_749_821_400_000_000_000n;
const VERSIONS: readonly DbnVersion[] = [1, 2, 3];
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Records a store takes in, in the order a session sends them. */
const SESSION: readonly PartialRecord[] = [
  { kind: "system", tsEvent: T0, msg: "Subscription request 1 for trades data succeeded" },
  { kind: "symbolMapping", instrumentId: 42, tsEvent: T0, stypeInSymbol: "NQ.v.0", stypeOutSymbol: "NQM5" },
  {
    kind: "definition", instrumentId: 42, rawSymbol: "NQM5", instrumentClass: "F", minPriceIncrement: 250_000_000n,
    unitOfMeasureQty: 20_000_000_000n, tsEvent: T0, tsRecv: T0,
  },
  {
    kind: "statistics", instrumentId: 42, tsEvent: T0, tsRecv: T0, statType: 3, statFlags: 3,
    tsRef: T0, price: 21_929_000_000_000n,
  },
  { kind: "status", instrumentId: 42, tsEvent: T0, tsRecv: T0, action: 7, isTrading: "Y" },
  ...Array.from({ length: 4 }, (_, n): PartialRecord => ({
    kind: "trade", publisherId: 1, instrumentId: n === 3 ? 17 : 42, tsEvent: T0 + BigInt(n) * 700_000_000n, action: "T",
    side: n % 2 === 0 ? "B" : "A", price: 21_680_750_000_000n + BigInt(n) * 250_000_000n, size: n + 1, sequence: n,
    tsRecv: T0 + BigInt(n) * 700_000_000n + 400_000n,
  })),
  {
    kind: "mbp1", instrumentId: 42, tsEvent: T0 + 3_000_000_000n, tsRecv: T0 + 3_000_000_000n, action: "A", side: "B", size: 3,
    price: 21_680_750_000_000n, bidPx00: 21_680_750_000_000n, askPx00: 21_681_000_000_000n, bidSz00: 7, askSz00: 8,
  },
  { kind: "system", tsEvent: T0 + 4_000_000_000n, msg: "Finished trades replay" },
  { kind: "system", tsEvent: T0 + 5_000_000_000n, msg: "Heartbeat" },
  { kind: "error", tsEvent: T0 + 5_000_000_000n, err: "Failed to resolve symbol XX" },
];

const header = (version: DbnVersion, tsOut = false): Uint8Array =>
  encodeMetadata(liveMetadata({ version, dataset: DATASET, start: T0, tsOut }));

/** Whole streams: metadata, then a few kinds of records or part of a session, in every version, with and without send time. */
export function streams(): Uint8Array[] {
  return VERSIONS.flatMap((version) => [
    ...[0, 3, 6, 9, 12].map((from) =>
      concatBytes(header(version), ...RECORD_KINDS.slice(from, from + 3).map((kind) => encodeRecord({ kind, tsEvent: T0 }, version)))),
    concatBytes(header(version), ...SESSION.slice(0, 3).map((record) => encodeRecord(record, version))),
    concatBytes(header(version), ...SESSION.slice(3, 8).map((record) => encodeRecord(record, version))),
    concatBytes(header(version, true), ...SESSION.slice(4, 11).map((record) => encodeRecord(record, version, T0))),
  ]);
}

/** One stream of a few trades, for whoever needs many short runs. */
export function sessionRecords(): Uint8Array[] {
  return [
    concatBytes(...SESSION.map((record) => encodeRecord(record, 3))),
    concatBytes(...SESSION.slice(0, 9).map((record) => encodeRecord(record, 3))),
    concatBytes(...SESSION.slice(1, 3).concat(SESSION.slice(5, 12)).map((record) => encodeRecord(record, 3))),
  ];
}

/** Metadata with its prelude: of live sessions, and of files with symbols and mappings. */
export function metadataBlocks(): Uint8Array[] {
  return VERSIONS.flatMap((version) => {
    const live = liveMetadata({ version, dataset: DATASET, start: T0, tsOut: false });
    const interval = (from: number): { startDate: number; endDate: number; symbol: string } =>
      ({ startDate: from, endDate: from + 1, symbol: "42005804" });
    const mappings = [
      { rawSymbol: "NQM5", intervals: [interval(20_250_612), interval(20_250_613)] },
      { rawSymbol: "NQU5", intervals: [interval(20_250_612)] },
    ];
    return [
      encodeMetadata(live),
      encodeMetadata({
        ...live, schema: 4, stypeIn: 1, end: T0 + 1n, limit: 9n, symbols: ["NQM5", "NQU5"], partial: ["NQZ5"], notFound: ["XX"], mappings,
      }),
    ];
  });
}

/** Bytes of the prelude before a metadata block. */
export const METADATA_PRELUDE: number = PRELUDE_BYTES;

/** Compressed streams: one frame, several, a skippable one between, flushed blocks, with and without checksum. */
export function compressed(): Uint8Array[] {
  const [content = new Uint8Array(0)] = streams();
  const checksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
  const skippable = Uint8Array.of(0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
  const noise = Uint8Array.from({ length: 600 }, (_, n) => (Math.imul(n + 1, 0x9e37_79b1) >>> 13) & 0xff);
  return [
    zstdCompressSync(content, checksum),
    zstdCompressSync(content.subarray(0, 400)),
    concatBytes(zstdCompressSync(content.subarray(0, 150), checksum), skippable, zstdCompressSync(content.subarray(150, 400))),
    zstdCompressSync(noise, checksum),
    zstdCompressSync(new Uint8Array(3000), checksum),
    concatBytes(zstdCompressSync(new Uint8Array(0)), zstdCompressSync(new Uint8Array(1))),
  ];
}

/** What a gateway says before the stream, and the beginning of a stream. */
export function gatewayLines(): Uint8Array[] {
  const [stream = new Uint8Array(0)] = streams();
  return [
    encode(`lsg_version=0.9.4\ncram=${CHALLENGE}\nsuccess=1|session_id=1755000001\n`),
    concatBytes(encode(`lsg_version=0.9.4 nq-tui demo\ncram=${CHALLENGE}\nsuccess=1|session_id=7\n`), stream.subarray(0, 160)),
    encode(`lsg_version=0.9.4\ncram=${CHALLENGE}\nsuccess=0|error=Authentication failed.\n`),
    encode(`lsg_version=0.8.0\ncram=${CHALLENGE}\nsuccess=0|error=Unknown ${CANARY} and auth=${CANARY_KEY.respond(CHALLENGE)}\n`),
    encode("success=0|error=User has reached their open connection limit\n"),
    encode("HTTP/1.1 400 Bad Request\r\n\r\n"),
  ];
}

/** What clients say: authentication, subscriptions, start. */
export function clientLines(): Uint8Array[] {
  const auth = `auth=${CANARY_KEY.respond(CHALLENGE)}|dataset=${DATASET}|encoding=dbn`;
  const all = `${auth}|ts_out=0|compression=none|heartbeat_interval_s=15|slow_reader_behavior=skip|client=x\n`;
  return [
    encode(`${all}schema=trades|stype_in=continuous|symbols=NQ.c.0|snapshot=0|is_last=1|id=1\nstart_session\n`),
    encode(`${auth}\nschema=ohlcv-1m|symbols=NQM5,ESM5|start=2025-06-12T22:00:00Z|is_last=0|id=2\nschema=ohlcv-1m|symbols=XX|start=2025-06-12T22:00:00Z|id=2\nstart_session=0\n`),
    encode(`${auth}|ts_out=1|compression=zstd\nschema=mbo|symbols=ALL_SYMBOLS|snapshot=1\nstart_session=\nschema=trades|symbols=A\n`),
    encode(`auth=${CANARY_KEY.respond("another")}|dataset=${DATASET}\n`),
    encode(`${auth}|details=y|pretty_px=1\nschema=trades|symbols=A|start=0\nstart_session\nschema=trades|symbols=A|start=0\n`),
  ];
}

/** Settings: the file as `config init` writes it, every kind of value, the original system's JSON, aliases, depth. */
export function settingsFiles(): Uint8Array[] {
  const set = explainedSettings([{ name: "quit", label: "Quit", chords: ["q"] }]).replace(/^# (?=[a-z_]+:)/gm, "");
  return [
    set.slice(0, 2_000),
    set.slice(2_000, 4_000),
    "theme: dark\nsymbol: NQ.v.0\nkeys:\n  quit: q\n  help: [\"?\", h]\nrecord:\n  when: always\n  sync_ms: 500\n",
    '{"symbols": ["NQ", "ES"], "enable_live_streaming": true, "data_sources": {"databento": {"config": {"symbols": ["NQ"]}}}}',
    `api_key: ${CANARY}\ntheme: dark\n`,
    "a: &a [1, 2, 3]\nb: &b [*a, *a]\nc: [*b, *b]\ntheme: *a\n",
    "{a: ".repeat(40) + "1" + "}".repeat(40),
    "__proto__:\n  polluted: true\nconstructor: {prototype: {polluted: true}}\n",
  ].map(encode);
}

/** Texts from outside, as bytes. */
export function texts(): Uint8Array[] {
  return ["NQM5", "\u001b]0;title\u0007\u001b[31mred\u001b[0m", "\u009b5n\u202e\u200bzero", "é\u0301\u0301 \ud83d\ude00 tab\tnew\nline", "a".repeat(700)].map(encode);
}
