/** A line that the reader types into, over the screen: what was typed, and which of what it found is chosen. */

/** The text typed so far and the chosen line of the list beneath, from 0. */
export interface Entry {
  readonly text: string;
  readonly chosen: number;
}

export const NO_TEXT: Entry = { text: "", chosen: 0 };

const TEXT_MAX = 60;

/** The entry after a key; keys that mean nothing to it leave it as it is. */
export function typeInto(entry: Entry, chord: string): Entry {
  const { text, chosen } = entry;
  if (chord === "down" || chord === "tab") return { text, chosen: chosen + 1 };
  if (chord === "up" || chord === "shift+tab") return { text, chosen: Math.max(0, chosen - 1) };
  if (chord === "backspace") return { text: text.slice(0, -1), chosen: 0 };
  if (chord === "ctrl+u") return NO_TEXT;
  const letter = chord === "space" ? " " : chord;
  return letter.length === 1 && text.length < TEXT_MAX ? { text: text + letter, chosen: 0 } : entry;
}
