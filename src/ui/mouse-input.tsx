/** Standard input as Ink is given it, with the mouse's reports taken out of it. */
import { createMouseFilter } from "./mouse.ts";
import type { ScreenOptions } from "./mount.tsx";

type Input = ScreenOptions["stdin"];

/** The same stream; what Ink reads from it has no reports in it, whatever pieces they come in. */
export function withMouse(stdin: Input, onChord: (chord: string) => void): Input {
  const filter = createMouseFilter();
  const read = (size?: number): string | Buffer | null => {
    const chunk = stdin.read(size);
    if (typeof chunk !== "string") return chunk;
    const { chords, rest } = filter(chunk);
    chords.forEach(onChord);
    return rest;
  };
  return new Proxy(stdin, {
    get: (target, name) => {
      if (name === "read") return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
