/** A line that the reader types into, over the screen: what was typed, and which of what it found is chosen. */

/** The text typed so far and the chosen line of the list beneath, from 0. */
export interface Entry {
  readonly text: string;
  readonly chosen: number;
  /** A time to go to is typed, not the name of a command. */
  readonly isTime?: boolean;
  /** What is wrong with what was entered; until something else is typed. */
  readonly wrong?: string;
}

export const NO_TEXT: Entry = { text: "", chosen: 0 };
export const NO_TIME: Entry = { text: "", chosen: 0, isTime: true };

const TEXT_MAX = 60;

/** The entry after a key; keys that mean nothing to it leave it as it is. */
export function typeInto(entry: Entry, chord: string): Entry {
  const { text, chosen } = entry;
  const empty = entry.isTime === true ? NO_TIME : NO_TEXT;
  if (chord === "down" || chord === "tab") return { ...empty, text, chosen: chosen + 1 };
  if (chord === "up" || chord === "shift+tab") return { ...empty, text, chosen: Math.max(0, chosen - 1) };
  if (chord === "backspace") return { ...empty, text: text.slice(0, -1) };
  if (chord === "ctrl+u") return empty;
  const letter = chord === "space" ? " " : chord;
  return letter.length === 1 && text.length < TEXT_MAX ? { ...empty, text: text + letter } : entry;
}
