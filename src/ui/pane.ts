/** A pane as a value: what it shows, how it draws, what its keys do; no Ink, no hooks. */
import type { AlertsNow } from "./alerts-now.ts";
import type { PlayingNow, RecordingNow } from "./tape-deck.ts";
import type { Settings } from "../config/settings.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { clicked, wheeled } from "./cursor.ts";
import type { ListSpec } from "./cursor.ts";
import type { DebugFigures } from "./debug-row.ts";
import type { Flash } from "./flash.ts";
import type { PaneTable } from "./pane-table.ts";
import type { Row, Size } from "./text.ts";

/** What a view may know of the moment it draws in. */
export interface Moment {
  /** Wall-clock milliseconds since 1970; for ages and countdowns only. */
  readonly wallMs: number;
  /** The last price change while it is fresh; null when it is older than the flash. */
  readonly flash: Flash | null;
  /** Seconds to add to UTC for the reader's own wall time; absent where it is not known. */
  readonly localOffsetSec?: number;
  /** The pane is all that the reader wants to see. */
  readonly alone?: boolean;
  /** The terminal has ASCII only; its characters are replaced by themselves, but some drawings want others. */
  readonly isAscii?: boolean;
  /** What is being recorded, and what is being played; absent where nothing is. */
  readonly recording?: RecordingNow;
  readonly playing?: PlayingNow;
  /** Alerts; absent where nobody keeps any. */
  readonly alerts?: AlertsNow;
  /** What the screen costs; absent unless asked for. */
  readonly debug?: DebugFigures;
}

/** A key of a pane as the help and the resolver see it. `everywhere`: it works whichever pane has the focus. */
export interface KeyOfPane {
  /** With the pane's id and a dot before it the name that settings have; never changed once it was released. */
  readonly name: string;
  readonly chords: readonly string[];
  readonly label: string;
  readonly everywhere?: boolean;
}

/** A key of a pane. `chords` all do the same; `run` gets the pane's own state, what the pane shows and the size of its inside. */
export interface PaneKey<Local, Slice> extends KeyOfPane {
  readonly run: (local: Local, slice: Slice, size: Size) => Local;
}

/** Where a pane lives: across the top, or in a column of the layouts with two, three and four (else as with three). */
export type Place = "top" | { readonly two: 0 | 1; readonly three: 0 | 1 | 2; readonly four?: 0 | 1 | 2 | 3 };

/** The reader's settings that panes begin with. */
export type PaneSettings = Pick<Settings, "basis" | "whales">;

/** Picks parts of the snapshot by name; every entry returns something the snapshot already holds. */
type Picks<Slice> = { readonly [Name in keyof Slice]: (snapshot: Snapshot) => Slice[Name] };

/** Everything there is to say about a pane. */
export interface PaneSpec<Slice extends object, Local> {
  readonly id: string;
  readonly title: string;
  /** Smallest inside (without border) that is worth drawing. */
  readonly minSize: Size;
  /** Inside rows below which it is left out of a large screen rather than squeezed in; `minSize.rows` unless given. */
  readonly goodRows?: number;
  /** Inside rows beyond which more rows show nothing more; Infinity when every row helps. */
  readonly fullRows: number;
  /** Panes of higher priority stay when the terminal is too small for all. */
  readonly priority: number;
  readonly place: Place;
  /** Its figures are sums over the trading day: the title says so where they are not complete. */
  readonly cumulative?: boolean;
  /** The key that goes to it, where its place in the registry has no number. */
  readonly letter?: string;
  /** What the picture depends on besides the slice: whole seconds of the wall clock, the price flash, the alerts. */
  readonly follows?: readonly ("second" | "flash" | "alerts")[];
  /** Sums and charts, which nobody reads ten times a second: data alone draws it anew at most four times. */
  readonly calm?: boolean;
  readonly initial: Local;
  /** The pane's own state with what the reader has set: at the start, and again when a setting was changed. */
  readonly configure?: (local: Local, settings: PaneSettings) => Local;
  readonly keys: readonly PaneKey<Local, Slice>[];
  readonly select: Picks<Slice>;
  readonly view: (slice: Slice, local: Local, size: Size, now: Moment) => readonly Row[];
  /** What it shows as values; null while there is nothing. Without it its rows are taken as sentences. */
  readonly table?: (slice: Slice, local: Local, now: Moment) => PaneTable | null;
  /** The list in it of which a row can be marked. */
  readonly list?: ListSpec<Slice, Local>;
  /** What the wheel does where no row can be marked: so many rows down, or up. */
  readonly scroll?: (local: Local, by: number) => Local;
}

/** A pane in use: its own state is closed over, so that lists of panes need no `any`. Immutable. */
export interface OpenPane {
  readonly pane: Pane;
  /** The pane with these settings. */
  readonly configure: (settings: PaneSettings) => OpenPane;
  /** The pane after one of its keys; `index` counts in `pane.keys`. */
  readonly press: (index: number, snapshot: Snapshot, size: Size) => OpenPane;
  /** The pane after a row of its list was clicked, in line `y` of its inside, and after the wheel; absent where they do nothing. */
  readonly click?: (snapshot: Snapshot, size: Size, y: number) => OpenPane;
  readonly wheel?: (snapshot: Snapshot, size: Size, by: number) => OpenPane;
  /** Without the mark; absent where none is set. */
  readonly unmark?: (snapshot: Snapshot) => OpenPane;
  /** The price of the marked row, in ticks; null where there is none. */
  readonly markedTicks: (snapshot: Snapshot) => number | null;
  /** The parts of the snapshot it shows; the same object while none of them changed. */
  readonly select: (snapshot: Snapshot) => object;
  readonly draw: (snapshot: Snapshot, size: Size, now: Moment) => readonly Row[];
  /** Null while there is nothing to tell; absent where its rows are sentences. */
  readonly table?: (snapshot: Snapshot, now: Moment) => PaneTable | null;
}

/** A pane as the registry, the layout and the help see it. */
export interface Pane {
  readonly id: string;
  readonly title: string;
  readonly minSize: Size;
  readonly goodRows: number;
  readonly fullRows: number;
  readonly priority: number;
  readonly place: Place;
  readonly cumulative: boolean;
  readonly follows: readonly ("second" | "flash" | "alerts")[];
  readonly calm: boolean;
  readonly letter: string;
  readonly keys: readonly KeyOfPane[];
  readonly open: () => OpenPane;
}

/** A selector that returns the object it returned last time while every picked part is still the same one. */
function memoised<Slice extends object>(picks: Picks<Slice>): (snapshot: Snapshot) => Slice {
  // Object.keys forgets the key type; the mapped type has no other keys.
  const names = Object.keys(picks) as (keyof Slice)[];
  let last: Slice | null = null;
  return (snapshot) => {
    const previous = last;
    if (previous !== null && names.every((name) => previous[name] === picks[name](snapshot))) return previous;
    const next: Partial<Slice> = {};
    for (const name of names) next[name] = picks[name](snapshot);
    // Every name was filled just above.
    last = next as Slice;
    return last;
  };
}

/** Makes a pane from its description. */
export function definePane<Slice extends object, Local>(spec: PaneSpec<Slice, Local>): Pane {
  const select = memoised(spec.select);
  const { id, title, minSize, fullRows, priority, place, keys } = spec;
  const { table, list, scroll } = spec;
  const opened = (local: Local): OpenPane => ({
    pane,
    configure: (settings) => (spec.configure === undefined ? opened(local) : opened(spec.configure(local, settings))),
    press: (index, snapshot, size) => {
      const next = keys[index]?.run(local, select(snapshot), size);
      return next === undefined || next === local ? opened(local) : opened(next);
    },
    select,
    draw: (snapshot, size, now) => spec.view(select(snapshot), local, size, now),
    markedTicks: (snapshot) => list?.ticks(select(snapshot), local) ?? null,
    ...(scroll === undefined ? {} : { wheel: (_snapshot, _size, by) => opened(scroll(local, by)) }),
    ...(list === undefined ? {} : {
      click: (snapshot, size, y) => opened(clicked(list, select(snapshot), local, size, y)),
      wheel: (snapshot, size, by) => opened(wheeled(list, select(snapshot), local, size, by)),
      ...(list.cursor(local) === null ? {} : { unmark: (snapshot) => opened(list.put(local, null, select(snapshot))) }),
    }),
    ...(table === undefined ? {} : { table: (snapshot, now) => table(select(snapshot), local, now) }),
  });
  const pane: Pane = {
    id,
    title,
    minSize,
    goodRows: spec.goodRows ?? minSize.rows,
    fullRows,
    priority,
    place,
    cumulative: spec.cumulative ?? false,
    follows: spec.follows ?? [],
    calm: spec.calm ?? false,
    letter: spec.letter ?? "",
    keys,
    open: () => opened(spec.initial),
  };
  return pane;
}
