/**
 * Compressors work on threads of their own, in real time. While one of them works, simulated time must stand still, or a
 * run could not be repeated; so their work is counted here.
 */
import zlib from "node:zlib";

type Done = (...results: unknown[]) => void;
type Work = (this: zlib.ZstdCompress, ...parts: unknown[]) => void;

let working = 0;

/** Pieces that compressors are at work on. */
export function compressing(): number {
  return working;
}

/** What all compressors are made from; where it keeps its work is the same since Node 12. */
const base = Object.getPrototypeOf(Object.getPrototypeOf(zlib.ZstdCompress.prototype)) as Record<"_transform" | "_flush", Work>;

for (const name of ["_transform", "_flush"] as const) {
  const before = base[name];
  base[name] = function counted(...parts) {
    const done = parts.at(-1) as Done;
    let isOver = false;
    const end = (): void => {
      if (!isOver) working -= 1;
      isOver = true;
    };
    working += 1;
    // One that is thrown away in the middle of its work tells nobody but by this.
    this.once("close", end);
    before.call(this, ...parts.slice(0, -1), (...results: unknown[]) => {
      this.off("close", end);
      end();
      done(...results);
    });
  };
}
