/** Alerts at the sample's moment: a rule of every state, firings that were acted on, silent, and that went wrong. */
import type { AlertRule, Firing, RuleState, Seen } from "../../src/alerts/firing.ts";
import type { AlertSetting } from "../../src/config/alert-settings.ts";
import type { AlertsNow, LoggedFiring } from "../../src/ui/alerts-now.ts";
import { SAMPLE_WALL_MS, sampleInstrument, sampleSnapshot } from "./sample-snapshot.ts";

const ticks = (points: number): number => points * 4;
const NOW_SEC = Math.floor(SAMPLE_WALL_MS / 1000);

function rule(name: string, setting: Partial<AlertSetting> & Pick<AlertSetting, "when">, source: AlertRule["source"] = "file"): AlertRule {
  return { name, once: false, cooldown_s: 60, session: "any", muted: false, actions: [{ do: "bell" }], source, ...setting };
}

const ENTRIES: readonly (readonly [AlertRule, RuleState, target: number | null, fired: number])[] = [
  [rule("above the high", { when: "price-above", price: 21_763.25 }), "armed", ticks(21_763.25), 1],
  [rule("back at VWAP", { when: "level-touch", level: "VWAP", actions: [{ do: "notify" }] }), "cooling", ticks(21_733.87), 2],
  [rule("whale", { when: "large-trade", size: 100, side: "buy", actions: [{ do: "bell" }, { do: "webhook", url: "https://hooks.example.com/secret", timeout_s: 5 }] }), "muted", null, 1],
  [rule("busy", { when: "volume-spike", times: 3 }), "waiting", null, 0],
  [rule("flat by four", { when: "session", at: "RTH close", minutes_before: 15, once: true }), "done", null, 1],
  [rule("off the grid", { when: "price-cross", price: 21_700.1 }), "wrong", null, 0],
  [rule("at 21740.00", { when: "price-cross", price: 21_740 }, "key"), "armed", ticks(21_740), 0],
];
const rules = ENTRIES.map(([one]) => one);

function logged(index: number, secondsAgo: number, price: number, seen: Seen, more: Partial<LoggedFiring> = {}): LoggedFiring {
  const firing: Firing = {
    number: 6 - index, rule: rules[index]!, index, at: { sec: NOW_SEC - secondsAgo, nanos: 0 }, ticks: ticks(price), seen,
    instrument: sampleInstrument, day: sampleSnapshot().day, isCatchUp: more.silence === "catch-up",
  };
  return { firing, silence: null, problems: [], atMs: SAMPLE_WALL_MS - secondsAgo * 1000, ...more };
}

export const sampleAlerts: AlertsNow = {
  rules,
  state: (at) => ENTRIES[at]?.[1] ?? "armed",
  target: (at) => ENTRIES[at]?.[2] ?? null,
  fired: (at) => ENTRIES[at]?.[3] ?? 0,
  count: 5,
  log: [
    logged(4, 3000, 21_688.5, { kind: "session", at: "RTH close", minutesBefore: 15 }, { silence: "catch-up" }),
    logged(1, 1800, 21_722.25, { kind: "level", level: "VWAP", ticks: ticks(21_722.37), direction: -1 }, { silence: "quiet hours" }),
    logged(2, 900, 21_751, { kind: "large", aggressor: 1, size: 137, least: 100 }, { problems: ["webhook hooks.example.com: no answer within 5 s, 3 times"] }),
    logged(0, 300, 21_763.25, { kind: "price", ticks: ticks(21_763.25), direction: 1 }),
    logged(1, 4, 21_733.75, { kind: "level", level: "VWAP", ticks: ticks(21_733.87), direction: -1 }),
  ],
  selected: 1,
  snoozedUntilMs: null,
  silence: "",
  dropped: 0,
  failed: 1,
};
