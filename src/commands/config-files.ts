/** The settings file itself: where it is, whether it is right, and a new one that explains everything. */
import { mkdir, readdir, rename, writeFile as write } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { NqError } from "../lib/errors.ts";
import { calendarOf } from "./market-options.ts";
import { createLinePrinter } from "./print-lines.ts";
import { defaultConfigPath, mistakesIn, readSettingsText } from "./settings.ts";
import type { SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";
import { lookOf } from "./text-file.ts";

/** Names under which a settings file is looked for elsewhere, and not here. */
const UNREAD = ["config.yml", "config.json", "config.toml", "config"];

/** @throws NqError CONFIG_FILE when there is no home and none was named */
function pathOf(system: System, flags: SettingsFlags): string {
  const path = typeof flags.config === "string" ? flags.config : defaultConfigPath(system.env);
  if (path === null) throw new NqError("CONFIG_FILE", "expected HOME or XDG_CONFIG_HOME to say where settings belong, found neither; name a file with --config");
  return path;
}

/** Files that look like settings, lie in their place and are not read. */
export async function unreadBeside(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter((name) => UNREAD.includes(name) && name !== basename(path)).map((name) => join(dirname(path), name));
}

/** `nq-tui config path` */
export async function printPath(system: System, flags: SettingsFlags): Promise<number> {
  const path = pathOf(system, flags);
  system.stdout.write(`${path}\n`);
  if ((await lookOf(path)) === null) system.stderr.write("nq-tui: there is no such file; all settings are at their defaults (nq-tui config init writes one)\n");
  for (const other of await unreadBeside(path)) system.stderr.write(`nq-tui: ${other} is not read; name it with --config\n`);
  return 0;
}

/** `nq-tui config check` */
export async function checkFile(system: System, file: string | null, flags: SettingsFlags): Promise<number> {
  const path = file ?? pathOf(system, flags);
  const text = await readSettingsText(path, file === null && typeof flags.config !== "string");
  if (text === null) {
    system.stdout.write(`${path}: there is no such file; all settings are at their defaults\n`);
    return 0;
  }
  const found = await mistakesIn(text, path, system.env);
  const out = createLinePrinter(system);
  for (const sentence of found.sentences) out.print(sentence);
  for (const note of found.notes) out.print(`${path}: ${note}`);
  await out.flush();
  if (found.settings === null) return 2;
  await calendarOf(system, found.settings);
  out.print(`${path}: no mistake`);
  await out.flush();
  return 0;
}

async function newText(): Promise<string> {
  const [{ explainedSettings }, { createKeyMap }, { PANES }] = await Promise.all([
    import("../config/template.ts"), import("../ui/key-map.ts"), import("../ui/panes/index.ts"),
  ]);
  return explainedSettings(createKeyMap(PANES).map);
}

/** `nq-tui config init` */
export async function writeFile(system: System, wishes: { readonly force: boolean; readonly print: boolean }, flags: SettingsFlags): Promise<number> {
  const text = await newText();
  if (wishes.print) {
    const out = createLinePrinter(system);
    out.write(text);
    await out.flush();
    return 0;
  }
  const path = pathOf(system, flags);
  const isThere = (await lookOf(path)) !== null;
  if (isThere && !wishes.force) throw new NqError("CONFIG_EXISTS", `${path} is there already and was not touched`);
  try {
    await mkdir(dirname(path), { recursive: true });
    if (isThere) await rename(path, `${path}.old`);
    await write(path, text, { flag: "wx" });
  } catch (error) {
    throw new NqError("CONFIG_WRITE", `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  system.stdout.write(`${path}\n`);
  if (isThere) system.stderr.write(`nq-tui: what it said before is in ${path}.old\n`);
  return 0;
}
