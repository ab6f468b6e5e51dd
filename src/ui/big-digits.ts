/** Large digits for the price: a 3 × 5 dot font, drawn in half blocks (3 rows) or whole ones (5, 10 or 15 rows). */
import type { Row } from "./text.ts";
import type { Tone } from "./theme.ts";

/** Five rows of three (or fewer) dots each. */
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
};
const BLANK = ["   ", "   ", "   ", "   ", "   "];

/** `half`: 3 rows, a dot is half a cell high. A number: 5 × n rows, a dot is 2 × n cells wide and n high. */
export type DigitSize = "half" | 1 | 2 | 3;

function half(dots: readonly string[]): readonly string[] {
  return [0, 2, 4].map((y) => {
    const upper = dots[y] ?? "";
    const lower = dots[y + 1] ?? "";
    let cells = "";
    for (let x = 0; x < upper.length; x++) {
      const low = lower[x] === "#";
      cells += upper[x] === "#" ? (low ? "█" : "▀") : low ? "▄" : " ";
    }
    return cells;
  });
}

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

function makeGlyph(character: string, size: DigitSize): readonly string[] {
  const dots = DOTS[character] ?? BLANK;
  if (size === "half") return half(dots);
  const on = "██".repeat(size);
  const off = "  ".repeat(size);
  return dots.flatMap((row) => {
    const cells = row.replaceAll("#", on).replaceAll(" ", off);
    return Array.from({ length: size }, () => cells);
  });
}

function gapOf(size: DigitSize): number {
  return size === "half" ? 1 : 2 * size;
}

/** Cells that `text` takes in width. */
export function bigWidth(text: string, size: DigitSize): number {
  let width = 0;
  for (const character of text) width += (glyph(character, size)[0]?.length ?? 0) + gapOf(size);
  return Math.max(0, width - gapOf(size));
}

/** Rows of the font. */
export function bigRows(size: DigitSize): number {
  return size === "half" ? 3 : 5 * size;
}

/** The text in large digits; `toneAt` gives the tone of each character by its index. */
export function bigText(text: string, size: DigitSize, toneAt: (index: number) => Tone): readonly Row[] {
  const gap = " ".repeat(gapOf(size));
  const characters = [...text];
  const glyphs = characters.map((character) => glyph(character, size));
  return Array.from({ length: bigRows(size) }, (_, y) =>
    glyphs.map((rows, index) => {
      const cells = rows[y] ?? "";
      return { text: index === glyphs.length - 1 ? cells : cells + gap, tone: toneAt(index) };
    }),
  );
}
