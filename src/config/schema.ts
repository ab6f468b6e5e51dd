/** Every setting there is: what it means, its type, its range, its default, and where it has none an example. What the program reads and what `config init` explains. */
import * as v from "valibot";
import { alerts, quietHours } from "./alert-schema.ts";
import { list, said, text, whole } from "./schema-parts.ts";
import { BASES, COLOUR_NAMES, COLOURS, DEFAULTS, LAYOUTS, ROLL_RULES, THEME_PARTS, THEMES } from "./settings.ts";

/** Written as a number, `1` is a key too. */
const chord = v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.minLength(1), v.maxLength(20));

const keys = v.record(text(40), v.union([chord, v.pipe(v.array(chord), v.maxLength(8))], "expected a key, or a list of at most 8 keys"));

const whales = v.strictObject({
  size: v.optional(said(whole(1, 100_000), "Smallest event that is listed, in contracts."), DEFAULTS.whales.size),
  adaptive: v.optional(said(v.boolean(), "The size that is reached about six times an hour, in place of the fixed one."), DEFAULTS.whales.adaptive),
  burst_ms: v.optional(said(whole(0, 500), "Put events of one side together that follow each other within so many milliseconds; 0: do not."), DEFAULTS.whales.burst_ms),
});

const recording = v.strictObject({
  when: v.optional(said(v.picklist(["never", "always"]), "Whether the screen records what it reads; `nq-tui record` does in any case."), DEFAULTS.record.when),
  dir: v.optional(said(text(4096), "Folder of the recordings; by default nq-tui/recordings in your data folder.", "~/recordings")),
  sync_ms: v.optional(said(whole(50, 60_000), "Force to the device so often, in milliseconds: what a loss of power can take."), DEFAULTS.record.sync_ms),
});

const history = v.strictObject({
  fill: v.optional(said(v.picklist(["off", "ask"]), "What today's recording lacks, from Databento's historical data: ask, with what it costs, when the live screen starts; or not."), DEFAULTS.history.fill),
  max_cost: v.optional(said(v.pipe(v.number(), v.minValue(0), v.maxValue(10_000)), "US dollars that one fill may cost at most."), DEFAULTS.history.max_cost),
});

/** Without quotation marks a # begins a comment, and nothing is left. */
const COLOUR_WORDS = `expected a colour: #rrggbb in quotation marks, or one of ${COLOUR_NAMES.join(", ")}`;
const colour = v.pipe(v.string(COLOUR_WORDS), v.regex(new RegExp(`^(#[0-9a-fA-F]{6}|${COLOUR_NAMES.join("|")})$`), COLOUR_WORDS));

/** Names as they are in `THEME_PARTS`; Object.fromEntries forgets them. */
const themeColours = v.strictObject(Object.fromEntries(THEME_PARTS.map((part) => [part, v.optional(colour)])) as Record<(typeof THEME_PARTS)[number], v.OptionalSchema<typeof colour, undefined>>);

/** The original system's file holds its settings here; what concerns this program is taken from it. */
const databentoSource = v.looseObject({
  config: v.optional(v.looseObject({ symbols: v.optional(list(text(70), 20)), enable_live_streaming: v.optional(v.boolean()) })),
});

export const configSchema = v.strictObject({
  symbol: v.optional(said(text(70), "What to show: a continuous symbol, a contract such as NQZ6, or an instrument id.", "NQ.v.0")),
  roll: v.optional(said(v.picklist(ROLL_RULES), "Which contract a continuous symbol stands for; without it the symbol itself says so.", "volume")),
  gateway: v.optional(said(text(300), "A gateway other than Databento's: HOST:PORT, ws://HOST:PORT or wss://HOST.", "127.0.0.1:13000")),
  demo: v.optional(said(v.boolean(), "The simulated market, even when an API key is set.", false)),
  calendar: v.optional(said(text(4096), "Your own holidays and early closes, over the built-in ones. From this file's folder; ~ is your home.", "calendar.json")),
  theme: v.optional(said(v.picklist(THEMES), "Colours of the screen."), DEFAULTS.theme),
  theme_colours: v.optional(said(themeColours, `Colours of your own in place of the theme's, as "#rrggbb" or one of ${COLOUR_NAMES.join(", ")}: ${THEME_PARTS.join(", ")}. up_old and down_old are the direction of a price that stands, border draws lines, key is what can be pressed, ink and paper are letters and what they stand on.`, { up: "#00c8ff", down: "bright-red" }), {}),
  colours: v.optional(said(v.picklist(COLOURS), "How many colours the terminal shows; auto asks it, and NO_COLOR."), DEFAULTS.colours),
  ascii: v.optional(said(v.boolean(), "Draw with ASCII characters only; without it as the terminal seems to be.", false)),
  flash: v.optional(said(v.boolean(), "Digits that changed light up for a moment."), DEFAULTS.flash),
  mouse: v.optional(said(v.boolean(), "A click goes to a pane, the wheel scrolls; false leaves the mouse to the terminal."), DEFAULTS.mouse),
  title: v.optional(said(v.boolean(), "Say in the window's title what is shown."), DEFAULTS.title),
  debug_overlay: v.optional(said(v.boolean(), "A row beneath the screen says what drawing it costs."), DEFAULTS.debug_overlay),
  frames_per_second: v.optional(said(whole(1, 10), "How often the screen may be drawn; fewer for a slow line."), DEFAULTS.frames_per_second),
  layout: v.optional(said(v.picklist(LAYOUTS), "Which panes, and where."), DEFAULTS.layout),
  hide: v.optional(said(list(text(20), 20), "Panes that are not shown, by name: price, chart, hours …", ["discovery"]), []),
  order: v.optional(said(list(text(20), 20), "Panes that come first, in this order.", ["price", "tape"]), []),
  basis: v.optional(said(v.picklist(BASES), "What the change of the price is measured against, as long as it is known."), DEFAULTS.basis),
  whales: v.optional(said(whales, "Large trades: events of one aggressor."), {}),
  record: v.optional(said(recording, "Recording the market."), {}),
  history: v.optional(said(history, "Databento's historical data, which is billed for."), {}),
  export_dir: v.optional(said(text(4096), "Folder of exported panes; by default nq-tui/exports in your data folder.", "~/exports")),
  keys: v.optional(said(keys, "Your own keys: a command's name and a key, or a list of keys; [] for none. They win over the defaults.", { freeze: "f" }), {}),
  alerts: v.optional(said(alerts, "What to be told of. `nq-tui alerts test --rules FILE RECORDING` shows what rules would have told.", [
    { name: "above the high", when: "price-above", price: 21_763.25 },
    { name: "back at VWAP", when: "level-touch", level: "VWAP", session: "RTH", cooldown_s: 300 },
    { name: "whale", when: "large-trade", size: 100, actions: [{ do: "bell" }, { do: "command", run: ["notify-send", "whale"] }] },
  ]), []),
  quiet_hours: v.optional(said(quietHours, "Alerts are only listed between these Eastern times of day.", { from: "22:00", to: "07:00" })),
  alerts_on_replay: v.optional(said(v.boolean(), "Alerts act on recordings and on what a gateway replays, too; else they are only listed there."), DEFAULTS.alerts_on_replay),
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
