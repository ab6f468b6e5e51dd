/** Why a key does nothing now: what stands against it, whose key it is, or that it is nobody's. */
import { chordText } from "./chord.ts";
import { chordsOf } from "./key-map.ts";
import type { MappedKey } from "./key-map.ts";
import { commandOf, keyOf, keysText } from "./keys.ts";
import type { ViewState } from "./view-state.ts";

/** Why a command cannot be run in this view; null when it can. */
export function reasonOf(view: ViewState, key: MappedKey): string | null {
  if (commandOf(view, key) === null) return "its pane is not open";
  const kind = key.command?.kind;
  if (kind === "move" && view.zoomed) return "not while a pane is zoomed";
  const entersPast = key.command?.kind === "play" && key.command.action === "left";
  if ((kind === "play" || kind === "goto") && !view.plays && !entersPast) return "in a replay only, or in the past (←)";
  if (kind === "scrollHelp" && !view.help) return "in help and log only";
  return null;
}

/** A sentence for a key that means nothing in this view; null where it means something, and while something is typed. */
export function whyNot(view: ViewState, chord: string): string | null {
  if (view.welcome || view.entry !== null) return null;
  const key = keyOf(chord, view);
  if (key !== undefined) {
    const reason = reasonOf(view, key);
    return reason === null ? null : `${chordText(chord)}, ${key.label}: ${reason}`;
  }
  const other = view.help ? undefined : view.keys.find(({ place, chords }) => place !== "help" && chords.includes(chord));
  if (other === undefined) return `${chordText(chord)} does nothing here; ${keysText(chordsOf(view.keys, "help").slice(0, 1))} shows the keys`;
  return `${chordText(chord)}, ${other.label}, is a key of ${other.title}: ${keysText(chordsOf(view.keys, `go.${other.pane}`).slice(0, 1))} goes there`;
}
