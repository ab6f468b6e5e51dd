/** The command palette: every command, found by what is typed, with its keys, or why it cannot be run now. */
import fuzzysort from "fuzzysort";
import type { Entry } from "./entry.ts";
import type { MappedKey } from "./key-map.ts";
import { commandOf, keysText } from "./keys.ts";
import { fitRow, line, span, spread } from "./text.ts";
import type { Row, Size } from "./text.ts";
import type { Command, ViewState } from "./view-state.ts";
import { reasonOf } from "./why-not.ts";

/** Commands that only lead into or out of lists like this one. */
const OWN: readonly string[] = ["palette", "back"];

/** The commands that match, the best first; all of them, in the order of the help, while nothing is typed. */
export function foundCommands(view: ViewState, { text }: Entry): readonly MappedKey[] {
  const all = view.keys.filter(({ name }) => !OWN.includes(name));
  if (text.trim() === "") return all;
  const found = fuzzysort.go(text, all, { keys: [({ label, title }) => `${label} ${title}`, "name", ({ chords }) => chords.join(" ")], threshold: 0.2 });
  return found.map(({ obj }) => obj);
}

/** The chosen line of so many; one past the last is the first again. */
function chosenOf({ chosen }: Entry, count: number): number {
  return count === 0 ? 0 : chosen % count;
}

/** What Enter runs; null where nothing was found or it cannot be run. */
export function chosenCommand(view: ViewState, entry: Entry): Command | null {
  const found = foundCommands(view, entry);
  const key = found[chosenOf(entry, found.length)];
  return key === undefined || reasonOf(view, key) !== null ? null : commandOf(view, key);
}

/** The palette in the size given: the line typed into, then what it found. */
export function paletteRows(view: ViewState, entry: Entry, size: Size): readonly Row[] {
  const found = foundCommands(view, entry);
  const chosen = chosenOf(entry, found.length);
  const prompt: Row = [span(": ", "title"), span(entry.text), span(" ", "mark")];
  const rows: Row[] = [spread(prompt, line("Enter runs, Esc closes ", "dim"), size.columns)];
  if (found.length === 0) rows.push(line("  no command is like that; delete a letter", "warn"));
  const from = Math.max(0, Math.min(chosen - (size.rows >> 1), found.length - size.rows + 1));
  found.slice(from, from + Math.max(0, size.rows - 1)).forEach((key, at) => {
    const isChosen = from + at === chosen;
    const reason = reasonOf(view, key);
    const label: Row = [span(isChosen ? "▸ " : "  ", "accent"), span(key.label, reason === null ? (isChosen ? "strong" : "plain") : "dim"), span(`  ${key.title}`, "dim")];
    const right: Row = reason === null ? line(`${keysText(key.chords)} `, "key") : line(`${reason} `, "warn");
    rows.push(spread(label, right, size.columns));
  });
  return Array.from({ length: size.rows }, (_, at) => fitRow(rows[at] ?? [], size.columns));
}
