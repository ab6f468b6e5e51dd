/** Puts the screen on a terminal, keeps it up to date, and takes it off again. */
import { DEFAULTS } from "../config/settings.ts";
import type { Clock } from "../lib/clock.ts";
import type { AlertAsk, AlertsNow } from "./alerts-now.ts";
import type { Charset } from "./charset.ts";
import { createFrameDrawer, everySecond } from "./frame-drawer.ts";
import { createCostMeter } from "./cost-meter.ts";
import type { RuntimeFigures } from "./debug-row.ts";
import { createFrames } from "./frames.ts";
import type { Frames } from "./frames.ts";
import type { Found } from "./happenings.ts";
import type { PaneFiles } from "./pane-export.ts";
import { PANES } from "./panes/index.ts";
import type { Pane } from "./pane.ts";
import { createPaintTimes } from "./paint-times.ts";
import type { PlayAction, PlayingNow, RecordingNow } from "./tape-deck.ts";
import { createScreenModel } from "./screen-model.ts";
import type { ScreenSettings, SnapshotSource } from "./screen-model.ts";
import { canvasSurface, sizeOf, textSurface } from "./surfaces.tsx";
import type { ScreenOutput, SurfaceOptions } from "./surfaces.tsx";
import { copyRow, exportPane } from "./take-out.ts";
import type { Notice } from "./view-state.ts";
import type { ColorDepth } from "./theme.ts";
import { windowTitle } from "./window-title.ts";

export { restoreSequence } from "./terminal-codes.ts";

/** The looks by the names of their settings. */
export type SavedLooks = Pick<ScreenSettings, "theme" | "layout" | "hide" | "order">;

/** What a screen needs. */
export interface ScreenOptions {
  readonly store: SnapshotSource;
  readonly stdout: ScreenOutput;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  readonly clock: Clock;
  readonly color: ColorDepth;
  /** `unicode` unless said otherwise. */
  readonly charset?: Charset;
  /** Seconds to add to UTC for the reader's own wall time at a time in milliseconds. */
  readonly localOffsetSec?: (wallMs: number) => number;
  /** The reader asked to leave; the owner closes what it owns and calls `unmount`. */
  readonly onQuit: () => void;
  readonly onReconnect?: () => void;
  /** The reader wants the shell for a while; absent where there is none to go back to. */
  readonly onSuspend?: () => void;
  /** Begin with the first screen, and say when it was read. */
  readonly onWelcomed?: () => void;
  /** Keeps the looks for the next start; resolves to what to tell the reader. */
  readonly onSave?: (looks: SavedLooks) => Promise<string>;
  /** Writes an exported pane; resolves to where, rejects with why not. */
  readonly onExport?: (files: PaneFiles) => Promise<string>;
  /** What the process costs, for whoever wants to see it. */
  readonly runtime?: () => RuntimeFigures;
  /** The terminal is inside tmux. */
  readonly isTmux?: boolean;
  /** The reader wants to record, or no longer. */
  readonly onRecord?: () => void;
  readonly recording?: () => RecordingNow | null;
  /** A replay that can be paused and moved about in, or the past of a market that goes on; null while there is none. */
  readonly playing?: () => PlayingNow | null;
  readonly onPlay?: (action: PlayAction) => void;
  readonly alerts?: () => AlertsNow;
  /** A key asks something of the alerts, of a price it means the marked row's (ticks), else null; returns what to tell, empty where the picture says it. */
  readonly onAlert?: (ask: AlertAsk, markedTicks: number | null) => string;
  /** Most frames a second that data may cause, 10 unless said otherwise. */
  readonly framesPerSecond?: number;
  /** What data may write to the terminal on average; absent: as much as it takes. */
  readonly bytesPerSecond?: number;
  /** Title of the terminal window until there is a price to put there; absent: the title is left alone. */
  readonly title?: string;
  /** Plain text rows in reading order instead of painting. */
  readonly screenReader?: boolean;
  readonly panes?: readonly Pane[];
  /** All defaults unless given. */
  readonly settings?: ScreenSettings;
  /** False draws everything through Ink as text, also on a terminal. True unless stdout is none. */
  readonly painted?: boolean;
}

/** What a screen has cost so far. */
export interface ScreenStats {
  /** Frames in which something was written. */
  readonly frames: number;
  readonly bytes: number;
  /** Frames left out because the terminal had not taken the one before. */
  readonly skipped: number;
  /** 99th percentile of the milliseconds from snapshot to written frame, over the latest 600 frames. */
  readonly paintMsP99: number;
}

/** A screen that is up. */
export interface MountedScreen {
  /** New data may be there: draws soon, at most `framesPerSecond` times a second. Cheap; call it for every batch. */
  requestFrame(): void;
  /** Goes by other settings from now on. */
  configure(settings: ScreenSettings, framesPerSecond: number): void;
  /** Shows a line in place of the keys at the bottom; null takes it away. */
  tell(notice: Notice | null): void;
  /** Puts something that happened into the log. */
  log(happening: Omit<Found, "atMs">): void;
  /** Gives the terminal back for a while; resolves when it has taken that. Nothing is drawn until `resume`. */
  suspend(): Promise<void>;
  /** Draws everything again, on a terminal of which nothing is known. */
  resume(): void;
  stats(): ScreenStats;
  /** Leaves the terminal as it was found. Safe to call twice. */
  unmount(): void;
  /** Settles when the terminal has taken the last byte after `unmount`. */
  waitUntilExit(): Promise<void>;
}

const FRAMES_PER_SECOND = 10;
/** Mounts the screen. Data never passes through React: it is painted when `requestFrame` was called. */
export function mountScreen(options: ScreenOptions): MountedScreen {
  const { store, stdout, clock, panes = PANES } = options;
  const { charset, localOffsetSec } = options;
  const model = createScreenModel({
    source: store,
    clock,
    panes,
    size: sizeOf(stdout),
    color: options.color,
    settings: options.settings ?? DEFAULTS,
    welcome: options.onWelcomed !== undefined,
    ...(charset === undefined ? {} : { charset }),
    ...(localOffsetSec === undefined ? {} : { localOffsetSec }),
    ...(options.recording === undefined ? {} : { recording: options.recording }),
    ...(options.playing === undefined ? {} : { playing: options.playing }),
    ...(options.alerts === undefined ? {} : { alerts: options.alerts }),
    debug: () => meter.now(),
  });
  const times = createPaintTimes(clock);
  const meter = createCostMeter(
    () => ({ ...surface.counts(), skipped: frames.skipped(), paintMs: times.latest(), paintMsP99: times.p99() }),
    () => options.runtime?.() ?? { heapBytes: 0, rssBytes: 0, loopDelayMs: 0 },
  );
  const exit = Promise.withResolvers<void>();
  let unmounted = false;
  let suspended = false;
  let framesPerSecond = options.framesPerSecond ?? FRAMES_PER_SECOND;
  const drawer = createFrameDrawer(options, model, times);

  const frames: Frames = createFrames({
    clock,
    framesPerSecond: () => framesPerSecond,
    isBusy: () => suspended || (stdout.writableLength ?? 0) > 0,
    draw: () => drawer.draw(surface, frames.request),
    ...(options.bytesPerSecond === undefined ? {} : { line: { bytesPerSecond: options.bytesPerSecond, bytes: () => surface.counts().bytes } }),
  });
  const save = async (): Promise<void> => {
    const { theme, preset, hidden, order } = model.view();
    try {
      const text = await (options.onSave?.({ theme, layout: preset, hide: hidden, order }) ?? "there is no place to keep it in");
      model.dispatch({ kind: "note", text });
    } catch (error) {
      model.dispatch({ kind: "note", text: `not kept: ${error instanceof Error ? error.message : String(error)}` });
    }
    shellChanged();
  };
  const takePane = async (): Promise<void> => {
    const { text, isBad } = await exportPane(takeOut);
    model.dispatch({ kind: "note", text });
    model.log({ about: "export", text, tone: isBad ? "warn" : "plain" });
    shellChanged();
  };
  const suspendOrTell = (): void => {
    if (options.onSuspend === undefined) model.dispatch({ kind: "note", text: "there is no shell to go back to here" });
    else options.onSuspend();
  };
  const onChord = (chord: string): void => {
    if (unmounted) return;
    const { note, entry, welcome } = model.view();
    const command = model.press(chord);
    const isNoted = model.view().note !== note || model.view().entry !== entry;
    if (command === null) return isNoted ? shellChanged() : undefined;
    if (welcome) options.onWelcomed?.();
    if (command.kind === "quit") return options.onQuit();
    if (command.kind === "save") void save();
    if (command.kind === "copy") model.dispatch({ kind: "note", text: copyRow(takeOut) });
    if (command.kind === "export") void takePane();
    if (command.kind === "reconnect") options.onReconnect?.();
    if (command.kind === "suspend") suspendOrTell();
    if (command.kind === "record") options.onRecord?.();
    if (command.kind === "alert") model.dispatch({ kind: "note", text: options.onAlert?.(command.ask, model.markedTicks()) ?? "nobody keeps alerts here" });
    if (command.kind === "play") options.onPlay?.(command.action);
    if (command.kind === "freeze" && model.view().plays) options.onPlay?.("toggle");
    // A key of a pane changes only the pane's rows, which are painted; all others change the shell.
    const isPainted = command.kind === "press" || command.kind === "click" || command.kind === "wheel";
    if (!isPainted || isNoted) surface.refresh();
    frames.now();
  };
  const painted = stdout.isTTY === true && options.screenReader !== true && options.painted !== false;
  const surfaceOptions: SurfaceOptions = { screen: options, model, onChord, onWritten: () => frames.drained() };
  const surface = painted ? canvasSurface(surfaceOptions) : textSurface(surfaceOptions);
  const takeOut = {
    model, send: surface.send, isTmux: options.isTmux === true, ...(options.onExport === undefined ? {} : { save: options.onExport }),
  };
  const shellChanged = (): void => {
    if (unmounted) return;
    surface.refresh();
    frames.now();
  };
  const onResize = (): void => {
    const size = sizeOf(stdout);
    model.dispatch({ kind: "resize", size });
    surface.resize(size);
    frames.now();
  };
  // A terminal that went away is no crash; the owner is told as if the reader had left.
  const onLost = (): void => {
    frames.stop();
    if (!unmounted) options.onQuit();
  };
  let titled = "";
  const stopSeconds = everySecond(clock, () => {
    if (model.view().debug) meter.tick();
    frames.request();
    const title = windowTitle(store.getSnapshot());
    // A terminal that is behind has more urgent things to read.
    if (title === titled || (stdout.writableLength ?? 0) > 0) return;
    titled = title;
    surface.setTitle(title);
  });
  const unsubscribe = store.subscribe(() => {
    if (!drawer.isCommitting()) frames.request();
  });
  const unmount = (): void => {
    if (unmounted) return;
    unmounted = true;
    frames.stop();
    stopSeconds();
    drawer.stop();
    unsubscribe();
    stdout.off("resize", onResize);
    surface.close(() => {
      stdout.off("error", onLost);
      exit.resolve();
    });
  };
  surface.setMouse((options.settings ?? DEFAULTS).mouse && options.stdin.isTTY === true);
  stdout.on("resize", onResize);
  stdout.on("error", onLost);
  frames.now();
  return {
    requestFrame: frames.request,
    configure: (settings, fps) => {
      framesPerSecond = fps;
      model.configure(settings);
      surface.setMouse(settings.mouse && options.stdin.isTTY === true);
      shellChanged();
    },
    tell: (notice) => {
      model.tell(notice);
      shellChanged();
    },
    log: (happening) => {
      model.log(happening);
      const { help, log } = model.view();
      if (help && log) shellChanged();
    },
    suspend: () => new Promise((resolve) => {
      suspended = true;
      surface.leave(resolve);
    }),
    resume: () => {
      if (unmounted) return;
      suspended = false;
      surface.enter();
      onResize();
    },
    stats: () => ({ ...surface.counts(), skipped: frames.skipped(), paintMsP99: times.p99() }),
    unmount,
    waitUntilExit: () => exit.promise,
  };
}
