/** The layout and the theme that the reader kept with a key: a small file beside what else the program remembers. */
import { LAYOUTS, THEMES } from "../config/settings.ts";
import type { Settings } from "../config/settings.ts";
import type { LoadedSettings } from "./settings.ts";
import { readState, writeState } from "./state-file.ts";
import type { StateFile } from "./state-file.ts";
import type { System } from "./system.ts";

/** What is kept. */
export type SavedLayout = Pick<Settings, "layout" | "hide" | "order" | "theme">;

const NAMES = ["layout", "hide", "order", "theme"] as const;
const LIST_MAX = 50;

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name | undefined {
  return names.find((name) => name === value);
}

function words(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length <= LIST_MAX && value.every((one): one is string => typeof one === "string") ? value : undefined;
}

/** What of the file means something. Panes that there are no more mean nothing. */
function parse(held: ReadonlyMap<string, unknown>): Partial<SavedLayout> {
  const all = {
    layout: oneOf(LAYOUTS, held.get("layout")),
    hide: words(held.get("hide")),
    order: words(held.get("order")),
    theme: oneOf(THEMES, held.get("theme")),
  };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
}

const FILE: StateFile<Partial<SavedLayout>> = {
  name: "layout.json", bytesMax: 65_536, what: "the layout is", parse, strange: "is no layout that this program kept; S writes it anew",
};

/** The settings with what was kept in place of what neither flag, environment nor file names. */
function over(loaded: LoadedSettings, saved: Partial<SavedLayout>, notes: readonly string[]): LoadedSettings {
  const taken = NAMES.filter((name) => !loaded.places.has(name) && !loaded.origins.has(name) && saved[name] !== undefined);
  const settings = { ...loaded.settings, ...Object.fromEntries(taken.map((name) => [name, saved[name]])) };
  const reload = async (): Promise<LoadedSettings> => over(await loaded.reload(), saved, []);
  return { ...loaded, settings, notes: [...loaded.notes, ...notes], reload };
}

/** See `over`; a file that cannot be used is a note. */
export async function withSavedLayout(system: System, loaded: LoadedSettings): Promise<LoadedSettings> {
  const { kept, note } = await readState(system, FILE);
  return over(loaded, kept ?? {}, note === null ? [] : [note]);
}

/** Keeps a layout; whole or not at all. Returns where. @throws NqError USAGE without a home, or what the disk says */
export function saveLayout(system: System, layout: SavedLayout): Promise<string> {
  return writeState(system, FILE, layout);
}
