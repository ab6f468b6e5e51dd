/**
 * A process that fuzzes one target (`child.ts TARGET SEEDS`) or lights one bomb (`child.ts bomb NAME`), and tells in one line of
 * JSON what came of it and by how much its memory grew at most: the peak that the system saw, not what is left at the end.
 */
import { BOMBS } from "./bombs.ts";
import { fuzz, inputsPerSeed, TARGETS } from "./targets.ts";

export interface ChildReport {
  readonly inputs: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly grownMb: number;
  /** The same for something known to hold 100 MB: that the measure measures. */
  readonly controlMb?: number;
}

const WARM_INPUTS = 400;
const peakMb = (): number => process.resourceUsage().maxRSS / 1024;
const [name = "", argument = ""] = process.argv.slice(2);

async function run(): Promise<ChildReport> {
  if (name !== "bomb") {
    fuzz(name, 1_000_000, Math.ceil(WARM_INPUTS / inputsPerSeed(name)));
    const before = peakMb();
    const { inputs, outcomes } = fuzz(name, 1, Number(argument));
    return { inputs, outcomes: Object.fromEntries(outcomes), grownMb: peakMb() - before };
  }
  for (const warm of ["framer", "metadata"]) if (TARGETS[warm] !== undefined) fuzz(warm, 1, WARM_INPUTS);
  const before = peakMb();
  const outcome = (await BOMBS[argument]?.()) ?? "unknown bomb";
  const grownMb = peakMb() - before;
  const held = Buffer.alloc(100 * 1024 * 1024, 1);
  return { inputs: 1, outcomes: { [outcome]: 1 }, grownMb, controlMb: held.length > 0 ? peakMb() - before : 0 };
}

process.stdout.write(`${JSON.stringify(await run())}\n`);
