/** The commands that print figures and end, or write them to a file: price, log, volume. */
import { Option, type Command } from "commander";
import { NqError } from "../lib/errors.ts";
import type { Feed } from "./feed.ts";
import { calendarOf, openMarket, withMarketOptions, type MarketOptions } from "./market-options.ts";
import { parseInterval, wholeNumber } from "./options.ts";
import { untilStopped, type Finish } from "./outcome.ts";
import type { LogFormat } from "./row-sink.ts";
import { settingsFor } from "./settings.ts";
import type { System } from "./system.ts";
import { parseWindowEdge, TimeWindow, type WindowEdge } from "./time-window.ts";
import type { VolumeFormat, VolumeTable } from "./volume-output.ts";

/** The word that stands for the running market where files could be named. */
const LIVE = "live";

/** The files that were named; null for the running market. @throws NqError USAGE for options that contradict them */
function filesOf(names: readonly string[], options: MarketOptions): readonly string[] | null {
  if (names.length === 0 || (names.length === 1 && names[0] === LIVE)) return null;
  if (names.includes(LIVE)) throw new NqError("USAGE", `expected files or "${LIVE}", found both; a file of that name is ./${LIVE}`);
  if (options.demo === true || options.gateway !== undefined) {
    throw new NqError("USAGE", "expected files or a market, found both: --demo and --gateway go without files");
  }
  return names;
}

/** Opens the market, hands it over and closes it in the end. */
async function withFeed(open: () => Promise<Feed>, run: (feed: Feed) => Promise<number>): Promise<number> {
  const feed = await open();
  try {
    return await run(feed);
  } finally {
    await feed.close();
  }
}

interface PriceFlags extends MarketOptions {
  readonly json: boolean | undefined;
  readonly timeout: number;
}

/** `nq-tui price` */
export function addPrice(program: Command, system: System, finish: Finish): void {
  const command = program.command("price").description("the price once: last, change, bid and ask, volume, session, age");
  command.argument("[files...]", `DBN files, for the price at their end; without any, or with "${LIVE}", the market`);
  withMarketOptions(command)
    .option("--json", "one JSON object; prices in points, age in seconds")
    .addOption(new Option("--timeout <seconds>", "give up when nothing comes for so long").default(10).argParser(wholeNumber(1, 3600)))
    .addHelpText("after", "\nIn a closed market the last trade is printed, with its age, if the gateway still has it.")
    .action((names: string[], options: PriceFlags) => {
      finish(untilStopped(system, async (signal) => {
        const { printPrice } = await import("./price.ts");
        const files = filesOf(names, options);
        const { settings } = await settingsFor(system, options);
        const open = async (): Promise<Feed> => {
          if (files === null) return openMarket(system, options, settings);
          const { openReplayFeed } = await import("./replay-feed.ts");
          const calendar = await calendarOf(system, settings);
          return openReplayFeed(system, files, { symbol: options.symbol ?? null, speed: Number.POSITIVE_INFINITY, calendar });
        };
        return withFeed(open, (feed) => printPrice(system, feed, { json: options.json === true, timeoutMs: options.timeout * 1000 }, signal));
      }));
    });
}

interface LogFlags extends MarketOptions {
  readonly format: LogFormat | undefined;
  readonly out: string | undefined;
  readonly every: number;
  readonly backfill: boolean | undefined;
}

const LOG_HELP = `
One row for each interval while the session is open, whether something traded in it or not: the last price, its
age_seconds, and the session's volume, average price and delta. ts is the interval's start, ISO 8601 in Eastern time.
gap is 1 (true) where trades of the interval are missing or the link was lost; coverage says what the sums cover.

--out nq.csv writes nq-2025-06-13.csv, a file for each trade date; %d puts the date elsewhere: --out log/%d/nq.csv.
A device or a pipe is taken as it is. A file that is there is gone on with; a row that a crash left half is cut off.`;

/** `nq-tui log` */
export function addLog(program: Command, system: System, finish: Finish): void {
  const command = program.command("log").description("log the price, a row a second, as CSV or NDJSON");
  command.argument("[files...]", `DBN files to log as fast as they can be read; without any, or with "${LIVE}", the market`);
  withMarketOptions(command)
    .addOption(new Option("--format <format>", "csv, or ndjson; by default what the file's ending says, else csv").choices(["csv", "ndjson"]))
    .option("--out <file>", "a file instead of standard output")
    .addOption(new Option("--every <interval>", "a row for each so long: 1s, 30s, 5m …").argParser(parseInterval).default(1, "1s"))
    .option("--backfill", "rows of the session so far first")
    .addHelpText("after", LOG_HELP)
    .action((names: string[], options: LogFlags) => {
      finish(untilStopped(system, async (signal) => {
        const files = filesOf(names, options);
        const out = options.out ?? null;
        const format = options.format ?? (out !== null && /\.(ndjson|jsonl|json)$/.test(out) ? "ndjson" : "csv");
        const log = { everySec: options.every, format, out, backfill: options.backfill === true };
        const { settings } = await settingsFor(system, options);
        const { withLogLock } = await import("./log-lock.ts");
        if (files !== null) {
          const calendar = await calendarOf(system, settings);
          const { logFiles } = await import("./log-files.ts");
          return withLogLock(system, out, () => logFiles(system, files, { ...log, symbol: options.symbol ?? null, calendar }, signal));
        }
        const { logFeed } = await import("./log.ts");
        return withLogLock(system, out, () => withFeed(() => openMarket(system, options, settings), (feed) => logFeed(system, feed, log, signal)));
      }));
    });
}

interface VolumeFlags extends MarketOptions {
  readonly json: boolean | undefined;
  readonly csv: boolean | undefined;
  readonly table: VolumeTable | undefined;
  readonly large: number;
  readonly from: WindowEdge | undefined;
  readonly to: WindowEdge | undefined;
}

const VOLUME_HELP = `
Files of trades, tbbo, mbp-1 or mbo, plain or zstd, are merged by time; each trade counts once. Of several instruments
the one with the most trades is analysed. Each session gets a report of its own; with --json an object a line.
"${LIVE}" (or no file) collects the running market, from the session's open where the gateway still has it, until
Ctrl-C or --to.

--from and --to take Eastern times of day, which mean every session of the files (18:00 and later: the evening before the
trade date), or ISO 8601 with an offset. --to is not included.
In --json prices are points, starts of hours ISO 8601 in Eastern time, tsEvent ISO 8601 in UTC with all nine digits.
Hours without a trade are left out; the 09 hour is split at 09:30 into ETH and RTH.
Value area: at least 70 % of the volume, by pairs of prices around the point of control.`;

function formatOf(options: VolumeFlags): VolumeFormat {
  if (options.json === true) {
    if (options.csv === true || options.table !== undefined) throw new NqError("USAGE", "expected --json or --csv, found both");
    return { kind: "json" };
  }
  if (options.csv === true || options.table !== undefined) return { kind: "csv", table: options.table ?? "hours" };
  return { kind: "report" };
}

/** `nq-tui volume` */
export function addVolume(program: Command, system: System, finish: Finish): void {
  const command = program.command("volume").description("volume analysis: totals, hours, large trades, profile");
  command.argument("[files...]", `DBN files; without any, or with "${LIVE}", the market until Ctrl-C`);
  withMarketOptions(command)
    .addOption(new Option("--from <time>", "count from here, e.g. 09:30").argParser(parseWindowEdge))
    .addOption(new Option("--to <time>", "count to here, e.g. 16:00").argParser(parseWindowEdge))
    .addOption(new Option("--large <contracts>", "smallest trade listed as large").default(10).argParser(wholeNumber(1, 100_000)))
    .option("--json", "one JSON object for each session, with every large trade")
    .option("--csv", "one table as CSV, see --table")
    .addOption(new Option("--table <name>", "which table --csv prints; default hours").choices(["hours", "large", "profile"]))
    .addHelpText("after", VOLUME_HELP)
    .action((names: string[], options: VolumeFlags) => {
      finish(untilStopped(system, async (signal) => {
        const files = filesOf(names, options);
        const { settings } = await settingsFor(system, options);
        const calendar = await calendarOf(system, settings);
        const window = new TimeWindow(options.from ?? null, options.to ?? null, (sec) => calendar.dayOf(sec));
        const volume = { window, largeFrom: options.large, format: formatOf(options), calendar };
        if (files !== null) {
          return (await import("./volume-files.ts")).volumeOfFiles(system, files, options.symbol ?? null, volume, signal);
        }
        const { volumeOfFeed } = await import("./volume-live.ts");
        return withFeed(() => openMarket(system, options, settings), (feed) => volumeOfFeed(system, feed, volume, signal));
      }));
    });
}
