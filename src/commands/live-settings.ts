/** The settings while the screen runs: the file is read again when it changes; a bad edit leaves them as they were and is told. */
import { watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import type { Settings } from "../config/settings.ts";
import { NqError } from "../lib/errors.ts";
import type { LoadedSettings } from "./settings.ts";
import type { System } from "./system.ts";
import { lookOf } from "./text-file.ts";

/** Editors write in several steps: truncate, write, rename. */
const SETTLE_MS = 150;
/** Some file systems tell nobody of a change; looking costs one call. */
const LOOK_MS = 2000;
/** What only the next start can take up. */
const AT_START = ["symbol", "roll", "gateway", "demo", "calendar", "colours", "ascii", "title", "record", "history"] as const satisfies readonly (keyof Settings)[];

export interface LiveSettingsOptions {
  /** With the settings in force, whenever they changed. */
  readonly apply: (settings: Settings) => void;
  /** A word in passing. */
  readonly say: (text: string) => void;
  /** What is wrong with the file, until it is right again; null: nothing. */
  readonly hold: (text: string | null) => void;
}

/** Calls `run` when anything in the folder changes; null where that cannot be watched. */
function watchFolder(folder: string, run: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, run);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null; // no such folder, or no watches left; looking does
  }
}

function changed(before: Settings, after: Settings): (keyof Settings)[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Settings)[];
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function sentenceFor(name: string, before: Settings, after: Settings): string {
  const names = changed(before, after);
  const later = names.filter((one) => AT_START.some((start) => start === one));
  const now = names.filter((one) => !later.includes(one));
  if (names.length === 0) return `${name}: read again, nothing else is set`;
  const parts = [now.length > 0 ? `${now.join(", ")} changed` : "", later.length > 0 ? `${later.join(", ")} from the next start on` : ""];
  return `${name}: ${parts.filter((part) => part !== "").join("; ")}`;
}

/** Follows the file until the returned function is called. */
export function followSettings(system: System, start: LoadedSettings, { apply, say, hold }: LiveSettingsOptions): () => void {
  const path = start.expectedPath;
  if (path === null) return () => {};
  let current = start.settings;
  let hadFile = start.path !== null;
  let seen = start.look;
  let stopped = false;
  let reading = false;
  let cancelSettle: (() => void) | null = null;
  const name = basename(path);

  const readAgain = async (): Promise<void> => {
    try {
      const next = await start.reload();
      if (stopped) return;
      if (next.path === null) {
        if (hadFile) {
          hold(null);
          say(`${name} is gone; its settings stay until the next start`);
        }
        return;
      }
      hadFile = true;
      const before = current;
      current = next.settings;
      apply(current);
      hold(null);
      say([sentenceFor(name, before, current), ...next.notes].join("; "));
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      const more = error.sentences.length > 1 ? ` (and ${error.sentences.length - 1} more)` : "";
      if (!stopped) hold(`not taken: ${error.message.replace(`${dirname(path)}/`, "")}${more}`);
    }
  };
  const look = async (): Promise<void> => {
    if (reading || stopped) return;
    reading = true;
    const now = await lookOf(path);
    if (now !== seen && !stopped) await readAgain();
    seen = now;
    reading = false;
  };
  const settle = (): void => {
    cancelSettle?.();
    cancelSettle = system.clock.after(SETTLE_MS, () => void look());
  };
  void look();
  const watcher = watchFolder(dirname(path), settle);
  let cancelLook = system.clock.after(LOOK_MS, function again() {
    cancelLook = system.clock.after(LOOK_MS, again);
    void look();
  });
  return () => {
    stopped = true;
    watcher?.close();
    cancelLook();
    cancelSettle?.();
  };
}
