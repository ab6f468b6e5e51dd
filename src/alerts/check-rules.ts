/** What the types of a settings file cannot say of alert rules: which figure belongs to which kind, and prices on the tick grid. */
import type { AlertSetting } from "../config/alert-settings.ts";
import { formatTicks, ticksOf, type PriceScale } from "../market/price.ts";

/** A setting, as a path with dots, and what is wrong with it. */
export interface RuleMistake {
  readonly setting: string;
  readonly sentence: string;
}

type Field = "price" | "level" | "size" | "adaptive" | "side" | "window_s" | "times" | "average_min" | "ticks" | "on" | "days" | "at" | "minutes_before";
type Kind = AlertSetting["when"];

interface Fields {
  /** One of each row has to be there, and no two. */
  readonly needs: readonly (readonly Field[])[];
  readonly may: readonly Field[];
}

const PRICE: Fields = { needs: [["price"]], may: [] };
const KINDS: Readonly<Record<Kind, Fields>> = {
  "price-above": PRICE,
  "price-below": PRICE,
  "price-cross": PRICE,
  "level-touch": { needs: [["level"]], may: [] },
  "large-trade": { needs: [["size", "adaptive"]], may: ["side"] },
  "volume-spike": { needs: [["size", "times"]], may: ["window_s", "average_min"] },
  "delta-spike": { needs: [["size", "times"]], may: ["window_s", "average_min", "side"] },
  spread: { needs: [["ticks"]], may: [] },
  feed: { needs: [], may: ["on"] },
  roll: { needs: [], may: ["days"] },
  session: { needs: [["at"]], may: ["minutes_before"] },
};
const FIELDS: readonly Field[] = [
  "price", "level", "size", "adaptive", "side", "window_s", "times", "average_min", "ticks", "on", "days", "at", "minutes_before",
];
const UNITS_PER_POINT = 1_000_000_000;
/** Events of one aggressor beyond this are damage, see store/damage.ts. */
const LARGE_MAX = 100_000;

/** What a rule has of a spike's window and average where it does not say. */
export const WINDOW_SEC = 60;
export const AVERAGE_MIN = 30;

/** A price in points as 1e-9 units: exact for every price with at most nine digits behind the point and below a million. */
function unitsOf(points: number): number {
  return Math.round(points * UNITS_PER_POINT);
}

/** Whole ticks of a price in points; null off the grid. */
export function ticksOfPoints(points: number, { tickUnits }: Pick<PriceScale, "tickUnits">): number | null {
  return ticksOf(unitsOf(points), tickUnits);
}

/** Why a price is none of the instrument's, with the nearest that are; null when it is one. */
function offGrid(points: number, scale: PriceScale): string | null {
  if (ticksOfPoints(points, scale) !== null) return null;
  const below = Math.floor(unitsOf(points) / scale.tickUnits);
  const tick = formatTicks(1, scale);
  return `expected a multiple of ${tick}, found ${points}; nearest: ${formatTicks(below, scale)} and ${formatTicks(below + 1, scale)}`;
}

function wrongFields(rule: AlertSetting): (readonly [field: string, sentence: string])[] {
  const { when } = rule;
  const { needs, may } = KINDS[when];
  const has = (field: Field): boolean => rule[field] !== undefined && rule[field] !== false;
  const allowed = [...needs.flat(), ...may];
  const strange = FIELDS.filter((field) => rule[field] !== undefined && !allowed.includes(field));
  const missing = needs.filter((fields) => !fields.some(has));
  const double = needs.filter((fields) => fields.filter(has).length > 1);
  return [
    ...strange.map((field) => [field, `means nothing for ${when}; it has ${["name", "when", ...allowed].join(", ")}`] as const),
    ...missing.map((fields) => ["when", `${when} needs ${fields.join(" or ")}`] as const),
    ...double.map((fields) => [fields[1] ?? "", `expected ${fields.join(" or ")}, found both`] as const),
  ];
}

function wrongFigures(rule: AlertSetting, scale: PriceScale | null): (readonly [field: string, sentence: string])[] {
  const found: (readonly [string, string])[] = [];
  const { when, price, size, window_s: window = WINDOW_SEC, average_min: average = AVERAGE_MIN } = rule;
  const sentence = price === undefined || scale === null ? null : offGrid(price, scale);
  if (sentence !== null) found.push(["price", sentence]);
  if (when === "large-trade" && size !== undefined && size > LARGE_MAX) found.push(["size", `expected ${LARGE_MAX} contracts or less, found ${size}`]);
  if (rule.times !== undefined && average * 60 < 2 * window) {
    found.push(["average_min", `expected at least twice the window of ${window} s, found ${average} min`]);
  }
  return found;
}

/** All mistakes, in the order of the rules. `scale`: of the instrument meant; null: not known, prices are taken as they are. */
export function checkRules(rules: readonly AlertSetting[], scale: PriceScale | null): readonly RuleMistake[] {
  const first = new Map<string, number>();
  return rules.flatMap((rule, at) => {
    const found = [...wrongFields(rule), ...wrongFigures(rule, scale)];
    const before = first.get(rule.name);
    if (before === undefined) first.set(rule.name, at);
    else found.unshift(["name", `expected a name of its own, found that of rule ${before + 1}`]);
    return found.map(([field, sentence]) => ({ setting: `alerts.${at}.${field}`, sentence: `alerts.${at}.${field}: ${sentence}` }));
  });
}
