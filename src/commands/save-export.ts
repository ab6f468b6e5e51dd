/** Writes an exported pane: two files of one name that nothing had before, readable by their owner only. */
import { mkdir, open, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { NqError } from "../lib/errors.ts";
import type { PaneFiles } from "../ui/pane-export.ts";
import { userFolder } from "./data-folder.ts";
import type { System } from "./system.ts";

/** Names tried with a number behind them before it is given up. */
const TRIES = 100;

/** @throws NqError USAGE where no place is known */
function folderOf({ env }: System, dir: string | undefined): string {
  if (dir !== undefined) return dir;
  const data = userFolder(env, "data");
  if (data === null) throw new NqError("USAGE", "expected HOME, XDG_DATA_HOME or the setting export_dir to say where it belongs, found none");
  return join(data, "exports");
}

/** Writes a file that is not there yet, through no link; false when something has that name. */
async function writeNew(path: string, text: string): Promise<boolean> {
  let file;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    await file.writeFile(text);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return true;
}

/** The path as its owner knows it. */
function shortPath(path: string, { env }: System): string {
  const home = env["HOME"] ?? homedir();
  return home !== "" && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/**
 * Writes both files; a name that is taken gets a number. Returns where, in words: `~/…/NAME.csv and .svg`.
 * @throws NqError USAGE without a folder; else what the disk says, in a sentence
 */
export async function saveExport(system: System, dir: string | undefined, { name, csv, svg }: PaneFiles): Promise<string> {
  const folder = folderOf(system, dir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (let number = 1; number <= TRIES; number++) {
      const base = join(folder, number === 1 ? name : `${name}-${number}`);
      if (!(await writeNew(`${base}.csv`, csv))) continue;
      let isWhole = false;
      try {
        isWhole = await writeNew(`${base}.svg`, svg);
      } finally {
        if (!isWhole) await rm(`${base}.csv`, { force: true });
      }
      if (isWhole) return `${shortPath(base, system)}.csv and .svg`;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = error instanceof Error ? error.message.replace(/^[A-Z]+: |, (open|mkdir|write|rm)\b.*$/g, "") : String(error);
    throw new NqError("USAGE", `${shortPath(folder, system)}: ${why}${code === undefined ? "" : ` (${code})`}; set export_dir to a folder that can be written`);
  }
  throw new NqError("USAGE", `${shortPath(folder, system)} has ${TRIES} files of that name already; move them away`);
}
