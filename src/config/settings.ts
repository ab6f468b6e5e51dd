/** The settings as the program uses them, what they may be and their defaults; plain values, so that a run without a settings file loads no parser. */
import type { AlertSetting, QuietHours } from "./alert-settings.ts";

export const THEMES = ["dark", "light", "high-contrast", "colour-blind", "red-up", "colour-blind-light", "red-up-light", "none"] as const;
export const COLOURS = ["auto", "none", "16", "256", "true"] as const;
/** What a colour of one's own can be for; see `theme_colours`. */
export const THEME_PARTS = ["up", "up_old", "down", "down_old", "warn", "alarm", "live", "replay", "accent", "key", "chart", "dim", "border", "ink", "paper"] as const;
/** The colours of a terminal of 16, in its order. */
export const COLOUR_NAMES = [
  "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "grey", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
] as const;
export const LAYOUTS = ["overview", "tape", "levels", "connection", "price"] as const;
export const BASES = ["settlement", "prior close", "prior RTH close", "RTH open", "session open"] as const;
export const ROLL_RULES = ["volume", "monday", "thursday", "expiry"] as const;

/** Names are those of the file. What a setting means is said once, in its schema. */
export interface Settings {
  readonly symbol?: string | undefined;
  readonly roll?: (typeof ROLL_RULES)[number] | undefined;
  readonly gateway?: string | undefined;
  readonly demo?: boolean | undefined;
  /** A file; absolute, or from the working folder. */
  readonly calendar?: string | undefined;
  readonly theme: (typeof THEMES)[number];
  /** In place of the theme's; `#rrggbb` or a name of `COLOUR_NAMES`. */
  readonly theme_colours: Readonly<Partial<Record<(typeof THEME_PARTS)[number], string | undefined>>>;
  readonly colours: (typeof COLOURS)[number];
  /** Absent: as the terminal seems to be. */
  readonly ascii?: boolean | undefined;
  readonly flash: boolean;
  readonly mouse: boolean;
  readonly title: boolean;
  readonly debug_overlay: boolean;
  readonly frames_per_second: number;
  readonly layout: (typeof LAYOUTS)[number];
  /** Ids of panes. */
  readonly hide: readonly string[];
  readonly order: readonly string[];
  readonly basis: (typeof BASES)[number];
  readonly whales: {
    /** Contracts. */
    readonly size: number;
    readonly adaptive: boolean;
    /** 0: bursts are not put together. */
    readonly burst_ms: number;
  };
  readonly record: {
    readonly when: "never" | "always";
    readonly dir?: string | undefined;
    readonly sync_ms: number;
  };
  readonly history: {
    readonly fill: "off" | "ask";
    /** US dollars. */
    readonly max_cost: number;
  };
  /** Folder of exported panes; absolute, or from the working folder. */
  readonly export_dir?: string | undefined;
  /** Name of a command → its keys. */
  readonly keys: Readonly<Record<string, string | readonly string[]>>;
  readonly alerts: readonly AlertSetting[];
  readonly quiet_hours?: QuietHours | undefined;
  readonly alerts_on_replay: boolean;
}

export const DEFAULTS: Settings = {
  theme: "dark",
  theme_colours: {},
  colours: "auto",
  flash: true,
  mouse: true,
  title: true,
  debug_overlay: false,
  frames_per_second: 10,
  layout: "overview",
  hide: [],
  order: [],
  basis: "settlement",
  whales: { size: 25, adaptive: false, burst_ms: 0 },
  record: { when: "never", sync_ms: 1000 },
  history: { fill: "off", max_cost: 10 },
  keys: {},
  alerts: [],
  alerts_on_replay: false,
};
