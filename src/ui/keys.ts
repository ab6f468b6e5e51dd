/** Every key outside the panes, and the way from a chord to a command: overlay, then focused pane, then global. */
import { chordText } from "./chord.ts";
import type { Pane } from "./pane.ts";
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

/** What `chord` asks for in this view; null when it is bound to nothing. */
export function resolveKey(chord: string, state: ViewState): Command | null {
  if (state.help) {
    const command = find(HELP_KEYS, chord);
    if (command !== null) return command;
  } else {
    const index = state.open[state.focus]?.pane.keys.findIndex(({ chords }) => chords.includes(chord)) ?? -1;
    if (index >= 0) return { kind: "press", index };
  }
  return find(globalKeys(state.open.map(({ pane }) => pane)), chord);
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

function keyLine(binding: { readonly chords: readonly string[]; readonly label: string }): KeyLine {
  return { keys: binding.chords.map(chordText).join(" "), label: binding.label };
}

/** All keys there are, by place: everywhere, in the help, in each pane that has keys. */
export function keySections(panes: readonly Pane[]): readonly KeySection[] {
  const own = panes.filter((pane) => pane.keys.length > 0);
  return [
    { title: "Everywhere", lines: globalKeys(panes).map(keyLine) },
    ...own.map((pane) => ({ title: pane.title, lines: pane.keys.map(keyLine) })),
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
