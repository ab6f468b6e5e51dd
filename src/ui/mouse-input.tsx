/** Standard input as Ink is given it, with the mouse's reports picked out: Ink passes over them. */
import { mouseChords } from "./mouse.ts";
import type { ScreenOptions } from "./mount.tsx";

type Input = ScreenOptions["stdin"];

/** The same stream; what Ink reads from it is looked through. A report cut in two by the terminal is left out. */
export function withMouse(stdin: Input, onChord: (chord: string) => void): Input {
  const read = (size?: number): string | Buffer | null => {
    const chunk = stdin.read(size);
    if (typeof chunk === "string") mouseChords(chunk).forEach(onChord);
    return chunk;
  };
  return new Proxy(stdin, {
    get: (target, name) => {
      if (name === "read") return read;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
