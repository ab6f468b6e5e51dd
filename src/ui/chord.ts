/** Keys as words: `q`, `R`, `ctrl+c`, `shift+tab`, `pageup`. */

/** The fields of Ink's key that matter here. */
export interface KeyFlags {
  readonly upArrow?: boolean;
  readonly downArrow?: boolean;
  readonly leftArrow?: boolean;
  readonly rightArrow?: boolean;
  readonly pageUp?: boolean;
  readonly pageDown?: boolean;
  readonly home?: boolean;
  readonly end?: boolean;
  readonly return?: boolean;
  readonly escape?: boolean;
  readonly tab?: boolean;
  readonly backspace?: boolean;
  readonly delete?: boolean;
  readonly shift?: boolean;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

const NAMED: readonly (readonly [keyof KeyFlags, string])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "escape"],
  ["backspace", "backspace"],
  // What most terminals send for the backspace key.
  ["delete", "backspace"],
];

const PRINTABLE = /^[\u0021-\u007E]$/;

/** Most chords one burst of input may hold; a longer one is a paste, and pastes are not keys. */
const BURST_MAX = 16;

/**
 * The chords of one input event. Keys held down can arrive as one event of several letters, so a short burst is taken
 * apart; anything that is no key of ours gives no chord.
 */
export function toChords(input: string, key: KeyFlags): readonly string[] {
  if (key.tab) return [key.shift ? "shift+tab" : "tab"];
  for (const [flag, name] of NAMED) if (key[flag]) return [name];
  if (key.meta) return [];
  if (key.ctrl) return /^[a-z]$/.test(input) ? [`ctrl+${input}`] : [];
  if (input.length > BURST_MAX) return [];
  const chords: string[] = [];
  for (const letter of input) {
    if (letter === " ") chords.push("space");
    else if (letter === "\r") chords.push("enter");
    else if (letter === "\t") chords.push("tab");
    else if (PRINTABLE.test(letter)) chords.push(letter);
  }
  return chords;
}

const TYPED: Readonly<Record<string, string>> = {
  up: "\u001B[A",
  down: "\u001B[B",
  right: "\u001B[C",
  left: "\u001B[D",
  pageup: "\u001B[5~",
  pagedown: "\u001B[6~",
  home: "\u001B[H",
  end: "\u001B[F",
  enter: "\r",
  escape: "\u001B",
  backspace: "\u007F",
  tab: "\t",
  "shift+tab": "\u001B[Z",
  space: " ",
};

/** The bytes a terminal sends for a chord, or null when no terminal can send it. */
export function typed(chord: string): string | null {
  const known = TYPED[chord];
  if (known !== undefined) return known;
  const control = /^ctrl\+([a-z])$/.exec(chord)?.[1];
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) - 96);
  return PRINTABLE.test(chord) ? chord : null;
}

const SHOWN: Readonly<Record<string, string>> = {
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  pageup: "PgUp",
  pagedown: "PgDn",
  home: "Home",
  end: "End",
  enter: "Enter",
  escape: "Esc",
  backspace: "Backspace",
  tab: "Tab",
  "shift+tab": "Shift-Tab",
  space: "Space",
};

/** The chord as a reader knows it. */
export function chordText(chord: string): string {
  return SHOWN[chord] ?? chord.replace(/^ctrl\+([a-z])$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}

/** Other names of keys that people write. */
const ALIASES: Readonly<Record<string, string>> = {
  esc: "escape", return: "enter", pgup: "pageup", pgdn: "pagedown", "page-up": "pageup", "page-down": "pagedown", backtab: "shift+tab",
};

/** Letters that a terminal sends with Ctrl for another key, and for which. */
const SAME_AS: Readonly<Record<string, string>> = { "ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+j": "Enter", "ctrl+h": "Backspace" };

/** A key as someone writes it (`q`, `R`, `Ctrl-K`, `shift+tab`, `PgUp`, `space`), as a chord; else what is wrong with it. */
export function parseChord(text: string): string | { readonly sentence: string } {
  if (PRINTABLE.test(text)) return text;
  if (text === " ") return "space";
  const lower = text.toLowerCase();
  const name = (ALIASES[lower] ?? lower).replace(/^(?:ctrl|control|c|\^)[-+](?=[a-z]$)/, "ctrl+").replace(/^\^(?=[a-z]$)/, "ctrl+").replace(/^shift-/, "shift+");
  const same = SAME_AS[name];
  if (same !== undefined) return { sentence: `${chordText(name)} and ${same} are one key to a terminal; choose another key` };
  if (typed(name) !== null) return name;
  return { sentence: `expected a key such as q, R, ctrl+k, shift+tab, pageup, escape or space, found '${text}'` };
}
