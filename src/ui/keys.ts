/** Every command outside the panes with the keys it has unless the reader chose others, and the way from a chord to a command: overlay, then focused pane, then everywhere. */
import { chordText } from "./chord.ts";
import type { KeyMap, MappedKey } from "./key-map.ts";
import type { Pane } from "./pane.ts";
import type { Command, ViewState } from "./view-state.ts";

/** A command: its name in the settings, its keys, what it does in words, and what it asks for. */
export interface Binding {
  /** Never changed once it was released: readers' settings have it. */
  readonly name: string;
  readonly chords: readonly string[];
  readonly label: string;
  readonly command: Command;
}

const PAGE_ROWS = 10;

/** Keys while the help or the log is open; what is not here falls through to the keys that work everywhere. */
export const HELP_KEYS: readonly Binding[] = [
  { name: "help.down", chords: ["down", "j"], label: "scroll down", command: { kind: "scrollHelp", by: 1 } },
  { name: "help.up", chords: ["up", "k"], label: "scroll up", command: { kind: "scrollHelp", by: -1 } },
  { name: "help.page-down", chords: ["pagedown"], label: "a page down", command: { kind: "scrollHelp", by: PAGE_ROWS } },
  { name: "help.search", chords: ["/"], label: "search", command: { kind: "palette" } },
  { name: "help.page-up", chords: ["pageup"], label: "a page up", command: { kind: "scrollHelp", by: -PAGE_ROWS } },
];

const FIXED_KEYS: readonly Binding[] = [
  { name: "next", chords: ["tab"], label: "next pane", command: { kind: "step", by: 1 } },
  { name: "previous", chords: ["shift+tab"], label: "pane before", command: { kind: "step", by: -1 } },
  { name: "zoom", chords: ["enter", "z"], label: "zoom the pane, and back", command: { kind: "zoom" } },
  { name: "back", chords: ["escape"], label: "close help, leave zoom, unmark", command: { kind: "back" } },
  { name: "freeze", chords: ["space"], label: "freeze the picture; pause a replay", command: { kind: "freeze" } },
  { name: "layout.next", chords: ["p"], label: "next layout", command: { kind: "preset", by: 1 } },
  { name: "layout.before", chords: ["P"], label: "layout before", command: { kind: "preset", by: -1 } },
  { name: "pane.hide", chords: ["x"], label: "hide the pane (its number: back)", command: { kind: "hide" } },
  { name: "pane.up", chords: ["{"], label: "move the pane up", command: { kind: "move", by: -1 } },
  { name: "pane.down", chords: ["}"], label: "move the pane down", command: { kind: "move", by: 1 } },
  { name: "layout.keep", chords: ["S"], label: "keep layout and theme", command: { kind: "save" } },
  { name: "theme", chords: ["t"], label: "next theme", command: { kind: "theme" } },
  { name: "copy", chords: ["y"], label: "copy the marked row as CSV", command: { kind: "copy" } },
  { name: "export", chords: ["e"], label: "export the pane: CSV and picture", command: { kind: "export" } },
  { name: "log", chords: ["L"], label: "log: what happened, and when", command: { kind: "log" } },
  { name: "alert.price", chords: ["!"], label: "alert at price or marked row; away", command: { kind: "alert", ask: "price" } },
  { name: "alert.snooze", chords: ["Z"], label: "snooze alerts: 5, 15, 60 min, off", command: { kind: "alert", ask: "snooze" } },
  { name: "record", chords: ["r"], label: "record the market, and stop", command: { kind: "record" } },
  { name: "play.back", chords: ["<"], label: "replay: a minute back", command: { kind: "play", action: "back" } },
  { name: "play.ahead", chords: [">"], label: "replay: a minute ahead", command: { kind: "play", action: "ahead" } },
  { name: "play.left", chords: ["left"], label: "ten seconds back; from now: the past", command: { kind: "play", action: "left" } },
  { name: "play.right", chords: ["right"], label: "replay: ten seconds ahead", command: { kind: "play", action: "right" } },
  { name: "play.end", chords: ["end"], label: "from the past to now; end of a replay", command: { kind: "play", action: "end" } },
  { name: "play.go", chords: ["g"], label: "replay: to a time that you type", command: { kind: "goto" } },
  { name: "play.trade", chords: ["."], label: "replay: one trade on", command: { kind: "play", action: "trade" } },
  { name: "play.second", chords: [","], label: "replay: one second on", command: { kind: "play", action: "second" } },
  { name: "play.slower", chords: ["("], label: "replay: slower", command: { kind: "play", action: "slower" } },
  { name: "play.faster", chords: [")"], label: "replay: faster", command: { kind: "play", action: "faster" } },
  { name: "play.large", chords: ["W"], label: "replay: to the next large trade", command: { kind: "play", action: "large" } },
  { name: "play.open", chords: ["O"], label: "replay: to the open of regular hours", command: { kind: "play", action: "open" } },
  { name: "reconnect", chords: ["R"], label: "reconnect now", command: { kind: "reconnect" } },
  { name: "palette", chords: [":", "ctrl+p"], label: "find a command and run it", command: { kind: "palette" } },
  { name: "help", chords: ["?"], label: "help", command: { kind: "help" } },
  { name: "suspend", chords: ["ctrl+z"], label: "suspend; fg comes back", command: { kind: "suspend" } },
  { name: "quit", chords: ["q", "ctrl+c"], label: "quit", command: { kind: "quit" } },
];

/** Keys of the alerts pane that ask something of whoever keeps the alerts. */
export const ALERT_KEYS: readonly Binding[] = [
  { name: "alerts.down", chords: ["down", "j"], label: "next rule", command: { kind: "alert", ask: "next" } },
  { name: "alerts.up", chords: ["up", "k"], label: "rule before", command: { kind: "alert", ask: "before" } },
  { name: "alerts.mute", chords: ["m"], label: "mute the rule, and back", command: { kind: "alert", ask: "mute" } },
  { name: "alerts.remove", chords: ["d"], label: "remove the rule, if a key set it", command: { kind: "alert", ask: "remove" } },
];

/** The global keys: one number for each of the first nine panes, then the rest. */
export function globalKeys(panes: readonly Pane[]): readonly Binding[] {
  const numbers = panes.map((pane, index): Binding => {
    const chords = index < 9 ? [String(index + 1)] : pane.letter === "" ? [] : [pane.letter];
    return { name: `go.${pane.id}`, chords, label: `go to ${pane.title}`, command: { kind: "focus", index } };
  });
  return [...numbers, ...FIXED_KEYS];
}

/** The key of an open pane as a command; null when the pane is not open. */
function press({ open }: ViewState, { pane, index }: MappedKey): Command | null {
  const at = open.findIndex((one) => one.pane.id === pane);
  return at < 0 ? null : { kind: "press", pane: at, index };
}

/** What a command of the table asks for in this view; null when it means nothing in it. */
export function commandOf(state: ViewState, key: MappedKey): Command | null {
  return key.command ?? press(state, key);
}

/** What `chord` asks for while something is typed: letters are text, whatever else they are bound to. */
function typedKey(chord: string): Command {
  if (chord === "ctrl+c") return { kind: "quit" };
  if (chord === "escape") return { kind: "back" };
  return { kind: "type", chord };
}

/** The key that `chord` is in this view: of what lies over the panes or of the focused one, else of everywhere. */
export function keyOf(chord: string, state: ViewState): MappedKey | undefined {
  const inPlace = (place: string | undefined): MappedKey | undefined =>
    state.keys.find((key) => key.place === place && key.chords.includes(chord));
  const key = inPlace(state.help ? "help" : state.open[state.focus]?.pane.id) ?? inPlace("everywhere");
  return state.help && key?.command === null ? undefined : key;
}

/** What `chord` asks for in this view; null when it is bound to nothing. */
export function resolveKey(chord: string, state: ViewState): Command | null {
  if (state.welcome) return state.keys.some((key) => key.name === "quit" && key.chords.includes(chord)) ? { kind: "quit" } : { kind: "welcomed" };
  if (state.entry !== null) return typedKey(chord);
  const key = keyOf(chord, state);
  return key === undefined ? null : commandOf(state, key);
}

/** One line of the help and of the README's key table. */
export interface KeyLine {
  readonly keys: string;
  readonly label: string;
  readonly name: string;
}

/** A heading and its keys. */
export interface KeySection {
  readonly title: string;
  readonly lines: readonly KeyLine[];
}

/** The keys of a command as a reader knows them; a dash where there is none. */
export function keysText(chords: readonly string[]): string {
  return chords.length === 0 ? "–" : chords.map(chordText).join(" ");
}

function keyLine({ chords, label, lost, name }: MappedKey): KeyLine {
  const gone = lost.map((one) => `${chordText(one.chord)} is ${one.to} now`);
  return { keys: keysText(chords), label: gone.length === 0 ? label : `${label} (${gone.join(", ")})`, name };
}

/** All keys there are, by place: everywhere, in each pane that has keys, in the help. */
export function keySections(map: KeyMap): readonly KeySection[] {
  const titles = [...new Set(map.map(({ title }) => title))];
  return titles.map((title) => ({ title, lines: map.filter((key) => key.title === title).map(keyLine) }));
}

/** The key table of the README, in Markdown. */
export function keyTable(map: KeyMap): string {
  const rows = keySections(map).flatMap(({ title, lines }) =>
    lines.map(({ keys, label, name }) => {
      const cell = keys.split(" ").map((key) => `\`${key}\``);
      return `| ${title} | ${cell.join(" ")} | ${label} | ${name} |`;
    }),
  );
  return ["| Where | Key | What it does | Name |", "|---|---|---|---|", ...rows].join("\n");
}
