/** The options of every command that reads a market, and the market they mean. */
import { Option, type Command } from "commander";
import type { Settings } from "../config/settings.ts";
import { NqError } from "../lib/errors.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { ROLL_RULES } from "../market/front-month.ts";
import type { Feed } from "./feed.ts";
import { parseGateway, parseSpeed, parseSymbol, parseTimeOfDay, speedOption, wholeNumber } from "./options.ts";
import { withConfigOptions, type SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";

export interface MarketOptions extends SettingsFlags {
  readonly speed: string;
  readonly startAt: number | undefined;
  readonly seed: number | undefined;
}

export const DEFAULT_SYMBOL = "NQ.v.0";

export const symbolOption = (): Option =>
  new Option("--symbol <symbol>", `what to show: ${DEFAULT_SYMBOL}, NQZ6, MNQ.v.0 …`).argParser(parseSymbol);
export const calendarOption = (): Option =>
  new Option("--calendar <file>", "your own holidays and early closes, over the built-in ones");
export const startAtOption = (says = "Eastern time at which the demo day begins to run"): Option =>
  new Option("--start-at <HH:MM:SS>", says).argParser(parseTimeOfDay);
export const seedOption = (): Option =>
  new Option("--seed <number>", "another demo day; the same seed gives the same day").argParser(wholeNumber(0, 0xffff_ffff));

/** Adds them all. */
export function withMarketOptions(command: Command): Command {
  return withConfigOptions(command)
    .addOption(symbolOption())
    .addOption(new Option("--roll <rule>", "which contract is the one to show").choices(ROLL_RULES))
    .addOption(calendarOption())
    .addOption(new Option("--gateway <HOST:PORT>", "a gateway other than Databento's, also ws:// or wss://").argParser(parseGateway))
    .option("--demo", "the simulated market, even when an API key is set")
    .addOption(new Option("--no-demo").hideHelp()) // against a file that says otherwise
    .addOption(speedOption())
    .addOption(startAtOption())
    .addOption(seedOption());
}

/** The calendar that is set, over the built-in one. */
export async function calendarOf(system: System, settings: Pick<Settings, "calendar">): Promise<TradingCalendar> {
  const { loadCalendar } = await import("./load-calendar.ts");
  return loadCalendar(system, settings.calendar ?? null);
}

/** What would be typed for nothing is refused: the market would not be the one that was meant. */
function refuseDemoOptions(options: MarketOptions): void {
  const typed = [
    ...(options.speed === "1" ? [] : ["--speed"]),
    ...(options.startAt === undefined ? [] : ["--start-at"]),
    ...(options.seed === undefined ? [] : ["--seed"]),
  ];
  if (typed.length === 0) return;
  throw new NqError("USAGE", `${typed.join(", ")}: only for the demo market; a live one runs by itself. Add --demo, or leave it out`);
}

/** Databento or a named gateway where there is a key or a name; else the demo market. */
export async function openMarket(system: System, options: MarketOptions, settings: Settings): Promise<Feed> {
  const symbol = parseSymbol(settings.symbol ?? DEFAULT_SYMBOL);
  const roll = settings.roll ?? null;
  const calendar = await calendarOf(system, settings);
  if (options.gateway !== undefined && options.demo === true) {
    throw new NqError("USAGE", "--demo and --gateway name two markets; leave one of them out");
  }
  const isNamed = settings.gateway !== undefined && (options.gateway !== undefined || settings.demo !== true);
  if (isNamed || (system.apiKeyText !== null && settings.demo !== true)) {
    refuseDemoOptions(options);
    const { openLiveFeed } = await import("./live-feed.ts");
    const gateway = settings.gateway === undefined ? null : parseGateway(settings.gateway);
    return openLiveFeed(system, { symbol, roll, gateway, calendar });
  }
  const { openDemoFeed } = await import("./demo-feed.ts");
  return openDemoFeed(system, {
    symbol, roll, calendar, speed: parseSpeed(options.speed), startAt: options.startAt ?? null, seed: options.seed ?? null,
  });
}
