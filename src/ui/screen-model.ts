/** The screen as a machine without Ink: view state, frozen picture, flash; keys in, encoded rows out. */
import type { Settings } from "../config/settings.ts";
import type { Clock } from "../lib/clock.ts";
import { compareTime } from "../lib/time.ts";
import type { UnixTime } from "../lib/time.ts";
import type { Coverage, Snapshot } from "../store/snapshot.ts";
import type { AlertsNow } from "./alerts-now.ts";
import { alertsThen } from "./alerts-then.ts";
import type { Charset } from "./charset.ts";
import { debugRow } from "./debug-row.ts";
import { DrawnPanes } from "./drawn-panes.ts";
import type { DebugFigures } from "./debug-row.ts";
import { NO_FLASH, stepFlash } from "./flash.ts";
import type { Flash, FlashState } from "./flash.ts";
import { happeningsIn, NOTHING_SEEN, wallTimeText } from "./happenings.ts";
import type { Found } from "./happenings.ts";
import type { Entry } from "./entry.ts";
import { placeOf } from "./go-to.ts";
import { createKeyMap } from "./key-map.ts";
import { resolveKey } from "./keys.ts";
import { isPriceOnly, layoutOf } from "./layout.ts";
import { marketTimeText, offsetOf } from "./market-words.ts";
import { isMouse, mouseCommand } from "./mouse.ts";
import { chosenCommand } from "./palette.ts";
import type { Moment, Pane, PaneSettings } from "./pane.ts";
import type { ScreenInput } from "./screen.ts";
import { playingHints } from "./shell-rows.ts";
import { statusRows } from "./status-rows.ts";
import { playingRow } from "./tape-deck.ts";
import type { PlayingNow, RecordingNow } from "./tape-deck.ts";
import { encodeRow } from "./text.ts";
import type { Row, Size } from "./text.ts";
import { dressFor } from "./theme.ts";
import type { ColorDepth, Dress, Ground } from "./theme.ts";
import { initialView, reduceView } from "./view-state.ts";
import type { Command, Looks, Notice, ViewAction, ViewState } from "./view-state.ts";
import { whyNot } from "./why-not.ts";

/** What the screen draws; the store is one. */
export interface SnapshotSource {
  getSnapshot(): Snapshot;
  subscribe(listener: () => void): () => void;
  /** Publishes what was applied; true when there is a new snapshot. */
  commit(): boolean;
}

/** What the reader set of the screen's looks and ways. */
export type ScreenSettings = Pick<Settings, "theme" | "theme_colours" | "flash" | "mouse" | "layout" | "hide" | "order" | "basis" | "whales" | "keys" | "debug_overlay">;

/** What a model is made of. */
export interface ScreenModelOptions {
  readonly source: Pick<SnapshotSource, "getSnapshot">;
  readonly clock: Clock;
  readonly panes: readonly Pane[];
  readonly size: Size;
  readonly color: ColorDepth;
  readonly settings: ScreenSettings;
  /** Begin with the first screen. */
  readonly welcome?: boolean;
  readonly charset?: Charset;
  /** Seconds to add to UTC for the reader's own wall time at a time in milliseconds. */
  readonly localOffsetSec?: (wallMs: number) => number;
  /** What is being recorded, and played, now. */
  readonly recording?: () => RecordingNow | null;
  readonly playing?: () => PlayingNow | null;
  readonly alerts?: () => AlertsNow;
  /** What the screen costs; null while that is not known. */
  readonly debug?: () => DebugFigures | null;
}

/** See the head of this file. */
export interface ScreenModel {
  view(): ViewState;
  /** Whether the picture stands still, and since which market time. */
  frozenAt(): string | null;
  /** Acts on a key; returns what it asked for, null when it means nothing here. */
  press(chord: string): Command | null;
  dispatch(action: ViewAction): void;
  /** Goes by other settings from now on; what they say of panes is taken where it differs from what was said before. */
  configure(settings: ScreenSettings): void;
  /** The price of the row that is marked in the focused pane, in ticks; null where there is none. */
  markedTicks(): number | null;
  /** Something for the reader to read in place of the keys; null takes it away. */
  tell(notice: Notice | null): void;
  /** Something for the log. */
  log(happening: Omit<Found, "atMs">): void;
  /** What the screen is made from at this moment. */
  input(): ScreenInput;
  /** Looks at the clock and at the newest snapshot; all rows after this are of this moment. */
  beginFrame(): void;
  /** Monotonic milliseconds at which the picture changes without data (a flash fades, a calm pane is due); null when it does not. */
  changesAtMs(): number | null;
  /** What the shown figures cover. */
  coverage(): Coverage;
  /** The status line, encoded, one or two rows; the same array while nothing in it changed. */
  statusLines(size: Size, withPrice: boolean | "first"): readonly string[];
  /** The line of a replay, encoded as above; empty where nothing is played. */
  playingLines(width: number): readonly string[];
  /** The row of what the screen costs, encoded. */
  debugLines(width: number): readonly string[];
  /** The rows of a pane's inside, encoded; the same array while nothing in them changed. */
  paneLines(index: number, width: number, height: number): readonly string[];
  /** A row in this screen's colours, exactly `width` cells. */
  encode(row: Row, width: number): string;
  /** Ink and paper of the theme. */
  ground(): Ground;
}

function momentOf({ clock, charset, localOffsetSec, recording, playing, alerts, debug }: ScreenModelOptions, flash: Flash | null, isDebug: boolean): Moment {
  const wallMs = clock.wallMs();
  const isRecorded = recording?.() ?? null;
  const played = playing?.() ?? null;
  const cost = isDebug ? (debug?.() ?? null) : null;
  return {
    wallMs,
    flash,
    ...(localOffsetSec === undefined ? {} : { localOffsetSec: localOffsetSec(wallMs) }),
    ...(charset === "ascii" ? { isAscii: true } : {}),
    ...(isRecorded === null ? {} : { recording: isRecorded }),
    ...(played === null ? {} : { playing: played }),
    ...(alerts === undefined ? {} : { alerts: alerts() }),
    ...(cost === null ? {} : { debug: cost }),
  };
}

function looksOf({ theme, layout, hide, order }: ScreenSettings): Looks {
  return { theme, preset: layout, hidden: hide, order };
}

/** What the settings say of looks where it differs from what they said before, so that a key's choice is not undone. */
function otherLooks(before: ScreenSettings | null, after: ScreenSettings): Partial<Looks> {
  const next = looksOf(after);
  const old: Partial<Looks> = before === null ? {} : looksOf(before);
  const names = (["theme", "preset", "hidden", "order"] as const).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(next[name]));
  return Object.fromEntries(names.map((name) => [name, next[name]]));
}

/** Makes the model of a screen. */
export function createScreenModel(options: ScreenModelOptions): ScreenModel {
  const { source, clock, panes, size, color, charset } = options;
  let { settings } = options;
  let view: ViewState = { ...initialView(panes, size), plays: (options.playing?.() ?? null) !== null, welcome: options.welcome === true };
  let latest = source.getSnapshot();
  let frozen: Snapshot | null = null;
  let flash: FlashState = NO_FLASH;
  let now = momentOf(options, null, false);
  let status: readonly string[] = [];
  let playing: readonly string[] = [];
  let debug: readonly string[] = [];
  let seen = NOTHING_SEEN;
  const drawn = new DrawnPanes(clock.monotonicMs());
  /** Something else than data changed. */
  let isAsked = false;
  let covered = latest.coverage.text;
  let { asOf } = latest;

  const dispatch = (action: ViewAction): void => {
    isAsked = true;
    view = reduceView(view, action, frozen ?? latest);
    frozen = view.frozen ? (frozen ?? latest) : null;
  };
  const configure = (next: ScreenSettings, everything: boolean): void => {
    const said = ({ basis, whales }: PaneSettings): string => JSON.stringify([basis, whales]);
    const keys = createKeyMap(panes, next.keys).map;
    const looks = otherLooks(everything ? null : settings, next);
    dispatch({ kind: "configure", settings: next, panes: everything || said(next) !== said(settings), keys, looks, ownColours: next.theme_colours, debug: next.debug_overlay });
    settings = next;
    if (!settings.flash) flash = NO_FLASH;
  };
  configure(settings, true);
  let worn: { readonly of: Pick<ViewState, "theme" | "ownColours">; readonly dress: Dress } | null = null;
  const dress = (): Dress => {
    if (worn === null || worn.of.theme !== view.theme || worn.of.ownColours !== view.ownColours) worn = { of: view, dress: dressFor(color, view.theme, view.ownColours) };
    return worn.dress;
  };
  const frozenAt = (): string | null => (frozen === null ? null : marketTimeText(frozen));
  const encode = (row: Row, width: number): string => encodeRow(row, width, dress().palette, charset);

  const happened = ({ atMs, about, text, tone }: Found): void => {
    const wallMs = atMs ?? clock.wallMs();
    dispatch({ kind: "happened", happening: { time: wallTimeText(wallMs, options.localOffsetSec?.(wallMs) ?? 0), about, text, tone } });
  };

  /** Enter, on what was typed: the command that was found, or the time; what is wrong with a time is said and it stays. */
  const entered = (entry: Entry): Command | null => {
    if (entry.isTime !== true) return chosenCommand(view, entry);
    const played = options.playing?.() ?? null;
    const place = played === null ? { sentence: "nothing is played" } : placeOf(entry.text, played, latest.calendar);
    if ("at" in place) return { kind: "play", action: { seek: place.at } };
    view = { ...view, entry: { ...entry, wrong: place.sentence } };
    return null;
  };

  let past: { readonly of: AlertsNow; readonly at: UnixTime; readonly alerts: AlertsNow } | null = null;
  /** Of a picture of the past; the same object while neither the alerts nor the moment are others. */
  const then = (alerts: AlertsNow, at: UnixTime | null): AlertsNow => {
    if (at === null) return alerts;
    if (past === null || past.of !== alerts || past.at !== at) past = { of: alerts, at, alerts: alertsThen(alerts, at) };
    return past.alerts;
  };

  const beginFrame = (): void => {
    const frameMs = clock.monotonicMs();
    latest = source.getSnapshot();
    const played = options.playing?.() ?? null;
    if ((played !== null) !== view.plays) dispatch({ kind: "plays", plays: played !== null });
    // What the past tells of its own connection is no news; what the market's own has to say is told afterwards.
    if (played === null || played.behind === null) {
      const news = happeningsIn(latest, seen);
      ({ seen } = news);
      news.found.forEach(happened);
    }
    const shown = frozen ?? latest;
    // Of a picture that stands, or that went back, nothing may lag behind.
    const isBack = shown.asOf === null || (asOf !== null && compareTime(shown.asOf, asOf) < 0);
    isAsked ||= isBack || played?.isPlaying === false || shown.coverage.text !== covered;
    covered = shown.coverage.text;
    ({ asOf } = shown);
    if (settings.flash) flash = stepFlash(flash, shown.studies.session.last?.ticks ?? null, frameMs);
    now = momentOf(options, flash.flash, view.debug);
    if (now.alerts !== undefined && (frozen !== null || (played !== null && played.behind !== null))) now = { ...now, alerts: then(now.alerts, shown.asOf) };
    drawn.beginFrame(frameMs, isAsked);
    isAsked = false;
  };

  const paneLines = (index: number, width: number, height: number): readonly string[] => {
    const open = view.open[index];
    if (open === undefined) return [];
    const shown = frozen ?? latest;
    const moment = isPriceOnly(view) ? { ...now, alone: true } : now;
    return drawn.lines(index, open, { columns: width, rows: height }, { shown, now: moment, palette: dress().palette, encode });
  };

  return {
    view: () => view,
    frozenAt,
    press: (chord) => {
      const why = isMouse(chord) ? null : whyNot(view, chord);
      view = why === null && view.note === "" ? view : { ...view, note: why ?? "" };
      if (why !== null) return null;
      const command = isMouse(chord)
        ? mouseCommand(view, chord)
        : view.entry !== null && chord === "enter" ? entered(view.entry) : resolveKey(chord, view);
      if (command !== null && command.kind !== "type" && command.kind !== "back") view = { ...view, entry: null };
      if (command !== null) dispatch(command);
      return command;
    },
    dispatch,
    configure: (next) => configure(next, false),
    markedTicks: () => view.open[view.focus]?.markedTicks(frozen ?? latest) ?? null,
    tell: (notice) => dispatch({ kind: "tell", notice }),
    log: (happening) => happened({ ...happening, atMs: null }),
    input: () => ({ shown: frozen ?? latest, latest, view, frozenAt: frozenAt(), now }),
    beginFrame,
    changesAtMs: () => {
      const atMs = Math.min(flash.flash?.untilMs ?? Number.POSITIVE_INFINITY, drawn.dueAtMs);
      return Number.isFinite(atMs) ? atMs : null;
    },
    coverage: () => (frozen ?? latest).coverage,
    statusLines: (into, withPrice) => {
      const rows = statusRows({ snapshot: latest, frozenAt: frozenAt(), now, withPrice }, into);
      const lines = rows.map((row) => encode(row, into.columns));
      if (lines.length !== status.length || lines.some((text, at) => text !== status[at])) status = lines;
      return status;
    },
    playingLines: (width) => {
      if (now.playing === undefined) return [];
      const text = encode(playingRow(now.playing, offsetOf(latest.day), width, playingHints(view, layoutOf(view), now.playing.behind !== null)), width);
      if (text !== playing[0]) playing = [text];
      return playing;
    },
    debugLines: (width) => {
      const text = encode(debugRow(now.debug ?? null, width), width);
      if (text !== debug[0]) debug = [text];
      return debug;
    },
    paneLines,
    encode,
    ground: () => dress().ground,
  };
}
