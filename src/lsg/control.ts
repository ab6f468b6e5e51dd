/** The gateway's text lines, `key=value|key=value`, read into pairs and written from them. */
import { NqError } from "../lib/errors.ts";

/** More pairs than any line of the protocol has; a longer one is damage or an attack. */
const PAIRS_MAX = 64;
// eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const CONTROL_CHARACTER = /[\u0000-\u001F\u007F]/;

/**
 * One line without its newline → its pairs, in order. A value may contain `=`; a trailing `|` is tolerated.
 * Throws LSG_BAD_LINE; the message never repeats the line, because it may carry an authentication value.
 */
export function parseControlLine(line: string): Map<string, string> {
  if (CONTROL_CHARACTER.test(line)) {
    throw new NqError("LSG_BAD_LINE", "expected a line of printable text, found a control character");
  }
  const text = line.endsWith("|") ? line.slice(0, -1) : line;
  const parts = text.split("|", PAIRS_MAX + 1);
  if (parts.length > PAIRS_MAX) {
    throw new NqError("LSG_BAD_LINE", `expected at most ${PAIRS_MAX} key=value pairs on a line, found more`);
  }
  const pairs = new Map<string, string>();
  for (const [index, part] of parts.entries()) {
    const split = part.indexOf("=");
    if (split < 1) {
      throw new NqError("LSG_BAD_LINE", `expected key=value as pair ${index + 1} of the line, found none`);
    }
    const key = part.slice(0, split);
    if (pairs.has(key)) throw new NqError("LSG_BAD_LINE", `expected each key once, found ${showKey(key)} twice`);
    pairs.set(key, part.slice(split + 1));
  }
  return pairs;
}

/** Pairs → one line, without newline. Throws LSG_BAD_LINE for a key or value that cannot be written. */
export function formatControlLine(pairs: readonly (readonly [string, string])[]): string {
  const parts = pairs.map(([key, value]) => {
    if (!/^[a-z][a-z0-9_]*$/.test(key)) throw new NqError("LSG_BAD_LINE", "expected a key of small letters and _");
    if (value.includes("|") || CONTROL_CHARACTER.test(value)) {
      throw new NqError("LSG_BAD_LINE", `expected a value of ${key} without | and control characters`);
    }
    return `${key}=${value}`;
  });
  return parts.join("|");
}

/** A key as it may be repeated in a message: only if it looks like one, for it could be a misplaced secret. */
export function showKey(key: string): string {
  return /^[a-z_]{1,32}$/.test(key) ? `'${key}'` : "an odd name";
}
