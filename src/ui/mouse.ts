/** The mouse, as chords: a click goes to the pane under it and marks a row of the one that has the focus, the wheel scrolls the pane under it, the help, or the palette. */
import { layoutOf } from "./layout.ts";
import type { Command, ViewState } from "./view-state.ts";

/**
 * Reports as terminals send them when asked for SGR 1006: button; column; row, from 1; pressed or released. Terminals that
 * do not know 1006 send three bytes after `Esc [ M`, which would be keys: they are taken out and say nothing.
 */
const REPORT = /\u001B\[(?:<(\d{1,3});(\d{1,4});(\d{1,4})([Mm])|M[\s\S]{3})/g;
/** The beginning of a report at the end of a piece; a longer one is none. */
const BEGUN = /\u001B\[(?:<[\d;]{0,13}|M[\s\S]{0,2})$/;
const MOUSE = /^mouse (click|up|down) (\d+) (\d+)$/;

/** Rows that one notch of the wheel scrolls. */
const NOTCH = 3;

/** What a report says: left button pressed, wheel up, wheel down; other buttons, releases and movements say nothing. */
function named(button: number, isPress: boolean): "click" | "up" | "down" | null {
  if (!isPress) return null;
  // Shift, meta and control add 4, 8 and 16.
  const plain = button & ~28;
  return plain === 0 ? "click" : plain === 64 ? "up" : plain === 65 ? "down" : null;
}

/** The chords of a report, `mouse click 12 5`, cells from 0. */
function chordsOfReport([, button, column, row, end]: RegExpMatchArray): readonly string[] {
  const name = named(Number(button), end === "M");
  if (name === null) return [];
  const chord = `mouse ${name} ${Number(column) - 1} ${Number(row) - 1}`;
  return name === "click" ? [chord] : Array.from({ length: NOTCH }, () => chord);
}

/** What a terminal sent, taken apart: what the mouse did, and what was typed besides. */
export interface MouseInput {
  readonly chords: readonly string[];
  readonly rest: string;
}

/** Takes reports out of the input, piece by piece. The beginning of one is kept until its end comes: alone its digits would be keys. */
export function createMouseFilter(): (input: string) => MouseInput {
  let begun = "";
  return (input) => {
    const text = begun + input;
    begun = BEGUN.exec(text)?.[0] ?? "";
    const whole = begun === "" ? text : text.slice(0, -begun.length);
    return { chords: [...whole.matchAll(REPORT)].flatMap(chordsOfReport), rest: whole.replaceAll(REPORT, "") };
  };
}

/** Whether a chord is of the mouse. */
export function isMouse(chord: string): boolean {
  return MOUSE.test(chord);
}

/** What a chord of the mouse asks for in this view; null when nothing is under it. */
export function mouseCommand(view: ViewState, chord: string): Command | null {
  const [, name, column, row] = MOUSE.exec(chord) ?? [];
  const isWheel = name === "up" || name === "down";
  if (view.welcome) return isWheel ? null : { kind: "welcomed" };
  if (view.entry !== null) return isWheel ? { kind: "type", chord: name } : null;
  if (view.help) return isWheel ? { kind: "scrollHelp", by: name === "down" ? 1 : -1 } : null;
  const x = Number(column);
  const y = Number(row);
  const hit = layoutOf(view).placed.find(({ rect }) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height);
  if (hit === undefined) return null;
  const pane = view.open[hit.index];
  if (name === "click" && hit.index !== view.focus) return { kind: "focus", index: hit.index };
  if (name === "click") return pane?.click === undefined ? null : { kind: "click", pane: hit.index, y: y - hit.inside.y };
  return pane?.wheel === undefined ? null : { kind: "wheel", pane: hit.index, by: name === "down" ? 1 : -1 };
}
