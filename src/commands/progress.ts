/** One line on standard error that tells how far long work has come; only where it is a terminal. */
import type { System } from "./system.ts";

export interface Progress {
  /** Shows the text unless one was shown a moment ago; it is made only when it is shown. */
  show(text: () => string): void;
  /** Takes the line away. */
  clear(): void;
}

const SHOW_MS = 250;
const CLEAR_LINE = "\r\u001B[K";

export function createProgress(system: System): Progress {
  const isShown = system.stderr.isTTY === true;
  let shownAt = system.clock.monotonicMs();
  let isOn = false;
  return {
    show(text) {
      const now = system.clock.monotonicMs();
      if (!isShown || now - shownAt < SHOW_MS) return;
      shownAt = now;
      isOn = true;
      system.stderr.write(CLEAR_LINE + text());
    },
    clear() {
      if (isOn) system.stderr.write(CLEAR_LINE);
      isOn = false;
    },
  };
}
