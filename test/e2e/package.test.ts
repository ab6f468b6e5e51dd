/** The package as a person gets it: what is in it, and that it runs where nothing but its own dependencies is installed. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_SETTINGS } from "../helpers/run-program.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nq-tui-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tree = join(folder, "tree");
const prefix = join(folder, "prefix");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const tarball = join(folder, `nq-tui-${version}.tgz`);
/** Folders of its own for whatever the program reads or writes, and this Node first. */
const env = {
  ...process.env, HOME: folder, XDG_DATA_HOME: join(folder, "data"), XDG_STATE_HOME: join(folder, "state"), ...NO_SETTINGS,
  PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
  DATABENTO_API_KEY: "", NODE_ENV: "",
};
/** npm keeps what it has fetched below the home, and its settings too. */
const npmEnv = { ...process.env, NODE_ENV: "" };
const npm = (cwd: string, ...args: readonly string[]): Promise<{ stdout: string }> => run("npm", [...args], { cwd, env: npmEnv, maxBuffer: 1e8 });

let files: readonly string[] = [];

beforeAll(async () => {
  mkdirSync(tree);
  for (const name of ["src", "docs", "README.md", "CHANGELOG.md", "LICENSE", "package.json", "package-lock.json", "tsconfig.json", ".build.js"]) {
    cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  // What may lie about in a working tree: an old build, settings, recordings.
  mkdirSync(join(tree, "dist"));
  for (const name of [".env", "config.yaml", "GLBX.MDP3.trades.dbn.zst", "dist/removed.js"]) writeFileSync(join(tree, name), "must not be packed");
  const { stdout } = await npm(tree, "pack", "--json", "--pack-destination", folder);
  const told = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as Record<string, { files: { path: string }[] }>;
  files = Object.values(told)[0]?.files.map(({ path }) => path) ?? [];
  // Fetches what is not kept from the registry, and nothing else.
  await npm(folder, "install", "--global", "--prefix", prefix, "--prefer-offline", "--no-audit", "--no-fund", tarball);
}, 180_000);

const program = (...args: readonly string[]): Promise<{ stdout: string; stderr: string }> => run(join(prefix, "bin", "nq-tui"), [...args], { cwd: folder, env });

test("the package holds the built program, its documents, and nothing else", () => {
  const allowed = [/^package\.json$/, /^README\.md$/, /^CHANGELOG\.md$/, /^LICENSE$/, /^docs\/[\w-]+\.(md|svg|yaml)$/, /^dist\/[\w-]+\.js$/, /^dist\/licences\.txt$/];
  expect(files.filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
  expect(files).toContain("dist/bin.js");
  expect(files).not.toContain("dist/removed.js");
});

test("the licence of every library that is in it comes with it", () => {
  const text = readFileSync(join(prefix, "lib", "node_modules", "nq-tui", "dist", "licences.txt"), "utf8");
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  const sources = globSync("src/**/*.{ts,tsx}", { cwd: root }).map((name) => readFileSync(join(root, name), "utf8")).join("\n");
  const used = Object.entries(dependencies).filter(([name]) => new RegExp(`from "${name}["/]`).test(sources));
  expect(used.map(([name]) => name)).toEqual(expect.arrayContaining(["asciichart", "date-fns-tz", "ink", "react", "ws"]));
  for (const [name, wanted] of used) expect(text).toContain(`${name} ${wanted}\n`);
  expect(text.match(/Permission (is hereby granted|to use, copy)/g)?.length).toBeGreaterThan(20);
});

test("installed by itself it says its version, plays the demo market and explains itself", async () => {
  expect(await program("--version")).toEqual({ stdout: `${version}\n`, stderr: "" });
  const { stdout, stderr } = await program("stream", "--speed", "max", "--start-at", "18:00", "--limit", "5");
  expect(stderr).toBe("");
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^18:00:0\d ET .*NQ?.*DEMO$|^18:00:0\d ET .* DEMO$/);
  expect((await program("help", "config", "check")).stdout).toContain("Usage: nq-tui config check");
  expect((await program("config", "init", "--print")).stdout).toContain("\n#theme: dark\n");
}, 60_000);

test("its dependencies come with it, what only developers need does not", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, { dev?: boolean }> };
  const installed = join(prefix, "lib", "node_modules", "nq-tui");
  for (const name of Object.keys(manifest.dependencies)) expect(existsSync(join(installed, "node_modules", name)), name).toBe(true);
  const developers = Object.entries(lock.packages).filter(([, { dev }]) => dev === true).map(([path]) => path);
  expect(developers.length).toBeGreaterThan(10);
  expect(developers.filter((path) => existsSync(join(installed, path)))).toEqual([]);
});
