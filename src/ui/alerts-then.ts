/** Alerts as they were at the moment of a picture that is not of now: what fired later is not in it, but counted. */
import type { RuleState } from "../alerts/firing.ts";
import type { UnixTime } from "../lib/time.ts";
import type { AlertsNow, LoggedFiring } from "./alerts-now.ts";

function isLater({ firing: { at } }: LoggedFiring, then: UnixTime): boolean {
  return at !== null && (at.sec > then.sec || (at.sec === then.sec && at.nanos > then.nanos));
}

/** Rules are those of now; what a rule had done by then is read from the log. */
export function alertsThen(alerts: AlertsNow, then: UnixTime): AlertsNow {
  const log = alerts.log.filter((one) => !isLater(one, then));
  const later = alerts.log.length - log.length;
  if (later === 0) return alerts;
  const laterOf = (rule: number): number => alerts.log.filter((one) => one.firing.index === rule && isLater(one, then)).length;
  const fired = (rule: number): number => alerts.fired(rule) - laterOf(rule);
  const state = (rule: number): RuleState => {
    const now = alerts.state(rule);
    const setting = alerts.rules[rule];
    if (setting === undefined || now === "muted" || now === "wrong" || now === "waiting") return now;
    // What was caught up with uses up and cools down nothing.
    const last = log.findLast(({ firing }) => firing.index === rule && !firing.isCatchUp)?.firing.at ?? null;
    if (last === null) return "armed";
    if (setting.once) return "done";
    return then.sec - last.sec < setting.cooldown_s ? "cooling" : "armed";
  };
  return { ...alerts, log, count: alerts.count - later, later, fired, state };
}
