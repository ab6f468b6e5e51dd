/** `nq-tui doctor`: looks at everything the program needs, says what is wrong, and what to do about it. */
import { outside, span, type Row } from "../../ui/text.ts";
import type { Tone } from "../../ui/theme.ts";
import { DEFAULT_SYMBOL } from "../market-options.ts";
import { pageText } from "../page.ts";
import { createLinePrinter } from "../print-lines.ts";
import type { SettingsFlags } from "../settings-flags.ts";
import type { System } from "../system.ts";
import { checkCalendar, checkDataFolder, checkSettings } from "./files.ts";
import { skip, type Finding, type FindingState } from "./finding.ts";
import { checkDemo, checkGateway, checkKey, endpointOf } from "./gateway.ts";
import { checkNode, checkTerminal } from "./machine.ts";

export interface DoctorOptions {
  readonly json: boolean;
  /** Folder of the recordings; null: as set, or the usual one. */
  readonly dir: string | null;
}

const SIGNS: Readonly<Record<FindingState, readonly [sign: string, word: string, tone: Tone]>> = {
  ok: ["●", "ok", "up"],
  warn: ["▲", "warn", "warnStrong"],
  fail: ["✕", "FAIL", "alarm"],
  skip: ["○", "skip", "dim"],
};
const NAME_WIDTH = 18;
const FOUND_MAX = 300;

/** The lines of a finding: sign, word, name, what was found; below it what to do. */
function findingRows({ name, state, found, advice }: Finding): readonly Row[] {
  const [sign, word, tone] = SIGNS[state];
  const head: Row = [span(`${sign} ${word.padEnd(5)}`, tone), span(name.padEnd(NAME_WIDTH), "strong"), span(` ${outside(found, FOUND_MAX)}`)];
  return advice === "" ? [head] : [head, [span(`${" ".repeat(8 + NAME_WIDTH)}→ ${advice}`, state === "fail" ? "strong" : "dim")]];
}

/** Returns the exit status: 1 when a check failed. */
export async function runDoctor(system: System, flags: SettingsFlags, options: DoctorOptions): Promise<number> {
  const out = createLinePrinter(system);
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => {
    findings.push(finding);
    if (!options.json) out.write(pageText(system, findingRows(finding)));
  };
  const { nodeVersion } = system.process;
  tell(checkNode(nodeVersion));
  const { settings, findings: about } = await checkSettings(system, flags);
  for (const finding of [...(await checkTerminal(system, settings)), ...about]) tell(finding);
  tell(await checkCalendar(system, settings));
  for (const finding of await checkDataFolder(system, settings, options.dir)) tell(finding);
  const { finding, apiKey } = checkKey(system, settings);
  tell(finding);
  if (settings.demo === true) tell(skip("gateway", "not asked: the demo market was chosen"));
  else if (apiKey === null) tell(skip("gateway", "name, port, login, schemas and clock are not checked without a key"));
  else await checkGateway(system, { endpoint: endpointOf(settings), apiKey, symbol: settings.symbol ?? DEFAULT_SYMBOL }, tell);
  if (settings.demo === true || apiKey === null) tell(await checkDemo(system));
  const failed = findings.filter(({ state }) => state === "fail").length;
  const warned = findings.filter(({ state }) => state === "warn").length;
  if (options.json) out.print(JSON.stringify({ ok: failed === 0, checks: findings }));
  else out.write(`\n${failed === 0 ? "nothing is wrong" : `${failed} of ${findings.length} checks failed`}${warned > 0 ? `, ${warned} to look at` : ""}\n`);
  await out.flush();
  // A look-up of a name that was given up cannot be taken back and would keep the process for a while.
  if (findings.some(({ name, state }) => name === "name" && state === "fail")) system.exit(1);
  return failed === 0 ? 0 : 1;
}
