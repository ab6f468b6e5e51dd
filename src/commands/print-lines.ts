/** Lines to standard output that wait for a slow reader, and end in peace when the reader goes away. */
import type { System } from "./system.ts";

export interface LinePrinter {
  print(line: string): void;
  /** Resolves when all lines were taken. */
  flush(): Promise<void>;
}

/** `onGone` is called once when nobody reads any more (a closed pipe). */
export function createLinePrinter(system: System, onGone: () => void): LinePrinter {
  let isGone = false;
  const gone = (): void => {
    if (!isGone) onGone();
    isGone = true;
  };
  system.stdout.on("error", gone);
  return {
    print(line) {
      if (!isGone) system.stdout.write(`${line}\n`);
    },
    flush: () =>
      new Promise((resolve) => {
        if (isGone) resolve();
        else system.stdout.write("", () => resolve());
      }),
  };
}
