/** Text of a configuration file → settings, or every mistake in it with its line and the key that was probably meant. */
import * as v from "valibot";
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { sanitiseText } from "../lib/sanitise.ts";
import { nearest } from "./nearest.ts";
import { configSchema, ORIGINAL_NAMES, ORIGINAL_UNUSED, type Config } from "./schema.ts";
import { inner, unwrap } from "./schema-walk.ts";
import { COLOUR_NAMES, type Settings } from "./settings.ts";

export interface ConfigMistake {
  /** Counted from 1; 0 when the file as a whole is meant. */
  readonly line: number;
  /** Expected, found, and what to write instead. */
  readonly sentence: string;
}

export type ParsedConfig =
  | {
      readonly kind: "good";
      readonly config: Settings;
      readonly notes: readonly string[];
      /** Each setting that the text holds, such as `whales.size` or `alerts.0`, and its line. */
      readonly places: ReadonlyMap<string, number>;
    }
  | { readonly kind: "bad"; readonly mistakes: readonly ConfigMistake[] };

/** Ten thousand rules are below this. */
const BYTES_MAX = 2 * 1024 * 1024;
const MISTAKES_MAX = 20;
const SENTENCE_MAX = 900;

type Path = readonly (string | number)[];

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "a group of settings";
  return `'${sanitiseText(String(value), 60)}'`;
}

/** The key or value at a path, for its place in the text. */
function nodeAt(document: Document, path: Path): Node | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const parent = document.getIn(path.slice(0, Math.max(0, length - 1)), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last);
      if (pair !== undefined && isScalar(pair.key)) return pair.key as Node;
    }
    const node = document.getIn(path.slice(0, length), true);
    if (typeof node === "object" && node !== null && "range" in node) return node as Node;
  }
  return null;
}

function lineOf(document: Document, lines: LineCounter, path: Path): number {
  const range = nodeAt(document, path)?.range;
  return range === undefined || range === null ? 0 : lines.linePos(range[0]).line;
}

/** The names a group may hold, by walking the schema along the path. */
function namesAt(path: Path): readonly string[] {
  let schema: unknown = configSchema;
  for (const step of path.slice(0, -1)) schema = inner(schema, step);
  const group = unwrap(schema);
  return typeof group === "object" && group !== null && "entries" in group ? Object.keys(group.entries as object) : [];
}

function unknownSentence(path: Path): string {
  const key = String(path.at(-1) ?? "");
  return `unknown setting ${show(key)}${path.length > 1 ? ` in ${path.slice(0, -1).join(".")}` : ""}${nearest(key, namesAt(path))}`;
}

function sentenceOf(issue: v.BaseIssue<unknown>, path: Path): string {
  const name = path.join(".");
  const parent = issue.path?.at(-1)?.input;
  if (issue.type === "strict_object" && Array.isArray(parent)) return `${path.slice(0, -1).join(".")}: expected a group of settings, found a list`;
  if (issue.type === "strict_object" && issue.expected === "never") return unknownSentence(path);
  if (issue.type === "picklist" || issue.type === "variant") {
    const options = (issue.expected ?? "").replace(/[()"]/g, "").split(" | ");
    const near = typeof issue.input === "string" && typeof issue.received === "string" ? nearest(issue.received.replace(/"/g, ""), options) : "";
    return `${name}: expected one of ${options.join(", ")}, found ${show(issue.input)}${near.startsWith("; did") ? near : ""}`;
  }
  const wanted = issue.message.startsWith("expected") ? issue.message.slice("expected ".length) : wantedOf(issue);
  if (path[0] === "theme_colours" && typeof issue.input === "string") {
    const near = nearest(issue.input, COLOUR_NAMES);
    return `${name}: expected ${wanted}, found ${show(issue.input)}${near.startsWith("; did") ? near : ""}`;
  }
  // An address may hold a secret, also one that is written wrongly.
  return `${name}: expected ${wanted}, found ${path.at(-1) === "url" ? "something else" : show(issue.input)}`;
}

function wantedOf(issue: v.BaseIssue<unknown>): string {
  const requirement = "requirement" in issue ? String(issue.requirement) : "";
  switch (issue.type) {
    case "min_value": return `${requirement} or more`;
    case "max_value": return `${requirement} or less`;
    case "integer": return "a whole number";
    case "number": return "a number";
    case "boolean": return "true or false";
    case "string": return "a text";
    case "array": return "a list";
    case "min_length": return "something that is not empty";
    case "max_length": return `at most ${requirement} entries or characters`;
    default: return issue.expected === "Object" ? "a group of settings" : (issue.expected ?? "another value");
  }
}

/** Every name that its group does not know; the schema check itself stops at the first of each group. */
function unknownNames(value: unknown, schema: unknown, path: Path): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const group = unwrap(schema);
  const isStrict = typeof group === "object" && group !== null && "type" in group && group.type === "strict_object";
  return Object.entries(value).flatMap(([key, part]) => {
    const step = Array.isArray(value) ? Number(key) : key;
    const here = [...path, step];
    if (isStrict && Array.isArray(value)) return []; // a list where a group was expected is told as that
    if (isStrict && !Object.hasOwn((group as unknown as { entries: object }).entries, key)) return [here];
    return unknownNames(part, inner(group, step), here);
  });
}

function problems(issues: readonly v.BaseIssue<unknown>[], value: unknown, document: Document, lines: LineCounter): ConfigMistake[] {
  const at = (path: Path, sentence: string): ConfigMistake => ({ line: lineOf(document, lines, path), sentence });
  const unknown = unknownNames(value, configSchema, []);
  const found = unknown.map((path) => at(path, unknownSentence(path)));
  for (const issue of issues) {
    const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
    const isTold = unknown.some((other) => other.join(".") === path.join("."));
    if (!isTold) found.push(at(path, sentenceOf(issue, path)));
  }
  return found.sort((a, b) => a.line - b.line);
}

/** Where each setting stands, by its path with dots. */
function placesOf(document: Document, lines: LineCounter): Map<string, number> {
  const places = new Map<string, number>();
  const walk = (node: unknown, path: string): void => {
    const below = (key: unknown, at: Node | null | undefined, value: unknown): void => {
      const name = path === "" ? String(key) : `${path}.${String(key)}`;
      const range = at?.range;
      if (range !== undefined && range !== null) places.set(name, lines.linePos(range[0]).line);
      walk(value, name);
    };
    if (isMap(node)) for (const { key, value } of node.items) below(isScalar(key) ? key.value : key, key as Node | null, value);
    if (isSeq(node)) node.items.forEach((item, at) => below(at, item as Node | null, item));
  };
  walk(document.contents, "");
  return places;
}

/** What the original system's names say, where this program's own are absent. */
function adopt(config: Config, places: Map<string, number>): { config: Settings; notes: string[]; places: Map<string, number> } {
  const notes: string[] = [];
  const original = config.data_sources?.databento?.config;
  const nested = "data_sources.databento.config.";
  const symbols = config.symbols ?? original?.symbols;
  const live = config.enable_live_streaming ?? original?.enable_live_streaming;
  const own = Object.entries(config).filter(([name]) => !ORIGINAL_NAMES.includes(name));
  // What is left has the names of Settings: the schema knows no others.
  const next = Object.fromEntries(own) as unknown as { -readonly [Name in keyof Settings]: Settings[Name] };
  const placed = (name: string, from: string): void => void places.set(name, places.get(from) ?? places.get(nested + from) ?? 0);
  const [first] = symbols ?? [];
  if (next.symbol === undefined && first !== undefined) {
    // There `NQ` stands for the future that trades most; it was never a contract of its own.
    next.symbol = /^[A-Z]{1,4}$/.test(first) ? `${first}.v.0` : first;
    placed("symbol", "symbols");
    notes.push(`symbols: ${show(first)} is shown as ${next.symbol}${(symbols?.length ?? 0) > 1 ? "; one contract is shown at a time" : ""}`);
  }
  if (live === false && next.demo === undefined) {
    next.demo = true;
    placed("demo", "enable_live_streaming");
    notes.push("enable_live_streaming: false runs the demo market");
  }
  const unused = ORIGINAL_UNUSED.filter((name) => config[name] !== undefined);
  if (unused.length > 0) notes.push(`not used by this program: ${unused.join(", ")}`);
  return { config: next, notes, places };
}

/** What the YAML reader says, but for what only its makers understand. */
function yamlSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/call stack/.test(message)) return "expected settings that are nested a few levels deep, found thousands";
  return /circular/.test(message) ? "expected settings that can be written out, found an alias inside of what it stands for" : sanitiseText(message, 200);
}

/** A run of letters and digits that no name and no value of a setting has: an API key, perhaps one mistyped. */
const KEY_LIKE = /[A-Za-z0-9_-]{24,}/g;

/** Fit to be shown: nothing that steers a terminal, nothing that may be secret. */
const fit = (sentence: string): string => sanitiseText(sentence.replace(KEY_LIKE, "…"), SENTENCE_MAX);

/** YAML, and so JSON too; tells at most `mistakesMax` mistakes. Pure; a key in the file is refused whatever it is called. */
export function parseConfig(text: string, mistakesMax = MISTAKES_MAX): ParsedConfig {
  const parsed = readConfig(text, mistakesMax);
  if (parsed.kind === "good") return { ...parsed, notes: parsed.notes.map(fit) };
  return { kind: "bad", mistakes: parsed.mistakes.map(({ line, sentence }) => ({ line, sentence: fit(sentence) })) };
}

function readConfig(text: string, mistakesMax: number): ParsedConfig {
  if (text.length > BYTES_MAX) return { kind: "bad", mistakes: [{ line: 0, sentence: `expected at most ${BYTES_MAX} characters of settings, found ${text.length}` }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, schema: "core", logLevel: "silent" });
  if (document.errors.length > 0) {
    const mistakes = document.errors.slice(0, mistakesMax).map((error) => ({ line: lines.linePos(error.pos[0]).line, sentence: yamlSentence(error) }));
    return { kind: "bad", mistakes };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {}; // an empty file sets nothing
    JSON.stringify(value); // throws where a part contains itself
  } catch (error) {
    return { kind: "bad", mistakes: [{ line: 0, sentence: yamlSentence(error) }] };
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    return { kind: "bad", mistakes: [{ line: 1, sentence: `expected settings such as 'theme: dark', found ${show(value)}` }] };
  }
  const key = findKey(value, []);
  if (key !== null) {
    return { kind: "bad", mistakes: [{ line: lineOf(document, lines, key), sentence: "an API key does not belong into this file; set DATABENTO_API_KEY" }] };
  }
  const checked = v.safeParse(configSchema, value);
  if (!checked.success) return { kind: "bad", mistakes: problems(checked.issues, value, document, lines).slice(0, mistakesMax) };
  return { kind: "good", ...adopt(checked.output, placesOf(document, lines)) };
}

/** Where something that looks like an API key stands; placeholders such as ${DATABENTO_API_KEY} are fine. */
function findKey(value: unknown, path: Path): Path | null {
  if (typeof value === "string") return /\bdb-[A-Za-z0-9]{20,}/.test(value) ? path : null;
  if (typeof value !== "object" || value === null || path.length > 20) return null;
  for (const [key, part] of Object.entries(value)) {
    const found = findKey(part, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found !== null) return found;
  }
  return null;
}
