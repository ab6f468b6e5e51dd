/** Notices that the machine slept: the wall clock went on while the monotonic one, and with it every timer, stood still. */
import type { Clock } from "../lib/clock.ts";

const LOOK_MS = 1_000;
/** Less is a correction of the clock. */
const SLEEP_MS = 5_000;

/** Calls `onSlept` with how long it slept, each time. Returns how to stop. */
export function watchSleep(clock: Clock, onSlept: (sleptMs: number) => void): () => void {
  const ahead = (): number => clock.wallMs() - clock.monotonicMs();
  let before = ahead();
  let cancel = (): void => {};
  const look = (): void => {
    const now = ahead();
    const sleptMs = now - before;
    before = now;
    cancel = clock.after(LOOK_MS, look);
    if (sleptMs >= SLEEP_MS) onSlept(sleptMs);
  };
  cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}
