/** Where this program keeps what it records and learns, and reads what its owner set, by the XDG rules. */
import { isAbsolute, join } from "node:path";
import { NqError } from "../lib/errors.ts";
import { ReplayCache } from "../recording/replay-cache.ts";
import type { Mode } from "../store/snapshot.ts";
import type { System } from "./system.ts";

const FOLDERS = {
  config: { variable: "XDG_CONFIG_HOME", below: [".config"] },
  data: { variable: "XDG_DATA_HOME", below: [".local", "share"] },
  cache: { variable: "XDG_CACHE_HOME", below: [".cache"] },
  state: { variable: "XDG_STATE_HOME", below: [".local", "state"] },
} as const;

/** This program's folder for settings, data or what it remembers; null where no home is known. */
export function userFolder(env: System["env"], kind: keyof typeof FOLDERS): string | null {
  const { variable, below } = FOLDERS[kind];
  const set = env[variable];
  if (set !== undefined && isAbsolute(set)) return join(set, "nq-tui"); // a relative one is to be ignored, says the rule
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home === undefined || home === "" ? null : join(home, ...below, "nq-tui");
}

function dataFolder({ env }: System): string {
  const folder = userFolder(env, "data");
  if (folder === null) throw new NqError("USAGE", `expected HOME or ${FOLDERS.data.variable} to say where files belong, found neither; name a folder with --dir`);
  return folder;
}

/** The folder of recordings; simulated ones lie apart, so that nobody takes them for the market. */
export function recordingsFolder(system: System, dir: string | null, mode: Mode = "LIVE"): string {
  const root = dir ?? join(dataFolder(system), "recordings");
  return mode === "DEMO" ? join(root, "demo") : root;
}

/** Where replays keep what they learnt of recordings; null where no home is known. */
export function replayCache({ env }: System): ReplayCache | null {
  const folder = userFolder(env, "cache");
  return folder === null ? null : new ReplayCache(join(folder, "replay"));
}
