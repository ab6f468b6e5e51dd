/** The list of recordings, a row for each trade date. */
import { fromNanos } from "../lib/time.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { formatEastern } from "../market/wall-time.ts";
import { realDisk } from "../recording/disk.ts";
import { listRecordings, type RecordedDay } from "../recording/library.ts";
import { recordingsFolder } from "./data-folder.ts";
import type { System } from "./system.ts";

/** One trade date as `--json` prints it; times are nanoseconds since 1970 as text. */
export interface RecordedDayLine {
  readonly tradeDate: string;
  readonly dataset: string;
  readonly contracts: readonly string[];
  readonly schemas: readonly string[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Null when a file must be read through to know. */
  readonly records: number | null;
  readonly bytes: number;
  readonly state: "growing" | "finished";
  readonly damage: readonly string[];
}

function edge(times: readonly (bigint | null)[], isLater: (a: bigint, b: bigint) => boolean): bigint | null {
  return times.reduce<bigint | null>((found, at) => (at !== null && (found === null || isLater(at, found)) ? at : found), null);
}

function describeDay({ dataset, tradeDate, files }: RecordedDay): RecordedDayLine {
  // Definitions and statistics carry times of the days before: the span is that of what traded and was quoted.
  const market = files.filter(({ name }) => !["definition", "statistics", "status"].includes(name.schema));
  const first = edge(market.map(({ facts }) => facts?.firstAt ?? null), (a, b) => a < b);
  const last = edge(market.map(({ facts }) => facts?.lastAt ?? null), (a, b) => a > b);
  const counts = files.map(({ facts }) => facts?.records ?? null);
  return {
    tradeDate,
    dataset,
    contracts: [...new Set(files.flatMap(({ facts }) => facts?.contracts ?? []))],
    schemas: [...new Set(files.map(({ name }) => name.schema))],
    firstAt: first === null ? null : String(first),
    lastAt: last === null ? null : String(last),
    records: counts.includes(null) ? null : counts.reduce<number>((sum, records) => sum + (records ?? 0), 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    state: files.some(({ state }) => state === "growing") ? "growing" : "finished",
    damage: files.filter(({ damage }) => damage !== "").map(({ path, damage }) => `${path}: ${damage}`),
  };
}

function spanText(line: RecordedDayLine, calendar: TradingCalendar): string {
  if (line.firstAt === null || line.lastAt === null) return "no market data";
  const [from, to] = [fromNanos(BigInt(line.firstAt)), fromNanos(BigInt(line.lastAt))];
  const day = calendar.dayOf(from.sec);
  return `${formatEastern(from, day)}–${formatEastern(to, day)} ET`;
}

function row(line: RecordedDayLine, calendar: TradingCalendar): string {
  const records = line.records === null ? "?" : line.records.toLocaleString("en-US");
  const state = line.damage.length > 0 ? "DAMAGED" : line.state === "growing" ? "growing" : "whole";
  return [
    line.tradeDate, line.contracts.join(" ").padEnd(12), spanText(line, calendar).padEnd(21), records.padStart(12),
    `${(line.bytes / 1e6).toFixed(1)} MB`.padStart(10), state.padEnd(8), line.schemas.join(" "),
  ].join("  ");
}

export async function listCommand(
  system: System,
  options: { readonly dir: string | null; readonly demo: boolean; readonly json: boolean; readonly calendar: TradingCalendar },
): Promise<number> {
  const folder = recordingsFolder(system, options.dir, options.demo ? "DEMO" : "LIVE");
  const lines = (await listRecordings(realDisk, folder)).map(describeDay);
  if (options.json) {
    for (const line of lines) system.stdout.write(`${JSON.stringify(line)}\n`);
    return 0;
  }
  if (lines.length === 0) {
    system.stderr.write(`nq-tui: no recordings in ${folder}; \`nq-tui record\` makes some\n`);
    return 0;
  }
  const heading = ["trade date", "contract".padEnd(12), "span".padEnd(21), "records".padStart(12), "size".padStart(10), "state".padEnd(8), "schemas"].join("  ");
  const demo = options.demo ? ["DEMO recordings: a simulated market"] : [];
  system.stdout.write(`${[...demo, heading, ...lines.map((line) => row(line, options.calendar))].join("\n")}\n`);
  for (const damage of lines.flatMap((line) => line.damage)) system.stderr.write(`nq-tui: ${damage}\n`);
  return lines.some((line) => line.damage.length > 0) ? 4 : 0;
}
