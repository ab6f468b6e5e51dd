/** The settings file that explains itself: every setting with meaning, range and default, made from the schema. */
import { stringify } from "yaml";
import { factsOf, type SettingFacts } from "./schema-walk.ts";
import { configSchema, ORIGINAL_NAMES } from "./schema.ts";

/** A command that keys can be given to. */
export interface ExplainedCommand {
  readonly name: string;
  readonly label: string;
  readonly chords: readonly string[];
}

const WIDTH = 110;

const HEAD = [
  "Settings of nq-tui. Every setting stands here with its default, or with an example where it has none; take the # away",
  "to set it. The file is read at the start and again whenever it is written, and `nq-tui config check` looks for mistakes.",
  "Flags stand above variables such as NQ_TUI_THEME, variables above this file. The API key has no place here: set",
  "DATABENTO_API_KEY.",
];

/** Settings of this program, in the order of the file. */
export function ownSettings(): readonly (readonly [name: string, schema: unknown])[] {
  return Object.entries(configSchema.entries).filter(([name]) => !ORIGINAL_NAMES.includes(name));
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const comment = (text: string, before = "# "): string[] => (text === "" ? [] : wrapped(text, WIDTH).map((line) => before + line));

const flow = (value: unknown): string => stringify(value, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: true }).trimEnd();

const sentence = (parts: readonly string[]): string => parts.filter((part) => part !== "").join("; ");

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}

/** What one entry of a list holds, a line for each part. */
function itemLines(item: unknown): string[] {
  const { parts } = factsOf(item);
  if (item === null || parts.length === 0) return [];
  return ["# Each has:", ...parts.flatMap(([name, schema]) => {
    const { range, meaning, fallback } = factsOf(schema);
    const words = sentence([range, fallback === undefined ? "" : `by default ${flow(fallback)}`]);
    const [first = "", ...rest] = wrapped(`${name}: ${words}${meaning === "" ? "" : `. ${meaning}`}`, WIDTH);
    return [`#   ${first}`, ...rest.map((line) => `#     ${line}`)];
  })];
}

/** What a setting is, and what it may be. */
function explained({ meaning, range, fallback, item }: SettingFacts, before: string): string[] {
  const state = isEmpty(fallback) ? `${fallback === undefined ? "not set" : "none"} by default, for example:` : "";
  const entries = itemLines(item);
  const lines = entries.length > 0 ? [range, state] : [sentence([range, state])];
  const [first = [], second = []] = lines.map((words) => comment(words.charAt(0).toUpperCase() + words.slice(1), before));
  return [...comment(meaning, before), ...first, ...entries, ...second];
}

function settingLines(name: string, facts: SettingFacts): string[] {
  const { fallback, example } = facts;
  const lines = explained(facts, "# ");
  if (!isEmpty(fallback)) return [...lines, `#${name}: ${flow(fallback)}`];
  const isTable = Array.isArray(example) && example.every((one) => typeof one === "object");
  return isTable ? [...lines, `#${name}:`, ...example.map((one) => `#  - ${flow(one)}`)] : [...lines, `#${name}: ${flow(example)}`];
}

/** A part that has no default stays away when the # before the group are taken away. */
function partLines(name: string, facts: SettingFacts): string[] {
  const { fallback, example } = facts;
  return [...explained(facts, "#  # "), isEmpty(fallback) ? `#  #${name}: ${flow(example)}` : `#  ${name}: ${flow(fallback)}`];
}

function keyLines({ meaning }: SettingFacts, commands: readonly ExplainedCommand[]): string[] {
  const rows = commands.map(({ name, chords, label }) => ({ row: `${name}: ${flow(chords)}`, label }));
  const width = Math.max(...rows.map(({ row }) => row.length));
  return [...comment(meaning), "#keys:", ...rows.map(({ row, label }) => `#  ${row.padEnd(width)}  # ${label}`)];
}

/** The text of the file; `commands` are all there are, with the keys they have by default. */
export function explainedSettings(commands: readonly ExplainedCommand[]): string {
  const blocks = ownSettings().map(([name, schema]) => {
    const facts = factsOf(schema);
    if (name === "keys") return keyLines(facts, commands);
    if (facts.parts.length === 0 || facts.example !== undefined) return settingLines(name, facts);
    return [...comment(facts.meaning), `#${name}:`, ...facts.parts.flatMap(([part, its]) => partLines(part, factsOf(its)))];
  });
  return `${[HEAD.map((line) => `# ${line}`), ...blocks].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
