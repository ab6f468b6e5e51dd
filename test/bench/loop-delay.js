/** Loaded into the measured program: writes the event loop's delay to a file, once a second, without touching the program. */
import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";

const file = process.env.LOOP_DELAY_FILE;
if (file !== undefined) {
  // A finer timer would itself cost what is measured.
  const resolution = 10;
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  // The first seconds are start-up; what counts is the steady state.
  setTimeout(() => histogram.reset(), 10_000).unref();
  setInterval(() => writeFileSync(file, String(histogram.percentile(99) / 1e6 - resolution)), 1_000).unref();
}
