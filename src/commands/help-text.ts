/** What every command's help ends with: exit statuses, files and variables; one table, so that none is forgotten. */
import type { Command } from "commander";
import { allCommands, fullName } from "./command-tree.ts";

const EXITS = {
  0: "done",
  1: "failed: a file that cannot be written, no data, a check that failed",
  2: "wrong usage or settings, or an unknown symbol",
  3: "refused by the gateway: key, licence, limit of sessions",
  4: "a damaged file",
  5: "no connection, or lost for good",
  70: "a fault of this program",
} as const;

const FILES = {
  settings: ["~/.config/nq-tui/config.yaml", "settings (nq-tui config)"],
  calendar: ["~/.config/nq-tui/calendar.json", "your own holidays and early closes"],
  kept: ["~/.local/state/nq-tui/alerts.json", "alerts that were set by key"],
  recordings: ["~/.local/share/nq-tui/recordings", "what was recorded; below it demo/ with what was simulated"],
  exports: ["~/.local/share/nq-tui/exports", "panes that the screen's key e wrote"],
  replays: ["~/.cache/nq-tui/replay", "what replays learnt of recordings, made anew when it is gone"],
} as const;

const VARIABLES = {
  key: ["DATABENTO_API_KEY", "your API key; without one the demo market runs"],
  historical: ["DATABENTO_HISTORICAL_URL", "a stand-in for Databento's historical API on this machine, for tests"],
  gatewayKey: ["NQ_TUI_GATEWAY_KEY", "the key that clients of our own gateway must have"],
  settings: ["NQ_TUI_SYMBOL, NQ_TUI_THEME …", "any setting that is one value; above the file, below flags"],
  config: ["XDG_CONFIG_HOME", "instead of ~/.config"],
  data: ["XDG_DATA_HOME", "instead of ~/.local/share"],
  state: ["XDG_STATE_HOME", "instead of ~/.local/state"],
  cache: ["XDG_CACHE_HOME", "instead of ~/.cache"],
  colour: ["NO_COLOR", "any text: no colours"],
  terminal: ["TERM, COLORTERM, LANG, LC_ALL", "which colours and characters the terminal shows"],
} as const;

interface Ending {
  readonly exits: readonly (keyof typeof EXITS)[];
  readonly files: readonly (keyof typeof FILES)[];
  readonly variables: readonly (keyof typeof VARIABLES)[];
}

const MARKET: Ending = {
  exits: [0, 1, 2, 3, 4, 5, 70],
  files: ["settings", "calendar", "recordings"],
  variables: ["key", "settings", "config", "data"],
};
const SCREEN: Ending = { ...MARKET, files: [...MARKET.files, "exports"], variables: [...MARKET.variables, "colour", "terminal"] };
const RECORDINGS: Ending = { exits: [0, 1, 2, 4, 70], files: ["recordings", "settings", "calendar"], variables: ["settings", "config", "data"] };
const SETTINGS: Ending = { exits: [0, 2, 70], files: ["settings"], variables: ["settings", "config"] };
const PLAIN: Ending = { exits: [0, 2, 70], files: [], variables: [] };

const ENDINGS: Readonly<Record<string, Ending>> = {
  "nq-tui": SCREEN,
  "nq-tui replay": { exits: [0, 1, 2, 4, 5, 70], files: [...RECORDINGS.files, "replays"], variables: [...RECORDINGS.variables, "cache", "colour", "terminal"] },
  "nq-tui stream": MARKET,
  "nq-tui price": MARKET,
  "nq-tui log": MARKET,
  "nq-tui volume": { ...MARKET, variables: [...MARKET.variables, "colour"] },
  "nq-tui record": MARKET,
  "nq-tui recordings": RECORDINGS,
  "nq-tui recordings verify": RECORDINGS,
  "nq-tui recordings export": RECORDINGS,
  "nq-tui recordings fill": { ...RECORDINGS, exits: [0, 1, 2, 3, 4, 5, 70], variables: ["key", "historical", ...RECORDINGS.variables] },
  "nq-tui recordings prune": RECORDINGS,
  "nq-tui alerts": { ...SETTINGS, exits: [0, 1, 2, 4, 5, 70], files: ["settings", "kept"], variables: ["settings", "config", "state"] },
  "nq-tui alerts list": { ...SETTINGS, exits: [0, 1, 2, 70], files: ["settings", "kept"], variables: ["settings", "config", "state"] },
  "nq-tui alerts check": { ...SETTINGS, files: [] },
  "nq-tui alerts watch": MARKET,
  "nq-tui alerts test": RECORDINGS,
  "nq-tui gateway": { exits: [0, 1, 2, 4, 70], files: [], variables: ["gatewayKey"] },
  "nq-tui inspect": { ...PLAIN, exits: [0, 1, 2, 4, 70] },
  "nq-tui config": SETTINGS,
  "nq-tui config path": SETTINGS,
  "nq-tui config check": SETTINGS,
  "nq-tui config init": { ...SETTINGS, exits: [0, 1, 2, 70] },
  "nq-tui config show": { ...SETTINGS, variables: ["key", ...SETTINGS.variables] },
  "nq-tui keys": SETTINGS,
  "nq-tui doctor": { exits: [0, 1, 2, 70], files: ["settings", "calendar", "recordings"], variables: ["key", "gatewayKey", "settings", "config", "data", "colour", "terminal"] },
  "nq-tui completions": PLAIN,
  "nq-tui help": PLAIN,
};

function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  const width = Math.max(...rows.map(([name]) => name.length));
  return `\n${title}:\n${rows.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`).join("\n")}`;
}

function endingText({ exits, files, variables }: Ending): string {
  return [
    section("Exit status", exits.map((code) => [String(code), EXITS[code]] as const)),
    section("Files", files.map((name) => FILES[name])),
    section("Environment", variables.map((name) => VARIABLES[name])),
  ].filter((text) => text !== "").join("\n");
}

/** Gives every command its ending; a command that the table does not have gets the shortest. */
export function endHelp(program: Command): void {
  for (const command of allCommands(program)) command.addHelpText("after", endingText(ENDINGS[fullName(command)] ?? PLAIN));
}

/** Commands that have none of their own in the table. */
export function commandsWithoutEnding(program: Command): readonly string[] {
  return allCommands(program).map(fullName).filter((name) => !Object.hasOwn(ENDINGS, name));
}
