/** Cuts a byte stream into lines, however the bytes were cut on the way; holds at most one unfinished line. */
import { NqError } from "../lib/errors.ts";

const NEWLINE = 0x0a;
const INITIAL_BYTES = 1024;

/** Lines out of bytes: `push` hands out all at once, `add` and `next` one by one, for a change of phase between. */
export interface LineBuffer {
  /** Adds bytes and returns every line that is now complete, without newlines. Throws LSG_LINE_TOO_LONG. */
  push(chunk: Uint8Array): string[];
  /** Adds bytes without looking at them; `next` must be called until it gives null before the next `add`. */
  add(chunk: Uint8Array): void;
  /** The next complete line, or null when there is none. Throws LSG_LINE_TOO_LONG. */
  next(): string | null;
  /** From now on lines may have this many bytes, newline not counted. */
  setLimit(limitBytes: number): void;
  /** The bytes after the last line handed out; a view, valid until the next call. */
  rest(): Uint8Array;
  /** The same as an own copy, and forgets them. */
  take(): Uint8Array;
}

/** A line buffer that refuses lines longer than `limitBytes`. */
export function createLineBuffer(limitBytes: number): LineBuffer {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let limit = limitBytes;
  // The unread bytes are store[start..end); the store grows by doubling, so that a slow drip stays linear.
  let store = new Uint8Array(INITIAL_BYTES);
  let start = 0;
  let end = 0;
  let searched = 0; // bytes from `start` known to have no newline

  function add(chunk: Uint8Array): void {
    if (end + chunk.length > store.length) {
      const held = end - start;
      const target = held + chunk.length > store.length ? new Uint8Array((held + chunk.length) * 2) : store;
      target.set(store.subarray(start, end));
      store = target;
      start = 0;
      end = held;
    }
    store.set(chunk, end);
    end += chunk.length;
  }

  function next(): string | null {
    const unread = store.subarray(start, end);
    const newline = unread.indexOf(NEWLINE, searched);
    if ((newline < 0 ? unread.length : newline) > limit) {
      throw new NqError("LSG_LINE_TOO_LONG", `expected a line of at most ${limit} bytes, found a longer one`);
    }
    searched = newline < 0 ? unread.length : 0;
    if (newline < 0) return null;
    start += newline + 1;
    return decoder.decode(unread.subarray(0, newline));
  }

  return {
    add,
    next,
    push(chunk) {
      add(chunk);
      const lines: string[] = [];
      for (let line = next(); line !== null; line = next()) lines.push(line);
      return lines;
    },
    setLimit(bytes) {
      limit = bytes;
    },
    rest: () => store.subarray(start, end),
    take() {
      const bytes = store.slice(start, end);
      start = end = searched = 0;
      return bytes;
    },
  };
}
