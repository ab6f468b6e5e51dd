/** `nq-tui doctor` and its options. */
import { Option, type Command } from "commander";
import { withMarketOptions, type MarketOptions } from "./market-options.ts";
import { untilStopped, type Finish } from "./outcome.ts";
import { withScreenOptions } from "./settings-flags.ts";
import type { System } from "./system.ts";

const DOCTOR_HELP = `
Looks at Node, the terminal, the settings, the calendar, the folder of recordings and the API key's form (the key is never
shown). With a key, or a gateway that is named: the gateway's name, port and login, what each schema is answered with, and the
clocks. Without: the demo market. Nothing is changed, and no check waits longer than some seconds.`;

interface DoctorFlags extends MarketOptions {
  readonly json: boolean | undefined;
  readonly dir: string | undefined;
}

/** `nq-tui doctor` */
export function addDoctor(program: Command, system: System, finish: Finish): void {
  const command = program.command("doctor").description("look at everything the program needs, and say what to do");
  withScreenOptions(withMarketOptions(command))
    .addOption(new Option("--dir <folder>", "folder of the recordings, as for record"))
    .option("--json", "one JSON object")
    .addHelpText("after", DOCTOR_HELP)
    .action((flags: DoctorFlags) => {
      finish(untilStopped(system, async () => {
        const { runDoctor } = await import("./doctor/doctor.ts");
        return runDoctor(system, flags, { json: flags.json === true, dir: flags.dir ?? null });
      }));
    });
}
