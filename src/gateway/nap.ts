/** A sleep that can be ended early. */
import type { Clock } from "../lib/clock.ts";

export class Nap {
  #wake: (() => void) | null = null;

  /** Ends the sleep that is under way, if one is. */
  wake(): void {
    this.#wake?.();
  }

  async sleep(clock: Clock, delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      // Timers of whole milliseconds fire late rather than early: sleep short of the time, then for the rest.
      const cancel = clock.after(delayMs > 1 ? Math.floor(delayMs) : Math.max(0, delayMs), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
    this.#wake = null;
  }
}
