/** Standard output and error whose reader is gone, and a disk that is full: no stack trace, and the right status. */
import { spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { NO_SETTINGS, programPath, startProgram } from "../helpers/run-program.ts";

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The first bytes a gateway says; empty when nobody listens. */
function greeting(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", (bytes: Buffer) => {
      socket.destroy();
      resolve(bytes.toString());
    });
    socket.once("error", () => resolve(""));
  });
}

describe("a reader that is gone before anything was printed", () => {
  test.each([[["--help"], 0], [["stream", "--help"], 0], [["--version"], 0], [["inspect", "--help"], 0]])("%j ends in peace", async (args, code) => {
    const running = startProgram(args);
    running.child.stdout.destroy();
    expect(await running.finished).toMatchObject({ code, stderr: "" });
  });

  test("nobody hears the error, the status still tells it", async () => {
    const running = startProgram(["--frobnicate"]);
    running.child.stderr.destroy();
    expect(await running.finished).toMatchObject({ code: 2, stdout: "" });
  });

  test("the gateway serves on", async () => {
    const port = await freePort();
    const running = startProgram(["gateway", "--port", String(port)]);
    running.child.stdout.destroy();
    while ((await greeting(port)) === "" && running.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
    for (let visit = 0; visit < 10; visit += 1) expect(await greeting(port)).toMatch(/^lsg_version=/);
    running.child.kill("SIGTERM");
    expect(await running.finished).toMatchObject({ code: 0, stderr: "" });
  });
});

test.skipIf(!existsSync("/dev/full"))("a full disk is a sentence and a failure, of help too", () => {
  const end = spawnSync(process.execPath, [programPath(), "--help"], {
    stdio: ["ignore", openSync("/dev/full", "w"), "pipe"], encoding: "utf8", env: { ...process.env, ...NO_SETTINGS },
  });
  expect(end.stderr).toMatch(/^nq-tui: standard output cannot be written: no space is left\n {8}\S[^\n]*\n$/);
  expect(end.status).toBe(1);
});
