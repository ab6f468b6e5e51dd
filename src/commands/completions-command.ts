/** `nq-tui completions`: a script that lets a shell complete commands, options and their values. */
import { Argument, type Command } from "commander";
import { describeTree } from "./command-tree.ts";
import { untilStopped, type Finish } from "./outcome.ts";
import { createLinePrinter } from "./print-lines.ts";
import type { System } from "./system.ts";

const COMPLETIONS_HELP = `
bash   nq-tui completions bash > ~/.local/share/bash-completion/completions/nq-tui
zsh    nq-tui completions zsh > "\${fpath[1]}/_nq-tui"
fish   nq-tui completions fish > ~/.config/fish/completions/nq-tui.fish

or for this shell only:  source <(nq-tui completions bash)    nq-tui completions fish | source
The script is complete in itself: no program runs while you type. Write it anew after an update.`;

async function scriptFor(shell: string, program: Command): Promise<string> {
  const tree = describeTree(program);
  switch (shell) {
    case "zsh": return (await import("./completions/zsh.ts")).zshScript(tree);
    case "fish": return (await import("./completions/fish.ts")).fishScript(tree);
    default: return (await import("./completions/bash.ts")).bashScript(tree);
  }
}

/** `nq-tui completions` */
export function addCompletions(program: Command, system: System, finish: Finish): void {
  program
    .command("completions")
    .description("a script for your shell that completes commands, options and values")
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", COMPLETIONS_HELP)
    .action((shell: string) => {
      finish(untilStopped(system, async () => {
        const out = createLinePrinter(system);
        out.write(await scriptFor(shell, program));
        await out.flush();
        return 0;
      }));
    });
}
