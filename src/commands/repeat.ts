/** Something done again and again until it is stopped. */
import type { Clock } from "../lib/clock.ts";

/** Calls `run` every `everyMs`; the result ends it. */
export function repeat(clock: Clock, everyMs: number, run: () => void): () => void {
  let cancel = (): void => {};
  const arm = (): void => {
    cancel = clock.after(everyMs, () => {
      arm();
      run();
    });
  };
  arm();
  return () => cancel();
}
