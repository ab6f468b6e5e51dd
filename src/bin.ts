#!/usr/bin/env -S node --max-semi-space-size=1 --optimize-for-size --v8-pool-size=1
/**
 * The program's first file: checks the Node version with syntax that old ones can read, then starts. Memory is what a
 * program left open all day costs, so garbage is collected early: it is little and collecting it is cheap. One helper thread
 * of the engine does: each of the usual four keeps memory of its own, and all are woken for every collection.
 */
import { setFlagsFromString } from "node:v8";

// SIGUSR1 would open Node's inspector, and with it the memory, to every program on this machine; a listener takes its place.
process.on("SIGUSR1", () => {});
// A crash report is sent to others: the environment, and with it the API key, has no place in it.
if (process.report !== undefined) process.report.excludeEnv = true;

const NEEDED = [22, 15] as const;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `nq-tui needs Node ${NEEDED[0]}.${NEEDED[1]} or newer; this is Node ${process.versions.node}. ` +
      "In a checkout, `npm start` brings its own.\n",
  );
  process.exitCode = 1;
} else {
  process.env["NODE_ENV"] ??= "production"; // React's development build costs twice the memory
  setFlagsFromString("--heap-growing-percent=15");
  import("./cli.ts")
    .then((cli) => cli.main(process.argv.slice(2)))
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error: unknown) => {
      process.stderr.write(`nq-tui: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 70;
    });
}
