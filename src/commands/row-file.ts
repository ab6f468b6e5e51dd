/**
 * A file of rows that only ever grows by whole ones: each row is one write at the end of the file, what a crash left of
 * a row is cut off when the file is opened again, and a full disk takes back the part of a row it let through.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { NqError } from "../lib/errors.ts";
import { writeError } from "./print-lines.ts";

export interface RowFile {
  readonly path: string;
  /** Bytes of a row left by a crash that were cut off when the file was opened. */
  readonly cutBytes: number;
  /** The last whole line that the file had when it was opened; empty when it had none. */
  readonly lastRow: string;
  /** @throws NqError FILE_WRITE; the file then ends with the row before */
  write(row: string): void;
  close(): void;
}

export interface RowFileOptions {
  readonly path: string;
  /** First line of the file; null: every line is a row. */
  readonly header: string | null;
  /** Whether the first line of a file without a header may be one of ours. */
  readonly isRow: (line: string) => boolean;
}

const NEWLINE = 10;
/** No row is longer; a file without a line end in its first or last bytes of this number is none of ours. */
const LINE_BYTES_MAX = 65_536;

/** False for devices and pipes (`/dev/stdout`): they are written to as they are, nothing in them can be looked at. */
export function isRegular(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return true; // not there yet
  }
}

function readAt(fd: number, from: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, from));
}

/** Bytes of the file's whole lines; 0 when it has none. Null when there is no line end where a row would have one. */
function wholeLength(fd: number, size: number): number | null {
  const tail = readAt(fd, Math.max(0, size - LINE_BYTES_MAX), LINE_BYTES_MAX);
  const end = tail.lastIndexOf(NEWLINE);
  if (end >= 0) return size - tail.length + end + 1;
  return size < LINE_BYTES_MAX ? 0 : null;
}

function firstLine(fd: number, size: number): string {
  const head = readAt(fd, 0, Math.min(size, LINE_BYTES_MAX));
  const end = head.indexOf(NEWLINE);
  // A machine that lost its power may leave zeros where bytes were to come.
  return new TextDecoder().decode(end < 0 ? head : head.subarray(0, end)).replace(/\0+$/, "");
}

/** The last line of the first `length` bytes, which end with a line end. */
function lastLine(fd: number, length: number): string {
  const from = Math.max(0, length - LINE_BYTES_MAX);
  return new TextDecoder().decode(readAt(fd, from, length - from)).trimEnd().split("\n").at(-1) ?? "";
}

class Rows implements RowFile {
  readonly path: string;
  readonly cutBytes: number;
  lastRow = "";
  readonly #fd: number;
  readonly #isRegular: boolean;

  constructor({ path, header, isRow }: RowFileOptions) {
    this.path = path;
    this.#isRegular = isRegular(path);
    this.#fd = openForRows(path, this.#isRegular);
    try {
      this.cutBytes = this.#isRegular ? this.#repair(header, isRow) : 0;
      const isEmpty = !this.#isRegular || fstatSync(this.#fd).size === 0;
      if (header !== null && isEmpty) this.write(header);
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  write(row: string): void {
    const bytes = new TextEncoder().encode(`${row}\n`);
    let written = 0;
    try {
      written = writeSync(this.#fd, bytes);
    } catch (error) {
      throw writeError(this.path, error);
    }
    if (written === bytes.length) return;
    // The disk took a part of it.
    if (this.#isRegular) ftruncateSync(this.#fd, fstatSync(this.#fd).size - written);
    throw new NqError("FILE_WRITE", `${this.path} cannot be written: no space is left`);
  }

  close(): void {
    try {
      if (this.#isRegular) fsyncSync(this.#fd);
    } catch (error) {
      throw writeError(this.path, error);
    } finally {
      closeSync(this.#fd);
    }
  }

  /** Cuts off what is left of a torn row. @throws NqError FILE_OTHER when the file is none of ours */
  #repair(header: string | null, isRow: (line: string) => boolean): number {
    const { size } = fstatSync(this.#fd);
    if (size === 0) return 0;
    const whole = wholeLength(this.#fd, size);
    const first = firstLine(this.#fd, size);
    const isTornFirst = whole === 0 && (header === null ? first === "" || first.startsWith("{") : header.startsWith(first));
    const isOurs = isTornFirst || (whole !== null && whole > 0 && (header === null ? isRow(first) : first === header));
    if (!isOurs || whole === null) {
      const expected = header === null ? "rows of JSON" : `a file that begins with ${header.slice(0, 40)}…`;
      throw new NqError("FILE_OTHER", `expected ${expected} to go on with, found something else in ${this.path}`);
    }
    if (whole < size) ftruncateSync(this.#fd, whole);
    this.lastRow = lastLine(this.#fd, whole);
    return size - whole;
  }
}

function openForRows(path: string, regular: boolean): number {
  try {
    return openSync(path, regular ? "a+" : "a");
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * Opens or makes the file, mends its end, and writes the header where it is empty.
 * @throws NqError FILE_OTHER, FILE_WRITE
 */
export function openRowFile(options: RowFileOptions): RowFile {
  return new Rows(options);
}
