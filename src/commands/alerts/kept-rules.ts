/** Rules that were set by a key, kept for the next start: a small file beside the kept layout, by product. */
import type { AlertRule } from "../../alerts/firing.ts";
import { BELL, PRICE_MAX } from "../../config/alert-settings.ts";
import { readState, writeState } from "../state-file.ts";
import type { StateFile } from "../state-file.ts";
import type { System } from "../system.ts";

/** Rules of one product, e.g. of NQ: the price of another one is another price. */
export interface KeptPrices {
  readonly root: string;
  readonly rules: readonly AlertRule[];
}

export interface KeptRules {
  readonly prices: readonly KeptPrices[];
  /** A sentence where there is a file that cannot be used. */
  readonly note: string | null;
}

/** By key, and of one product. */
export const KEPT_MAX = 200;
const ROOT = /^[A-Z0-9]{1,5}$/;

/** The rule that a key sets: at a price in points, whichever way it is reached. */
export function keyRule(points: number): AlertRule {
  return {
    name: `at ${points.toFixed(2)}`, when: "price-cross", price: points, once: false, cooldown_s: 60, session: "any", muted: false, actions: [BELL], source: "key",
  };
}

/** Prices in points by product. */
function parse(held: ReadonlyMap<string, unknown>): readonly KeptPrices[] {
  return [...held].flatMap(([root, points]) => {
    if (!ROOT.test(root) || !Array.isArray(points)) return [];
    const good = points.filter((one): one is number => typeof one === "number" && one >= 0 && one <= PRICE_MAX);
    return [{ root, rules: [...new Set(good)].slice(0, KEPT_MAX).map(keyRule) }];
  });
}

const FILE: StateFile<readonly KeptPrices[]> = {
  name: "alerts.json", bytesMax: 262_144, what: "alerts are", parse,
  strange: "holds no alerts that this program kept; the next one set by key writes it anew",
};

/** What was kept. Never throws: a file that cannot be used is a note. */
export async function readKept(system: System): Promise<KeptRules> {
  const { kept, note } = await readState(system, FILE);
  return { prices: kept ?? [], note };
}

/** Keeps them; whole or not at all. @throws NqError USAGE without a home, or what the disk says */
export async function writeKept(system: System, prices: readonly KeptPrices[]): Promise<void> {
  await writeState(system, FILE, Object.fromEntries(prices.map(({ root, rules }) => [root, rules.map(({ price }) => price)])));
}
