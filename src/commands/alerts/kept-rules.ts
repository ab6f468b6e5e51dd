/** Rules that were set by a key, kept for the next start: a small file beside the kept layout, by product. */
import { dirname, join } from "node:path";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import type { AlertRule } from "../../alerts/firing.ts";
import { BELL, PRICE_MAX } from "../../config/alert-settings.ts";
import { NqError } from "../../lib/errors.ts";
import { userFolder } from "../data-folder.ts";
import type { System } from "../system.ts";
import { readTextFile } from "../text-file.ts";

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

const BYTES_MAX = 262_144;
/** By key, and of one product. */
export const KEPT_MAX = 200;
const ROOT = /^[A-Z0-9]{1,5}$/;

/** The rule that a key sets: at a price in points, whichever way it is reached. */
export function keyRule(points: number): AlertRule {
  return {
    name: `at ${points.toFixed(2)}`, when: "price-cross", price: points, once: false, cooldown_s: 60, session: "any", muted: false, actions: [BELL], source: "key",
  };
}

function keptPath({ env }: System): string | null {
  const folder = userFolder(env, "state");
  return folder === null ? null : join(folder, "alerts.json");
}

/** Prices in points by product; null for what is no such file. */
function parse(text: string): readonly KeptPrices[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.entries(value).flatMap(([root, points]: [string, unknown]) => {
    if (!ROOT.test(root) || !Array.isArray(points)) return [];
    const good = points.filter((one): one is number => typeof one === "number" && one >= 0 && one <= PRICE_MAX);
    return [{ root, rules: [...new Set(good)].slice(0, KEPT_MAX).map(keyRule) }];
  });
}

/** What was kept. Never throws: a file that cannot be used is a note. */
export async function readKept(system: System): Promise<KeptRules> {
  const path = keptPath(system);
  if (path === null) return { prices: [], note: null };
  try {
    const text = await readTextFile(path, BYTES_MAX, true);
    if (text === null) return { prices: [], note: null };
    const prices = parse(text);
    return { prices: prices ?? [], note: prices === null ? `${path} holds no alerts that this program kept; the next one set by key writes it anew` : null };
  } catch (error) {
    return { prices: [], note: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Keeps them; whole or not at all. @throws NqError USAGE without a home, or what the disk says */
export async function writeKept(system: System, prices: readonly KeptPrices[]): Promise<void> {
  const path = keptPath(system);
  if (path === null) throw new NqError("USAGE", "expected HOME or XDG_STATE_HOME to say where alerts are kept, found neither");
  const held = Object.fromEntries(prices.map(({ root, rules }) => [root, rules.map(({ price }) => price)]));
  const { pid } = system.process;
  const partial = `${path}.${pid}.tmp`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(partial, `${JSON.stringify(held)}\n`, { mode: 0o600 });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
