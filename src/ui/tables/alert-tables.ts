/** The alerts as a table: the rules, then what fired, newest first. Prices in points, distances in ticks. */
import { firingText, ruleName, waitsFor } from "../../alerts/words.ts";
import { pointsOf } from "../../market/price.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { LastTrade } from "../../studies/index.ts";
import type { AlertsNow, LoggedFiring } from "../alerts-now.ts";
import { isoNanos } from "../eastern.ts";
import type { PaneTable } from "../pane-table.ts";
import { tableOf } from "../pane-table.ts";

/** What was done about a firing, in words: why nothing, what went wrong, or the actions. */
export function outcomeText({ silence, problems, firing }: LoggedFiring): string {
  const problem = problems.at(-1);
  if (problem !== undefined) return `failed: ${problem}`;
  return silence ?? firing.rule.actions.map(({ do: what }) => what).join(" ");
}

/** The selected rule is meant. */
export function alertsTable({ rules, log, selected, state, target, fired }: AlertsNow, last: LastTrade | null, instrument: Instrument | null): PaneTable {
  const columns = ["kind", "time", "rule", "when", "what", "price", "ticks_away", "ticks_since", "state", "fired"] as const;
  const points = (ticks: number | null, of = instrument): number | null =>
    (ticks === null || of === null ? null : Math.round(pointsOf(ticks, of) * 10_000) / 10_000);
  const ruleRows = rules.map((rule, at) => {
    const wanted = target(at);
    return {
      kind: "rule", time: null, rule: ruleName(rule), when: rule.when, what: waitsFor(rule, String), price: points(wanted),
      ticks_away: wanted === null || last === null ? null : Math.round(wanted - last.ticks), ticks_since: null, state: state(at), fired: fired(at),
    };
  });
  const firedRows = log.toReversed().map((logged) => {
    const { firing } = logged;
    return {
      kind: "fired", time: firing.at === null ? null : isoNanos(firing.at), rule: ruleName(firing.rule), when: firing.rule.when, what: firingText(firing),
      price: points(firing.ticks, firing.instrument), ticks_away: null,
      ticks_since: firing.ticks === null || last === null ? null : last.ticks - firing.ticks, state: outcomeText(logged), fired: null,
    };
  });
  return tableOf(columns, [...ruleRows, ...firedRows], rules.length === 0 ? 0 : selected);
}
