/** Whether this reader has seen the welcome; a file beside what else the program remembers. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { userFolder } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import type { LoadedSettings } from "./settings.ts";
import type { System } from "./system.ts";
import { lookOf } from "./text-file.ts";

function seenPath({ env }: System): string | null {
  const folder = userFolder(env, "state");
  return folder === null ? null : join(folder, "welcomed");
}

/** True for somebody at a keyboard who gets the demo market without having asked for it, for the first time. */
export async function isFirstRun(system: System, feed: Feed, { settings }: LoadedSettings): Promise<boolean> {
  if (feed.mode !== "DEMO" || settings.demo === true || system.apiKeyText !== null) return false;
  if (system.stdin.isTTY !== true || system.stdout.isTTY !== true) return false;
  const path = seenPath(system);
  return path !== null && (await lookOf(path)) === null;
}

/** Remembers it; where nothing can be written it is shown again another time. */
export async function rememberWelcome(system: System): Promise<void> {
  const path = seenPath(system);
  if (path === null) return;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, "The welcome of nq-tui was read. Without this file it is shown again.\n", { mode: 0o600 });
  } catch {
    // A read-only home is no reason to bother anybody.
  }
}
