/** A terminal for tests: a stdout read by a terminal emulator, a stdin to type on, a clock moved by hand, a store. */
import { PassThrough, Writable } from "node:stream";
import xterm from "@xterm/headless";
import type { Snapshot } from "../../src/store/snapshot.ts";
import type { SnapshotSource } from "../../src/ui/screen-model.ts";
import type { Size } from "../../src/ui/text.ts";
import { typed } from "../../src/ui/chord.ts";
import { HandClock } from "../client/hand-clock.ts";
import { SAMPLE_WALL_MS } from "./sample-snapshot.ts";

/** One cell as a person sees it. */
export interface SeenCell {
  readonly text: string;
  readonly look: string;
}

/** A stdout with a terminal behind it. `hold` makes the terminal stop reading. */
export class FakeTerminal extends Writable {
  readonly isTTY: boolean;
  columns: number;
  rows: number;
  readonly emulator: xterm.Terminal;
  /** Everything written so far. */
  written = "";
  writes = 0;
  #held: (() => void) | null = null;
  #holding = false;

  constructor(size: Size, isTTY = true) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.columns = size.columns;
    this.rows = size.rows;
    // A terminal device turns line feeds into new lines.
    const options = { cols: size.columns, rows: size.rows, convertEol: true, allowProposedApi: true, scrollback: 50 };
    this.emulator = new xterm.Terminal(options);
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    const text = String(chunk);
    this.written += text;
    this.writes += 1;
    this.emulator.write(text);
    if (this.#holding) this.#held = done;
    else done();
  }

  hold(): void {
    this.#holding = true;
  }

  /** Reads on: everything that was written is taken. */
  release(): void {
    this.#holding = false;
    const done = this.#held;
    this.#held = null;
    done?.();
  }

  resizeTo(size: Size): void {
    this.columns = size.columns;
    this.rows = size.rows;
    this.emulator.resize(size.columns, size.rows);
    this.emit("resize");
  }

  /** Waits until the emulator has read all. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.emulator.write("", resolve));
  }

  /** The screen as lines of text, blanks at the end cut. */
  async text(): Promise<string> {
    await this.settled();
    const { active } = this.emulator.buffer;
    const lineAt = (y: number): string => active.getLine(active.baseY + y)?.translateToString(true).trimEnd() ?? "";
    return Array.from({ length: this.rows }, (_, y) => lineAt(y)).join("\n");
  }

  /** Every cell with its colours and attributes, row by row. */
  async cells(): Promise<SeenCell[][]> {
    await this.settled();
    const { active } = this.emulator.buffer;
    return Array.from({ length: this.rows }, (_, y) => {
      const bufferLine = active.getLine(active.baseY + y);
      return Array.from({ length: this.columns }, (_unused, x): SeenCell => {
        const cell = bufferLine?.getCell(x);
        const flags = [cell?.isBold(), cell?.isDim(), cell?.isInverse()].map((flag) => (flag ? 1 : 0)).join("");
        return { text: cell?.getChars() || " ", look: `${cell?.getFgColorMode()}:${cell?.getFgColor()}:${flags}` };
      });
    });
  }

  get isAlternate(): boolean {
    return this.emulator.buffer.active.type === "alternate";
  }
}

/** A stdin to type on. */
export class FakeKeyboard extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  press(chord: string): void {
    const bytes = typed(chord);
    if (bytes === null) throw new Error(`no terminal sends ${chord}`);
    this.write(bytes);
  }
}

/** A clock that stands still until it is moved, at the time of the sample. */
export class StillClock extends HandClock {
  override nowMs = 5000;

  override wallMs(): number {
    return SAMPLE_WALL_MS + this.nowMs - 5000;
  }
}

/** A store that publishes what it is given. */
export class FakeStore implements SnapshotSource {
  #shown: Snapshot;
  #next: Snapshot | null = null;
  readonly #listeners = new Set<() => void>();
  commits = 0;

  constructor(snapshot: Snapshot) {
    this.#shown = snapshot;
  }

  apply(snapshot: Snapshot): void {
    this.#next = snapshot;
  }

  commit(): boolean {
    if (this.#next === null) return false;
    this.#shown = this.#next;
    this.#next = null;
    this.commits += 1;
    for (const listener of this.#listeners) listener();
    return true;
  }

  getSnapshot(): Snapshot {
    return this.#shown;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Waits until `check` holds; Ink needs a few turns of the event loop for a key. */
export async function until(check: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (await check()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  throw new Error(`never came true: ${what}`);
}
