/**
 * The commands and their options, as `--help` prints them. What a command needs is loaded when it runs: start-up and
 * memory are those of the command, not of the program.
 */
import { Argument, Command, CommanderError, Option } from "commander";
import { allCommands, fullName } from "./command-tree.ts";
import { addAlerts } from "./alert-commands.ts";
import { addCompletions } from "./completions-command.ts";
import { addConfig, addKeys } from "./config-commands.ts";
import { addDoctor } from "./doctor-command.ts";
import { addLog, addPrice, addVolume } from "./figure-commands.ts";
import { addHelp } from "./help-command.ts";
import { endHelp } from "./help-text.ts";
import { addRecord, addRecordings, dirOption } from "./recording-commands.ts";
import type { Feed } from "./feed.ts";
import {
  calendarOf, calendarOption, openMarket, seedOption, startAtOption, symbolOption, withMarketOptions, type MarketOptions,
} from "./market-options.ts";
import { parseSpeed, speedOption, wholeNumber } from "./options.ts";
import { reportError, untilStopped, type Finish } from "./outcome.ts";
import { watchOutput } from "./print-lines.ts";
import { settingsFor, type LoadedSettings } from "./settings.ts";
import { withConfigOptions, withScreenOptions, type SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";
import { VERSION } from "./version.ts";

interface LineOptions extends SettingsFlags {
  readonly json: boolean | undefined;
  readonly limit: number | undefined;
}

function withLineOptions(command: Command): Command {
  return command
    .option("--json", "one JSON object a line")
    .addOption(new Option("--limit <trades>", "stop after this many trades").argParser(wholeNumber(1, 1e12)));
}

/** Screen or lines, whichever fits where the output goes; the feed is closed in the end. */
async function present(
  system: System, open: (loaded: LoadedSettings) => Promise<Feed>, line: LineOptions, forceLines: boolean,
): Promise<number> {
  return untilStopped(system, async (signal) => {
    const loaded = await settingsFor(system, line);
    const feed = await open(loaded);
    try {
      const isLines = forceLines || line.json === true || line.limit !== undefined || system.stdout.isTTY !== true;
      if (isLines) {
        const { streamFeed } = await import("./stream.ts");
        return await streamFeed(system, feed, { json: line.json === true, limit: line.limit ?? null }, signal);
      }
      if (loaded.settings.history.fill === "ask") {
        const { offerFill } = await import("./fill/offer-fill.ts");
        if (!(await offerFill(system, feed, loaded.settings, signal))) return 0;
      }
      const { showFeed } = await import("./screen.ts");
      return await showFeed(system, feed, loaded, signal);
    } finally {
      await feed.close();
    }
  });
}

function addReplay(program: Command, system: System, finish: Finish): void {
  const command = program.command("replay").description("play DBN recordings: trades, tbbo, mbp-1 or mbo, plain or zstd");
  command.argument("<files...>", "DBN files, or trade dates that were recorded, such as 2025-06-13; several are merged by time");
  command.addOption(symbolOption()).addOption(dirOption()).option("--demo", "recordings of the demo market");
  withConfigOptions(command.addOption(calendarOption()).addOption(speedOption()));
  withScreenOptions(withLineOptions(command)).action((files: string[], options: MarketOptions & LineOptions & { dir: string | undefined }) => {
    const replay = { symbol: options.symbol ?? null, speed: parseSpeed(options.speed) };
    const open = async ({ settings }: LoadedSettings): Promise<Feed> => {
      const { openReplayFeed } = await import("./replay-feed.ts");
      const { findRecorded } = await import("./find-recorded.ts");
      const { paths } = await findRecorded(system, files, { dir: options.dir ?? settings.record.dir ?? null, demo: options.demo === true, schemas: null });
      return openReplayFeed(system, paths, { ...replay, calendar: await calendarOf(system, settings) });
    };
    finish(present(system, open, options, false));
  });
}

function addStream(program: Command, system: System, finish: Finish): void {
  const command = program.command("stream").description("one line a second on standard output instead of the screen");
  withLineOptions(withMarketOptions(command)).action((options: MarketOptions & LineOptions) => {
    finish(present(system, ({ settings }) => openMarket(system, options, settings), options, true));
  });
}

interface GatewayFlags extends MarketOptions {
  readonly listen: string;
  readonly port: number;
  readonly allowOrigin: readonly string[];
  readonly allowHost: readonly string[];
  readonly wsPort: number | undefined;
  readonly source: string;
  readonly dbn: string;
  readonly stay: boolean | undefined;
}

function addGateway(program: Command, system: System, finish: Finish): void {
  program
    .command("gateway")
    .description("serve the demo market or a recording over Databento's live protocol")
    .addOption(new Option("--listen <address>", "where to listen; beyond this machine only with keys of your own in NQ_TUI_GATEWAY_KEY").default("127.0.0.1"))
    .addOption(new Option("--port <port>", "TCP port; 0 takes any free one").default(13_000).argParser(wholeNumber(0, 65_535)))
    .addOption(new Option("--ws-port <port>", "also serve WebSocket here; 0 takes any free port").argParser(wholeNumber(0, 65_535)))
    .addOption(new Option("--allow-origin <origins...>", "web pages that may use the WebSocket, such as https://example.com").default([], "none"))
    .addOption(new Option("--allow-host <names...>", "names by which clients may call the WebSocket, besides localhost and addresses").default([], "none"))
    .addOption(new Option("--source <demo|FILE>", "what to serve").default("demo"))
    .addOption(speedOption())
    .addOption(new Option("--dbn <version>", "version of the records on the wire").choices(["1", "2", "3"]).default("1"))
    .option("--stay", "keep sessions open when the source is over")
    .addOption(startAtOption("Eastern time of day at which the demo day, or the recording, begins to run"))
    .addOption(seedOption())
    .action((flags: GatewayFlags) => {
      finish(untilStopped(system, async (signal) => (await import("./gateway-command.ts")).runGatewayCommand(system, {
        host: flags.listen,
        allowedOrigins: flags.allowOrigin,
        allowedHosts: flags.allowHost,
        port: flags.port,
        wsPort: flags.wsPort ?? null,
        source: flags.source,
        speed: parseSpeed(flags.speed),
        startAt: flags.startAt ?? null,
        seed: flags.seed ?? null,
        dbnVersion: flags.dbn === "3" ? 3 : flags.dbn === "2" ? 2 : 1,
        stay: flags.stay === true,
      }, signal)));
    });
}

function addInspect(program: Command, system: System, finish: Finish): void {
  program
    .command("inspect")
    .description("what a DBN file holds, and where it is damaged")
    .addArgument(new Argument("<file>", "a DBN file, plain or zstd"))
    .option("--json", "one JSON object")
    .addOption(new Option("--fragment <version>", "the file has no metadata; its records are of this version").choices(["1", "2", "3"]))
    .action((file: string, options: { json?: boolean; fragment?: string }) => {
      const fragment = options.fragment === undefined ? null : options.fragment === "3" ? 3 : options.fragment === "2" ? 2 : 1;
      finish(untilStopped(system, async () => {
        const { runInspect } = await import("./inspect.ts");
        return runInspect(system, file, { json: options.json === true, fragment });
      }));
    });
}

/** All commands, with nothing run yet. */
export function createProgram(system: System, finish: Finish): Command {
  const program = new Command("nq-tui")
    .description("The E-mini Nasdaq-100 future, live from Databento, in your terminal.")
    .version(VERSION, "-V, --version")
    .allowExcessArguments(false)
    .addHelpText("after", [
      "",
      "Without an API key the demo market runs. With one in DATABENTO_API_KEY the screen is live.",
      "A command's own options: nq-tui help COMMAND",
    ].join("\n"));
  withScreenOptions(withLineOptions(withMarketOptions(program))).action((options: MarketOptions & LineOptions) => {
    finish(present(system, ({ settings }) => openMarket(system, options, settings), options, false));
  });
  // Options after a command's name are the command's own.
  program.enablePositionalOptions();
  addReplay(program, system, finish);
  addStream(program, system, finish);
  addPrice(program, system, finish);
  addLog(program, system, finish);
  addVolume(program, system, finish);
  addRecord(program, system, finish);
  addRecordings(program, system, finish);
  addAlerts(program, system, finish);
  addGateway(program, system, finish);
  addInspect(program, system, finish);
  addConfig(program, system, finish);
  addKeys(program, system, finish);
  addDoctor(program, system, finish);
  addCompletions(program, system, finish);
  addHelp(program, system, finish);
  endHelp(program);
  return program;
}

/** What was typed wrong, and what is allowed. A word that is no command is not said again: it may be a key that got here by mistake. */
async function usageSentence(error: CommanderError, command: Command): Promise<string> {
  const flags = command.options.filter(({ hidden }) => !hidden).map((option) => option.long).join(" ");
  const sentence = error.message.replace(/^error: /, "");
  if (error.code === "commander.unknownOption") return `${sentence}; allowed here: ${flags} --help`;
  const names = command.commands.map((each) => each.name());
  const below = names.join(", ");
  const isUnknownCommand = error.code === "commander.unknownCommand" || (error.code === "commander.excessArguments" && below !== "");
  if (isUnknownCommand) {
    const { nearest } = await import("../config/nearest.ts");
    return `unknown command${nearest(command.args[0] ?? "", names)}`;
  }
  if (error.code === "commander.help") return `expected one of ${below} after ${fullName(command)}`;
  return sentence;
}

/** Runs the command that the arguments name; resolves to the exit status. */
export async function runProgram(system: System, args: readonly string[]): Promise<number> {
  const lost = watchOutput(system);
  const status = await runArguments(system, args);
  const failure = await lost();
  return status === 0 && failure !== null ? reportError(system, failure) : status;
}

async function runArguments(system: System, args: readonly string[]): Promise<number> {
  let status: Promise<number> = Promise.resolve(0);
  const program = createProgram(system, (run) => {
    status = run;
  });
  let failed: Command = program;
  for (const command of allCommands(program)) {
    command.configureOutput({
      writeOut: (text) => void system.stdout.write(text),
      writeErr: () => {}, // said once, below
    });
    command.exitOverride((error) => {
      failed = command;
      throw error;
    });
  }
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(system, error);
    if (error.exitCode === 0) return 0;
    system.stderr.write(`nq-tui: ${await usageSentence(error, failed)}\n        see ${fullName(failed)} --help\n`);
    return 2;
  }
  return status;
}
