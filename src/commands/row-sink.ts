/** Where a log's rows go: standard output, or one file for each trade date. */
import { mkdirSync } from "node:fs";
import { dirname, parse } from "node:path";
import { csvRow } from "../ui/csv.ts";
import { LOG_COLUMNS, logFields, type LogRow } from "../ui/log-row.ts";
import { NqError } from "../lib/errors.ts";
import { createLinePrinter } from "./print-lines.ts";
import { isRegular, openRowFile, type RowFile } from "./row-file.ts";
import type { System } from "./system.ts";

export type LogFormat = "csv" | "ndjson";

export interface RowSink {
  /** @throws NqError FILE_WRITE, FILE_OTHER */
  write(row: LogRow): void;
  /** Waits until a slow reader has taken what was written. @throws NqError FILE_WRITE */
  flush(): Promise<void>;
  close(): void;
}

export interface RowSinkOptions {
  readonly format: LogFormat;
  /** null: standard output. */
  readonly out: string | null;
  /** Called once when nobody reads standard output any more. */
  readonly onGone: () => void;
}

const HEADER = csvRow(LOG_COLUMNS);

/**
 * The file of a trade date: `%d` stands for the date; without it the date goes before the ending (`nq.csv` becomes
 * `nq-2025-06-13.csv`). Devices and pipes are taken as they are.
 */
export function logFileName(out: string, tradeDate: string): string {
  if (out.includes("%d")) return out.replaceAll("%d", tradeDate);
  if (!isRegular(out)) return out;
  const { ext } = parse(out);
  return `${out.slice(0, out.length - ext.length)}-${tradeDate}${ext}`;
}

function isJsonRow(line: string): boolean {
  return line.startsWith(`{"${LOG_COLUMNS[0]}":`);
}

class Files implements RowSink {
  readonly #system: System;
  readonly #format: LogFormat;
  readonly #out: string;
  /** Time of the last row that the file had; rows up to it are passed over, which is told once. */
  #hadUntil = "";
  #isTold = false;
  #file: RowFile | null = null;
  #name = "";

  constructor(system: System, out: string, { format }: RowSinkOptions) {
    this.#system = system;
    this.#format = format;
    this.#out = out;
  }

  write(row: LogRow): void {
    const name = logFileName(this.#out, row.trade_date);
    if (this.#file === null || name !== this.#name) this.#open(name, row.mode);
    if (row.ts > this.#hadUntil) return this.#file?.write(textOf(row, this.#format));
    if (this.#isTold) return;
    this.#isTold = true;
    this.#system.stderr.write(`nq-tui: ${name} has rows up to ${this.#hadUntil}; rows up to then are not written again\n`);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  /** @throws NqError FILE_OTHER where its rows are of another kind of market */
  #open(name: string, mode: LogRow["mode"]): void {
    this.close();
    if (dirname(this.#out).includes("%d")) mkdirSync(dirname(name), { recursive: true });
    const file = openRowFile({ path: name, header: this.#format === "csv" ? HEADER : null, isRow: isJsonRow });
    this.#file = file;
    this.#name = name;
    const other = modeOf(file.lastRow, this.#format);
    if (other !== "" && other !== mode) {
      throw new NqError("FILE_OTHER", `expected a file with rows marked ${mode} to go on with, found rows marked ${other} in ${name}; name another file with --out`);
    }
    // One trade date has one offset, so its times sort as text.
    this.#hadUntil = timeOf(file.lastRow, this.#format);
    this.#isTold = false;
    if (file.cutBytes > 0) {
      this.#system.stderr.write(`nq-tui: ${name} ended in the middle of a row; its ${file.cutBytes} bytes were cut off\n`);
    }
  }
}

/** The time of a row of the file; empty for none, and for a header. */
function timeOf(row: string, format: LogFormat): string {
  const time = format === "csv" ? row.split(",")[0] : /^\{"ts":"([^"]*)"/.exec(row)?.[1];
  return time !== undefined && /^\d/.test(time) ? time : "";
}

/** What the row of the file says of its market; empty for none, and for a header. */
function modeOf(row: string, format: LogFormat): string {
  if (timeOf(row, format) === "") return "";
  return (format === "csv" ? row.split(",")[LOG_COLUMNS.indexOf("mode")] : /"mode":"([A-Z]*)"/.exec(row)?.[1]) ?? "";
}

function textOf(row: LogRow, format: LogFormat): string {
  return format === "csv" ? csvRow(logFields(row)) : JSON.stringify(row);
}

/** The sink that the options ask for. */
export function openRowSink(system: System, options: RowSinkOptions): RowSink {
  const { format, out, onGone } = options;
  if (out !== null) return new Files(system, out, options);
  const printer = createLinePrinter(system, onGone);
  let isBegun = false;
  return {
    write(row) {
      if (!isBegun && format === "csv") printer.print(HEADER);
      isBegun = true;
      printer.print(textOf(row, format));
    },
    flush: () => printer.flush(),
    close: () => {},
  };
}

/** Writes rows until one cannot be written; then everything ends. */
export class RowWriter {
  readonly #sink: RowSink;
  readonly #stop: () => void;
  failure: NqError | null = null;

  constructor(sink: RowSink, stop: () => void) {
    this.#sink = sink;
    this.#stop = stop;
  }

  readonly write = (row: LogRow): void => {
    if (this.failure !== null) return;
    try {
      this.#sink.write(row);
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      this.failure = error;
      this.#stop();
    }
  };
}
