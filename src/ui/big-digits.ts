/** Large digits for the price: a 3 × 5 dot font, drawn in half blocks; the smallest in strokes where the terminal has none. */
import type { Row } from "./text.ts";
import type { Tone } from "./theme.ts";

/** Five rows of dots each; most are three wide. */
const DOTS: Readonly<Record<string, readonly string[]>> = {
  "0": ["###", "# #", "# #", "# #", "###"],
  "1": [" # ", "## ", " # ", " # ", "###"],
  "2": ["###", "  #", "###", "#  ", "###"],
  "3": ["###", "  #", "###", "  #", "###"],
  "4": ["# #", "# #", "###", "  #", "  #"],
  "5": ["###", "#  ", "###", "  #", "###"],
  "6": ["###", "#  ", "###", "# #", "###"],
  "7": ["###", "  #", "  #", "  #", "  #"],
  "8": ["###", "# #", "###", "# #", "###"],
  "9": ["###", "# #", "###", "  #", "###"],
  ".": [" ", " ", " ", " ", "#"],
  ",": [" ", " ", " ", "#", "#"],
  "−": ["   ", "   ", "###", "   ", "   "],
  "+": ["   ", " # ", "###", " # ", "   "],
  "%": ["# #", "  #", " # ", "#  ", "# #"],
  "▲": ["     ", "  #  ", " ### ", "#####", "     "],
  "▼": ["     ", "#####", " ### ", "  #  ", "     "],
};
/** The smallest size where there are no half blocks: as a pocket calculator has them. */
const STROKES: Readonly<Record<string, readonly string[]>> = {
  "0": [" _ ", "| |", "|_|"],
  "1": ["   ", "  |", "  |"],
  "2": [" _ ", " _|", "|_ "],
  "3": [" _ ", " _|", " _|"],
  "4": ["   ", "|_|", "  |"],
  "5": [" _ ", "|_ ", " _|"],
  "6": [" _ ", "|_ ", "|_|"],
  "7": [" _ ", "  |", "  |"],
  "8": [" _ ", "|_|", "|_|"],
  "9": [" _ ", "|_|", " _|"],
  ".": [" ", " ", "."],
  ",": [" ", " ", ","],
  "−": ["   ", "---", "   "],
  "+": ["   ", "-+-", "   "],
  "%": ["o /", " / ", "/ o"],
  "▲": ["  ^  ", " ^^^ ", "     "],
  "▼": ["     ", " vvv ", "  v  "],
};
const BLANK = ["   ", "   ", "   ", "   ", "   "];

/** A dot is so many cells wide and half as many rows high: 1 gives 3 rows, 2 five, 4 ten. */
export type DigitSize = number;

/** Glyphs by size and character; there are few of either, and the price is drawn with every trade. */
const GLYPHS = new Map<string, readonly string[]>();

function glyph(character: string, size: DigitSize): readonly string[] {
  const key = `${size}${character}`;
  const known = GLYPHS.get(key);
  if (known !== undefined) return known;
  const made = makeGlyph(character in DOTS ? character : " ", size);
  if (character in DOTS) GLYPHS.set(key, made);
  return made;
}

/** Two rows of dots in one row of cells. */
function half(upper: string, lower: string): string {
  let cells = "";
  for (let x = 0; x < upper.length; x++) {
    const low = lower[x] === "#";
    cells += upper[x] === "#" ? (low ? "█" : "▀") : low ? "▄" : " ";
  }
  return cells;
}

function makeGlyph(character: string, size: DigitSize): readonly string[] {
  const dots = (DOTS[character] ?? BLANK).flatMap((row) => {
    const wide = [...row].map((dot) => dot.repeat(size)).join("");
    return Array.from({ length: size }, () => wide);
  });
  return Array.from({ length: bigRows(size) }, (_, y) => half(dots[2 * y] ?? "", dots[2 * y + 1] ?? ""));
}

/** Cells that `text` takes in width. */
export function bigWidth(text: string, size: DigitSize): number {
  let width = 0;
  for (const character of text) width += (glyph(character, size)[0]?.length ?? 0) + size;
  return Math.max(0, width - size);
}

/** Rows of the font. */
export function bigRows(size: DigitSize): number {
  return Math.ceil((5 * size) / 2);
}

/** The text in large digits; `toneAt` gives the tone of each character by its index. `isAscii`: the terminal has no half blocks. */
export function bigText(text: string, size: DigitSize, toneAt: (index: number) => Tone, isAscii = false): readonly Row[] {
  const gap = " ".repeat(size);
  const characters = [...text];
  const glyphs = characters.map((character) => (isAscii && size === 1 ? STROKES[character] : undefined) ?? glyph(character, size));
  return Array.from({ length: bigRows(size) }, (_, y) =>
    glyphs.map((rows, index) => {
      const cells = rows[y] ?? "";
      return { text: index === glyphs.length - 1 ? cells : cells + gap, tone: toneAt(index) };
    }),
  );
}
