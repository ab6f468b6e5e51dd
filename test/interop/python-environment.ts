/** A Python environment of the project's own with Databento's official client in it. */
import { join } from "node:path";
import { runChild } from "./children.ts";
import { say } from "./tally.ts";

/** The version everything here was tried with. */
const CLIENT_VERSION = "0.88.0";
/** All of the installation, milliseconds. */
const INSTALL_LIMIT_MS = 240_000;
const PIP = [
  "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--retries", "1",
  "--timeout", "30",
];

async function installedVersion(python: string): Promise<string | null> {
  try {
    return await runChild(python, ["-c", "import databento; print(databento.__version__)"], 60_000);
  } catch {
    return null;
  }
}

/**
 * Path of the environment's Python; an environment that has the client is used as it is.
 * @throws Error saying why there can be none
 */
export async function preparePython(root: string, requirements: string): Promise<string> {
  const folder = join(root, ".venv");
  const python = join(folder, "bin", "python");
  if ((await installedVersion(python)) === CLIENT_VERSION) return python;
  const deadline = Date.now() + INSTALL_LIMIT_MS;
  const left = (): number => Math.max(1, deadline - Date.now());
  say(`installing databento ${CLIENT_VERSION} in .venv`);
  await runChild("python3", ["-m", "venv", folder], left());
  await runChild(python, [...PIP, "-r", requirements], left());
  await runChild(python, [...PIP, "--no-deps", `databento==${CLIENT_VERSION}`], left());
  const found = await installedVersion(python);
  if (found === CLIENT_VERSION) return python;
  throw new Error(`expected databento ${CLIENT_VERSION} in .venv, found ${found ?? "none"}`);
}
