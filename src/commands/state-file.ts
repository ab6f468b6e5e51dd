/** A small JSON file in which the program remembers something for the next start: whole or not at all. */
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NqError } from "../lib/errors.ts";
import { userFolder } from "./data-folder.ts";
import type { System } from "./system.ts";
import { readTextFile } from "./text-file.ts";

/** Which file, what it holds, and how to say so. */
export interface StateFile<Value> {
  /** Below `$XDG_STATE_HOME/nq-tui`, else `~/.local/state/nq-tui`. */
  readonly name: string;
  readonly bytesMax: number;
  /** What is kept, as in `expected … to say where THE LAYOUT IS kept`. */
  readonly what: string;
  /** What the object in the file means. */
  readonly parse: (held: ReadonlyMap<string, unknown>) => Value;
  /** What is wrong with a file that holds no object, after its path. */
  readonly strange: string;
}

function pathOf({ env }: System, { name }: Pick<StateFile<unknown>, "name">): string | null {
  const folder = userFolder(env, "state");
  return folder === null ? null : join(folder, name);
}

/** The object of a JSON text; null for anything else. */
function objectOf(text: string): ReadonlyMap<string, unknown> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return typeof value !== "object" || value === null || Array.isArray(value) ? null : new Map<string, unknown>(Object.entries(value));
}

/** What was kept (null: nothing), and a sentence where there is a file that cannot be used. Never throws. */
export async function readState<Value>(system: System, file: StateFile<Value>): Promise<{ readonly kept: Value | null; readonly note: string | null }> {
  const path = pathOf(system, file);
  if (path === null) return { kept: null, note: null };
  try {
    const text = await readTextFile(path, file.bytesMax, true);
    if (text === null) return { kept: null, note: null };
    const held = objectOf(text);
    return held === null ? { kept: null, note: `${path} ${file.strange}` } : { kept: file.parse(held), note: null };
  } catch (error) {
    return { kept: null, note: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Keeps it. Returns where. @throws NqError USAGE without a home, or what the disk says */
export async function writeState(system: System, file: StateFile<unknown>, value: object): Promise<string> {
  const path = pathOf(system, file);
  if (path === null) throw new NqError("USAGE", `expected HOME or XDG_STATE_HOME to say where ${file.what} kept, found neither`);
  const { pid } = system.process;
  const partial = `${path}.${pid}.tmp`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(partial, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return path;
}
