/** The commands about recordings: record the market, and look after what was recorded. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { calendarOf, openMarket, withMarketOptions, type MarketOptions } from "./market-options.ts";
import { parseSize, parseSymbol, wholeNumber, type RequestedSymbol } from "./options.ts";
import { untilStopped, type Finish } from "./outcome.ts";
import { settingsFor } from "./settings.ts";
import { withConfigOptions, type SettingsFlags } from "./settings-flags.ts";
import type { ExportFormat } from "./recordings-export.ts";
import type { System } from "./system.ts";

export const dirOption = (): Option => new Option("--dir <folder>", "folder of the recordings; by default nq-tui/recordings in your data folder");

interface RecordFlags extends MarketOptions {
  readonly dir: string | undefined;
  readonly sync: number | undefined;
}

const RECORD_HELP = `
Each schema and trade date is a file of plain DBN while it grows, readable at any moment by every tool that reads DBN, and
one zstd frame when its day is over. At most --sync milliseconds are at risk when the power goes. A full or failing disk
stops nothing but the recording: what comes waits in memory for a while.`;

/** `nq-tui record` */
export function addRecord(program: Command, system: System, finish: Finish): void {
  const command = program.command("record").description("record the market into DBN files, without a screen");
  withMarketOptions(command)
    .addOption(dirOption())
    .addOption(new Option("--sync <ms>", "force to the device so often; 1000 unless set otherwise").argParser(wholeNumber(50, 60_000)))
    .addHelpText("after", RECORD_HELP)
    .action((options: RecordFlags) => {
      finish(untilStopped(system, async (signal) => {
        const { recordFeed } = await import("./record.ts");
        const { settings } = await settingsFor(system, options);
        const { dir, sync_ms: syncMs } = settings.record;
        const feed = await openMarket(system, options, settings);
        try {
          return await recordFeed(system, feed, { dir: options.dir ?? dir ?? null, syncMs: options.sync ?? syncMs }, signal);
        } finally {
          await feed.close();
        }
      }));
    });
}

interface RecordingsFlags extends SettingsFlags {
  readonly dir: string | undefined;
  readonly json: boolean | undefined;
}

/** `nq-tui recordings` */
export function addRecordings(program: Command, system: System, finish: Finish): void {
  const command = program.command("recordings").description("what was recorded: list it, verify it, fill its holes");
  withConfigOptions(command.addOption(dirOption())).option("--demo", "recordings of the demo market").option("--json", "one JSON object a line");
  command.enablePositionalOptions();
  command.action((options: RecordingsFlags) => {
    finish(untilStopped(system, async () => {
      const { listCommand } = await import("./recordings-list.ts");
      const { settings } = await settingsFor(system, options);
      const dir = options.dir ?? settings.record.dir ?? null;
      return listCommand(system, { dir, demo: options.demo === true, json: options.json === true, calendar: await calendarOf(system, settings) });
    }));
  });
  withConfigOptions(command.command("verify"))
    .description("read every file through and compare it with its checksum")
    .argument("[dates...]", "trade dates such as 2025-06-13; all without any")
    .addOption(dirOption())
    .option("--demo", "recordings of the demo market")
    .action((dates: string[], options: RecordingsFlags) => {
      finish(untilStopped(system, async (signal) => {
        const { verifyCommand } = await import("./recordings-verify.ts");
        const { settings } = await settingsFor(system, options);
        return verifyCommand(system, { dir: options.dir ?? settings.record.dir ?? null, demo: options.demo === true, dates }, signal);
      }));
    });
  addExport(command, system, finish);
  addFill(command, system, finish);
  addPrune(command, system, finish);
}

interface ExportFlags extends RecordingsFlags {
  readonly schema: string;
  readonly format: ExportFormat | undefined;
  readonly out: string;
}

function formatOf({ format, out }: ExportFlags): ExportFormat {
  if (format !== undefined) return format;
  return out.endsWith(".parquet") ? "parquet" : /\.(ndjson|jsonl|json)$/.test(out) ? "ndjson" : "csv";
}

function addExport(recordings: Command, system: System, finish: Finish): void {
  withConfigOptions(recordings.command("export"))
    .description("write a trade date, or DBN files, as CSV, NDJSON or Parquet")
    .argument("<what...>", "trade dates such as 2025-06-13, or DBN files of one schema")
    .addOption(dirOption())
    .option("--demo", "recordings of the demo market")
    .addOption(new Option("--schema <schema>", "which records of a trade date").default("trades"))
    .addOption(new Option("--format <format>", "by default what the ending of --out says, else csv").choices(["csv", "ndjson", "parquet"]))
    .addOption(new Option("--out <file>", "where to; - is standard output").default("-"))
    .action((what: string[], options: ExportFlags) => {
      finish(untilStopped(system, async (signal) => {
        const { findRecorded } = await import("./find-recorded.ts");
        const { exportFiles } = await import("./recordings-export.ts");
        const { settings } = await settingsFor(system, options);
        const found = await findRecorded(system, what, { dir: options.dir ?? settings.record.dir ?? null, demo: options.demo === true, schemas: [options.schema] });
        return exportFiles(system, { paths: found.paths, format: formatOf(options), out: options.out, mode: found.mode }, signal);
      }));
    });
}

interface FillFlags extends RecordingsFlags {
  readonly symbol: RequestedSymbol | undefined;
  readonly maxCost: number | undefined;
  readonly yes: boolean | undefined;
}

function parseDollars(text: string): number {
  if (!/^\d{1,6}(\.\d{1,4})?$/.test(text)) throw new InvalidArgumentError("Expected an amount of US dollars such as 2.50.");
  return Number(text);
}

function parseContract(text: string): RequestedSymbol {
  const symbol = parseSymbol(text);
  if (symbol.stypeIn !== "raw_symbol") throw new InvalidArgumentError("Expected a contract such as NQZ6: what a continuous symbol stood for then is not known here.");
  return symbol;
}

const FILL_HELP = `
Trades that neither were recorded nor came again by the gateway's replay, from Databento's historical API, which bills for
them. First it is said what is missing, how many records are to be fetched, and what they cost; nothing is fetched
without a yes. Trades that the recording has already are left out by identity and number, so none is in it twice. What
was fetched before a failure is kept.`;

function addFill(recordings: Command, system: System, finish: Finish): void {
  withConfigOptions(recordings.command("fill"))
    .description("fetch what a recorded trade date lacks from Databento's historical data, after saying what it costs")
    .argument("<date>", "trade date, such as 2025-06-13")
    .addOption(dirOption())
    .addOption(new Option("--symbol <contract>", "contract of a date of which nothing was recorded, such as NQZ6").argParser(parseContract))
    .addOption(new Option("--max-cost <dollars>", "never spend more; 10 unless set otherwise").argParser(parseDollars))
    .option("--yes", "do not ask")
    .addHelpText("after", FILL_HELP)
    .action((tradeDate: string, options: FillFlags) => {
      finish(untilStopped(system, async (signal) => {
        const { fillCommand } = await import("./fill/fill-command.ts");
        const { agrees } = await import("./ask.ts");
        const { DATASET } = await import("./live-feed.ts");
        const { settings } = await settingsFor(system, options);
        return fillCommand(system, {
          dir: options.dir ?? settings.record.dir ?? null, tradeDate, contract: options.symbol?.text ?? null, dataset: DATASET,
          calendar: await calendarOf(system, settings), maxCost: options.maxCost ?? settings.history.max_cost,
          agrees: (question) => (options.yes === true ? Promise.resolve(true) : agrees(system, question)),
        }, signal);
      }));
    });
}

interface PruneFlags extends RecordingsFlags {
  readonly keepDays: number | undefined;
  readonly maxSize: number | undefined;
  readonly yes: boolean | undefined;
}

function addPrune(recordings: Command, system: System, finish: Finish): void {
  withConfigOptions(recordings.command("prune"))
    .description("remove the oldest recordings, after asking")
    .addOption(dirOption())
    .option("--demo", "recordings of the demo market")
    .addOption(new Option("--keep-days <count>", "trade dates to keep").argParser(wholeNumber(0, 100_000)))
    .addOption(new Option("--max-size <size>", "what may stay, e.g. 500MB or 20GB").argParser(parseSize))
    .option("--yes", "do not ask")
    .action((options: PruneFlags) => {
      finish(untilStopped(system, async () => {
        const { pruneCommand } = await import("./recordings-prune.ts");
        const { settings } = await settingsFor(system, options);
        return pruneCommand(system, {
          dir: options.dir ?? settings.record.dir ?? null, demo: options.demo === true, keepDays: options.keepDays ?? null,
          maxBytes: options.maxSize ?? null, isAgreed: options.yes === true, calendar: await calendarOf(system, settings),
        });
      }));
    });
}
