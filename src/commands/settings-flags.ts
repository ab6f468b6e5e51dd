/** The options that are settings too, and what was typed of them. */
import { Option, type Command } from "commander";
import { COLOURS, LAYOUTS, THEMES, type Settings } from "../config/settings.ts";
import type { RollRule } from "../market/front-month.ts";
import { wholeNumber, type GatewayAddress, type RequestedSymbol } from "./options.ts";

/** As commander gives them; undefined: not typed. */
export interface SettingsFlags {
  /** False: `--no-config`. */
  readonly config?: string | false | undefined;
  readonly symbol?: RequestedSymbol | undefined;
  readonly roll?: RollRule | undefined;
  readonly gateway?: GatewayAddress | undefined;
  readonly demo?: boolean | undefined;
  readonly calendar?: string | undefined;
  readonly theme?: Settings["theme"] | undefined;
  readonly colours?: Settings["colours"] | undefined;
  readonly ascii?: boolean | undefined;
  readonly flash?: boolean | undefined;
  readonly mouse?: boolean | undefined;
  readonly title?: boolean | undefined;
  readonly debugOverlay?: boolean | undefined;
  readonly fps?: number | undefined;
  readonly layout?: Settings["layout"] | undefined;
  readonly alertsOnReplay?: boolean | undefined;
}

/** `--config` and `--no-config`, for every command that has settings. */
export function withConfigOptions(command: Command): Command {
  return command
    .option("--config <file>", "settings from this file instead of nq-tui/config.yaml in your configuration folder")
    .option("--no-config", "no settings file");
}

/** What the screen looks like and does; each is a setting of the file too. */
export function withScreenOptions(command: Command): Command {
  return command
    .addOption(new Option("--theme <name>", "colours of the screen").choices(THEMES))
    .addOption(new Option("--colours <depth>", "how many colours the terminal shows; auto asks it").choices(COLOURS))
    .addOption(new Option("--layout <name>", "which panes, and where").choices(LAYOUTS))
    .option("--ascii", "draw with ASCII characters only; chosen by itself where TERM or LANG asks for it")
    .option("--no-ascii", "draw with all characters, whatever TERM and LANG say")
    .addOption(new Option("--flash").hideHelp()) // against a file that says otherwise
    .option("--no-flash", "digits that changed do not light up")
    .addOption(new Option("--mouse").hideHelp())
    .option("--no-mouse", "leave the mouse to the terminal")
    .addOption(new Option("--title").hideHelp())
    .option("--no-title", "leave the window's title alone")
    .option("--debug-overlay", "a row beneath says what drawing the screen costs")
    .option("--alerts-on-replay", "alerts act on recordings and on what the gateway replays, too")
    .addOption(new Option("--fps <frames>", "most frames a second").argParser(wholeNumber(1, 10)));
}

function gatewayText(address: GatewayAddress): string {
  if (address.transport === "ws") return address.url;
  return `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
}

/** The flags that were typed, by the names of the settings. */
export function flagSettings(flags: SettingsFlags): Partial<Settings> {
  const all: { [Name in keyof Settings]?: Settings[Name] | undefined } = {
    symbol: flags.symbol?.text,
    roll: flags.roll,
    gateway: flags.gateway === undefined ? undefined : gatewayText(flags.gateway),
    demo: flags.demo,
    calendar: flags.calendar,
    theme: flags.theme,
    colours: flags.colours,
    ascii: flags.ascii,
    flash: flags.flash,
    mouse: flags.mouse,
    title: flags.title,
    debug_overlay: flags.debugOverlay,
    frames_per_second: flags.fps,
    layout: flags.layout,
    alerts_on_replay: flags.alertsOnReplay,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<Settings>;
}
