/** Rules as the parts of the engine take them: numbered, prices in ticks of the instrument, what was left out filled in. */
import type { Instrument } from "../market/instrument.ts";
import { AVERAGE_MIN, ticksOfPoints, WINDOW_SEC } from "./check-rules.ts";
import type { AlertRule } from "./firing.ts";
import { LargeEvents, type LargeRule } from "./large-events.ts";
import { LevelLines } from "./level-lines.ts";
import type { SessionRule } from "./occasions.ts";
import { PriceLines } from "./price-lines.ts";
import type { SpikeRule } from "./spikes.ts";
import type { SpreadRule } from "./spread-watch.ts";

export interface CompiledRules {
  readonly prices: PriceLines;
  readonly levels: LevelLines;
  readonly large: LargeEvents;
  readonly spikes: readonly SpikeRule[];
  readonly spreads: readonly SpreadRule[];
  readonly sessions: readonly SessionRule[];
  /** Numbers of rules about the feed, and about the roll. */
  readonly feed: readonly number[];
  readonly roll: readonly number[];
  /** The price in ticks that a rule waits for, by its number. */
  readonly targets: ReadonlyMap<number, number>;
  /** Rules whose price is none of the instrument's. */
  readonly wrong: ReadonlySet<number>;
}

function sideOf({ side = "any" }: AlertRule): 1 | -1 | 0 {
  return side === "buy" ? 1 : side === "sell" ? -1 : 0;
}

function spikeOf(rule: AlertRule, number: number): SpikeRule {
  const { window_s: windowSec = WINDOW_SEC, average_min: average = AVERAGE_MIN, size = null, times = 0 } = rule;
  const of = rule.when === "volume-spike" ? "volume" : "delta";
  return { rule: number, of, side: of === "volume" ? 0 : sideOf(rule), windowSec, size, times, windows: Math.max(1, Math.floor((average * 60) / windowSec)) };
}

/** Without an instrument no price means anything yet. */
export function compileRules(rules: readonly AlertRule[], instrument: Instrument | null): CompiledRules {
  const numbered = rules.map((rule, number) => ({ rule, number }));
  const of = (...kinds: readonly AlertRule["when"][]): typeof numbered => numbered.filter(({ rule }) => kinds.includes(rule.when));
  const targets = new Map<number, number>();
  const wrong = new Set<number>();
  for (const { rule, number } of of("price-above", "price-below", "price-cross")) {
    const ticks = instrument === null ? null : ticksOfPoints(rule.price ?? Number.NaN, instrument);
    if (ticks !== null) targets.set(number, ticks);
    else if (instrument !== null) wrong.add(number);
  }
  const prices = [...targets].map(([rule, ticks]) => {
    const when = rules[rule]?.when;
    return { rule, ticks, up: when !== "price-below", down: when !== "price-above" };
  });
  return {
    prices: new PriceLines(prices),
    levels: new LevelLines(of("level-touch").map(({ rule, number }) => ({ rule: number, level: rule.level ?? "" }))),
    large: new LargeEvents(of("large-trade").map(({ rule, number }): LargeRule => ({ rule: number, size: rule.size ?? null, side: sideOf(rule) }))),
    spikes: of("volume-spike", "delta-spike").map(({ rule, number }) => spikeOf(rule, number)),
    spreads: of("spread").map(({ rule, number }) => ({ rule: number, ticks: rule.ticks ?? Number.POSITIVE_INFINITY })),
    sessions: of("session").map(({ rule, number }) => ({ rule: number, at: rule.at ?? "open", minutesBefore: rule.minutes_before ?? 0 })),
    feed: of("feed").map(({ number }) => number),
    roll: of("roll").map(({ number }) => number),
    targets,
    wrong,
  };
}
