/** Reads recordings through and compares them with what was noted when they were made. */
import { NqError } from "../lib/errors.ts";
import { realDisk } from "../recording/disk.ts";
import { listRecordings, verifyRecording } from "../recording/library.ts";
import { recordingsFolder } from "./data-folder.ts";
import { createProgress } from "./progress.ts";
import type { System } from "./system.ts";

export async function verifyCommand(
  system: System,
  options: { readonly dir: string | null; readonly demo: boolean; readonly dates: readonly string[] },
  signal: AbortSignal,
): Promise<number> {
  const folder = recordingsFolder(system, options.dir, options.demo ? "DEMO" : "LIVE");
  const days = await listRecordings(realDisk, folder);
  const missing = options.dates.filter((date) => !days.some((day) => day.tradeDate === date));
  if (missing.length > 0) {
    const known = days.map((day) => day.tradeDate).join(", ");
    throw new NqError("FILE_OPEN", `expected recordings of ${missing.join(", ")} in ${folder}, found ${known === "" ? "none" : `those of ${known}`}`);
  }
  const files = days.filter((day) => options.dates.length === 0 || options.dates.includes(day.tradeDate)).flatMap((day) => day.files);
  const progress = createProgress(system);
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const from = system.clock.monotonicMs();
  let read = 0;
  let damaged = 0;
  for (const file of files) {
    if (signal.aborted) break;
    const { facts, damage } = await verifyRecording(realDisk, file);
    read += file.bytes;
    if (damage !== "") damaged += 1;
    const seconds = (system.clock.monotonicMs() - from) / 1000;
    progress.show(() => `verified ${(read / 1e6).toFixed(1)} of ${(all / 1e6).toFixed(1)} MB, ${((seconds / read) * (all - read)).toFixed(0)} s left`);
    const verdict = damage === "" ? `ok       ${(facts?.records ?? 0).toLocaleString("en-US")} records` : `DAMAGED  ${damage}`;
    progress.clear();
    system.stdout.write(`${verdict}  ${file.path}\n`);
  }
  return damaged > 0 ? 4 : 0;
}
