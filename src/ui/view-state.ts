/** What the reader has done to the screen (focus, zoom, overlay, frozen picture, pane state), and its one reducer. */
import type { Snapshot } from "../store/snapshot.ts";
import { createKeyMap } from "./key-map.ts";
import type { KeyMap } from "./key-map.ts";
import type { OpenPane, Pane, PaneSettings } from "./pane.ts";
import type { Size } from "./text.ts";
import { nextTheme } from "./theme.ts";
import type { ThemeName } from "./theme.ts";

/** A line for the reader in place of the keys at the bottom. */
export interface Notice {
  readonly text: string;
  readonly tone: "warn" | "accent";
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
  /** First line of the help that is shown. */
  readonly helpTop: number;
  readonly frozen: boolean;
  readonly notice: Notice | null;
  /** What the last key did, where the picture alone does not say it; empty when it does. Goes before the notice. */
  readonly note: string;
  readonly theme: ThemeName;
}

/** The looks that settings have. */
export type Looks = Pick<ViewState, "theme">;

/**
 * What a key can ask for. `quit` and `reconnect` leave the view as it is; the screen acts on them. `press` is a key of a
 * pane: `pane` counts in `open`, `index` in the pane's keys.
 */
export type Command =
  | { readonly kind: "quit" }
  | { readonly kind: "reconnect" }
  | { readonly kind: "help" }
  | { readonly kind: "back" }
  | { readonly kind: "zoom" }
  | { readonly kind: "freeze" }
  | { readonly kind: "theme" }
  | { readonly kind: "focus"; readonly index: number }
  | { readonly kind: "step"; readonly by: 1 | -1 }
  | { readonly kind: "scrollHelp"; readonly by: number }
  | { readonly kind: "press"; readonly pane: number; readonly index: number };

/** A command, a new size of the terminal, other settings, or something to tell. */
export type ViewAction =
  | Command
  | { readonly kind: "resize"; readonly size: Size }
  | { readonly kind: "configure"; readonly settings: PaneSettings; readonly panes: boolean; readonly keys: KeyMap; readonly looks: Partial<Looks> }
  | { readonly kind: "tell"; readonly notice: Notice | null };

/** The view at the start. */
export function initialView(panes: readonly Pane[], size: Size, keys: KeyMap = createKeyMap(panes).map): ViewState {
  const open = panes.map((pane) => pane.open());
  return { size, open, keys, focus: 0, zoomed: false, help: false, helpTop: 0, frozen: false, notice: null, note: "", theme: "dark" };
}

function press(state: ViewState, which: number, index: number, snapshot: Snapshot): ViewState {
  const pane = state.open[which];
  if (pane === undefined) return state;
  const pressed = pane.press(index, snapshot);
  return { ...state, open: state.open.map((one, at) => (at === which ? pressed : one)) };
}

/** The view after an action. `snapshot` is what is on screen; panes look at it to keep their scrolling in bounds. */
export function reduceView(state: ViewState, action: ViewAction, snapshot: Snapshot): ViewState {
  const count = state.open.length;
  switch (action.kind) {
    case "quit":
    case "reconnect":
      return state;
    case "help":
      return { ...state, help: !state.help, helpTop: 0 };
    case "back":
      return state.help ? { ...state, help: false } : state.zoomed ? { ...state, zoomed: false } : state;
    case "zoom":
      return { ...state, zoomed: !state.zoomed, help: false };
    case "freeze":
      return { ...state, frozen: !state.frozen };
    case "theme": {
      const theme = nextTheme(state.theme);
      return { ...state, theme, note: `theme ${theme}` };
    }
    case "focus":
      return action.index < count ? { ...state, focus: action.index, help: false } : state;
    case "step":
      return count === 0 ? state : { ...state, focus: (state.focus + action.by + count) % count, help: false };
    case "scrollHelp":
      return { ...state, helpTop: Math.max(0, state.helpTop + action.by) };
    case "press":
      return press(state, action.pane, action.index, snapshot);
    case "resize":
      return { ...state, size: action.size };
    case "configure":
      return { ...state, ...action.looks, keys: action.keys, open: action.panes ? state.open.map((one) => one.configure(action.settings)) : state.open };
    case "tell":
      return { ...state, notice: action.notice };
  }
}
