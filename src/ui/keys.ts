/** Every key outside the panes, and the way from a chord to a command: overlay, then focused pane, then global. */
import { chordText } from "./chord.ts";
import type { KeyOfPane, Pane } from "./pane.ts";
import type { Command, ViewState } from "./view-state.ts";

/** A key, what it does in words, and what it asks for. */
export interface Binding {
  readonly chords: readonly string[];
  readonly label: string;
  readonly command: Command;
}

const PAGE_ROWS = 10;

/** Keys while the help is open; what is not here falls through to the global keys. */
export const HELP_KEYS: readonly Binding[] = [
  { chords: ["down", "j"], label: "scroll down", command: { kind: "scrollHelp", by: 1 } },
  { chords: ["up", "k"], label: "scroll up", command: { kind: "scrollHelp", by: -1 } },
  { chords: ["pagedown"], label: "a page down", command: { kind: "scrollHelp", by: PAGE_ROWS } },
  { chords: ["pageup"], label: "a page up", command: { kind: "scrollHelp", by: -PAGE_ROWS } },
];

const FIXED_KEYS: readonly Binding[] = [
  { chords: ["tab"], label: "next pane", command: { kind: "step", by: 1 } },
  { chords: ["shift+tab"], label: "pane before", command: { kind: "step", by: -1 } },
  { chords: ["enter", "z"], label: "zoom the pane, and back", command: { kind: "zoom" } },
  { chords: ["escape"], label: "close help, leave zoom", command: { kind: "back" } },
  { chords: ["space"], label: "freeze the picture, and go on", command: { kind: "freeze" } },
  { chords: ["R"], label: "reconnect now", command: { kind: "reconnect" } },
  { chords: ["?"], label: "help", command: { kind: "help" } },
  { chords: ["q", "ctrl+c"], label: "quit", command: { kind: "quit" } },
];

/** Keys of panes that work everywhere. */
function sharedKeys(panes: readonly Pane[]): readonly KeyOfPane[] {
  return panes.flatMap(({ keys }) => keys.filter(({ everywhere }) => everywhere === true));
}

/** The global keys: one number for each of the first nine panes, then the rest. */
export function globalKeys(panes: readonly Pane[]): readonly Binding[] {
  const numbers = panes.slice(0, 9).map((pane, index): Binding => {
    return { chords: [String(index + 1)], label: `go to ${pane.title}`, command: { kind: "focus", index } };
  });
  return [...numbers, ...FIXED_KEYS];
}

function find(bindings: readonly Binding[], chord: string): Command | null {
  return bindings.find(({ chords }) => chords.includes(chord))?.command ?? null;
}

/** The key of a pane that `chord` is, as a command; of the keys that work `everywhere` only, or of all. */
function keyOfPane({ open }: ViewState, pane: number, chord: string, all: boolean): Command | null {
  const keys: readonly KeyOfPane[] = open[pane]?.pane.keys ?? [];
  const index = keys.findIndex(({ chords, everywhere }) => chords.includes(chord) && (all || everywhere === true));
  return index < 0 ? null : { kind: "press", pane, index };
}

/** What `chord` asks for in this view; null when it is bound to nothing. */
export function resolveKey(chord: string, state: ViewState): Command | null {
  const first = state.help ? find(HELP_KEYS, chord) : keyOfPane(state, state.focus, chord, true);
  if (first !== null) return first;
  const global = find(globalKeys(state.open.map(({ pane }) => pane)), chord);
  if (global !== null || state.help) return global;
  for (let pane = 0; pane < state.open.length; pane++) {
    const command = keyOfPane(state, pane, chord, false);
    if (command !== null) return command;
  }
  return null;
}

/** One line of the help and of the README's key table. */
export interface KeyLine {
  readonly keys: string;
  readonly label: string;
}

/** A heading and its keys. */
export interface KeySection {
  readonly title: string;
  readonly lines: readonly KeyLine[];
}

function keyLine(binding: Pick<KeyOfPane, "chords" | "label">): KeyLine {
  return { keys: binding.chords.map(chordText).join(" "), label: binding.label };
}

/** All keys there are, by place: everywhere, in the help, in each pane that has keys. */
export function keySections(panes: readonly Pane[]): readonly KeySection[] {
  const own = panes.map(({ title, keys }) => ({ title, lines: keys.filter((key) => key.everywhere !== true).map(keyLine) }));
  return [
    { title: "Everywhere", lines: [...globalKeys(panes), ...sharedKeys(panes)].map(keyLine) },
    ...own.filter(({ lines }) => lines.length > 0),
    { title: "In this help", lines: HELP_KEYS.map(keyLine) },
  ];
}

/** The key table of the README, in Markdown. */
export function keyTable(panes: readonly Pane[]): string {
  const rows = keySections(panes).flatMap(({ title, lines }) =>
    lines.map(({ keys, label }) => {
      const cell = keys.split(" ").map((key) => `\`${key}\``);
      return `| ${title} | ${cell.join(" ")} | ${label} |`;
    }),
  );
  return ["| Where | Key | What it does |", "|---|---|---|", ...rows].join("\n");
}
