/** The commands as a checkout runs them, through npm: a signal to npm must reach the program behind its shell. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { NO_SETTINGS } from "../helpers/run-program.ts";

test("SIGTERM to npm ends the program, which would otherwise live on unseen", async () => {
  const npm = spawn("npm", ["start", "--silent", "--", "stream", "--demo", "--no-config"], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...process.env, ...NO_SETTINGS },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true, // a group of its own, to be ended as a whole should the test fail
  });
  const { pid } = npm;
  // The pipe closes when its last holder is gone: npm, its shell and the program.
  const closed = new Promise<void>((resolve) => npm.once("close", () => resolve()));
  try {
    await new Promise((resolve) => npm.stdout.once("data", resolve));
    npm.kill("SIGTERM");
    npm.stdout.resume();
    expect(await Promise.race([closed.then(() => "gone"), new Promise((resolve) => setTimeout(resolve, 15_000, "still there"))])).toBe("gone");
  } finally {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // the whole group is gone, as it should be
    }
  }
});
