/** What no schema of settings knows: symbols, addresses, panes and commands that do not exist, keys that would mean two things. */
import { parseGateway, parseSymbol } from "./options.ts";
import type { Settings } from "../config/settings.ts";

/** A setting, as a path with dots, and what is wrong with it. */
export interface Meaningless {
  readonly setting: string;
  readonly sentence: string;
}

function refused(setting: "symbol" | "gateway", text: string | undefined, parse: (text: string) => unknown): Meaningless[] {
  if (text === undefined) return [];
  try {
    parse(text);
    return [];
  } catch (error) {
    return [{ setting, sentence: `${setting}: ${error instanceof Error ? error.message : String(error)}` }];
  }
}

async function wrongKeys({ keys }: Settings): Promise<Meaningless[]> {
  if (Object.keys(keys).length === 0) return [];
  const [{ createKeyMap, commandNames }, { PANES }, { nearest }] = await Promise.all([
    import("../ui/key-map.ts"), import("../ui/panes/index.ts"), import("../config/nearest.ts"),
  ]);
  const names = commandNames(PANES);
  return createKeyMap(PANES, keys).mistakes.map(({ name, sentence }) => ({
    setting: `keys.${name}`,
    sentence: names.includes(name) ? sentence : `${sentence}${nearest(name, names)}`,
  }));
}

async function wrongPanes({ hide, order }: Settings): Promise<Meaningless[]> {
  if (hide.length === 0 && order.length === 0) return [];
  const [{ PANES }, { nearest }] = await Promise.all([import("../ui/panes/index.ts"), import("../config/nearest.ts")]);
  const ids = PANES.map(({ id }) => id);
  return Object.entries({ hide, order }).flatMap(([setting, panes]) =>
    panes.flatMap((id, at) => (ids.includes(id) ? [] : [{ setting: `${setting}.${at}`, sentence: `${setting}: there is no pane '${id}'${nearest(id, ids)}` }])));
}

async function wrongAlerts({ alerts, symbol }: Settings): Promise<readonly Meaningless[]> {
  if (alerts.length === 0) return [];
  const [{ checkRules }, { productOf, productRoot }] = await Promise.all([import("../alerts/check-rules.ts"), import("../market/contract.ts")]);
  // Of an instrument named by id nothing is known yet: then its prices are checked when it is.
  return checkRules(alerts, productOf(productRoot(symbol ?? "NQ.v.0")));
}

/** All of it; what is not set loads nothing. */
export async function meaningless(settings: Settings): Promise<readonly Meaningless[]> {
  return [
    ...refused("symbol", settings.symbol, parseSymbol),
    ...refused("gateway", settings.gateway, parseGateway),
    ...(await wrongKeys(settings)),
    ...(await wrongPanes(settings)),
    ...(await wrongAlerts(settings)),
  ];
}
