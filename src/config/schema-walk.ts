/** What the schema says of a setting, read from the schema itself: its range in words, meaning, default, example, parts. */

/** A setting as the explained file and the mistakes speak of it. */
export interface SettingFacts {
  /** What it means; empty where the schema does not say. */
  readonly meaning: string;
  /** What it may be, in words; empty for a group. */
  readonly range: string;
  /** Undefined: it has none. */
  readonly fallback: unknown;
  /** What it could be. */
  readonly example: unknown;
  /** The settings of a group, in order; empty for all others. */
  readonly parts: readonly (readonly [name: string, schema: unknown])[];
  /** The schema of what a list holds; null for all others. */
  readonly item: unknown;
}

type Shape = Readonly<Record<string, unknown>>;

function shapeOf(schema: unknown): Shape {
  return typeof schema === "object" && schema !== null ? (schema as Shape) : {};
}

/** The schema without what makes it optional, gives it a default, or checks it further. */
export function unwrap(schema: unknown): unknown {
  let at = schema;
  for (;;) {
    const { wrapped, pipe } = shapeOf(at);
    if (wrapped !== undefined) at = wrapped;
    else if (Array.isArray(pipe) && pipe[0] !== at) at = pipe[0] as unknown;
    else return at;
  }
}

/** The schema of a part of a group or of the entries of a list; null when there is none. */
export function inner(schema: unknown, step: string | number): unknown {
  const { item, entries } = shapeOf(unwrap(schema));
  if (typeof step === "number") return item ?? null;
  return shapeOf(entries)[step] ?? null;
}

/** Everything that is checked besides the type, innermost first. */
function actionsOf(schema: unknown): Shape[] {
  const { wrapped, pipe } = shapeOf(schema);
  if (wrapped !== undefined) return actionsOf(wrapped);
  if (!Array.isArray(pipe)) return [];
  return [...(pipe[0] === schema ? [] : actionsOf(pipe[0])), ...pipe.slice(1).map(shapeOf)];
}

const requirement = (actions: readonly Shape[], type: string): string | null => {
  const found = actions.find((action) => action["type"] === type);
  return found === undefined ? null : String(found["requirement"]);
};

function numberWords(actions: readonly Shape[]): string {
  const kind = actions.some(({ type }) => type === "integer") ? "whole number" : "number";
  const [min, max] = [requirement(actions, "min_value"), requirement(actions, "max_value")];
  return min === null || max === null ? kind : `${kind} from ${min} to ${max}`;
}

function textWords(actions: readonly Shape[]): string {
  const form = actions.find(({ type, message }) => (type === "regex" || type === "url") && typeof message === "string");
  if (form !== undefined) return String(form["message"]).replace(/^expected an? /, "");
  const max = requirement(actions, "max_length");
  return max === null ? "text" : `text of at most ${max} characters`;
}

/** What a schema lets through, in words. */
function rangeOf(schema: unknown): string {
  const plain = shapeOf(unwrap(schema));
  const actions = actionsOf(schema);
  switch (plain["type"]) {
    case "picklist": return `one of ${(plain["options"] as readonly string[]).join(", ")}`;
    case "literal": return String(plain["literal"]);
    case "boolean": return "true or false";
    case "number": return numberWords(actions);
    case "string": return textWords(actions);
    case "array": {
      const max = requirement(actions, "max_length");
      const of = rangeOf(plain["item"]);
      return `list${max === null ? "" : ` of at most ${max}`}${of === "" ? "" : `, each ${of}`}`;
    }
    case "variant": return `one of ${(plain["options"] as readonly unknown[]).map(groupWords).join(", ")}`;
    default: return "";
  }
}

/** A group in one line: `{ do: webhook, url: address, timeout_s: whole number from 1 to 30 }`. */
function groupWords(schema: unknown): string {
  const parts = Object.entries(shapeOf(shapeOf(unwrap(schema))["entries"]));
  return `{ ${parts.map(([name, part]) => `${name}: ${rangeOf(part)}`).join(", ")} }`;
}

/** All there is to say of a setting. */
export function factsOf(schema: unknown): SettingFacts {
  const { default: fallback } = shapeOf(schema);
  const { entries, item } = shapeOf(unwrap(schema));
  const actions = actionsOf(schema);
  const found = (type: string, field: string): unknown => actions.findLast((action) => action["type"] === type)?.[field];
  const examples = found("examples", "examples");
  return {
    meaning: String(found("description", "description") ?? ""),
    range: rangeOf(schema),
    fallback,
    example: Array.isArray(examples) ? (examples[0] as unknown) : undefined,
    parts: Object.entries(shapeOf(entries)),
    item: item ?? null,
  };
}

