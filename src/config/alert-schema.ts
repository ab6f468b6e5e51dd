/** The schema of alert rules: types and ranges; what belongs to which kind is checked with the rules (src/alerts/check-rules.ts). */
import * as v from "valibot";
import {
  ALERT_KINDS, ALERT_LEVELS, ALERT_SESSIONS, ALERT_SIDES, ALERTS_MAX, BELL, FEED_EVENTS, PRICE_MAX, SESSION_EVENTS,
} from "./alert-settings.ts";
import { list, said, text, whole } from "./schema-parts.ts";

const timeOfDay = v.pipe(v.string(), v.regex(/^([01]?\d|2[0-3]):[0-5]\d$/, "expected a time of day such as 09:30"));
const address = v.pipe(v.string(), v.maxLength(2000), v.url("expected an address such as https://host/path"), v.regex(/^https?:\/\//i, "expected an address such as https://host/path"));
const price = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(PRICE_MAX));

const action = v.variant("do", [
  v.strictObject({ do: v.literal("bell") }),
  v.strictObject({ do: v.literal("notify") }),
  v.strictObject({ do: v.literal("desktop") }),
  v.strictObject({ do: v.literal("webhook"), url: address, timeout_s: v.optional(whole(1, 30), 5) }),
  v.strictObject({ do: v.literal("command"), run: v.pipe(list(text(1000), 50), v.minLength(1)), timeout_s: v.optional(whole(1, 60), 10) }),
]);

const alert = v.strictObject({
  name: said(text(60), "What it is called on the screen; each rule has its own."),
  when: said(v.picklist(ALERT_KINDS), "What it waits for."),
  price: v.optional(said(price, "Points: the price to be reached from below (price-above), from above (price-below) or either way.")),
  level: v.optional(said(v.picklist(ALERT_LEVELS), "Which level the price has to touch, as the levels pane names it.")),
  size: v.optional(said(whole(1, 10_000_000), "Contracts: of one aggressor (large-trade), or in the window of a spike.")),
  adaptive: v.optional(said(v.boolean(), "large-trade: the size reached about six times an hour, in place of a fixed one.")),
  side: v.optional(said(v.picklist(ALERT_SIDES), "large-trade, delta-spike: whose trades; any without it.")),
  window_s: v.optional(said(whole(1, 3600), "Spikes: over so many seconds; 60 without it.")),
  times: v.optional(said(v.pipe(v.number(), v.minValue(1), v.maxValue(1000)), "Spikes: so many times the usual amount of a window, in place of a size.")),
  average_min: v.optional(said(whole(1, 120), "Spikes: usual is the average of the last so many minutes; 30 without it.")),
  ticks: v.optional(said(whole(2, 10_000), "spread: so many ticks between bid and ask.")),
  on: v.optional(said(v.picklist(FEED_EVENTS), "feed: what happens to it; any without it.")),
  days: v.optional(said(whole(0, 90), "roll: also so many days before the contract's last day, and each day after.")),
  at: v.optional(said(v.picklist(SESSION_EVENTS), "session: which of its times.")),
  minutes_before: v.optional(said(whole(0, 240), "session: so much earlier.")),
  once: v.optional(said(v.boolean(), "Only the first time of a run."), false),
  cooldown_s: v.optional(said(whole(0, 86_400), "Not again for so many seconds of market time."), 60),
  session: v.optional(said(v.picklist(ALERT_SESSIONS), "Only in regular hours, or only outside them."), "any"),
  muted: v.optional(said(v.boolean(), "Listed, but nothing is done."), false),
  actions: v.optional(said(list(action, 8), "What is done, besides the line on the screen."), [BELL]),
});

/** See `Settings.alerts`. */
export const alerts = list(alert, ALERTS_MAX);

/** See `Settings.quiet_hours`. */
export const quietHours = v.strictObject({ from: timeOfDay, to: timeOfDay });
