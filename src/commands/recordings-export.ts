/** Recordings and other DBN files into CSV, NDJSON or Parquet; written beside the target and put in place when whole. */
import { rename, rm } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { DBN_VERSION_MAX, schemaName } from "../dbn/constants.ts";
import { decodeRecord } from "../dbn/records.ts";
import { RecordView } from "../dbn/record-view.ts";
import { readRecordings } from "../gateway/recording-cursor.ts";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { UnixTime } from "../lib/time.ts";
import { openRecordReader } from "../recording/record-reader.ts";
import { exportColumns, EXPORTED_SCHEMAS, type ExportColumn } from "./export-columns.ts";
import { csvRow, jsonRow } from "./export-text.ts";
import { openParquet } from "./export-parquet.ts";
import { writeError } from "./print-lines.ts";
import { createProgress } from "./progress.ts";
import type { System } from "./system.ts";

export type ExportFormat = "csv" | "ndjson" | "parquet";

export interface ExportOptions {
  readonly paths: readonly string[];
  readonly format: ExportFormat;
  /** `-`: standard output, not for Parquet. */
  readonly out: string;
  /** Says of the market in every export where it comes from. */
  readonly mode: "LIVE" | "DEMO" | "REPLAY";
}

export interface RowTarget {
  write(values: readonly (number | bigint | string | null)[]): Promise<void> | void;
  finish(): Promise<void>;
  /** The rows so far are of no use. */
  abandon(): Promise<void>;
}

/** Later than any record. */
const FAR: UnixTime = { sec: 18_446_744_073, nanos: 0 };
/** Text is written in pieces of about this size. */
const PIECE_CHARACTERS = 256 * 1024;
const SYMBOL_MAX = 70;

class TextTarget implements RowTarget {
  readonly #stream: NodeJS.WritableStream;
  readonly #columns: readonly ExportColumn[];
  readonly #row: typeof csvRow;
  readonly #isOwn: boolean;
  #pending = "";
  #failure: Error | null = null;

  constructor(stream: NodeJS.WritableStream, isOwn: boolean, format: ExportFormat, columns: readonly ExportColumn[]) {
    this.#stream = stream;
    this.#isOwn = isOwn;
    this.#columns = columns;
    this.#row = format === "csv" ? csvRow : jsonRow;
    if (format === "csv") this.#pending = `${columns.map(({ name }) => name).join(",")}\n`;
    stream.on("error", (error: Error) => (this.#failure = error));
  }

  async write(values: readonly (number | bigint | string | null)[]): Promise<void> {
    this.#pending += `${this.#row(this.#columns, values)}\n`;
    if (this.#pending.length >= PIECE_CHARACTERS) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    if (!this.#isOwn) return;
    this.#stream.end();
    await once(this.#stream, "close");
    if (this.#failure !== null) throw this.#failure;
  }

  abandon(): Promise<void> {
    if (this.#isOwn) this.#stream.end();
    return Promise.resolve();
  }

  /** Resolves when the stream takes more, or never will. */
  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.#stream.off("drain", go);
        this.#stream.off("error", go);
        resolve();
      };
      this.#stream.on("drain", go);
      this.#stream.on("error", go);
    });
  }

  async #flush(): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    const text = this.#pending;
    this.#pending = "";
    if (text !== "" && !this.#stream.write(text)) await this.#drained();
    if (this.#failure !== null) throw this.#failure;
  }
}

async function openTarget(system: System, options: ExportOptions, path: string, columns: readonly ExportColumn[]): Promise<RowTarget> {
  if (options.format === "parquet") return openParquet(path, columns, options.mode);
  if (options.out === "-") return new TextTarget(system.stdout, false, options.format, columns);
  const stream = createWriteStream(path, { mode: 0o600 });
  await once(stream, "open");
  return new TextTarget(stream, true, options.format, columns);
}

/** All files must be of one schema. @throws NqError FILE_*, DBN_*, USAGE */
export async function exportFiles(system: System, options: ExportOptions, signal: AbortSignal): Promise<number> {
  const { paths, out, format } = options;
  if (out === "-" && format === "parquet") throw new NqError("USAGE", "expected --out with a file for Parquet, found standard output");
  const names = new Map<number, string>();
  const schemas = new Set<string>();
  for (const path of paths) {
    const reader = await openRecordReader(path);
    try {
      const { schema, mappings } = await reader.metadata();
      schemas.add(schemaName(schema) ?? "mixed");
      for (const { rawSymbol, intervals } of mappings) for (const { symbol } of intervals) names.set(Number(symbol), sanitiseText(rawSymbol, SYMBOL_MAX));
    } finally {
      await reader.close();
    }
  }
  const [schema = ""] = schemas;
  if (schemas.size !== 1 || !EXPORTED_SCHEMAS.includes(schema)) {
    throw new NqError("USAGE", `expected files of one schema out of ${EXPORTED_SCHEMAS.join(", ")}, found ${[...schemas].join(", ") || "none"}`);
  }
  const columns = exportColumns(schema, (id) => names.get(id) ?? "", options.mode);
  const partial = `${out}.partial`;
  let target: RowTarget | null = null;
  try {
    target = await openTarget(system, options, partial, columns);
    const rows = await writeRows(system, paths, columns, target, signal);
    await target.finish();
    if (out !== "-") await rename(partial, out);
    if (out !== "-") system.stderr.write(`nq-tui: ${rows.toLocaleString("en-US")} rows of ${schema} in ${out} (${options.mode})\n`);
    return 0;
  } catch (error) {
    await target?.abandon();
    if (out !== "-") await rm(partial, { force: true }).catch(() => {}); // what cannot be made cannot be removed either
    if (error instanceof NqError) throw error;
    if (error instanceof Error && "code" in error && error.code === "EPIPE") return 0; // nobody reads any more
    throw writeError(out === "-" ? "standard output" : out, error);
  }
}

async function writeRows(
  system: System, paths: readonly string[], columns: readonly ExportColumn[], target: RowTarget, signal: AbortSignal,
): Promise<number> {
  const progress = createProgress(system);
  const from = system.clock.monotonicMs();
  const view = new RecordView();
  let rows = 0;
  const damages: NqError[] = [];
  const refuseDamage = (): void => {
    if (damages[0] !== undefined) throw damages[0];
  };
  // Parts of a day may lie beside one another in time: what was lost and filled later.
  const reader = readRecordings({ opens: paths.map((path) => () => openRecordReader(path)), lastAt: FAR, onDamage: (error) => void damages.push(error) });
  try {
    for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
      if (signal.aborted) throw new NqError("USAGE", "the export was stopped; nothing was written");
      refuseDamage();
      if (batch === null) continue;
      for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
        view.point(batch.bytes, at);
        const record = decodeRecord(batch.bytes, DBN_VERSION_MAX, at);
        if (record === null) continue;
        await target.write(columns.map((column) => column.read(record)));
        rows += 1;
      }
      const seconds = (system.clock.monotonicMs() - from) / 1000;
      progress.show(() => `${rows.toLocaleString("en-US")} rows, ${Math.round(rows / seconds / 1000)} thousand a second`);
    }
    refuseDamage();
    return rows;
  } finally {
    await reader.close();
    progress.clear();
  }
}
