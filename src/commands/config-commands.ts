/** The commands about settings and keys: where the file is, what is wrong with it, a new one, what is in force. */
import { Option, type Command } from "commander";
import { withMarketOptions, type MarketOptions } from "./market-options.ts";
import { untilStopped, type Finish } from "./outcome.ts";
import { withConfigOptions, withScreenOptions, type SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";

const CONFIG_HELP = `
The settings file is config.yaml (YAML, so JSON too) in $XDG_CONFIG_HOME/nq-tui, else in ~/.config/nq-tui. Flags stand above
variables (NQ_TUI_THEME=light and so on for every setting that is one value), variables above the file, the file above the
defaults. A running screen reads it again when it changes. A config.json of the original system is understood: --config FILE.`;

interface ShowFlags extends MarketOptions {
  readonly json: boolean | undefined;
}

/** `nq-tui config` */
export function addConfig(program: Command, system: System, finish: Finish): void {
  const command = program.command("config").description("the settings: where they are, what is wrong, what is in force");
  command.enablePositionalOptions();
  command.addHelpText("after", CONFIG_HELP);
  withConfigOptions(command.command("path"))
    .description("where the settings file is, or would be")
    .action((flags: SettingsFlags) => {
      finish(untilStopped(system, async () => (await import("./config-files.ts")).printPath(system, flags)));
    });
  withConfigOptions(command.command("check"))
    .description("every mistake in the settings, with its line")
    .argument("[file]", "another file than the one in use")
    .action((file: string | undefined, flags: SettingsFlags) => {
      finish(untilStopped(system, async () => (await import("./config-files.ts")).checkFile(system, file ?? null, flags)));
    });
  withConfigOptions(command.command("init"))
    .description("write a settings file that explains every setting")
    .option("--force", "also where there is one; it is kept beside the new one")
    .option("--print", "on standard output instead")
    .action((flags: SettingsFlags & { force?: boolean; print?: boolean }) => {
      const wishes = { force: flags.force === true, print: flags.print === true };
      finish(untilStopped(system, async () => (await import("./config-files.ts")).writeFile(system, wishes, flags)));
    });
  const show = command.command("show").description("the settings in force, and whose word each is");
  withScreenOptions(withMarketOptions(show))
    .option("--json", "one JSON object")
    .action((flags: ShowFlags) => {
      finish(untilStopped(system, async () => (await import("./config-show.ts")).showSettings(system, flags, flags.json === true)));
    });
}

/** `nq-tui keys` */
export function addKeys(program: Command, system: System, finish: Finish): void {
  const command = program.command("keys").description("every key of the screen, with the name it has in the settings");
  withConfigOptions(command)
    .addOption(new Option("--json", "one JSON object a line"))
    .addHelpText("after", "\nYour own keys go into the settings file:\n\n  keys:\n    freeze: f\n    quit: [q, ctrl+q]")
    .action((flags: SettingsFlags & { json?: boolean }) => {
      finish(untilStopped(system, async () => (await import("./keys-command.ts")).printKeys(system, flags, flags.json === true)));
    });
}
