/** Where this program keeps what it records and reads what its owner set, by the XDG rules. */
import { join } from "node:path";
import { NqError } from "../lib/errors.ts";
import type { Mode } from "../store/snapshot.ts";
import type { System } from "./system.ts";

function base(system: System, variable: string, fallback: readonly string[]): string {
  const set = system.env[variable];
  if (set !== undefined && set.startsWith("/")) return set; // a relative one is to be ignored, says the rule
  const home = system.env["HOME"] ?? system.env["USERPROFILE"];
  if (home === undefined || home === "") throw new NqError("USAGE", `expected HOME or ${variable} to say where files belong, found neither; name a folder with --dir`);
  return join(home, ...fallback);
}

/** The folder of recordings; simulated ones lie apart, so that nobody takes them for the market. */
export function recordingsFolder(system: System, dir: string | null, mode: Mode = "LIVE"): string {
  const root = dir ?? join(base(system, "XDG_DATA_HOME", [".local", "share"]), "nq-tui", "recordings");
  return mode === "DEMO" ? join(root, "demo") : root;
}
