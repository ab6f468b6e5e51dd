/** The settings of a run: flags over environment over file over defaults, each known by where it comes from. */
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { DEFAULTS, type Settings } from "../config/settings.ts";
import { NqError } from "../lib/errors.ts";
import { userFolder } from "./data-folder.ts";
import { meaningless } from "./settings-meaning.ts";
import { flagSettings, type SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";
import { lookOf, readTextFile } from "./text-file.ts";

const BYTES_MAX = 2 * 1_048_576;
/** Mistakes told before the program gives up; `config check` tells all. */
const TOLD_MAX = 20;
const PREFIX = "NQ_TUI_";
/** Variables of this program that are no settings. */
const OTHER_VARIABLES: readonly string[] = ["NQ_TUI_GATEWAY_KEY"];

/** Names of the settings that an environment variable can have: NQ_TUI_THEME, NQ_TUI_FRAMES_PER_SECOND … */
const VARIABLE_SETTINGS = [
  "symbol", "roll", "gateway", "demo", "calendar", "theme", "colours", "ascii", "flash", "mouse", "title", "debug_overlay", "frames_per_second", "layout", "basis", "export_dir",
  "alerts_on_replay",
] as const satisfies readonly (keyof Settings)[];

export type Origin = "default" | "file" | "environment" | "flag";

/** What a run goes by. */
export interface LoadedSettings {
  readonly settings: Settings;
  /** The settings file that was read; null when there is none. */
  readonly path: string | null;
  /** Where a file would be looked for; null without a home, or with `--no-config`. */
  readonly expectedPath: string | null;
  /** What the reader should know of the file, e.g. which of its settings mean nothing here. */
  readonly notes: readonly string[];
  /** Lines of the file by setting, such as `whales.size`. */
  readonly places: ReadonlyMap<string, number>;
  /** Of the settings that are neither default nor from the file. */
  readonly origins: ReadonlyMap<keyof Settings, "environment" | "flag">;
  /** What the file looked like before it was read, see `lookOf`. */
  readonly look: string | null;
  /** Reads all of it once more. @throws NqError CONFIG_FILE */
  readonly reload: () => Promise<LoadedSettings>;
}

/** `$XDG_CONFIG_HOME/nq-tui/config.yaml`, else below `~/.config`; null without a home. */
export function defaultConfigPath(env: System["env"]): string | null {
  const folder = userFolder(env, "config");
  return folder === null ? null : join(folder, "config.yaml");
}

function failWith(sentences: readonly string[]): never {
  throw new NqError("CONFIG_FILE", sentences);
}

/** A path written in the file: from the file's folder, `~` being the home. */
function resolved(path: string, file: string, env: System["env"]): string {
  if (/^~(?=[/\\]|$)/.test(path)) return join(env["HOME"] ?? env["USERPROFILE"] ?? homedir(), path.slice(1));
  return isAbsolute(path) ? path : join(dirname(file), path);
}

function withPaths(settings: Settings, file: string, env: System["env"]): Settings {
  const { calendar, record } = settings;
  return {
    ...settings,
    ...(calendar === undefined ? {} : { calendar: resolved(calendar, file, env) }),
    ...(settings.export_dir === undefined ? {} : { export_dir: resolved(settings.export_dir, file, env) }),
    record: { ...record, ...(record.dir === undefined ? {} : { dir: resolved(record.dir, file, env) }) },
  };
}

/** What a settings text says: the settings, or a sentence for each mistake, `file:line: …`. */
interface ReadSettings {
  /** Null with a mistake. */
  readonly settings: Settings | null;
  readonly sentences: readonly string[];
  readonly notes: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

/** Reads a text that stands in `path`; tells at most `most` mistakes. */
export async function mistakesIn(text: string, path: string, env: System["env"], most = Number.POSITIVE_INFINITY): Promise<ReadSettings> {
  const { parseConfig } = await import("../config/parse-config.ts");
  const parsed = parseConfig(text, most);
  const at = (line: number, sentence: string): string => `${path}${line === 0 ? "" : `:${line}`}: ${sentence}`;
  if (parsed.kind === "bad") {
    return { settings: null, sentences: parsed.mistakes.map(({ line, sentence }) => at(line, sentence)), notes: [], places: new Map() };
  }
  const { config, notes, places } = parsed;
  const wrong = (await meaningless(config)).map(({ setting, sentence }) => at(places.get(setting) ?? 0, sentence));
  return { settings: wrong.length > 0 ? null : withPaths(config, path, env), sentences: wrong.slice(0, most), notes, places };
}

/** A variable's text as the file would hold it: JSON for what is a number or a truth value. */
function asValue(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/** @throws NqError CONFIG_FILE naming each variable that is wrong */
async function environmentSettings(env: System["env"]): Promise<Partial<Settings>> {
  const set = Object.entries(env).filter(([name, text]) => name.startsWith(PREFIX) && !OTHER_VARIABLES.includes(name) && text !== undefined && text !== "");
  if (set.length === 0) return {};
  const { parseConfig } = await import("../config/parse-config.ts");
  const found: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [variable, text = ""] of set) {
    const name = variable.slice(PREFIX.length).toLowerCase();
    const isKnown = VARIABLE_SETTINGS.some((known) => known === name);
    if (!isKnown) {
      wrong.push(`${variable}: no such variable; there are: ${VARIABLE_SETTINGS.map((known) => PREFIX + known.toUpperCase()).join(", ")}`);
      continue;
    }
    const parsed = parseConfig(JSON.stringify({ [name]: name === "symbol" || name === "colours" ? text : asValue(text) }));
    if (parsed.kind === "bad") wrong.push(...parsed.mistakes.map(({ sentence }) => `${variable}: ${sentence}`));
    else wrong.push(...(await meaningless(parsed.config)).map(({ sentence }) => `${variable}: ${sentence}`));
    if (parsed.kind === "good") found[name] = parsed.config[name as keyof Settings];
  }
  if (wrong.length > 0) failWith(wrong);
  return found;
}

/** A settings file's text; null when there is none and it `mayBeMissing`. @throws NqError CONFIG_FILE */
export async function readSettingsText(path: string, mayBeMissing: boolean): Promise<string | null> {
  try {
    return await readTextFile(path, BYTES_MAX, mayBeMissing);
  } catch (error) {
    return failWith([`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** What stands above takes back what contradicts it below. */
function merge(below: Settings, above: Partial<Settings>): Settings {
  const merged = { ...below, ...above };
  // One of two ways to a market was named: the other one, which stands in a weaker place, is not meant.
  if (above.gateway !== undefined && above.demo === undefined) merged.demo = undefined;
  if (above.demo === true && above.gateway === undefined) merged.gateway = undefined;
  // One contract by name leaves a rule nothing to choose.
  if (above.symbol !== undefined && above.roll === undefined) merged.roll = undefined;
  return merged;
}

/**
 * Reads the settings once. Without a file and without variables nothing but defaults and flags is looked at.
 * @throws NqError CONFIG_FILE with a sentence for each mistake
 */
export async function loadSettings(system: System, flags: SettingsFlags): Promise<LoadedSettings> {
  const named = typeof flags.config === "string" ? flags.config : null;
  const expectedPath = flags.config === false ? null : (named ?? defaultConfigPath(system.env));
  const look = expectedPath === null ? null : await lookOf(expectedPath);
  const text = expectedPath === null ? null : await readSettingsText(expectedPath, named === null);
  const file = text === null || expectedPath === null ? null : await mistakesIn(text, expectedPath, system.env, TOLD_MAX);
  if (file !== null && file.settings === null) failWith(file.sentences);
  const variables = await environmentSettings(system.env);
  const typed = flagSettings(flags);
  const origins = new Map<keyof Settings, "environment" | "flag">();
  for (const name of Object.keys(variables)) origins.set(name as keyof Settings, "environment");
  for (const name of Object.keys(typed)) origins.set(name as keyof Settings, "flag");
  return {
    settings: merge(merge(file?.settings ?? DEFAULTS, variables), typed),
    path: file === null ? null : expectedPath,
    expectedPath,
    notes: file?.notes ?? [],
    places: file?.places ?? new Map(),
    origins,
    look,
    reload: () => loadSettings(system, flags),
  };
}

/** The settings of a command; what is to be known of the file is told on standard error. @throws NqError CONFIG_FILE */
export async function settingsFor(system: System, flags: SettingsFlags): Promise<LoadedSettings> {
  const loaded = await loadSettings(system, flags);
  for (const note of loaded.notes) system.stderr.write(`nq-tui: ${loaded.path ?? "settings"}: ${note}\n`);
  return loaded;
}
