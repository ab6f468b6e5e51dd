/** The program's version, read from its package. */
import { readFileSync } from "node:fs";

const packageText = readFileSync(new URL("../../package.json", import.meta.url), "utf8");

/** e.g. `0.1.0`. */
export const VERSION: string = /"version":\s*"([^"]+)"/.exec(packageText)?.[1] ?? "unknown";
