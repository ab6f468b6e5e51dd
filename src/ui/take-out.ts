/** What the reader takes out of the screen: a row for the clipboard, a pane as files; and what is said of it. */
import { paneAsFiles, rowAsCsv } from "./pane-export.ts";
import type { PaneFiles } from "./pane-export.ts";
import type { ScreenModel } from "./screen-model.ts";
import { CLIPBOARD_MAX, clipboardSequence } from "./terminal-codes.ts";

/** Where it goes. */
export interface TakeOutOptions {
  readonly model: ScreenModel;
  /** Writes a sequence to the terminal; false where there is none. */
  readonly send: (sequence: string) => boolean;
  readonly isTmux: boolean;
  /** Writes the files; resolves to where. */
  readonly save?: (files: PaneFiles) => Promise<string>;
}

function titleOf(model: ScreenModel): string {
  const { open, focus } = model.view();
  return open[focus]?.pane.title ?? "";
}

/** Copies the row of the focused pane; returns what to tell. */
export function copyRow({ model, send, isTmux }: TakeOutOptions): string {
  const row = rowAsCsv(model.input());
  if (row === null) return `nothing copied: ${titleOf(model)} has no row yet`;
  if (row.length > CLIPBOARD_MAX) return `nothing copied: the row has ${row.length} characters, more than a terminal's clipboard takes; export the pane instead`;
  return send(clipboardSequence(row, isTmux)) ? `handed to the terminal's clipboard: ${row}` : "nothing copied: there is no terminal to hand it to";
}

/** Writes the focused pane; resolves to what to tell, never rejects. */
export async function exportPane({ model, save }: TakeOutOptions): Promise<{ readonly text: string; readonly isBad: boolean }> {
  const files = paneAsFiles(model.input());
  if (files === null) return { text: `nothing exported: ${titleOf(model)} shows nothing yet`, isBad: true };
  if (save === undefined) return { text: "nothing exported: there is no place for it", isBad: true };
  try {
    return { text: `exported ${await save(files)}`, isBad: false };
  } catch (error) {
    return { text: `not exported: ${error instanceof Error ? error.message : String(error)}`, isBad: true };
  }
}
