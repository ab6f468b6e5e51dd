/** The layout and the theme that the reader kept with a key: a small file beside what else the program remembers. */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LAYOUTS, THEMES } from "../config/settings.ts";
import type { Settings } from "../config/settings.ts";
import { NqError } from "../lib/errors.ts";
import { userFolder } from "./data-folder.ts";
import type { LoadedSettings } from "./settings.ts";
import type { System } from "./system.ts";
import { readTextFile } from "./text-file.ts";

/** What is kept. */
export type SavedLayout = Pick<Settings, "layout" | "hide" | "order" | "theme">;

const NAMES = ["layout", "hide", "order", "theme"] as const;
const BYTES_MAX = 65_536;
const LIST_MAX = 50;

/** `$XDG_STATE_HOME/nq-tui/layout.json`, else below `~/.local/state`; null without a home. */
function layoutPath({ env }: System): string | null {
  const folder = userFolder(env, "state");
  return folder === null ? null : join(folder, "layout.json");
}

function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name | undefined {
  return names.find((name) => name === value);
}

function words(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length <= LIST_MAX && value.every((one): one is string => typeof one === "string") ? value : undefined;
}

/** What of a file's text means something; null when it is no such file. Panes that there are no more mean nothing. */
function parse(text: string): Partial<SavedLayout> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const held = new Map<string, unknown>(Object.entries(value));
  const all = {
    layout: oneOf(LAYOUTS, held.get("layout")),
    hide: words(held.get("hide")),
    order: words(held.get("order")),
    theme: oneOf(THEMES, held.get("theme")),
  };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
}

/** What was kept, and a sentence where there is a file that cannot be used. */
async function readLayout(system: System): Promise<{ readonly saved: Partial<SavedLayout>; readonly note: string | null }> {
  const path = layoutPath(system);
  if (path === null) return { saved: {}, note: null };
  try {
    const text = await readTextFile(path, BYTES_MAX, true);
    if (text === null) return { saved: {}, note: null };
    const saved = parse(text);
    return { saved: saved ?? {}, note: saved === null ? `${path} is no layout that this program kept; S writes it anew` : null };
  } catch (error) {
    return { saved: {}, note: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** The settings with what was kept in place of what neither flag, environment nor file names. */
function over(loaded: LoadedSettings, saved: Partial<SavedLayout>, notes: readonly string[]): LoadedSettings {
  const taken = NAMES.filter((name) => !loaded.places.has(name) && !loaded.origins.has(name) && saved[name] !== undefined);
  const settings = { ...loaded.settings, ...Object.fromEntries(taken.map((name) => [name, saved[name]])) };
  const reload = async (): Promise<LoadedSettings> => over(await loaded.reload(), saved, []);
  return { ...loaded, settings, notes: [...loaded.notes, ...notes], reload };
}

/** See `over`; a file that cannot be used is a note. */
export async function withSavedLayout(system: System, loaded: LoadedSettings): Promise<LoadedSettings> {
  const { saved, note } = await readLayout(system);
  return over(loaded, saved, note === null ? [] : [note]);
}

/** Keeps a layout; whole or not at all. Returns where. @throws NqError USAGE without a home, or what the disk says */
export async function saveLayout(system: System, layout: SavedLayout): Promise<string> {
  const path = layoutPath(system);
  if (path === null) throw new NqError("USAGE", "expected HOME or XDG_STATE_HOME to say where the layout is kept, found neither");
  const { pid } = system.process;
  const partial = `${path}.${pid}.tmp`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(partial, `${JSON.stringify(layout)}\n`, { mode: 0o600 });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return path;
}
