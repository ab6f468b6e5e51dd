/** Makes text from outside safe to show: no control, escape, bidirectional or zero-width characters, bounded length. */

const REPLACEMENT = "\uFFFD";
/** Removed: C0, DEL, C1, format characters (bidirectional, zero-width, tags), fillers and all else invisible. */
const REMOVED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** Replaced: combining marks (they pile up on one cell), private use, surrogates, unassigned. */
const REPLACED = /[\p{M}\p{Co}\p{Cs}\p{Cn}]/gu;
/** Line breaks and tabs part words, so they become a blank before the rest of the control characters goes. */
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** Whole escape sequences, so that `ESC [ 31 m` leaves no `[31m` behind: CSI; OSC, DCS, APC, PM, SOS; two-byte ones. */
const ESCAPES = new RegExp(
  "(?:\\u001B\\[|\\u009B)[0-?]*[ -/]*[@-~]?" +
    "|(?:\\u001B[\\]PX^_]|[\\u0090\\u0098\\u009D-\\u009F])[^\\u0007\\u001B\\u009C]*(?:\\u0007|\\u001B\\\\|\\u009C)?" +
    "|\\u001B[ -/]*[0-~]?",
  "g",
);

/** The text without anything that could steer a terminal, at most `max` characters (a cut one ends in `…`). */
export function sanitiseText(text: string, max: number): string {
  // Cut before matching too, so that the work is bounded by `max` and not by what was sent.
  const bounded = text.length > max * 4 + 64 ? text.slice(0, max * 4 + 64) : text;
  const clean = bounded
    .replace(ESCAPES, "")
    .replace(BREAKS, " ")
    .replace(REMOVED, "")
    .replace(REPLACED, REPLACEMENT)
    .trim();
  const characters = [...clean];
  if (characters.length <= max) return clean;
  return max < 1 ? "" : `${characters.slice(0, max - 1).join("")}…`;
}
