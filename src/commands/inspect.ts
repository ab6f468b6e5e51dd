/** What a DBN file holds: metadata, counts, times, digest; and where it is damaged. */
import { createHash } from "node:crypto";
import type { DbnVersion } from "../dbn/constants.ts";
import { RTYPE, schemaName, schemaOfRtype, stypeName, UNDEF_TIME } from "../dbn/constants.ts";
import { unknownEnumValues } from "../dbn/enums.ts";
import type { DbnMetadata } from "../dbn/metadata.ts";
import { RecordView } from "../dbn/record-view.ts";
import { hasAction, isTrade, tradeSize } from "../gateway/trade-cut.ts";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { fromNanos } from "../lib/time.ts";
import { openRecordReader, type RecordReader } from "../recording/record-reader.ts";
import { isoNanos } from "../ui/eastern.ts";
import { createLinePrinter } from "./print-lines.ts";
import { createProgress } from "./progress.ts";
import type { System } from "./system.ts";

/** Everything `inspect` found; what `--json` prints. */
export interface Inspection {
  readonly path: string;
  readonly format: string;
  readonly fileBytes: number;
  readonly version: number | null;
  /** It has no metadata; the version is what the reader was told. */
  readonly isFragment: boolean;
  readonly dataset: string | null;
  readonly schema: string | null;
  readonly symbols: number;
  readonly firstSymbols: readonly string[];
  readonly stypeIn: string | null;
  readonly start: string | null;
  readonly end: string | null;
  readonly tsOut: boolean;
  readonly records: number;
  readonly recordTypes: Readonly<Record<string, number>>;
  readonly trades: number;
  readonly contracts: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly unknownRecords: number;
  readonly unknownEnumValues: number;
  /** sha256 of the records in version 3, without ts_out: the same data has the same digest in every container. */
  readonly digest: string;
  readonly damage: { readonly code: string; readonly sentence: string; readonly atByte: number } | null;
}

/** Longest path that is printed. */
const PATH_MAX = 4096;

/** Null for a time that is not set. */
function isoTime(nanos: bigint): string | null {
  return nanos === UNDEF_TIME || nanos === 0n ? null : isoNanos(fromNanos(nanos));
}

function typeName(rtype: number): string {
  if (rtype === RTYPE.symbolMapping) return "symbol mapping";
  if (rtype === RTYPE.system) return "system";
  if (rtype === RTYPE.error) return "error";
  return schemaOfRtype(rtype) ?? `unknown type 0x${rtype.toString(16).padStart(2, "0")}`;
}

class Tally {
  readonly types = new Map<number, number>();
  readonly hash = createHash("sha256");
  readonly #view = new RecordView();
  trades = 0;
  contracts = 0;
  unknownEnums = 0;
  first = UNDEF_TIME;
  last = 0n;

  add(bytes: Uint8Array): void {
    this.hash.update(bytes);
    const view = this.#view.point(bytes, 0);
    for (let at = 0; at < bytes.length; at += view.lengthBytes) {
      view.base = at;
      this.#record(view);
    }
  }

  #record(view: RecordView): void {
    const { rtype } = view;
    this.types.set(rtype, (this.types.get(rtype) ?? 0) + 1);
    const at = view.index;
    if (at !== UNDEF_TIME) {
      if (at < this.first) this.first = at;
      if (at > this.last) this.last = at;
    }
    this.unknownEnums += unknownEnumValues(view);
    if (!hasAction(rtype) || !isTrade(view)) return;
    this.trades += 1;
    this.contracts += tradeSize(view);
  }
}

/** Reads to the end or to the damage. */
async function readAll(reader: RecordReader, tally: Tally, onProgress: () => void): Promise<NqError | null> {
  try {
    for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
      tally.add(batch.bytes);
      onProgress();
    }
    return null;
  } catch (error) {
    if (error instanceof NqError) return error;
    throw error;
  }
}

function describeMetadata(metadata: DbnMetadata | null, fragment: DbnVersion | null): Pick<
  Inspection, "version" | "isFragment" | "dataset" | "schema" | "symbols" | "firstSymbols" | "stypeIn" | "start" | "end" | "tsOut"
> {
  return {
    version: metadata?.version ?? fragment,
    isFragment: fragment !== null,
    dataset: metadata === null ? null : sanitiseText(metadata.dataset, 16),
    schema: metadata === null ? null : (schemaName(metadata.schema) ?? "mixed"),
    symbols: metadata?.symbols.length ?? 0,
    firstSymbols: (metadata?.symbols ?? []).slice(0, 8).map((symbol) => sanitiseText(symbol, 70)),
    stypeIn: metadata === null ? null : stypeName(metadata.stypeIn),
    start: metadata === null ? null : isoTime(metadata.start),
    end: metadata === null ? null : isoTime(metadata.end),
    tsOut: metadata?.tsOut ?? false,
  };
}

/**
 * Reads the whole file.
 * @throws NqError when not even its head can be read
 */
async function inspectFile(
  path: string,
  options: { readonly fragment: DbnVersion | null; readonly onProgress: (records: number) => void },
): Promise<Inspection> {
  const reader = await openRecordReader(path, options.fragment === null ? {} : { fragment: options.fragment });
  try {
    const metadata = options.fragment === null ? await reader.metadata() : null;
    const tally = new Tally();
    const damage = await readAll(reader, tally, () => options.onProgress(reader.records));
    return {
      path,
      format: reader.format,
      fileBytes: reader.fileBytes,
      ...describeMetadata(metadata, options.fragment),
      records: reader.records,
      recordTypes: Object.fromEntries([...tally.types].map(([rtype, count]) => [typeName(rtype), count])),
      trades: tally.trades,
      contracts: tally.contracts,
      firstAt: isoTime(tally.first),
      lastAt: isoTime(tally.last),
      unknownRecords: reader.unknownRecords,
      unknownEnumValues: tally.unknownEnums,
      digest: `sha256:${tally.hash.digest("hex")}`,
      damage: damage === null ? null : { code: damage.code, sentence: damage.message, atByte: reader.position },
    };
  } finally {
    await reader.close();
  }
}

const count = (value: number): string => value.toLocaleString("en-US");

/** The inspection for people, one fact a line. */
function inspectionLines(found: Inspection): readonly string[] {
  const more = found.symbols > found.firstSymbols.length ? ` and ${count(found.symbols - found.firstSymbols.length)} more` : "";
  const rows: readonly (readonly [string, string])[] = [
    ["file", sanitiseText(found.path, PATH_MAX)],
    ["format", `${found.format}, ${count(found.fileBytes)} bytes`],
    ["version", found.isFragment ? `DBN ${found.version}, as told: a fragment` : `DBN ${found.version}`],
    ["dataset", found.dataset ?? "not stated"],
    ["schema", found.schema ?? "not stated"],
    ["symbols", found.symbols === 0 ? "none stated" : `${found.firstSymbols.join(" ")}${more} (${found.stypeIn ?? "mixed"})`],
    ["asked for", `${found.start ?? "?"} to ${found.end ?? "open end"}`],
    ["send time", found.tsOut ? "yes (ts_out)" : "no"],
    ["records", count(found.records)],
    ...Object.entries(found.recordTypes).map(([name, records]) => [`  ${name}`, count(records)] as const),
    ["trades", `${count(found.trades)} (${count(found.contracts)} contracts)`],
    ["first", found.firstAt ?? "no time"],
    ["last", found.lastAt ?? "no time"],
    ["unknown", `${count(found.unknownRecords)} record types, ${count(found.unknownEnumValues)} coded values`],
    ["digest", found.digest],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(15)} ${value}`);
  if (found.damage === null) return lines;
  const { sentence, atByte } = found.damage;
  return [...lines, `${"DAMAGED".padEnd(16)}${sentence}`, `${"".padEnd(16)}readable up to byte ${count(atByte)}: ${count(found.records)} records, counted above`];
}

/** Prints the inspection; exit status 4 for a damaged file. */
export async function runInspect(
  system: System, path: string, options: { readonly json: boolean; readonly fragment: DbnVersion | null },
): Promise<number> {
  const progress = createProgress(system);
  const found = await inspectFile(path, {
    fragment: options.fragment,
    onProgress: (records) => progress.show(() => `${count(records)} records`),
  });
  progress.clear();
  const printer = createLinePrinter(system);
  printer.print(options.json ? JSON.stringify(found) : inspectionLines(found).join("\n"));
  await printer.flush();
  return found.damage === null ? 0 : 4;
}
