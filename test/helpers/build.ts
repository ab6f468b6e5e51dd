/** Builds the program before the tests that run it, where its sources are newer than what was built. */
import { execFileSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

function builtMs(): number {
  return statSync(`${root}dist/bin.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Called by the test runner, once. */
export function setup(): void {
  const sources = [".build.js", "package.json", ...globSync("src/**/*.{ts,tsx}", { cwd: root })];
  const newest = Math.max(...sources.map((name) => statSync(`${root}${name}`).mtimeMs));
  if (newest > builtMs()) execFileSync(process.execPath, [".build.js"], { cwd: root, stdio: "inherit" });
}
