/** Rules over a small market: what fired, in the shape that tests compare. */
import { AlertEngine } from "../../src/alerts/engine.ts";
import type { AlertRule, Firing } from "../../src/alerts/firing.ts";
import { firingText } from "../../src/alerts/words.ts";
import type { AlertSetting } from "../../src/config/alert-settings.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { PartialRecord } from "../../src/dbn/encode.ts";
import type { TradeStore, TradeStoreOptions } from "../../src/store/store.ts";
import { apply, DAY, mapping, newStore } from "../store/market-records.ts";

/** A rule with what it leaves out filled in: without cooldown unless it says so. */
export function rule(setting: Partial<AlertSetting> & Pick<AlertSetting, "when">, name = "rule"): AlertRule {
  return { name, once: false, cooldown_s: 0, session: "any", muted: false, actions: [], source: "file", ...setting };
}

export interface Rig {
  readonly engine: AlertEngine;
  readonly store: TradeStore;
  readonly firings: Firing[];
  /** Applies records and hands all of them over. */
  readonly feed: (...records: readonly PartialRecord[]) => void;
  /** `seconds since the open: words` of all firings so far, or `when` alone where no time is known. */
  readonly told: () => readonly string[];
}

/** A store that knows NQM5, watched by these rules. */
export function watched(rules: readonly AlertRule[], options: Partial<TradeStoreOptions> = {}): Rig {
  const firings: Firing[] = [];
  const engine = new AlertEngine({ calendar: builtInCalendar, onFiring: (firing) => firings.push(firing) });
  engine.setRules(rules);
  const store = newStore({ ...options, watcher: engine });
  apply(store, mapping());
  return {
    engine,
    store,
    firings,
    feed: (...records) => {
      apply(store, ...records);
      store.commit();
    },
    told: () => firings.map((firing) => (firing.at === null ? firingText(firing) : `${firing.at.sec - DAY.openSec}: ${firingText(firing)}`)),
  };
}
