/** The options of every command that reads a market, and the market they mean. */
import { Option, type Command } from "commander";
import type { TradingCalendar } from "../market/calendar.ts";
import { ROLL_RULES, type RollRule } from "../market/front-month.ts";
import type { Feed } from "./feed.ts";
import {
  parseGateway, parseSpeed, parseSymbol, parseTimeOfDay, speedOption, wholeNumber, type GatewayAddress, type RequestedSymbol,
} from "./options.ts";
import type { System } from "./system.ts";

export interface MarketOptions {
  readonly symbol: RequestedSymbol | undefined;
  readonly gateway: GatewayAddress | undefined;
  readonly demo: boolean | undefined;
  readonly speed: string;
  readonly startAt: number | undefined;
  readonly seed: number | undefined;
  readonly roll: RollRule | undefined;
  readonly calendar: string | undefined;
}

const DEFAULT_SYMBOL = "NQ.v.0";

export const symbolOption = (): Option =>
  new Option("--symbol <symbol>", `what to show: ${DEFAULT_SYMBOL}, NQZ6, MNQ.v.0 …`).argParser(parseSymbol);
export const calendarOption = (): Option =>
  new Option("--calendar <file>", "your own holidays and early closes, over the built-in ones");
export const startAtOption = (): Option =>
  new Option("--start-at <HH:MM:SS>", "Eastern time at which the demo day begins to run").argParser(parseTimeOfDay);
export const seedOption = (): Option =>
  new Option("--seed <number>", "another demo day; the same seed gives the same day").argParser(wholeNumber(0, 0xffff_ffff));

/** Adds them all. */
export function withMarketOptions(command: Command): Command {
  return command
    .addOption(symbolOption())
    .addOption(new Option("--roll <rule>", "which contract is the one to show").choices(ROLL_RULES))
    .addOption(calendarOption())
    .addOption(new Option("--gateway <HOST:PORT>", "a gateway other than Databento's, also ws:// or wss://").argParser(parseGateway))
    .option("--demo", "the simulated market, even when an API key is set")
    .addOption(speedOption())
    .addOption(startAtOption())
    .addOption(seedOption());
}

/** The calendar that `--calendar` names, over the built-in one. */
export async function calendarOf(system: System, options: Pick<MarketOptions, "calendar">): Promise<TradingCalendar> {
  const { loadCalendar } = await import("./load-calendar.ts");
  return loadCalendar(system, options.calendar ?? null);
}

/** Databento or a named gateway where there is a key or a name; else the demo market. */
export async function openMarket(system: System, options: MarketOptions): Promise<Feed> {
  const symbol = options.symbol ?? parseSymbol(DEFAULT_SYMBOL);
  const gateway = options.gateway ?? null;
  const roll = options.roll ?? null;
  const calendar = await calendarOf(system, options);
  if (gateway !== null || (system.apiKeyText !== null && options.demo !== true)) {
    const { openLiveFeed } = await import("./live-feed.ts");
    return openLiveFeed(system, { symbol, roll, gateway, calendar });
  }
  const { openDemoFeed } = await import("./demo-feed.ts");
  return openDemoFeed(system, {
    symbol, roll, calendar, speed: parseSpeed(options.speed), startAt: options.startAt ?? null, seed: options.seed ?? null,
  });
}
