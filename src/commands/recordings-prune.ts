/** Removes old recordings, by age or by size, after asking. */
import { NqError } from "../lib/errors.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { realDisk } from "../recording/disk.ts";
import { listRecordings, type RecordedDay } from "../recording/library.ts";
import { lockFolder } from "../recording/lock.ts";
import { agrees } from "./ask.ts";
import { recordingsFolder } from "./data-folder.ts";
import { coverageFile } from "./kept-coverage.ts";
import type { System } from "./system.ts";

export interface PruneOptions {
  readonly dir: string | null;
  readonly demo: boolean;
  /** Trade dates to keep, the newest; null: any number. */
  readonly keepDays: number | null;
  /** Bytes that may stay; null: any. */
  readonly maxBytes: number | null;
  readonly isAgreed: boolean;
  readonly calendar: TradingCalendar;
}

const bytesOf = (day: RecordedDay): number => day.files.reduce((sum, { bytes }) => sum + bytes, 0);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** The oldest days that must go; the running trade date never does. */
export function chooseOld(days: readonly RecordedDay[], options: Pick<PruneOptions, "keepDays" | "maxBytes">, today: string): readonly RecordedDay[] {
  const old = days.filter(({ tradeDate }) => tradeDate < today);
  const gone: RecordedDay[] = [];
  let left = days.length;
  let bytes = days.reduce((sum, day) => sum + bytesOf(day), 0);
  for (const day of old) {
    const isTooMany = options.keepDays !== null && left > options.keepDays;
    const isTooLarge = options.maxBytes !== null && bytes > options.maxBytes;
    if (!isTooMany && !isTooLarge) break;
    gone.push(day);
    left -= 1;
    bytes -= bytesOf(day);
  }
  return gone;
}

export async function pruneCommand(system: System, options: PruneOptions): Promise<number> {
  if (options.keepDays === null && options.maxBytes === null) throw new NqError("USAGE", "expected --keep-days or --max-size to say what may go, found neither");
  const folder = recordingsFolder(system, options.dir, options.demo ? "DEMO" : "LIVE");
  const today = options.calendar.dayOf(Math.floor(system.clock.wallMs() / 1000)).tradeDate;
  const gone = chooseOld(await listRecordings(realDisk, folder), options, today);
  if (gone.length === 0) {
    system.stderr.write("nq-tui: nothing to remove\n");
    return 0;
  }
  const bytes = gone.reduce((sum, day) => sum + bytesOf(day), 0);
  const sentence = `Remove recordings of ${gone.map(({ tradeDate }) => tradeDate).join(", ")} (${megabytes(bytes)}) from ${folder}?`;
  if (!options.isAgreed && !(await agrees(system, sentence))) {
    system.stderr.write("nq-tui: nothing was removed\n");
    return 1;
  }
  const lock = await lockFolder(folder, system.process);
  try {
    for (const day of gone) await removeDay(folder, day);
  } finally {
    await lock.release();
  }
  system.stdout.write(`removed ${gone.length} trade dates, ${megabytes(bytes)}\n`);
  return 0;
}

async function removeDay(folder: string, { dataset, tradeDate, files }: RecordedDay): Promise<void> {
  const stems = files.map(({ path }) => path.replace(/\.(part|zst)$/, ""));
  const paths = [...files.map(({ path }) => path), ...stems.flatMap((stem) => [`${stem}.ckpt`, `${stem}.info`]), coverageFile(folder, dataset, tradeDate)];
  for (const path of paths) if ((await realDisk.facts(path)) !== null) await realDisk.remove(path);
  await realDisk.syncDirectory(folder);
}
