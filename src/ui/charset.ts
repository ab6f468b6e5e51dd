/** Which characters a terminal shows, and the one table that stands in for the others; one cell for one cell. */

/** `ascii`: a terminal without Unicode; everything drawn is replaced at the last step, letter for letter. */
export type Charset = "unicode" | "ascii";

/** Every character beyond ASCII that the screen draws, and what it becomes. */
const ASCII: Readonly<Record<string, string>> = {
  // frames: the focused one is heavy, so it has other letters
  "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+",
  "━": "=", "┃": "!", "┏": "+", "┓": "+", "┗": "+", "┛": "+",
  // the line of the chart and its axis
  "╭": ".", "╮": ".", "╰": "'", "╯": "'", "┤": "+", "►": ">",
  // bars, from nearly nothing to a whole cell; what was sold is lighter
  "▏": ".", "▎": ".", "▍": ":", "▌": ":", "▋": "=", "▊": "=", "▉": "#", "█": "#", "▒": "-", "░": ".", "┊": "@",
  "▁": "_", "▂": ".", "▃": ",", "▄": "o", "▅": "=", "▆": "+", "▇": "*", "▀": "\"",
  // signs
  "▲": "^", "▼": "v", "▸": ">", "◄": "<", "◆": "*", "↑": "^", "↓": "v", "←": "<", "→": ">", "◂": "<", "▶": ">", "Ⅱ": "=",
  "●": "*", "○": "o", "◌": ".", "◦": "o", "□": "o", "■": "#", "✕": "X", "»": ">", "×": "x", "·": ".",
  // `…` says that something was cut, so it must not look like the end of a number
  "…": ">", "−": "-", "–": "-", "—": "-", "σ": "s",
};

const BEYOND_ASCII = /[^\u0000-\u007F]/g;

/** The characters beyond ASCII that may be drawn. */
export const BEYOND: string = Object.keys(ASCII).join("");

/** The text in characters that the terminal shows; the same length. */
export function inCharset(text: string, charset: Charset): string {
  return charset === "unicode" ? text : text.replace(BEYOND_ASCII, (character) => ASCII[character] ?? "?");
}
