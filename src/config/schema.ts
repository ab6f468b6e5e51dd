/** Every setting there is: its type, its range, its default. What the program reads and what `config init` explains. */
import * as v from "valibot";
import { BASES, COLOURS, DEFAULTS, LAYOUTS, ROLL_RULES, THEMES } from "./settings.ts";

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const text = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const list = <T extends v.GenericSchema>(item: T, max: number) => v.pipe(v.array(item), v.maxLength(max));
const timeOfDay = v.pipe(v.string(), v.regex(/^([01]?\d|2[0-3]):[0-5]\d$/, "expected a time of day such as 09:30"));

/** Written as a number, `1` is a key too. */
const chord = v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.minLength(1), v.maxLength(20));

const ALERT_KINDS = [
  "price-above", "price-below", "price-cross", "level-touch", "large-trade", "delta-spike", "volume-spike", "spread", "feed", "roll", "session",
] as const;
const ALERT_LEVELS = [
  "vwap", "rth-vwap", "poc", "value-area-high", "value-area-low", "overnight-high", "overnight-low", "initial-balance-high", "initial-balance-low",
  "opening-range-high", "opening-range-low", "prior-high", "prior-low", "settlement",
] as const;

const action = v.variant("do", [
  v.strictObject({ do: v.literal("bell") }),
  v.strictObject({ do: v.literal("notify") }),
  v.strictObject({ do: v.literal("desktop") }),
  v.strictObject({ do: v.literal("webhook"), url: v.pipe(v.string(), v.url("expected an address such as https://host/path")), timeout_s: v.optional(whole(1, 30), 5) }),
  v.strictObject({ do: v.literal("command"), run: v.pipe(list(text(1000), 50), v.minLength(1)) }),
]);

const alert = v.strictObject({
  name: text(60),
  when: v.picklist(ALERT_KINDS),
  /** Points; price rules and spread. */
  price: v.optional(v.pipe(v.number(), v.finite())),
  points: v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(10_000))),
  level: v.optional(v.picklist(ALERT_LEVELS)),
  /** Contracts. */
  size: v.optional(whole(1, 100_000)),
  side: v.optional(v.picklist(["buy", "sell", "any"]), "any"),
  /** Times the usual amount of a minute. */
  times: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(1000))),
  once: v.optional(v.boolean(), false),
  cooldown_s: v.optional(whole(0, 86_400), 60),
  session: v.optional(v.picklist(["all", "RTH", "ETH"]), "all"),
  /** Also on a replay, and for what the gateway replays after a reconnect. */
  on_replay: v.optional(v.boolean(), false),
  actions: v.optional(list(action, 8), [{ do: "bell" }]),
});

const recording = v.strictObject({
  when: v.optional(v.picklist(["never", "always"]), DEFAULTS.record.when),
  dir: v.optional(text(4096)),
  sync_ms: v.optional(whole(50, 60_000), DEFAULTS.record.sync_ms),
});

/** The original system's file holds its settings here; what concerns this program is taken from it. */
const databentoSource = v.looseObject({
  config: v.optional(v.looseObject({ symbols: v.optional(list(text(70), 20)), enable_live_streaming: v.optional(v.boolean()) })),
});

export const configSchema = v.strictObject({
  symbol: v.optional(text(70)),
  roll: v.optional(v.picklist(ROLL_RULES)),
  gateway: v.optional(text(300)),
  demo: v.optional(v.boolean()),
  calendar: v.optional(text(4096)),
  theme: v.optional(v.picklist(THEMES), DEFAULTS.theme),
  colours: v.optional(v.picklist(COLOURS), DEFAULTS.colours),
  ascii: v.optional(v.boolean()),
  flash: v.optional(v.boolean(), DEFAULTS.flash),
  mouse: v.optional(v.boolean(), DEFAULTS.mouse),
  title: v.optional(v.boolean(), DEFAULTS.title),
  frames_per_second: v.optional(whole(1, 10), DEFAULTS.frames_per_second),
  layout: v.optional(v.picklist(LAYOUTS), DEFAULTS.layout),
  /** Pane ids that are not shown, and the order of the others. */
  hide: v.optional(list(text(20), 20), []),
  order: v.optional(list(text(20), 20), []),
  basis: v.optional(v.picklist(BASES), DEFAULTS.basis),
  whales: v.optional(v.strictObject({
    size: v.optional(whole(1, 100_000), DEFAULTS.whales.size),
    adaptive: v.optional(v.boolean(), DEFAULTS.whales.adaptive),
    burst_ms: v.optional(whole(0, 500), DEFAULTS.whales.burst_ms),
  }), {}),
  record: v.optional(recording, {}),
  /** Command → keys. */
  keys: v.optional(v.record(text(40), v.union([chord, v.pipe(v.array(chord), v.maxLength(8))], "expected a key, or a list of at most 8 keys")), {}),
  alerts: v.optional(list(alert, 1000), []),
  quiet_hours: v.optional(v.strictObject({ from: timeOfDay, to: timeOfDay })),
  // Names of the original system, so that its file is no mistake. The first three mean something here; see ORIGINAL_UNUSED.
  symbols: v.optional(list(text(70), 20)),
  enable_live_streaming: v.optional(v.boolean()),
  data_sources: v.optional(v.looseObject({ databento: v.optional(databentoSource) })),
  api_key: v.optional(v.pipe(v.string(), v.regex(/^\$\{[A-Z_]{1,40}\}$/, "expected a placeholder such as ${DATABENTO_API_KEY}"))),
  use_cache: v.optional(v.boolean()),
  cache_dir: v.optional(text(4096)),
  daily_budget: v.optional(v.number()),
  window_size: v.optional(v.number()),
  streaming_mode: v.optional(v.boolean()),
  pressure_thresholds: v.optional(v.looseObject({})),
  mbo_streaming: v.optional(v.looseObject({})),
  analysis: v.optional(v.looseObject({})),
});

/** Settings of the original system that are read and have no meaning in this program; the reader is told. */
export const ORIGINAL_UNUSED = [
  "use_cache", "cache_dir", "daily_budget", "window_size", "streaming_mode", "pressure_thresholds", "mbo_streaming", "analysis",
] as const;

/** All names that are the original system's and not this program's. */
export const ORIGINAL_NAMES: readonly string[] = [...ORIGINAL_UNUSED, "symbols", "enable_live_streaming", "data_sources", "api_key"];

export type Config = v.InferOutput<typeof configSchema>;
export type AlertRule = v.InferOutput<typeof alert>;
export type AlertAction = v.InferOutput<typeof action>;
