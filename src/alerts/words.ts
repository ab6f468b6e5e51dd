/** Alerts in words: what a rule waits for, and what was seen when it fired. Plain text without anything from outside unsanitised. */
import { sanitiseText } from "../lib/sanitise.ts";
import type { Instrument } from "../market/instrument.ts";
import { formatCount, formatFractionalTicks } from "../market/price.ts";
import { AVERAGE_MIN, WINDOW_SEC } from "./check-rules.ts";
import type { AlertRule, Firing, Seen } from "./firing.ts";

const NAME_MAX = 60;
const REASON_MAX = 120;

/** A rule's name as it may be shown. */
export function ruleName({ name }: Pick<AlertRule, "name">): string {
  return sanitiseText(name, NAME_MAX);
}

function windowText(sec: number): string {
  return sec % 60 === 0 ? `${sec / 60} min` : `${sec} s`;
}

const sides = { buy: "bought ", sell: "sold ", any: "" } as const;

function spikeText(rule: AlertRule): string {
  const { size, times, side = "any", window_s: window = WINDOW_SEC, average_min: average = AVERAGE_MIN } = rule;
  const what = rule.when === "volume-spike" ? "volume" : `${sides[side]}delta`;
  const amount = size === undefined ? `${times ?? 0}× the usual of ${average} min` : `${formatCount(size)}+`;
  return `${what} ${amount} in ${windowText(window)}`;
}

/** What a rule waits for, short: `price ≥ 21,763.25`, `touch VWAP`, `100+ contracts bought`. */
export function waitsFor(rule: AlertRule, pointsText: (points: number) => string): string {
  const price = pointsText(rule.price ?? 0);
  switch (rule.when) {
    case "price-above": return `price up to ${price}`;
    case "price-below": return `price down to ${price}`;
    case "price-cross": return `price at ${price}`;
    case "level-touch": return `touch of ${rule.level ?? ""}`;
    case "large-trade": {
      const size = rule.size === undefined ? "adaptive size" : `${formatCount(rule.size)}+`;
      return `large trade ${size}${rule.side === "buy" ? " bought" : rule.side === "sell" ? " sold" : ""}`;
    }
    case "volume-spike":
    case "delta-spike": return spikeText(rule);
    case "spread": return `spread ${rule.ticks ?? 0}+ ticks`;
    case "feed": return rule.on === undefined || rule.on === "any" ? "feed stale, down or with a gap" : `feed ${rule.on}`;
    case "roll": return rule.days === undefined ? "roll to another contract" : `roll, and ${rule.days} days before`;
    case "session": return (rule.minutes_before ?? 0) > 0 ? `${rule.minutes_before} min before ${rule.at}` : `session: ${rule.at}`;
  }
}

function seenText(seen: Seen, instrument: Instrument | null): string {
  const price = (ticks: number): string => (instrument === null ? `${ticks} ticks` : formatFractionalTicks(ticks, instrument));
  switch (seen.kind) {
    case "price": return `${price(seen.ticks)} reached from ${seen.direction === 1 ? "below" : "above"}`;
    case "level": return `${seen.level} ${price(seen.ticks)} touched from ${seen.direction === 1 ? "below" : "above"}`;
    case "large": {
      const side = seen.aggressor > 0 ? "bought by one aggressor" : seen.aggressor < 0 ? "sold by one aggressor" : "without an aggressor";
      return `${formatCount(seen.size)} ${seen.size === 1 ? "contract" : "contracts"} ${side}`;
    }
    case "spike": {
      const amount = seen.of === "volume" ? formatCount(seen.contracts) : `${seen.contracts > 0 ? "+" : ""}${formatCount(seen.contracts)}`;
      return `${seen.of} ${amount} in ${windowText(seen.windowSec)}${seen.usual === null ? "" : `, usual ${formatCount(seen.usual)}`}`;
    }
    case "spread": return `spread ${seen.ticks} ticks`;
    case "feed": {
      const what = seen.event === "gap" ? "trades are or may be missing" : seen.event === "down" ? "feed down" : "feed stale";
      return seen.reason === "" ? what : `${what}: ${sanitiseText(seen.reason, REASON_MAX)}`;
    }
    case "roll": {
      if (seen.to !== null) return `${sanitiseText(seen.from, 24)} → ${sanitiseText(seen.to, 24)}`;
      const days = seen.days === 0 ? "today" : seen.days === 1 ? "tomorrow" : `in ${seen.days ?? 0} days`;
      return `${sanitiseText(seen.from, 24)} stops trading ${days}`;
    }
    case "session": return seen.minutesBefore > 0 ? `${seen.minutesBefore} min to ${seen.at}` : seen.at;
  }
}

/** What was seen when a rule fired: `21,763.25 reached from below`. */
export function firingText({ seen, instrument }: Pick<Firing, "seen" | "instrument">): string {
  return seenText(seen, instrument);
}
