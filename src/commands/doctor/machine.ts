/** The doctor on Node and the terminal: size, colours, characters, mouse, keys. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Settings } from "../../config/settings.ts";
import { chooseCharset, chooseColor } from "../color.ts";
import type { System } from "../system.ts";
import { fail, ok, skip, warn, type Finding } from "./finding.ts";

const NODE_NEEDED = [22, 15] as const;
/** Below the first a line is all there is room for; below the second panes have to be left out. */
const LINE_ONLY = { columns: 60, rows: 15 };
const GOOD = { columns: 80, rows: 24 };

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor < NODE_NEEDED[1]);
  if (isOld) return fail("node", `Node ${version}`, `install Node ${NODE_NEEDED.join(".")} or newer`);
  return ok("node", `Node ${version}`);
}

function checkSize({ stdout }: System): Finding {
  if (stdout.isTTY !== true) return skip("terminal size", "the output is no terminal: lines are printed instead of the screen");
  const { columns, rows } = stdout;
  const size = `${columns} × ${rows}`;
  if (columns < LINE_ONLY.columns || rows < LINE_ONLY.rows) return warn("terminal size", size, `enlarge the window: below ${LINE_ONLY.columns} × ${LINE_ONLY.rows} there is room for little more than the price`);
  if (columns < GOOD.columns || rows < GOOD.rows) return warn("terminal size", size, `from ${GOOD.columns} × ${GOOD.rows} on several panes fit`);
  return ok("terminal size", size);
}

function checkColours({ env, stdout }: System, { colours }: Settings): Finding {
  if (stdout.isTTY !== true) return skip("colours", "the output is no terminal");
  const depth = chooseColor(env, stdout, colours);
  const words = { none: "no colours", "16": "16 colours", "256": "256 colours", true: "true colour" } as const;
  const isAsked = colours !== "auto" || (env["NO_COLOR"] ?? "") !== "";
  const found = `${words[depth]}${isAsked ? ", as was set" : ` (TERM ${env["TERM"] ?? "is not set"})`}`;
  if (depth === "none" && !isAsked) return warn("colours", found, "set TERM to what the terminal is, e.g. xterm-256color, or colours in the settings");
  return ok("colours", found);
}

function checkCharacters({ env }: System, { ascii }: Settings): Finding {
  const found = chooseCharset(env, ascii);
  if (found === "unicode") return ok("characters", ascii === undefined ? "Unicode" : "Unicode, as was set");
  if (ascii === true) return ok("characters", "ASCII only, as was set");
  return warn("characters", "ASCII only, as TERM or the locale says", "set LANG to a UTF-8 locale such as C.UTF-8, or use --no-ascii");
}

/** Folders in which a terminal's description may lie, the user's first. */
function descriptionFolders(env: System["env"]): readonly string[] {
  const home = env["HOME"];
  const own = [env["TERMINFO"], home === undefined ? undefined : join(home, ".terminfo")].filter((folder) => folder !== undefined && folder !== "");
  return [...(own as string[]), ...(env["TERMINFO_DIRS"] ?? "").split(":").filter((folder) => folder !== ""), "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/share/lib/terminfo", "/usr/local/share/terminfo"];
}

/** The compiled description of the terminal; null when there is none. */
async function descriptionOf(env: System["env"]): Promise<Buffer | null> {
  const term = env["TERM"] ?? "";
  if (!/^[A-Za-z0-9][A-Za-z0-9+._-]*$/.test(term)) return null;
  const first = term.charAt(0);
  for (const folder of descriptionFolders(env)) {
    // By the first letter, or (macOS) by its code.
    for (const below of [first, first.charCodeAt(0).toString(16)]) {
      const bytes = await readFile(join(folder, below, term)).catch(() => null);
      if (bytes !== null) return bytes;
    }
  }
  return null;
}

async function checkMouse({ env, stdout }: System, { mouse }: Settings): Promise<Finding> {
  if (!mouse) return ok("mouse", "left to the terminal, as was set");
  if (stdout.isTTY !== true) return skip("mouse", "the output is no terminal");
  const description = await descriptionOf(env);
  const term = env["TERM"] ?? "";
  if (description === null) return warn("mouse", `terminal '${term}' is not described on this machine`, "everything works by keys; install its terminfo entry, or set TERM to what the terminal is");
  // What the terminal sends for a click, as the description has it.
  const hasMouse = description.includes("\u001B[M") || description.includes("\u001B[<");
  return hasMouse ? ok("mouse", `${term} reports clicks`) : warn("mouse", `${term} reports no clicks`, "everything works by keys");
}

function checkKeyboard({ stdin }: System): Finding {
  return stdin.isTTY === true ? ok("keyboard", "single keys can be read") : skip("keyboard", "the input is no terminal: the screen would hear no keys");
}

export async function checkTerminal(system: System, settings: Settings): Promise<readonly Finding[]> {
  return [
    checkSize(system), checkColours(system, settings), checkCharacters(system, settings), await checkMouse(system, settings), checkKeyboard(system),
  ];
}
