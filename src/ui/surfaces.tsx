/** The two ways to a terminal: painted (Ink lays out boxes and hears keys, painters fill them), and all by Ink as text. */
import { render } from "ink";
import type { ReactElement } from "react";
import { App } from "./app.tsx";
import type { CanvasHost } from "./canvas.tsx";
import { createComposer } from "./composer.ts";
import { InkOutput } from "./ink-output.tsx";
import { withMouse } from "./mouse-input.tsx";
import type { ScreenModel } from "./screen-model.ts";
import { ENTER_SEQUENCE, MOUSE_OFF, MOUSE_ON, nextTitle, RESTORE_TITLE, restoreSequence, titleSequence } from "./terminal-codes.ts";
import { outside } from "./text.ts";
import type { Size } from "./text.ts";

/** A terminal to write to; `process.stdout` is one. */
export type ScreenOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly writableLength?: number;
};

const FALLBACK: Size = { columns: 80, rows: 24 };
/** No screen has more; a terminal that says so is not believed, since every cell has to be drawn. */
const LARGEST: Size = { columns: 1000, rows: 400 };

/** The terminal's size now; 80 × 24 where it does not say. */
export function sizeOf({ columns, rows }: ScreenOutput): Size {
  return { columns: Math.min(LARGEST.columns, columns || FALLBACK.columns), rows: Math.min(LARGEST.rows, rows || FALLBACK.rows) };
}

/** A terminal that reads slowly must not hold up the process; Node writes to terminals blocking unless told not to. */
function unblock(stdout: ScreenOutput): void {
  const handle: unknown = Reflect.get(stdout, "_handle");
  if (typeof handle !== "object" || handle === null) return;
  const setBlocking: unknown = Reflect.get(handle, "setBlocking");
  if (typeof setBlocking === "function") Reflect.apply(setBlocking, handle, [false]);
}

/** What both ways of drawing have in common. */
export interface Surface {
  /** Draws what changed since the last call. */
  readonly draw: () => void;
  /** The shell changed: draws it all again. */
  readonly refresh: () => void;
  readonly resize: (size: Size) => void;
  /** Another title of the window, where there is one. */
  readonly setTitle: (title: string) => void;
  /** Whether the terminal reports the mouse; not, until it is asked for. */
  readonly setMouse: (isOn: boolean) => void;
  /** Writes a sequence that shows nothing; false where there is no terminal for it. */
  readonly send: (sequence: string) => boolean;
  /** Gives the terminal back for a while; `done` when it has taken that. */
  readonly leave: (done: () => void) => void;
  /** Takes it again, of which nothing is known any more. */
  readonly enter: () => void;
  readonly close: (done: () => void) => void;
  readonly counts: () => { readonly frames: number; readonly bytes: number };
}

/** What the surfaces need of the screen. */
export interface SurfaceScreen {
  readonly stdout: ScreenOutput;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  readonly title?: string;
  readonly screenReader?: boolean;
}

/** What a surface is made of; `onWritten` is called whenever the terminal has taken a write. */
export interface SurfaceOptions {
  readonly screen: SurfaceScreen;
  readonly model: ScreenModel;
  readonly onChord: (chord: string) => void;
  readonly onWritten: () => void;
}

function inkApp({ screen, model, onChord }: SurfaceOptions, host: CanvasHost): ReactElement {
  return <App model={model} host={host} onChord={onChord} listens={screen.stdin.isTTY === true} />;
}

/** Ink lays out the boxes of the screen, painters fill them, the composer writes the difference. */
export function canvasSurface(options: SurfaceOptions): Surface {
  const { screen, model, onWritten } = options;
  const { stdout, stdin, stderr } = screen;
  const size = sizeOf(stdout);
  const composer = createComposer(size, () => model.ground());
  const output = new InkOutput(size, (lines) => composer.setShell(lines));
  const element = (): ReactElement => inkApp(options, composer.register);
  let frames = 0;
  let bytes = 0;
  const write = (text: string): void => {
    bytes += Buffer.byteLength(text);
    stdout.write(text, onWritten);
  };
  unblock(stdout);
  const title = screen.title === undefined ? "" : titleSequence(outside(screen.title, 80));
  write(ENTER_SEQUENCE + title);
  let hasMouse = false;
  const leave = (done: () => void): void => void stdout.write((title === "" ? "" : RESTORE_TITLE) + restoreSequence, done);
  const ink = render(element(), {
    // Ink asks for no more than a writable with columns, rows and isTTY.
    stdout: output,
    stdin: withMouse(stdin, options.onChord),
    stderr,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  return {
    draw: () => {
      const text = composer.compose();
      if (text === "") return;
      frames += 1;
      write(text);
    },
    refresh: () => ink.rerender(element()),
    resize: (next) => {
      output.columns = next.columns;
      output.rows = next.rows;
      composer.resize(next);
      ink.rerender(element());
    },
    setTitle: (next) => {
      if (title !== "") write(nextTitle(outside(next, 80)));
    },
    setMouse: (isOn) => {
      if (isOn === hasMouse) return;
      hasMouse = isOn;
      write(isOn ? MOUSE_ON : MOUSE_OFF);
    },
    send: (sequence) => {
      write(sequence);
      return true;
    },
    leave,
    enter: () => {
      write(ENTER_SEQUENCE + title + (hasMouse ? MOUSE_ON : ""));
      composer.resize(sizeOf(stdout));
    },
    close: (done) => {
      ink.unmount();
      leave(done);
    },
    counts: () => ({ frames, bytes }),
  };
}

/** Ink draws everything itself, rows as text: for pipes, tests and screen readers. */
export function textSurface(options: SurfaceOptions): Surface {
  const { stdout, stdin, stderr, screenReader = false } = options.screen;
  let frames = 0;
  const element = (): ReactElement => inkApp(options, null);
  const ink = render(element(), {
    stdout,
    stdin,
    stderr,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: screenReader,
    ...(stdout.isTTY === true ? { interactive: true } : {}),
  });
  const draw = (): void => {
    frames += 1;
    ink.rerender(element());
  };
  return {
    draw,
    refresh: () => undefined,
    resize: draw,
    setTitle: () => undefined,
    setMouse: () => undefined,
    send: () => false,
    leave: (done) => done(),
    enter: () => undefined,
    close: (done) => {
      ink.unmount();
      done();
    },
    counts: () => ({ frames, bytes: 0 }),
  };
}
