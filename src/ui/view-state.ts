/** What the reader has done to the screen (focus, zoom, overlay, frozen picture, pane state), and its one reducer. */
import type { Snapshot } from "../store/snapshot.ts";
import type { AlertAsk } from "./alerts-now.ts";
import { createKeyMap } from "./key-map.ts";
import { layoutOf, visibleOf } from "./layout.ts";
import { hidePane, movePane, stepPreset } from "./layout-steps.ts";
import { NO_TEXT, NO_TIME, typeInto } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { withHappening } from "./happenings.ts";
import type { Happening } from "./happenings.ts";
import type { KeyMap } from "./key-map.ts";
import type { OpenPane, Pane, PaneSettings } from "./pane.ts";
import type { PresetName } from "./presets.ts";
import type { PlayAction } from "./tape-deck.ts";
import type { Size } from "./text.ts";
import { nextTheme } from "./theme.ts";
import type { OwnColours, ThemeName } from "./theme.ts";

/** A line for the reader in place of the keys at the bottom. */
export interface Notice {
  readonly text: string;
  readonly tone: "warn" | "accent" | "alarm";
}

/** No market data in here; the frozen snapshot itself is kept by the screen. */
export interface ViewState {
  readonly size: Size;
  readonly open: readonly OpenPane[];
  /** What every key does. */
  readonly keys: KeyMap;
  /** Index of the focused pane in `open`. */
  readonly focus: number;
  readonly zoomed: boolean;
  readonly help: boolean;
  /** What lies over the panes while `help` is on is the log. */
  readonly log: boolean;
  /** First line of the help, or of the log, that is shown. */
  readonly helpTop: number;
  /** What happened so far, newest last. */
  readonly happened: readonly Happening[];
  /** The last row says what the screen costs. */
  readonly debug: boolean;
  readonly frozen: boolean;
  /** What is typed, into the command palette or as a time to go to; null while nothing is. */
  readonly entry: Entry | null;
  readonly notice: Notice | null;
  /** The first screen lies over the panes until a key is pressed. */
  readonly welcome: boolean;
  /** What the last key did, where the picture alone does not say it; empty when it does. Goes before the notice. */
  readonly note: string;
  readonly theme: ThemeName;
  readonly ownColours: OwnColours;
  readonly preset: PresetName;
  /** Ids of the panes that are not shown until the reader goes to them, and of those that have an order of their own. */
  readonly hidden: readonly string[];
  readonly order: readonly string[];
  /** A recording is played that can be paused and moved about in. */
  readonly plays: boolean;
}

/** The looks that settings have, and that are kept for the next start. */
export type Looks = Pick<ViewState, "theme" | "preset" | "hidden" | "order">;

/**
 * What a key can ask for. `quit`, `reconnect`, `save`, `copy`, `export`, `record`, `play`, `alert` and `suspend` leave the view as it is; the
 * screen acts on them. `press` is a key of a pane: `pane` counts in `open`, `index` in the pane's keys; `y` is a line of its inside.
 */
export type Command =
  | { readonly kind: "quit" }
  | { readonly kind: "reconnect" }
  | { readonly kind: "help" }
  | { readonly kind: "log" }
  | { readonly kind: "suspend" }
  | { readonly kind: "copy" }
  | { readonly kind: "export" }
  | { readonly kind: "back" }
  | { readonly kind: "welcomed" }
  | { readonly kind: "zoom" }
  | { readonly kind: "freeze" }
  | { readonly kind: "theme" }
  | { readonly kind: "preset"; readonly by: 1 | -1 }
  | { readonly kind: "hide" }
  | { readonly kind: "move"; readonly by: 1 | -1 }
  | { readonly kind: "save" }
  | { readonly kind: "record" }
  | { readonly kind: "play"; readonly action: PlayAction }
  | { readonly kind: "alert"; readonly ask: AlertAsk }
  | { readonly kind: "palette" }
  | { readonly kind: "goto" }
  | { readonly kind: "type"; readonly chord: string }
  | { readonly kind: "focus"; readonly index: number }
  | { readonly kind: "step"; readonly by: 1 | -1 }
  | { readonly kind: "scrollHelp"; readonly by: number }
  | { readonly kind: "press"; readonly pane: number; readonly index: number }
  | { readonly kind: "click"; readonly pane: number; readonly y: number }
  | { readonly kind: "wheel"; readonly pane: number; readonly by: number };

/** A command, a new size of the terminal, other settings, or something to tell. */
export type ViewAction =
  | Command
  | { readonly kind: "resize"; readonly size: Size }
  | { readonly kind: "configure"; readonly settings: PaneSettings; readonly panes: boolean; readonly keys: KeyMap; readonly looks: Partial<Looks>; readonly ownColours: OwnColours; readonly debug: boolean }
  | { readonly kind: "plays"; readonly plays: boolean }
  | { readonly kind: "tell"; readonly notice: Notice | null }
  | { readonly kind: "happened"; readonly happening: Happening }
  | { readonly kind: "note"; readonly text: string };

/** The view at the start. */
export function initialView(panes: readonly Pane[], size: Size, keys: KeyMap = createKeyMap(panes).map): ViewState {
  const open = panes.map((pane) => pane.open());
  return {
    size, open, keys, focus: 0, zoomed: false, help: false, log: false, helpTop: 0, happened: [], debug: false, frozen: false, entry: null, notice: null, welcome: false, note: "", theme: "dark", ownColours: {}, preset: "overview",
    hidden: [], order: [], plays: false,
  };
}

/** The view with another pane in place of one, made of it and the size that its inside has. */
function changed(state: ViewState, which: number, change: (pane: OpenPane, size: Size) => OpenPane | undefined): ViewState {
  const pane = state.open[which];
  if (pane === undefined) return state;
  const inside = layoutOf(state).placed.find(({ index }) => index === which)?.inside;
  const size = inside === undefined ? pane.pane.minSize : { columns: inside.width, rows: inside.height };
  const next = change(pane, size) ?? pane;
  return { ...state, open: state.open.map((one, at) => (at === which ? next : one)) };
}

/** What lies over the panes, then the zoom, then the mark of the focused pane. */
function stepBack(state: ViewState, snapshot: Snapshot): ViewState {
  if (state.entry !== null) return { ...state, entry: null };
  if (state.help) return { ...state, help: false };
  if (state.zoomed) return { ...state, zoomed: false };
  return changed(state, state.focus, (pane) => pane.unmark?.(snapshot));
}

/** The focus on a pane; one that was hidden is there again. */
function focusOn(state: ViewState, index: number): ViewState {
  const id = state.open[index]?.pane.id;
  return { ...state, focus: index, help: false, hidden: state.hidden.filter((one) => one !== id) };
}

/** The focus on a pane that is shown, after others have said which are. */
function withoutHiddenFocus(state: ViewState): ViewState {
  const isHidden = (index: number): boolean => state.hidden.includes(state.open[index]?.pane.id ?? "");
  const shown = isHidden(state.focus) ? visibleOf(state).find((index) => !isHidden(index)) : undefined;
  return shown === undefined ? state : { ...state, focus: shown };
}

/** The focus on the next pane or the one before, of those that belong to the layout, in a circle. */
function step(state: ViewState, by: 1 | -1): ViewState {
  const visible = visibleOf(state);
  const at = visible.indexOf(state.focus);
  return { ...state, focus: visible[(at + by + visible.length) % visible.length] ?? state.focus, help: false };
}

/** The view after an action. `snapshot` is what is on screen; panes look at it to keep their scrolling in bounds. */
export function reduceView(state: ViewState, action: ViewAction, snapshot: Snapshot): ViewState {
  const count = state.open.length;
  switch (action.kind) {
    case "quit":
    case "reconnect":
    case "save":
    case "copy":
    case "export":
    case "suspend":
    case "record":
    case "play":
    case "alert":
      return state;
    case "goto":
      return { ...state, entry: NO_TIME, help: false };
    case "palette":
      return { ...state, entry: NO_TEXT };
    case "type":
      return state.entry === null ? state : { ...state, entry: typeInto(state.entry, action.chord) };
    case "help":
      return { ...state, help: !state.help || state.log, log: false, helpTop: 0 };
    case "log":
      return { ...state, help: !state.help || !state.log, log: true, helpTop: 0 };
    case "back":
      return stepBack(state, snapshot);
    case "welcomed":
      return { ...state, welcome: false };
    case "zoom":
      return { ...state, zoomed: !state.zoomed, help: false };
    case "plays":
      return { ...state, plays: action.plays, frozen: state.frozen && !action.plays };
    case "freeze":
      // A replay itself is stopped and started by the key; the screen acts on it.
      return state.plays ? state : { ...state, frozen: !state.frozen };
    case "theme": {
      const theme = nextTheme(state.theme);
      return { ...state, theme, note: `theme ${theme}` };
    }
    case "preset":
      return stepPreset(state, action.by);
    case "hide":
      return state.help ? state : hidePane(state);
    case "move":
      return state.help || state.zoomed ? state : movePane(state, action.by);
    case "focus":
      return action.index < count ? focusOn(state, action.index) : state;
    case "step":
      return count === 0 ? state : step(state, action.by);
    case "scrollHelp":
      return { ...state, helpTop: Math.max(0, state.helpTop + action.by) };
    case "press":
      return changed(state, action.pane, (pane, size) => pane.press(action.index, snapshot, size));
    case "click":
      return changed(state, action.pane, (pane, size) => pane.click?.(snapshot, size, action.y));
    case "wheel":
      return changed(state, action.pane, (pane, size) => pane.wheel?.(snapshot, size, action.by));
    case "resize":
      return { ...state, size: action.size };
    case "configure": {
      const open = action.panes ? state.open.map((one) => one.configure(action.settings)) : state.open;
      return withoutHiddenFocus({ ...state, ...action.looks, keys: action.keys, open, ownColours: action.ownColours, debug: action.debug });
    }
    case "tell":
      // What a key said before does not hide what is said now.
      return { ...state, notice: action.notice, note: action.notice === null ? state.note : "" };
    case "happened":
      return { ...state, happened: withHappening(state.happened, action.happening) };
    case "note":
      return { ...state, note: action.text };
  }
}
