/** The layouts to choose from: which panes each has, where they are, and what they are called. */
import type { Settings } from "../config/settings.ts";
import { LAYOUTS } from "../config/settings.ts";
import type { Place } from "./pane.ts";

export type PresetName = Settings["layout"];

/** Panes by id, the most important first. */
export interface Preset {
  readonly title: string;
  /** Null: every pane, where it says itself that it belongs. */
  readonly places: ReadonlyMap<string, Place> | null;
  /** The pane it is about. */
  readonly main: string;
}

/** See the head of this file. */
export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  overview: { title: "overview", places: null, main: "price" },
  tape: {
    title: "tape & whales",
    main: "tape",
    places: new Map<string, Place>([
      ["price", "top"],
      ["tape", { two: 0, three: 0 }],
      ["whales", { two: 1, three: 1 }],
      ["profile", { two: 1, three: 2, four: 2 }],
      ["chart", { two: 0, three: 2, four: 3 }],
      ["alerts", { two: 1, three: 1, four: 3 }],
    ]),
  },
  levels: {
    title: "levels",
    main: "levels",
    places: new Map<string, Place>([
      ["price", "top"],
      ["levels", { two: 0, three: 0 }],
      ["chart", { two: 1, three: 1 }],
      ["profile", { two: 1, three: 2, four: 2 }],
      ["discovery", { two: 0, three: 2, four: 3 }],
    ]),
  },
  connection: {
    title: "connection",
    main: "link",
    places: new Map<string, Place>([
      ["price", "top"],
      ["link", { two: 0, three: 0 }],
      ["tape", { two: 1, three: 1 }],
      ["hours", { two: 1, three: 2 }],
    ]),
  },
  price: { title: "price only", main: "price", places: new Map<string, Place>([["price", "top"]]) },
};

/** The preset `by` places further, in a circle. */
export function presetAfter(name: PresetName, by: 1 | -1): PresetName {
  return LAYOUTS[(LAYOUTS.indexOf(name) + by + LAYOUTS.length) % LAYOUTS.length] ?? name;
}
