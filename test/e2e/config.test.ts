/** The settings file from outside: what it sets, what stands above it, and what a mistake in it says. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../helpers/run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A configuration folder that holds this file. */
function home(text: string, name = "config.yaml"): { readonly env: { readonly XDG_CONFIG_HOME: string }; readonly path: string } {
  const base = join(folder, String((count += 1)));
  mkdirSync(join(base, "nq-tui"), { recursive: true });
  const path = join(base, "nq-tui", name);
  writeFileSync(path, text);
  return { env: { XDG_CONFIG_HOME: base }, path };
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const STREAM = ["--json", "--speed", "max", "--start-at", "18:00", "--limit", "1"];

async function symbolShown(args: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown> {
  const end = await runProgram([...args, ...STREAM], env);
  expect(end).toMatchObject({ code: 0, stderr: "" });
  return (JSON.parse(end.stdout.split("\n")[0] ?? "") as Record<string, unknown>)["symbol"];
}

describe("what is set", () => {
  test("flags stand above variables, variables above the file, the file above defaults", async () => {
    const { env } = home("symbol: NQU5\n");
    expect(await symbolShown([], {})).toBe("NQM5");
    expect(await symbolShown([], env)).toBe("NQU5");
    expect(await symbolShown([], { ...env, NQ_TUI_SYMBOL: "NQ.v.0" })).toBe("NQM5");
    expect(await symbolShown(["--symbol", "NQU5"], { ...env, NQ_TUI_SYMBOL: "NQ.v.0" })).toBe("NQU5");
    expect(await symbolShown(["--no-config"], env)).toBe("NQM5");
  });

  test("--config names another file, which has to be there", async () => {
    const { path } = home('{"symbol": "NQU5"}', "other.json");
    expect(await symbolShown(["--config", path], home("symbol: NQM5").env)).toBe("NQU5");
    const end = await runProgram(["--config", join(folder, "absent.yaml"), ...STREAM]);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain(`${join(folder, "absent.yaml")} cannot be read: ENOENT`);
  });

  test("a demo that is set runs although there is a key; a gateway that is typed beats it, a demo that is typed beats a gateway", async () => {
    const key = { DATABENTO_API_KEY: "db-ThisKeyMustNeverBeSeen0123456" };
    expect(await symbolShown([], { ...key, ...home("demo: true").env })).toBe("NQM5");
    const nobody = `127.0.0.1:${await closedPort()}`;
    expect(await symbolShown(["--demo"], { ...key, ...home(`gateway: ${nobody}`).env })).toBe("NQM5");
    const end = await runProgram(["price", "--gateway", nobody], home("demo: true").env);
    expect(end).toMatchObject({ code: 5, stdout: "" });
  });

  test("a contract that is typed leaves a rule of the file nothing to choose", async () => {
    const { env } = home("roll: thursday");
    expect(await symbolShown([], env)).toBe("NQU5");
    expect(await symbolShown(["--symbol", "NQM5"], env)).toBe("NQM5");
  });

  test("paths are meant from the file's folder", async () => {
    const { env } = home("calendar: mine.json");
    const end = await runProgram(["stream", ...STREAM.slice(1)], env);
    expect(end.code).toBe(2);
    expect(end.stderr).toContain(`${join(env.XDG_CONFIG_HOME, "nq-tui", "mine.json")} cannot be read`);
  });

  test("the original system's file is taken at its word, and what it says for nothing is told", async () => {
    const { path } = home('{"symbols": ["NQ"], "enable_live_streaming": false, "daily_budget": 25}', "config.json");
    const end = await runProgram(["--config", path, ...STREAM]);
    expect(end.code).toBe(0);
    expect(end.stderr).toContain("symbols: 'NQ' is shown as NQ.v.0");
    expect(end.stderr).toContain("not used by this program: daily_budget");
  });
});

describe("mistakes", () => {
  test.each([
    [["stream"]], [["price"]], [["log"]], [["volume"]], [["record"]], [["recordings"]], [["replay", "any.dbn"]], [[]],
  ])("%j: each is a sentence with file and line, and nothing runs", async (args) => {
    const { env, path } = home("theme: drak\nsymbol: NQ.FUT\nwhales:\n  sise: 3\n");
    const end = await runProgram(args, env);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    const lines = end.stderr.trimEnd().split("\n");
    expect(lines[0]).toBe(`nq-tui: ${path}:1: theme: expected one of dark, light, high-contrast, colour-blind, red-up, colour-blind-light, red-up-light, none, found 'drak'; did you mean dark?`);
    expect(lines[1]).toBe(`nq-tui: ${path}:4: unknown setting 'sise' in whales; did you mean size?`);
    expect(lines[2]).toContain("--no-config");
  });

  test.each([
    ["symbol: NQ.FUT", ":1: symbol: A parent symbol names many contracts; the screen shows one."],
    ["theme: dark\ngateway: nowhere", ":2: gateway: Expected HOST:PORT"],
    ["hide: [tape, profil]", ":1: hide: there is no pane 'profil'; did you mean profile?"],
    ["keys:\n  zoom: f\n  freez: f", ":3: keys: there is no command 'freez'; did you mean freeze?"],
    ["keys:\n  zoom: f\n  freeze: f", ":3: keys: zoom and freeze are both f"],
    ["keys:\n  freeze: foo", ":2: keys.freeze: expected a key such as q"],
    ["keys:\n  freeze: { a: b }", ":2: keys.freeze: expected a key, or a list of at most 8 keys, found a group of settings"],
  ])("%j cannot be asked for", async (text, sentence) => {
    const end = await runProgram(["stream"], home(text).env);
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain(sentence);
  });

  test("variables are checked like the file", async () => {
    const end = await runProgram(["stream"], { NQ_TUI_THEME: "drak", NQ_TUI_FRAMES_PER_SECOND: "11", NQ_TUI_SYMBL: "NQ" });
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toContain("NQ_TUI_THEME: theme: expected one of");
    expect(end.stderr).toContain("NQ_TUI_FRAMES_PER_SECOND: frames_per_second: expected 10 or less, found '11'");
    expect(end.stderr).toContain("NQ_TUI_SYMBL: no such variable");
  });
});

describe("config", () => {
  test("path says where the file is, and what lies there unread", async () => {
    const { env, path } = home("");
    expect(await runProgram(["config", "path"], env)).toMatchObject({ code: 0, stdout: `${path}\n`, stderr: "" });
    const other = home("theme: light", "config.yml");
    const end = await runProgram(["config", "path"], other.env);
    expect(end.stdout).toBe(`${join(other.env.XDG_CONFIG_HOME, "nq-tui", "config.yaml")}\n`);
    expect(end.stderr).toContain("there is no such file");
    expect(end.stderr).toContain(`${other.path} is not read`);
  });

  test("check tells every mistake, one a line, and exits 2", async () => {
    const text = Array.from({ length: 30 }, (_, at) => `wrong${at}: 1`).join("\n");
    const { env, path } = home(text);
    const end = await runProgram(["config", "check"], env);
    expect(end).toMatchObject({ code: 2, stderr: "" });
    const lines = end.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(30);
    expect(lines.at(-1)).toMatch(new RegExp(`^${path}:30: unknown setting 'wrong29'; there are: symbol, `));
    const good = home("theme: light\n");
    expect(await runProgram(["config", "check"], good.env)).toMatchObject({ code: 0, stdout: `${good.path}: no mistake\n` });
    expect(await runProgram(["config", "check", path], good.env)).toMatchObject({ code: 2 });
    expect(await runProgram(["config", "check", join(folder, "absent")])).toMatchObject({ code: 2, stdout: "" });
  });

  test("init writes a file that changes nothing, never over another one unless told to, and then keeps that one", async () => {
    const base = join(folder, "fresh", "home");
    const env = { XDG_CONFIG_HOME: base };
    const path = join(base, "nq-tui", "config.yaml");
    expect(await runProgram(["config", "init"], env)).toMatchObject({ code: 0, stdout: `${path}\n` });
    expect(await runProgram(["config", "check"], env)).toMatchObject({ code: 0 });
    writeFileSync(path, "theme: light\n");
    expect(await runProgram(["config", "init"], env)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("is there already and was not touched") });
    expect(readFileSync(path, "utf8")).toBe("theme: light\n");
    expect(await runProgram(["config", "init", "--force"], env)).toMatchObject({ code: 0 });
    expect(readFileSync(`${path}.old`, "utf8")).toBe("theme: light\n");
    expect(await runProgram(["config", "init", "--print"], env)).toMatchObject({ code: 0, stdout: readFileSync(path, "utf8") });
  });

  test("show says where each comes from, and never the key", async () => {
    const { env, path } = home("theme: light\nwhales:\n  size: 40\nkeys:\n  freeze: f\n");
    const secret = "db-ThisKeyMustNeverBeSeen0123456";
    const all = { ...env, NQ_TUI_LAYOUT: "tape", DATABENTO_API_KEY: secret };
    const end = await runProgram(["config", "show", "--fps", "5", "--no-title"], all);
    expect(end).toMatchObject({ code: 0, stderr: "" });
    const row = (name: string): string => end.stdout.split("\n").find((line) => line.startsWith(`${name} `))?.replace(/ {2,}/g, " ") ?? "";
    expect(row("theme")).toBe(`theme light ${path}:1`);
    expect(row("whales.size")).toBe(`whales.size 40 ${path}:3`);
    expect(row("whales.adaptive")).toBe("whales.adaptive false default");
    expect(row("keys.freeze")).toBe(`keys.freeze f ${path}:5`);
    expect(row("layout")).toBe("layout tape NQ_TUI_LAYOUT");
    expect(row("frames_per_second")).toBe("frames_per_second 5 --fps");
    expect(row("title")).toBe("title false --title");
    expect(end.stdout).toContain("API key        set in DATABENTO_API_KEY");
    expect(end.stdout).not.toContain("MustNever");
    const json = await runProgram(["config", "show", "--json"], all);
    expect(JSON.parse(json.stdout)).toMatchObject({ file: path, settings: { "whales.size": { value: 40, from: `${path}:3` } } });
    expect(json.stdout).not.toContain("MustNever");
  });

  test("without a command of it, or with a word that is none, it names the one that was meant or those there are", async () => {
    for (const [args, said] of [
      [["config"], "path, check, init, show"], [["config", "chek"], "did you mean check?"], [["config", "everything"], "there are: path, check, init, show"],
    ] as const) {
      const end = await runProgram(args);
      expect(end).toMatchObject({ code: 2, stdout: "" });
      expect(end.stderr).toContain(said);
    }
  });
});

test("keys prints every key with its name, the reader's own among them", async () => {
  const plain = await runProgram(["keys"]);
  expect(plain).toMatchObject({ code: 0, stderr: "" });
  expect(plain.stdout).toMatch(/^ {2}space +freeze +freeze the picture/m);
  const own = await runProgram(["keys"], home("keys:\n  freeze: m\n").env);
  expect(own.stdout).toMatch(/^ {2}m +freeze +freeze the picture/m);
  expect(own.stdout).toMatch(/^ {2}M +chart\.mode .*\(m is freeze now\)$/m);
  const json = await runProgram(["keys", "--json"]);
  expect(json.stdout.split("\n")[0]).toBe('{"name":"go.price","where":"Everywhere","keys":["1"],"label":"go to Price"}');
});
