/** The house rules, as a test: which floor may import what, which files may touch clock and chance, how long a file is. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SRC = fileURLToPath(new URL("../src/", import.meta.url));

interface Floor {
  readonly may: readonly string[];
  readonly node: readonly string[] | "any";
  readonly packages: readonly string[];
}

/** Folder → folders, node modules and packages it may import, besides itself. The roof is the files of src itself. */
const FLOORS: Readonly<Record<string, Floor>> = {
  ".": { may: ["commands", "lib"], node: "any", packages: [] },
  commands: {
    may: ["ui", "alerts", "gateway", "client", "historical", "recording", "store", "studies", "config", "market", "lsg", "dbn", "lib"], node: "any", packages: ["commander", "valibot", "hyparquet-writer"],
  },
  ui: { may: ["alerts", "store", "studies", "config", "market", "lsg", "lib"], node: [], packages: ["asciichart", "fuzzysort"] },
  alerts: { may: ["store", "studies", "config", "market", "lsg", "lib"], node: [], packages: [] },
  gateway: { may: ["client", "recording", "lsg", "dbn", "market", "lib"], node: ["net", "http"], packages: ["ws"] },
  client: { may: ["lsg", "dbn", "lib"], node: ["net", "stream"], packages: ["ws"] },
  historical: { may: ["lsg", "dbn", "lib"], node: [], packages: [] },
  recording: { may: ["dbn", "lib"], node: ["fs/promises", "fs", "crypto", "net", "zlib"], packages: [] },
  store: { may: ["studies", "market", "lsg", "dbn", "lib"], node: [], packages: [] },
  studies: { may: ["market", "lib"], node: [], packages: [] },
  config: { may: ["lib"], node: [], packages: ["yaml", "valibot", "fastest-levenshtein"] },
  market: { may: ["dbn", "lib"], node: [], packages: ["date-fns-tz"] },
  lsg: { may: ["dbn", "lib"], node: ["crypto"], packages: [] },
  dbn: { may: ["lib"], node: ["zlib"], packages: [] },
  lib: { may: [], node: [], packages: ["pure-rand"] },
};
/** Only `.tsx` files of ui/ draw with these, and only they see node's streams. */
const SCREEN_PACKAGES = ["react", "ink"];
const PURE = ["lib", "dbn", "lsg", "config", "market", "studies", "store", "alerts"];
const AMBIENT = /\bDate\.now\b|\bnew Date\(\)|\bperformance\.|\bset(?:Timeout|Interval|Immediate)\b|\bMath\.random\b|\bprocess\.|\bconsole\./;
const LINES_MAX = 300;

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((name) => name.split("\\").join("/"))
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"));
const floorOf = (file: string): string => (file.includes("/") ? (file.split("/")[0] ?? "") : ".");
const textOf = (file: string): string => readFileSync(join(SRC, file), "utf8");
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

function importsOf(file: string): string[] {
  return [...withoutComments(textOf(file)).matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

function forbidden(file: string): string[] {
  const floor = FLOORS[floorOf(file)];
  if (floor === undefined) return [`${file}: no floor`];
  return importsOf(file).flatMap((target) => {
    if (target === "../../package.json") return file === "commands/version.ts" ? [] : [`${file} → ${target}`];
    if (target.startsWith(".")) {
      const to = floorOf(posix.normalize(posix.join(dirname(file), target)));
      return to === floorOf(file) || floor.may.includes(to) ? [] : [`${file} → ${target}`];
    }
    if (target.startsWith("node:")) {
      const isScreen = file.startsWith("ui/") && file.endsWith(".tsx");
      return isScreen || floor.node === "any" || floor.node.includes(target.slice(5)) ? [] : [`${file} → ${target}`];
    }
    const name = target.split("/")[0] ?? target; // a package, or a part of one
    if (SCREEN_PACKAGES.includes(name)) return file.startsWith("ui/") && file.endsWith(".tsx") ? [] : [`${file} → ${target}`];
    return floor.packages.includes(name) ? [] : [`${file} → ${target}`];
  });
}

test("every import points down", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap(forbidden)).toEqual([]);
});

test("the check itself sees imports", () => {
  expect(importsOf("dbn/zstd.ts")).toContain("node:zlib");
  expect(importsOf("commands/program.ts")).toContain("./screen.ts");
});

test("the pure floors and every .ts of ui/ know no clock, chance, process or console", () => {
  const pure = files.filter((file) => PURE.includes(floorOf(file)) || (file.startsWith("ui/") && file.endsWith(".ts")));
  expect(pure.filter((file) => AMBIENT.test(withoutComments(textOf(file))))).toEqual([]);
});

test("elsewhere only the system, and the first file, touch them", () => {
  const allowed = ["bin.ts", "commands/system.ts"];
  const touching = files.filter((file) => AMBIENT.test(withoutComments(textOf(file))));
  expect(touching.filter((file) => !allowed.includes(file))).toEqual([]);
});

test(`no file but a table of layouts is longer than ${LINES_MAX} lines, and each says first what it is`, () => {
  const long = files.filter((file) => !/dbn\/layouts-/.test(file) && textOf(file).split("\n").length > LINES_MAX + 1);
  expect(long).toEqual([]);
  expect(files.filter((file) => !/^(#![^\n]*\n)?\/\*\*/.test(textOf(file)))).toEqual([]);
});

test("the map in src/README.md names every folder", () => {
  const map = readFileSync(join(SRC, "README.md"), "utf8");
  for (const folder of Object.keys(FLOORS).filter((name) => name !== ".")) expect(map).toContain(`\`${folder}/\``);
  expect(relative(SRC, join(SRC, "README.md"))).toBe("README.md");
});
