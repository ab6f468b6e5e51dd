/** The stdout that Ink is given: it keeps Ink's newest frame instead of writing it. */
import { Writable } from "node:stream";
import type { Size } from "./text.ts";

// Ink shows the cursor again when it ends; the screen does that itself.
const CURSOR = /^\u001B\[\?25[hl]$/;

/**
 * With Ink's `debug` option every frame arrives as one string without cursor movement, so this needs no terminal
 * emulation: it hands the frame's lines on and forgets them.
 */
export class InkOutput extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;

  constructor(size: Size, onFrame: (lines: readonly string[]) => void) {
    super({
      decodeStrings: false,
      write: (chunk: unknown, _encoding, done) => {
        const text = String(chunk);
        if (text !== "" && !CURSOR.test(text)) onFrame(text.split("\n"));
        done();
      },
    });
    this.columns = size.columns;
    this.rows = size.rows;
  }
}
