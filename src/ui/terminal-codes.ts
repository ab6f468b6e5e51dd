/** The escape sequences the screen sends to a terminal, and the one that undoes them all. */
import { RESET } from "./theme.ts";

const ESC = "\u001B";

/** Reports of buttons and wheel, as SGR text. */
export const MOUSE_ON = `${ESC}[?1000h${ESC}[?1006h`;
export const MOUSE_OFF = `${ESC}[?1006l${ESC}[?1000l`;

/** Alternate screen, cursor hidden, no wrapping at the right edge. */
export const ENTER_SEQUENCE = `${ESC}[?1049h${ESC}[?25l${ESC}[?7l${RESET}`;

/**
 * Leaves the terminal as it was found: tones off, synchronized update ended, mouse left alone, wrapping on, cursor shown, main screen.
 * Harmless when sent twice, so a crash handler may write it synchronously; raw mode of stdin has to be ended besides.
 */
export const restoreSequence = `${RESET}${ESC}[?2026l${MOUSE_OFF}${ESC}[?7h${ESC}[?25h${ESC}[?1049l`;

/** Begin and end of a synchronized update: the terminal shows what lies between them at once. */
export const BEGIN_UPDATE = `${ESC}[?2026h`;
export const END_UPDATE = `${ESC}[?2026l`;

/** Clears the screen; to be sent outside a synchronized update, since tmux loses what follows a clear inside one. */
export const CLEAR_SCREEN = `${RESET}${ESC}[2J`;

/** Moves to a cell, counted from 0. */
export function moveTo(x: number, y: number): string {
  return `${ESC}[${y + 1};${x + 1}H`;
}

/** Keeps the terminal's title aside and sets another; `title` must be clean text. */
export function titleSequence(title: string): string {
  return `${ESC}[22;0t${ESC}]2;${title}\u0007`;
}

/** Sets another title after `titleSequence`; `title` must be clean text. */
export function nextTitle(title: string): string {
  return `${ESC}]2;${title}\u0007`;
}

/** Brings back the title that `titleSequence` kept aside. */
export const RESTORE_TITLE = `${ESC}[23;0t`;

/** Most bytes of a text for the clipboard; terminals take less than 75,000 characters of base64. */
export const CLIPBOARD_MAX = 16_384;

/**
 * Hands `text` to the clipboard of the terminal (OSC 52), which may sit on another machine. Inside tmux once as it is, for
 * `set-clipboard on`, and once wrapped, for `allow-passthrough on`: tmux drops what it was not told to take.
 */
export function clipboardSequence(text: string, isTmux: boolean): string {
  const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const sequence = `${ESC}]52;c;${base64}\u0007`;
  return isTmux ? `${sequence}${ESC}Ptmux;${ESC}${sequence}${ESC}\\` : sequence;
}

/** Any tone. */
const TONES = /\u001B\[[0-9;]*m/g;

/** Cells that a line of one-cell characters with tones takes. */
export function cellsOf(text: string): number {
  return text.replace(TONES, "").length;
}
