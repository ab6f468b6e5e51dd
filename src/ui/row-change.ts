/** The part of an encoded row that has to be written again, so that a changed digit does not cost a whole row. */
import { RESET } from "./theme.ts";
import { cellsOf } from "./terminal-codes.ts";

/** Text with its own tones, and the cell of the row at which it begins. */
export interface RowChange {
  readonly cell: number;
  readonly text: string;
}

const ESC = "\u001B";

/** Start of the escape sequence that `at` lies inside of, or `at` itself when it lies between characters. */
function outsideSequence(text: string, at: number): number {
  const start = text.lastIndexOf(ESC, at - 1);
  if (start < 0) return at;
  const end = text.indexOf("m", start);
  return end >= at ? start : at;
}

/** The sequence in force at `at`, which lies between characters; empty when none is. */
function toneAt(text: string, at: number): string {
  if (at === 0) return "";
  const start = text.lastIndexOf(ESC, at - 1);
  if (start < 0) return "";
  const tone = text.slice(start, text.indexOf("m", start) + 1);
  return tone === RESET ? "" : tone;
}

/**
 * What turns `before` into `after` on the terminal. Both are encoded rows of the same number of cells, every tone ended
 * by a reset before the next begins.
 */
export function rowChange(before: string, after: string): RowChange {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  head = Math.min(outsideSequence(before, head), outsideSequence(after, head));
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const endBefore = outsideSequence(before, before.length - tail);
  const endAfter = outsideSequence(after, after.length - tail);
  // A common end counts only where both rows are in the same tone, and cut at the same character.
  const sameCut = before.length - endBefore === after.length - endAfter;
  const cut = sameCut && toneAt(before, endBefore) === toneAt(after, endAfter) ? endAfter : after.length;
  const middle = after.slice(head, cut);
  const closed = toneAt(after, cut) === "" ? middle : middle + RESET;
  return { cell: cellsOf(after.slice(0, head)), text: toneAt(after, head) + closed };
}
