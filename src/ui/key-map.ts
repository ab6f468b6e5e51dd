/** Which key does what: the defaults of all commands, with the reader's own keys over them. */
import { chordText, parseChord } from "./chord.ts";
import { ALERT_KEYS, globalKeys, HELP_KEYS } from "./keys.ts";
import type { Binding } from "./keys.ts";
import type { Pane } from "./pane.ts";
import type { Command } from "./view-state.ts";

/** Name of a command → the keys the reader wants for it. */
export type OwnKeys = Readonly<Record<string, string | readonly string[]>>;

/** A command with its keys. */
export interface MappedKey {
  readonly name: string;
  /** `everywhere`, `help`, or the id of the pane that has to have the focus. */
  readonly place: string;
  /** The place in words. */
  readonly title: string;
  readonly label: string;
  readonly chords: readonly string[];
  /** Default keys of it that the reader gave to another command, and to which. */
  readonly lost: readonly { readonly chord: string; readonly to: string }[];
  /** Null: it is the key of a pane, number `index` of pane `pane`. */
  readonly command: Command | null;
  readonly pane: string;
  readonly index: number;
}

/** Every command there is, by place, in the order of the help. */
export type KeyMap = readonly MappedKey[];

/** What is wrong with the reader's own keys: of which command, and in words. */
export interface KeyMistake {
  readonly name: string;
  readonly sentence: string;
}

/** It leaves the program whatever else was chosen. */
const ALWAYS_QUITS = "ctrl+c";

/** Every command with its default keys. */
function defaultKeys(panes: readonly Pane[]): MappedKey[] {
  const bound = (place: string, title: string) => ({ name, chords, label, command }: Binding): MappedKey =>
    ({ name, place, title, label, chords, lost: [], command, pane: "", index: -1 });
  const ofPanes = panes.flatMap((pane) => [...(pane.id === "alerts" ? ALERT_KEYS.map(bound(pane.id, pane.title)) : []), ...pane.keys.map(({ name, chords, label, everywhere }, index): MappedKey => ({
    name: `${pane.id}.${name}`,
    place: everywhere === true ? "everywhere" : pane.id,
    title: everywhere === true ? "Everywhere" : pane.title,
    label, chords, lost: [], command: null, pane: pane.id, index,
  }))]);
  const isEverywhere = ({ place }: MappedKey): boolean => place === "everywhere";
  return [
    ...globalKeys(panes).map(bound("everywhere", "Everywhere")),
    ...ofPanes.filter(isEverywhere),
    ...ofPanes.filter((key) => !isEverywhere(key)),
    ...HELP_KEYS.map(bound("help", "In help and log")),
  ];
}

/** Names of all commands, as the settings may have them. */
export function commandNames(panes: readonly Pane[]): readonly string[] {
  return defaultKeys(panes).map(({ name }) => name);
}

/** Two commands that one key could mean at the same time. */
function meet(a: MappedKey, b: MappedKey): boolean {
  return a.place === b.place || a.place === "everywhere" || b.place === "everywhere";
}

/** The reader's chords for a command, or what is wrong with them. */
function ownChords(name: string, wanted: string | readonly string[], mistakes: KeyMistake[]): readonly string[] {
  const chords = new Set<string>();
  for (const text of typeof wanted === "string" ? [wanted] : wanted) {
    const chord = parseChord(text);
    if (typeof chord !== "string") mistakes.push({ name, sentence: `keys.${name}: ${chord.sentence}` });
    else if (chord === ALWAYS_QUITS && name !== "quit") mistakes.push({ name, sentence: `keys.${name}: Ctrl-C always quits; choose another key` });
    else chords.add(chord);
  }
  if (name === "quit") chords.add(ALWAYS_QUITS);
  return [...chords];
}

/** Keys that stand in for a default that was taken: the other case of the letter, then the letter with Ctrl. */
function substitutes(chord: string): readonly string[] {
  if (!/^[a-zA-Z]$/.test(chord)) return [];
  const other = chord === chord.toLowerCase() ? chord.toUpperCase() : chord.toLowerCase();
  return [other, `ctrl+${chord.toLowerCase()}`].filter((one) => typeof parseChord(one) === "string");
}

/** A default whose every key was taken is moved to a key that nothing else has where it works, if there is one. */
function moved(key: MappedKey, all: readonly MappedKey[]): MappedKey {
  if (key.chords.length > 0 || key.lost.length === 0) return key;
  const isFree = (chord: string): boolean => chord !== ALWAYS_QUITS && all.every((other) => other === key || !meet(key, other) || !other.chords.includes(chord));
  const free = key.lost.flatMap(({ chord }) => substitutes(chord)).find(isFree);
  return free === undefined ? key : { ...key, chords: [free] };
}

/** Own keys that could mean two things at once, said once for each pair. */
function collisions(owned: readonly MappedKey[]): KeyMistake[] {
  return owned.flatMap((key, at) => owned.slice(at + 1).flatMap((other) => {
    const chord = meet(key, other) ? key.chords.find((one) => other.chords.includes(one)) : undefined;
    if (chord === undefined) return [];
    return [{ name: other.name, sentence: `keys: ${key.name} and ${other.name} are both ${chordText(chord)}, and both work in one place; choose another key for one of them` }];
  }));
}

/**
 * The table that everything goes by. The reader's keys replace the defaults of their commands; a default of another
 * command that one of them would meet gives way. With mistakes the map is that of the defaults.
 */
export function createKeyMap(panes: readonly Pane[], own: OwnKeys = {}): { readonly map: KeyMap; readonly mistakes: readonly KeyMistake[] } {
  const defaults = defaultKeys(panes);
  const mistakes: KeyMistake[] = [];
  const chosen = new Map(Object.entries(own).map(([name, wanted]) => [name, ownChords(name, wanted, mistakes)]));
  const known = new Set(defaults.map(({ name }) => name));
  for (const name of chosen.keys()) if (!known.has(name)) mistakes.push({ name, sentence: `keys: there is no command '${name}'` });
  const owned = defaults.flatMap((key) => {
    const chords = chosen.get(key.name);
    return chords === undefined ? [] : [{ ...key, chords }];
  });
  mistakes.push(...collisions(owned));
  if (mistakes.length > 0) return { map: defaults, mistakes };
  const given = defaults.map((key): MappedKey => {
    const mine = owned.find(({ name }) => name === key.name);
    if (mine !== undefined) return mine;
    const lost = key.chords.flatMap((chord) => {
      const to = owned.find((other) => meet(key, other) && other.chords.includes(chord));
      return to === undefined ? [] : [{ chord, to: to.name }];
    });
    return { ...key, chords: key.chords.filter((chord) => !lost.some((one) => one.chord === chord)), lost };
  });
  // One after the other: two that were moved must not meet either.
  const map = [...given];
  given.forEach((key, at) => {
    map[at] = moved(key, map);
  });
  return { map, mistakes };
}

/** The keys of a command; none when there is no such command. */
export function chordsOf(map: KeyMap, name: string): readonly string[] {
  return map.find((key) => key.name === name)?.chords ?? [];
}
