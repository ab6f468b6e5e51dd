/** Where the recorded files lie, and what happens where they do not. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { zstdDecompressSync } from "node:zlib";
import { describe } from "vitest";

const FOLDER = fileURLToPath(new URL("../../../shared/fixtures/", import.meta.url));

/** The folder of recorded files, with a slash at the end. */
export function fixturesFolder(): string {
  return FOLDER;
}

/** Full path of one recorded file, e.g. `fixture("dbn/test_data.trades.dbn")`. */
export function fixture(name: string): string {
  return FOLDER + name;
}

/** A packed file's bytes, expanded frame by frame with Node's own decompressor. */
export function expandedBytes(path: string): Uint8Array {
  let packed: Uint8Array = readFileSync(path);
  const parts: Uint8Array[] = [];
  while (packed.length > 0) {
    const { buffer, engine } = zstdDecompressSync(packed, { info: true }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } };
    parts.push(buffer);
    packed = packed.subarray(engine.bytesWritten);
  }
  return Buffer.concat(parts);
}

/**
 * `describe` for tests that read recorded files. Where the folder is absent they are skipped and the title says why;
 * with CI=true absence is a failure.
 */
export function describeWithFixtures(title: string, body: () => void): void {
  const absent = !existsSync(FOLDER);
  if (absent && process.env["CI"] !== "true") {
    describe.skip(`${title} (skipped: no recorded files at ../shared/fixtures)`, body);
    return;
  }
  describe(title, body);
}
