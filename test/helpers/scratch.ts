/** A folder for the files of one test file, gone when its tests are over. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export interface Scratch {
  readonly folder: string;
  /** Writes a file there; its path. */
  readonly file: (name: string, bytes: Uint8Array | string) => string;
}

export function scratchFolder(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "nq-tui-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    file(name, bytes) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
  };
}
