/**
 * Loaded into the measured program: writes the event loop's delay to a file, once a second, without touching the program.
 * It begins when it is told to by LOOP_DELAY_FROM_S: a hundred wakings a second would be counted among what the program costs.
 */
import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

const { LOOP_DELAY_FILE: file, LOOP_DELAY_FROM_S: fromS } = process.env;
if (file !== undefined) {
  // A finer timer would itself cost what is measured.
  const resolution = 10;
  const histogram = monitorEventLoopDelay({ resolution });
  setTimeout(() => {
    histogram.enable();
    setInterval(() => writeFileSync(file, String(histogram.percentile(99) / 1e6 - resolution)), 1_000).unref();
  }, Number(fromS) * 1_000).unref();
}
