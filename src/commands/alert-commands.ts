/** The commands about alerts: which rules there are, whether they are right, what they tell now, what they would have told. */
import { Option, type Command } from "commander";
import { NqError } from "../lib/errors.ts";
import type { TestFormat } from "./alerts/alerts-test.ts";
import type { Feed } from "./feed.ts";
import { calendarOf, calendarOption, openMarket, symbolOption, withMarketOptions, type MarketOptions } from "./market-options.ts";
import { untilStopped, type Finish } from "./outcome.ts";
import { dirOption } from "./recording-commands.ts";
import { settingsFor } from "./settings.ts";
import { withConfigOptions, type SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";

const ALERTS_HELP = `
Rules stand in the settings file under alerts: (nq-tui config init explains them), for example

  alerts:
    - { name: above the high, when: price-above, price: 21763.25 }
    - { name: back at VWAP, when: level-touch, level: VWAP, session: RTH, cooldown_s: 300 }
    - { name: whale, when: large-trade, size: 100, actions: [{ do: bell }, { do: command, run: [notify-send, whale] }] }

On the screen ! sets one at the current price.`;

const TEST_HELP = `
Reads the recordings as fast as it can and prints when each rule would have fired, the price then, and 1, 5 and 15 minutes
later: the last trade up to that time, with its distance in ticks; where there is none, why. Rules are those of --rules, else
of the settings; where that file sets whales:, each trade that the whale pane would list counts as one more rule.
Nothing is rung, sent or run. --lines prints what \`nq-tui alerts watch --json\` prints for the same recording.`;

interface TestFlags extends SettingsFlags {
  readonly rules: string | undefined;
  readonly json: boolean | undefined;
  readonly csv: boolean | undefined;
  readonly lines: boolean | undefined;
  readonly dir: string | undefined;
}

function formatOf({ json, csv, lines }: TestFlags): TestFormat {
  const chosen = [json === true ? "json" : null, csv === true ? "csv" : null, lines === true ? "lines" : null].filter((one) => one !== null);
  if (chosen.length > 1) throw new NqError("USAGE", `expected one of --json, --csv and --lines, found ${chosen.map((one) => `--${one}`).join(" and ")}`);
  return (chosen[0] ?? "table") as TestFormat;
}

function addTest(parent: Command, system: System, finish: Finish): void {
  const command = parent.command("test").description("when rules would have fired in recordings, and what the price did then");
  command.argument("<recordings...>", "DBN files, or trade dates that were recorded, such as 2025-06-13; several are merged by time");
  withConfigOptions(command.option("--rules <file>", "rules of this settings file instead of those in use"))
    .addOption(symbolOption()).addOption(calendarOption()).addOption(dirOption())
    .option("--demo", "recordings of the demo market")
    .option("--json", "one JSON object a line; prices in points, times in UTC")
    .option("--csv", "as CSV")
    .option("--lines", "one JSON object a line as it fires, without later prices")
    .addHelpText("after", TEST_HELP)
    .action((what: string[], flags: TestFlags) => {
      finish(untilStopped(system, async (signal) => {
        const format = formatOf(flags);
        const loaded = await settingsFor(system, flags);
        const { findRules } = await import("./alerts/rules-of.ts");
        const { rules } = await findRules(system, flags.rules ?? null, loaded);
        const { findRecorded } = await import("./find-recorded.ts");
        const { testAlerts } = await import("./alerts/alerts-test.ts");
        const dir = flags.dir ?? loaded.settings.record.dir ?? null;
        const { paths } = await findRecorded(system, what, { dir, demo: flags.demo === true, schemas: null });
        return testAlerts(system, paths, { rules, symbol: flags.symbol ?? null, calendar: await calendarOf(system, loaded.settings), format }, signal);
      }));
    });
}

interface WatchFlags extends MarketOptions {
  readonly rules: string | undefined;
  readonly json: boolean | undefined;
}

function addWatch(parent: Command, system: System, finish: Finish): void {
  const command = parent.command("watch").description("alerts without a screen: a line for each, and its actions");
  command.argument("[files...]", "DBN files, played through as fast as they can be read; without any the market");
  withMarketOptions(command.option("--rules <file>", "rules of this settings file instead of those in use"))
    .option("--json", "one JSON object a line")
    .option("--alerts-on-replay", "act on recordings too, and on what the gateway replays; else those are only listed")
    .action((files: string[], flags: WatchFlags) => {
      finish(untilStopped(system, async (signal) => {
        const loaded = await settingsFor(system, flags);
        const { settings } = loaded;
        const { findRules } = await import("./alerts/rules-of.ts");
        const { rules } = await findRules(system, flags.rules ?? null, loaded);
        const { watchAlerts } = await import("./alerts/alerts-watch.ts");
        const open = async (): Promise<Feed> => {
          if (files.length === 0) return openMarket(system, flags, settings);
          const { openReplayFeed } = await import("./replay-feed.ts");
          return openReplayFeed(system, files, { symbol: flags.symbol ?? null, speed: Number.POSITIVE_INFINITY, calendar: await calendarOf(system, settings) });
        };
        const feed = await open();
        try {
          const options = { rules, json: flags.json === true, quietHours: settings.quiet_hours ?? null, onReplay: settings.alerts_on_replay };
          return await watchAlerts(system, feed, options, signal);
        } finally {
          await feed.close();
        }
      }));
    });
}

/** `nq-tui alerts` */
export function addAlerts(program: Command, system: System, finish: Finish): void {
  const command = program.command("alerts").description("alert rules: list and check them, watch with them, test them on recordings");
  command.enablePositionalOptions();
  command.addHelpText("after", ALERTS_HELP);
  withConfigOptions(command.command("list"))
    .description("the rules in the settings, and those set by key")
    .addOption(new Option("--json", "one JSON object a line"))
    .action((flags: SettingsFlags & { json?: boolean }) => {
      finish(untilStopped(system, async () => {
        const { listAlerts } = await import("./alerts/alerts-list.ts");
        return listAlerts(system, await settingsFor(system, flags), flags.json === true);
      }));
    });
  command.command("check")
    .description("every mistake in a file of rules, with its line")
    .argument("<file>", "a settings file")
    .action((file: string) => {
      finish(untilStopped(system, async () => (await import("./alerts/alerts-list.ts")).checkAlerts(system, file)));
    });
  addWatch(command, system, finish);
  addTest(command, system, finish);
}
